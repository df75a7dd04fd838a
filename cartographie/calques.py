"""What the map draws, as JSON: the acteurs of an answer, and the outlines they stand on.

Functions of Fiches and of the embedded communes alone. GeoJSON positions are longitude, latitude
(EPSG:4326). The script that reads this is static/carte.js.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

import shapely
from shapely.geometry.base import BaseGeometry

from cartographie.acteurs import Fiche, Implantation, Localisation, Precision, Territoire
from cartographie.communes import Communes
from cartographie.phrases import telephone_lisible, telephone_uri
from cartographie.recherche import Reponse
from cartographie.topologie import build_topology
from cartographie.vocabulaire import Vocabulaire

DECIMALES = 4  # 8 to 11 m: less than the outlines' own generalisation
RESEAU = "CISPD"
COLONNES = ("slug", "nom", "type", "telephone", "tel", "territoire")
TERRITOIRE_INCONNU = -1

# Rank of the acteur, longitude, latitude, commune, what the door is called, address.
LignePorte = tuple[int, float, float, str, str, str]


class LigneZone(TypedDict):
    """Acteurs whose door is not known, on the published point of their zone."""

    precision: Precision
    code: str
    ou: str
    longitude: float
    latitude: float
    acteurs: list[int]


@dataclass(frozen=True, slots=True)
class Trait:
    """What every map says of an acteur: its row but for its territoire, the communes of that."""

    ligne: list[object]
    codes: tuple[str, ...]


def lire_trait(fiche: Fiche, communes: Communes) -> Trait:
    """Read it from a Fiche."""
    return Trait(
        ligne_acteur(fiche, TERRITOIRE_INCONNU)[:-1],
        tuple(codes_insee(fiche.territoire, communes)),
    )


def enregistrements(
    reponse: Reponse,
    communes: Communes,
    vocabulaire: Vocabulaire,
    lire: Callable[[Fiche, Communes], Trait] = lire_trait,
) -> dict[str, object]:
    """Turn the answer of the list into what the map draws: the same acteurs, each named once.

    `acteurs` are rows under `colonnes`; everything else points at them by their rank. `portes` are
    doors known by their address; `zones` gather the others on the point of their zone; `reseaux`
    have a territoire in place of a door; `sans_lieu` counts who is only in the list. The territoire
    of an acteur is the rank of its communes among `territoires`, -1 when it is not known. `lire`
    may have kept what it read.
    """
    fiches = list(reponse.fiches)
    portes, zones = lire_lieux(fiches)
    reseaux: list[list[object]] = []
    territoires: dict[tuple[str, ...], int] = {}
    acteurs: list[list[object]] = []
    for rang, fiche in enumerate(fiches):
        trait = lire(fiche, communes)
        codes = trait.codes
        territoire = territoires.setdefault(codes, len(territoires)) if codes else None
        acteurs.append([*trait.ligne, TERRITOIRE_INCONNU if territoire is None else territoire])
        if est_reseau(fiche):
            reseaux.append([rang, codes])
    return {
        "lieu": point_de_depart(reponse, communes),
        "total": len(fiches),
        "types": _types(fiches, vocabulaire),
        "colonnes": COLONNES,
        "acteurs": acteurs,
        "territoires": list(territoires),
        "portes": portes,
        "zones": zones,
        "reseaux": reseaux,
        "sans_lieu": sum(not f.implantations and not est_reseau(f) for f in fiches),
    }


def lire_lieux(
    fiches: Sequence[Fiche],
) -> tuple[list[LignePorte], list[LigneZone]]:
    """Doors known by their address, and the others gathered on the point of their zone."""
    zones: dict[tuple[Precision, str], tuple[Localisation, list[int]]] = {}
    portes: list[LignePorte] = []
    for rang, fiche in enumerate(fiches):
        for implantation in fiche.implantations:
            lieu = implantation.localisation
            if lieu.precision is Precision.ADRESSE:
                portes.append(_porte(rang, implantation))
                continue
            _, rangs = zones.setdefault(_cle_zone(lieu), (lieu, []))
            if rangs[-1:] != [rang]:
                rangs.append(rang)
    return portes, [_zone(lieu, rangs) for lieu, rangs in zones.values()]


def est_reseau(fiche: Fiche) -> bool:
    """Whether a fiche is drawn as its territoire: a network that has no door and knows where."""
    return fiche.type == RESEAU and not fiche.implantations and fiche.territoire is not None


def codes_insee(territoire: Territoire | None, communes: Communes) -> list[str]:
    """List the communes of Isère in a territoire, sorted: those that can be drawn."""
    if territoire is None:
        return []
    if territoire.departement:
        return sorted(commune.code_insee for commune in communes.toutes)
    epci = [trouve for code in territoire.epci if (trouve := communes.epci(code))]
    codes = set(territoire.communes).union(*(e.membres for e in epci))
    return sorted(code for code in codes if communes.insee(code))


def contours_communes(communes: Communes) -> bytes:
    """GeoJSON of every commune (EPSG:4326, longitude then latitude), with its mairie for names."""
    return collection_geojson(
        (
            {
                "code_insee": commune.code_insee,
                "nom": commune.nom,
                "libelle": commune.libelle,
                "population": commune.population,
                "longitude": round(commune.longitude, DECIMALES),
                "latitude": round(commune.latitude, DECIMALES),
            },
            commune.contour,
        )
        for commune in communes.toutes
    )


def contours_epci(communes: Communes) -> bytes:
    """GeoJSON of every EPCI, as far as Isère goes (EPSG:4326, longitude then latitude)."""
    return collection_geojson(_epci(*epci) for epci in _par_epci(communes))


def fond_topologie(communes: Communes) -> bytes:
    """The same communes as TopoJSON, for a bad line: borders once, and EPCI by their names alone.

    The outline of an EPCI is that of its communes together, which each of them names.
    """
    proprietes = (
        {
            "code_insee": commune.code_insee,
            "nom": commune.nom,
            "libelle": commune.libelle,
            "population": commune.population,
            "epci": commune.epci,
            "longitude": round(commune.longitude, DECIMALES),
            "latitude": round(commune.latitude, DECIMALES),
        }
        for commune in communes.toutes
    )
    contours = (commune.contour for commune in communes.toutes)
    topologie = build_topology(zip(proprietes, contours, strict=True), "communes")
    topologie["objects"]["communes"]["epci"] = [
        _epci(code, nom, membres)[0] for code, nom, membres in _par_epci(communes)
    ]
    return json.dumps(topologie, ensure_ascii=False, separators=(",", ":")).encode()


def _par_epci(communes: Communes) -> Iterator[tuple[str, str, list[BaseGeometry]]]:
    """Code and name of each EPCI, with the outlines of its communes of Isère."""
    membres: dict[str, list[BaseGeometry]] = {}
    for commune in communes.toutes:
        membres.setdefault(commune.epci, []).append(commune.contour)
    for code in sorted(membres):
        if (epci := communes.epci(code)) is not None:
            yield code, epci.nom, membres[code]


def _epci(
    code: str, nom: str, membres: list[BaseGeometry]
) -> tuple[dict[str, object], BaseGeometry]:
    """An EPCI with a point well inside it, where its name is written."""
    contour = shapely.coverage_union_all(membres)
    point = contour.representative_point()
    longitude, latitude = round(point.x, DECIMALES), round(point.y, DECIMALES)
    return {"code": code, "nom": nom, "longitude": longitude, "latitude": latitude}, contour


def collection_geojson(
    entites: Iterable[tuple[dict[str, object], BaseGeometry]], **membres: object
) -> bytes:
    """GeoJSON of properties and outlines (EPSG:4326), with `membres` beside the features."""
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {
                "type": contour.geom_type,
                "coordinates": _arrondi(shapely.geometry.mapping(contour)["coordinates"]),
            },
        }
        for properties, contour in entites
    ]
    collection = {"type": "FeatureCollection", **membres, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _arrondi(valeur: object) -> object:
    """Round nested positions alike, so that a shared border stays the same line on both sides."""
    if isinstance(valeur, float):
        return round(valeur, DECIMALES)
    return [_arrondi(v) for v in valeur] if isinstance(valeur, list | tuple) else valeur


def _cle_zone(lieu: Localisation) -> tuple[Precision, str]:
    if lieu.precision is Precision.COMMUNE:
        return lieu.precision, lieu.code_insee
    return lieu.precision, lieu.code_epci if lieu.precision is Precision.EPCI else ""


def _porte(rang: int, implantation: Implantation) -> LignePorte:
    lieu = implantation.localisation
    return (rang, lieu.longitude, lieu.latitude, lieu.commune, implantation.libelle, lieu.adresse)


def _zone(lieu: Localisation, rangs: list[int]) -> LigneZone:
    return {
        "precision": lieu.precision,
        "code": _cle_zone(lieu)[1],
        "ou": _ou(lieu),
        "longitude": lieu.longitude,
        "latitude": lieu.latitude,
        "acteurs": rangs,
    }


def _ou(lieu: Localisation) -> str:
    """Say where a zone is: `à Grenoble`, `au Pont-de-Claix`, `aux Deux Alpes`, `en Isère`."""
    if lieu.precision is Precision.DEPARTEMENT or not lieu.commune:
        return "en Isère"
    if lieu.precision is Precision.EPCI:
        return f"dans le secteur de {lieu.commune}"
    if lieu.commune.startswith("Le "):
        return f"au {lieu.commune[3:]}"
    return f"aux {lieu.commune[4:]}" if lieu.commune.startswith("Les ") else f"à {lieu.commune}"


def ligne_acteur(fiche: Fiche, territoire: int) -> list[object]:
    """An acteur as a row under COLONNES; `territoire` is a rank, -1 when it is not known."""
    numero = fiche.telephones[0].valeur if fiche.telephones else ""
    appel = (telephone_lisible(numero), telephone_uri(numero)) if numero else ("", "")
    return [fiche.slug, fiche.nom, fiche.type, *appel, territoire]


def _types(fiches: list[Fiche], vocabulaire: Vocabulaire) -> list[list[object]]:
    """The types that are present, in the order of the vocabulary: code, label, how many."""
    codes = Counter(fiche.type for fiche in fiches)
    return [
        [terme.code, terme.libelle, codes[terme.code]]
        for terme in vocabulaire.types.values()
        if terme.code in codes
    ]


def point_de_depart(reponse: Reponse, communes: Communes) -> dict[str, object] | None:
    """The place searched from, when it can be drawn: its commune, never a position or a door."""
    lieu = reponse.lieu
    if lieu is None or not lieu.code_insee:
        return None
    voisines = (voisine for voisine in communes.voisines if voisine.code_insee == lieu.code_insee)
    commune = communes.insee(lieu.code_insee) or next(voisines)
    return {
        "libelle": lieu.libelle,
        "code_insee": lieu.code_insee,
        "longitude": commune.longitude,
        "latitude": commune.latitude,
    }
