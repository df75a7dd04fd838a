"""The columns of a table of records: one row an acteur, the same names in CSV and in XLSX.

    nom, type, missions…            a field, under its own name; several codes joined by « | »
    territoire_epci, relais_libelle  a part of a field that is there once or not
    implantation_1_adresse           a part of the first door; then contact_N_…, capacite_N_…
    participations                   all of them in one cell, in the notation of `notation`

`docs/echanges.md` tells it to users. A field that is not a column of a file is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cartographie.acteurs import Fiche, Saisie
from cartographie.echanges import cellules
from cartographie.echanges.cellules import Cellule
from cartographie.echanges.notation import FERMETURES, PARTICIPATIONS
from cartographie.serialisation import to_json


@dataclass(frozen=True, slots=True)
class Groupe:
    """Parts that repeat: `prefixe_N_colonne`, of the field `champ`; `cle` is never empty."""

    prefixe: str
    champ: str
    cle: str
    parties: Mapping[str, Cellule]


SIMPLES: Mapping[str, Cellule] = {
    **dict.fromkeys(("slug", "nom", "sigle", "type"), cellules.TEXTE),
    **dict.fromkeys(("statut", "diffusion"), cellules.CODE),
    **dict.fromkeys(("porteur", "description"), cellules.TEXTE),
    **dict.fromkeys(("missions", "publics", "langues"), cellules.CODES),
    "acces": cellules.CODE,
    "destinataires": cellules.CODES,
    **dict.fromkeys(("conditions", "frais"), cellules.TEXTE),
    **dict.fromkeys(("rendez_vous", "accessible_pmr", "enfants_accueillis"), cellules.CODE),
    **dict.fromkeys(("site_web", "source"), cellules.TEXTE),
    "source_date": cellules.DATE_COUPEE,
    "verifie_le": cellules.JOUR,
    **dict.fromkeys(("verifie_par", "notes_internes"), cellules.TEXTE),
    "participations": PARTICIPATIONS,
}
# Fields that are there once or not: column → (field, part).
UNIQUES: Mapping[str, tuple[str, str, Cellule]] = {
    "territoire_departement": ("territoire", "departement", cellules.OUI_NON),
    "territoire_epci": ("territoire", "epci", cellules.CODES),
    "territoire_communes": ("territoire", "communes", cellules.CODES_INSEE),
    "relais_libelle": ("relais", "libelle", cellules.TEXTE),
    "relais_telephone": ("relais", "telephone", cellules.NUMERO),
    "relais_horaires": ("relais", "horaires", cellules.TEXTE),
}
GROUPES: tuple[Groupe, ...] = (
    Groupe(
        "implantation",
        "implantations",
        "kind",
        {
            "sorte": cellules.CODE,
            **dict.fromkeys(("libelle", "adresse"), cellules.TEXTE),
            "code_postal": cellules.CODE_A_CINQ,
            "commune": cellules.TEXTE,
            "code_insee": cellules.CODE_A_CINQ,
            "code_epci": cellules.TEXTE,
            **dict.fromkeys(("longitude", "latitude"), cellules.NOMBRE),
            "precision": cellules.CODE,
            **dict.fromkeys(("source", "horaires"), cellules.TEXTE),
            "horaires_date": cellules.DATE_COUPEE,
            "telephone": cellules.NUMERO,
            "fermetures": FERMETURES,
        },
    ),
    Groupe(
        "contact",
        "contacts",
        "valeur",
        {
            "sorte": cellules.CODE,
            "valeur": cellules.NUMERO,
            **dict.fromkeys(("libelle", "horaires"), cellules.TEXTE),
            "visibilite": cellules.CODE,
        },
    ),
    Groupe(
        "capacite",
        "capacites",
        "date",
        {
            "date": cellules.JOUR,
            **dict.fromkeys(
                ("places_total", "places_dediees", "familles_nombreuses"), cellules.ENTIER
            ),
            "source": cellules.TEXTE,
        },
    ),
)
PAR_PREFIXE = {groupe.prefixe: groupe for groupe in GROUPES}
RANG_MAX = 40
NUMEROTEE = re.compile(r"(implantation|contact|capacite)_([1-9]\d?)_([a-z_]+)")
# In a public table and in it alone.
DU_PORTEUR, EN_ZONE = "participations_du_porteur", "en_zone"
PUBLIQUES: Mapping[str, Cellule] = {DU_PORTEUR: PARTICIPATIONS, EN_ZONE: cellules.OUI_NON}
# What a Fiche has not: columns of complete tables alone.
PRIVEES = frozenset({"statut", "diffusion", "source", "verifie_par", "notes_internes"})
PARTIES_PRIVEES = frozenset({("implantation", "source"), ("contact", "visibilite")})
# The name of a part in a file, where the word of the software is not French.
SORTE = {"sorte": "kind"}
MOTS = {"kind": "sorte"}

Ecrite = str | int | float
Rangee = dict[str, Ecrite]


def write_rangee(acteur: Saisie | Fiche) -> Rangee:
    """Lay a record out: column → what its cell holds, as text or number; nothing when empty."""
    objet = to_json(acteur)
    if isinstance(acteur, Fiche):
        objet["porteur"] = acteur.porteur.slug if acteur.porteur else ""
    rangee = {
        nom: cellule.ecrire(objet[nom])
        for nom, cellule in {**SIMPLES, **PUBLIQUES}.items()
        if nom in objet
    }
    for nom, (champ, partie, cellule) in UNIQUES.items():
        if objet.get(champ) is not None:
            rangee[nom] = cellule.ecrire(objet[champ][partie])
    for groupe in GROUPES:
        for rang, element in enumerate(objet.get(groupe.champ, ()), start=1):
            for mot, cellule in groupe.parties.items():
                valeur = element[SORTE.get(mot, mot)]
                rangee[f"{groupe.prefixe}_{rang}_{mot}"] = cellule.ecrire(valeur)
    return {nom: ecrite for nom, ecrite in rangee.items() if ecrite != ""}


def entete(rangees: Iterable[Rangee], *, publique: bool) -> tuple[str, ...]:
    """Name the columns that these rows need, in the order of a record; each group once at least."""
    rangs = dict.fromkeys(PAR_PREFIXE, 1)
    for rangee in rangees:
        for nom in rangee:
            trouve = NUMEROTEE.fullmatch(nom)
            if trouve:
                rangs[trouve[1]] = max(rangs[trouve[1]], int(trouve[2]))
    return tuple(_entete(rangs, publique))


def est_connue(nom: str) -> bool:
    """Whether a file may have a column of this name."""
    if nom in SIMPLES or nom in UNIQUES or nom in PUBLIQUES:
        return True
    trouve = NUMEROTEE.fullmatch(nom)
    return (
        trouve is not None
        and trouve[3] in PAR_PREFIXE[trouve[1]].parties
        and int(trouve[2]) <= RANG_MAX
    )


def colonne(champ: str) -> str:
    """Name the column of a part of a record: `contacts.0.kind` → `contact_1_sorte`."""
    racine, *reste = champ.split(".")
    for groupe in GROUPES:
        if racine == groupe.champ and reste and reste[0].isdecimal():
            partie = reste[1] if len(reste) > 1 else groupe.cle
            return f"{groupe.prefixe}_{int(reste[0]) + 1}_{MOTS.get(partie, partie)}"
    if reste and f"{racine}_{reste[0]}" in UNIQUES:
        return f"{racine}_{reste[0]}"
    return racine


def groupe_de(colonne: str) -> str:
    """What columns that depend on each other have in common: `contact_1_sorte` → `contact_1`."""
    numerotee = NUMEROTEE.fullmatch(colonne)
    if numerotee:
        return f"{numerotee[1]}_{numerotee[2]}"
    return UNIQUES[colonne][0] if colonne in UNIQUES else colonne


def _entete(rangs: Mapping[str, int], publique: bool) -> Iterator[str]:
    for nom in SIMPLES:
        if nom == "site_web":
            yield from (u for u in UNIQUES if not (publique and u.startswith("relais")))
        if not (publique and nom in PRIVEES):
            yield nom
    if publique:
        yield from PUBLIQUES
    for groupe in GROUPES:
        if publique and groupe.champ == "capacites":
            continue
        for rang in range(1, rangs[groupe.prefixe] + 1):
            for mot in groupe.parties:
                if not (publique and (groupe.prefixe, mot) in PARTIES_PRIVEES):
                    yield f"{groupe.prefixe}_{rang}_{mot}"
