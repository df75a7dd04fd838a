"""The committed communes, as the step `acteurs` needs them: points, zones and territories."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from cartographie.acteurs import Localisation, Precision, Territoire

POPULATION_ZONE = 5_000


@dataclass(frozen=True, slots=True)
class Geographie:
    """Communes of Isère by INSEE code (GeoJSON properties) with contours, and EPCI by SIREN."""

    communes: dict[str, dict[str, Any]]
    contours: dict[str, BaseGeometry]
    epci: dict[str, dict[str, Any]]

    def mairie(self, code_insee: str) -> Localisation:
        """Return the mairie of a commune as a `commune`-level point."""
        commune = self.communes[code_insee]
        return Localisation(
            longitude=commune["longitude"],
            latitude=commune["latitude"],
            precision=Precision.COMMUNE,
            commune=commune["nom"],
            code_insee=code_insee,
            code_epci=commune["epci"],
            source="mairie de la commune",
        )

    def zone(self, code_insee: str) -> Localisation:
        """Return what may be said of a hidden place: its commune when large, else its EPCI."""
        commune = self.communes[code_insee]
        if commune["population"] >= POPULATION_ZONE:
            return self.mairie(code_insee)
        epci = self.epci[commune["epci"]]
        return Localisation(
            longitude=epci["longitude"],
            latitude=epci["latitude"],
            precision=Precision.EPCI,
            code_epci=epci["code"],
            source="point de référence de l’intercommunalité",
        )

    def union(self, territoire: Territoire) -> dict[str, Any]:
        """Return the MultiPolygon of a territory, within Isère: the rest has no contour here."""
        codes = set(territoire.communes)
        codes.update(
            code for code, commune in self.communes.items() if commune["epci"] in territoire.epci
        )
        union = shapely.unary_union([self.contours[code] for code in sorted(codes)])
        if isinstance(union, Polygon):
            union = MultiPolygon([union])
        return mapping(shapely.orient_polygons(shapely.normalize(union)))


def load_geographie(folder: Path) -> Geographie:
    """Read `communes.geojson` and `epci.json`."""
    features = json.loads((folder / "communes.geojson").read_text(encoding="utf-8"))["features"]
    epci = json.loads((folder / "epci.json").read_text(encoding="utf-8"))
    return Geographie(
        communes={f["id"]: f["properties"] for f in features},
        contours={f["id"]: shape(f["geometry"]) for f in features},
        epci={record["code"]: record for record in epci},
    )
