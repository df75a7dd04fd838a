"""Step `acteurs`: the source CSV and the reviewed tables become `data/acteurs.geojson`.

Nothing is confirmed by this step: every record enters without a date of verification.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from cartographie.acteurs import (
    Acces,
    Contact,
    ContactKind,
    Destinataire,
    Diffusion,
    Implantation,
    ImplantationKind,
    Localisation,
    Precision,
    Relais,
    Saisie,
    Statut,
    Territoire,
    Trivalent,
)
from scripts.make_data.features import feature
from scripts.make_data.files import read_table, split, write_json
from scripts.make_data.geographie import Geographie, load_geographie
from scripts.make_data.participations import (
    Protocole,
    read_participations,
    read_protocole,
    without_those_of,
)
from scripts.make_data.tables import Tables, load_tables, rule

DOCUMENTS = {
    "seed:000_25c17e04f4d64171.txt": "Communiqué de presse de la préfecture, 25 mars 2024",
    "seed:001_571e4334959b270a.txt": "Protocole départemental 2022-2024",
}
COMMUNE_SUPPOSEE = "Commune supposée"
SANS_DESCRIPTION = dict.fromkeys(
    ("kind", "description", "conditions", "frais", "rendez_vous", "enfants_accueillis", "horaires"),
    "",
)


def french(text: str) -> str:
    """Return a text for the screen: typographic apostrophes."""
    return text.replace("'", "’")


def read_territoire(row: dict[str, str]) -> Territoire | None:
    """Return the territory of a row, None when the source does not say it."""
    communes = tuple(split(row["territoire_insee"]))
    epci = tuple(split(row["territoire_epci_siren"]))
    return Territoire(communes, epci) if communes or epci else None


def _is_network(row: dict[str, str]) -> bool:
    return row["type"] == "CISPD" and read_territoire(row) is not None


def read_localisation(row: dict[str, str], geographie: Geographie) -> Localisation:
    """Return where a row is: a door only when the source gives its point."""
    if row["diffusion"] == Diffusion.ZONE:
        return geographie.zone(row["code_insee"])
    mairie = geographie.mairie(row["code_insee"])
    if mairie.commune != row["commune"]:
        raise SystemExit(f"{row['id_slug']} : {row['commune']} n’est pas {row['code_insee']}.")
    place = replace(mairie, adresse=french(row["adresse"]), code_postal=row["code_postal"])
    if row["precision"] == Precision.ADRESSE:
        return replace(
            place,
            longitude=float(row["longitude"]),
            latitude=float(row["latitude"]),
            precision=Precision.ADRESSE,
            source="point de la source",
        )
    if row["precision"] == "adresse_a_geocoder":
        return replace(place, source="adresse à géocoder")
    return place


def read_implantations(
    row: dict[str, str], texte: dict[str, str], geographie: Geographie
) -> tuple[Implantation, ...]:
    """Return the door of a row; a network whose territory is known has none."""
    if _is_network(row):
        return ()
    is_zone = row["diffusion"] == Diffusion.ZONE
    horaires = "" if is_zone else texte["horaires"] or row["horaires_osm"]
    return (
        Implantation(
            localisation=read_localisation(row, geographie),
            kind=ImplantationKind(texte["kind"] or ImplantationKind.SIEGE),
            horaires=horaires,
            horaires_date=row["source_date"] if horaires else "",
        ),
    )


def read_contacts(row: dict[str, str]) -> tuple[Contact, ...]:
    """Return the ways to reach a row; a record published by its zone has its relay only."""
    if row["diffusion"] == Diffusion.ZONE:
        return ()
    kinds = (("telephone", ContactKind.TELEPHONE), ("courriel", ContactKind.COURRIEL))
    return tuple(Contact(kind, row[column]) for column, kind in kinds if row[column])


def read_destinataires(regle: dict[str, str], publics: tuple[str, ...]) -> tuple[Destinataire, ...]:
    """Return whom a row is for: as decided, else people, and children when its publics say so."""
    if regle["destinataires"]:
        return tuple(Destinataire(code) for code in split(regle["destinataires"]))
    if "enfants" in publics:
        return (Destinataire.PERSONNES, Destinataire.ENFANTS)
    return (Destinataire.PERSONNES,)


def describe(row: dict[str, str], texte: dict[str, str]) -> str:
    """Return the public description; a commune that is only supposed says so."""
    parts = [texte["description"]]
    if COMMUNE_SUPPOSEE in row["remarques"]:
        # A network shows no commune of its own: its supposed seat has to be named.
        siege = f" pour le siège : {row['commune']}" if _is_network(row) else ""
        parts.append(f"{COMMUNE_SUPPOSEE}{siege}, à confirmer.")
    return " ".join(part for part in parts if part)


def read_saisie(
    row: dict[str, str], tables: Tables, geographie: Geographie, protocole: Protocole
) -> Saisie:
    """Return the record of a row of the source."""
    slug, type_ = row["id_slug"], row["type"]
    is_zone = row["diffusion"] == Diffusion.ZONE
    texte = SANS_DESCRIPTION | tables.descriptions.get(slug, {})
    regle = rule(tables.acces, slug, type_)
    publics = tables.codes("publics", row["publics"], type_)
    relais = tables.relais.get(slug)
    return Saisie(
        slug=slug,
        nom=french(row["nom"]),
        type=type_,
        acces=Acces(regle["acces"]),
        statut=Statut(row["statut"]),
        diffusion=Diffusion(row["diffusion"]),
        sigle=row["sigle"],
        porteur=tables.porteurs.get(slug, ""),
        description=describe(row, texte),
        missions=tables.codes("missions", row["missions"], type_),
        publics=publics,
        destinataires=read_destinataires(regle, publics),
        conditions=texte["conditions"],
        frais=texte["frais"],
        rendez_vous=Trivalent(texte["rendez_vous"] or Trivalent.INCONNU),
        enfants_accueillis=Trivalent(texte["enfants_accueillis"] or Trivalent.INCONNU),
        territoire=read_territoire(row),
        relais=Relais(relais["libelle"], relais["telephone"], relais["horaires"])
        if relais
        else None,
        site_web="" if is_zone else row["site_web"],
        source=DOCUMENTS.get(row["source_url"], row["source_url"]),
        source_date=row["source_date"],
        notes_internes="" if is_zone else row["remarques"],
        implantations=read_implantations(row, texte, geographie),
        contacts=read_contacts(row),
        participations=read_participations(
            row["objectifs"], rule(tables.participations, slug, type_), protocole
        ),
    )


def read_saisies(data: Path) -> tuple[list[Saisie], Geographie]:
    """Return every record of the source, sorted by slug, and the communes they stand on."""
    tables, geographie = load_tables(data), load_geographie(data / "communes_isere")
    texte = (data / "protocole-2022-2024.json").read_text(encoding="utf-8")
    protocole = read_protocole(json.loads(texte))
    rows = read_table(data / "sources" / "acteurs_isere.csv")
    saisies = {row["id_slug"]: read_saisie(row, tables, geographie, protocole) for row in rows}
    alone = [
        replace(
            saisie,
            participations=without_those_of(
                saisies[saisie.porteur].participations, saisie.participations
            ),
        )
        if saisie.porteur
        else saisie
        for saisie in saisies.values()
    ]
    return sorted(alone, key=lambda saisie: saisie.slug), geographie


def build(data: Path, destination: Path) -> None:
    """Write the features of every record made from the tables of `data`."""
    saisies, geographie = read_saisies(data)
    features = [feature(saisie, geographie) for saisie in saisies]
    write_json(destination, {"type": "FeatureCollection", "features": features})
