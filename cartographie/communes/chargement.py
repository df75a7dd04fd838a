"""The files of `data/communes_isere/`, read whole or refused with file, line and reason."""

from __future__ import annotations

import csv
from pathlib import Path

from shapely import MultiPolygon, Polygon
from shapely.errors import ShapelyError
from shapely.geometry import shape

from cartographie.communes.valeurs import Commune, Epci, Voisine
from cartographie.datafiles import Node, read_json, read_table, read_text
from cartographie.errors import DonneesError

VOISINES = ("code_insee", "nom", "codes_postaux", "epci", "longitude", "latitude")


def load_communes(path: Path) -> tuple[Commune, ...]:
    """Read the communes of Isère (GeoJSON), in the order of the file."""
    seen: set[str] = set()
    communes = []
    for feature in read_json(path).get("features").items():
        commune = _commune(feature)
        if commune.code_insee in seen:
            raise feature.fault(f"la commune {commune.code_insee} est déjà là.")
        seen.add(commune.code_insee)
        communes.append(commune)
    if not communes:
        raise DonneesError(path, "aucune commune.")
    return tuple(communes)


def load_epci(path: Path) -> tuple[Epci, ...]:
    """Read the EPCI (JSON list), in the order of the file."""
    return tuple(
        Epci(
            code=node.get("code").filled(),
            nom=node.get("nom").filled(),
            membres=node.get("membres").texts(),
            population=node.get("population_isere").integer(),
            longitude=_degrees(node.get("longitude"), 180),
            latitude=_degrees(node.get("latitude"), 90),
        )
        for node in read_json(path).items()
    )


def load_voisines(path: Path) -> tuple[Voisine, ...]:
    """Read the communes around Isère (CSV), in the order of the file."""
    voisines = []
    for line, row in read_table(path, VOISINES):
        codes = tuple(code for code in row["codes_postaux"].split(";") if code)
        if not row["code_insee"] or not row["nom"] or not codes:
            raise DonneesError(path, "code, nom ou code postal vide.", line)
        try:
            longitude, latitude = float(row["longitude"]), float(row["latitude"])
        except ValueError as error:
            raise DonneesError(path, "longitude ou latitude illisible.", line) from error
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            raise DonneesError(path, "longitude ou latitude impossible.", line)
        voisines.append(
            Voisine(row["code_insee"], row["nom"], codes, row["epci"], longitude, latitude)
        )
    return tuple(voisines)


def load_ailleurs(path: Path) -> tuple[tuple[str, str], ...]:
    """Read (nom, departement) of the other communes of France: 32,000 lines, so without a dict."""
    reader = csv.reader(read_text(path).splitlines(), strict=True)
    try:
        rows = [(nom, departement) for nom, departement in reader]
    except (csv.Error, ValueError) as error:
        reason = "deux cellules sont attendues, nom et departement."
        raise DonneesError(path, reason, reader.line_num) from error
    if not rows or rows[0] != ("nom", "departement"):
        raise DonneesError(path, "les colonnes « nom,departement » manquent.", 1)
    return tuple(rows[1:])


def _commune(feature: Node) -> Commune:
    node = feature.get("properties")
    codes = node.get("codes_postaux")
    if not codes.texts():
        raise codes.fault("un code postal est attendu.")
    return Commune(
        code_insee=node.get("code_insee").filled(),
        nom=node.get("nom").filled(),
        codes_postaux=codes.texts(),
        population=node.get("population").integer(),
        epci=node.get("epci").text(),
        longitude=_degrees(node.get("longitude"), 180),
        latitude=_degrees(node.get("latitude"), 90),
        contour=_contour(feature.get("geometry")),
    )


def _contour(node: Node) -> Polygon | MultiPolygon:
    try:
        contour = shape({key: part.value for key, part in node.entries()})
    except (ShapelyError, TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        raise node.fault("le contour est illisible.") from error
    if not isinstance(contour, Polygon | MultiPolygon) or contour.is_empty or not contour.is_valid:
        raise node.fault("un Polygon ou un MultiPolygon valide est attendu.")
    return contour


def _degrees(node: Node, limit: float) -> float:
    value = float(node.number())
    if not abs(value) <= limit:
        raise node.fault("des degrés sont attendus.")
    return value
