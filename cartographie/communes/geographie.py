"""Points and surfaces: where a position falls, and what a territoire covers. EPSG:4326."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np
from shapely import MultiPolygon, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from cartographie.communes.valeurs import Commune, Lieu, Place, Voisine, lieu_ailleurs, lieu_of
from cartographie.errors import ParametreError

RADIUS_M = 30_000
EARTH_RADIUS_M = 6_371_009
# (west, south, east, north): the mainland with Corsica, then overseas.
FRANCE = (
    (-5.5, 41.2, 9.8, 51.3),
    (-63.2, 14.3, -60.7, 18.2),
    (-54.7, 2.0, -51.5, 5.9),
    (55.1, -21.5, 55.9, -20.8),
    (44.9, -13.1, 45.4, -12.5),
    (-56.5, 46.6, -56.0, 47.2),
)


class Positions:
    """The communes by their surface, and by their mairie outside every surface."""

    def __init__(self, isere: Sequence[Commune], voisines: Sequence[Voisine]) -> None:
        self._isere = isere
        self._contours = STRtree([commune.contour for commune in isere])
        self._places: tuple[Place, ...] = (*isere, *voisines)
        self._mairies = np.radians([(place.longitude, place.latitude) for place in self._places])

    def find(self, longitude: float, latitude: float) -> Lieu:
        """Return the commune around a position, with the position's own coordinates.

        Outside Isère, the commune of the nearest mairie within 30 km (Isère and neighbours);
        farther, somewhere else. `ParametreError` for what is not in France.
        """
        if not _in_france(longitude, latitude):
            message = "Cette position n’est pas en France : vérifiez la latitude et la longitude."
            raise ParametreError("position", "", message)
        inside = self._contours.query(Point(longitude, latitude), predicate="intersects")
        if len(inside):
            # On a border, the first by name: the same answer every time.
            lieu = lieu_of(self._isere[int(min(inside))])
        else:
            distances = self._distances(longitude, latitude)
            nearest = int(distances.argmin())
            if distances[nearest] > RADIUS_M:
                return lieu_ailleurs("Votre position")
            lieu = lieu_of(self._places[nearest])
        return replace(lieu, longitude=longitude, latitude=latitude)

    def _distances(self, longitude: float, latitude: float) -> np.ndarray:
        """Return the great-circle distance to each mairie, in metres."""
        here = np.radians((longitude, latitude))
        half = np.sin((self._mairies - here) / 2) ** 2
        chord = half[:, 1] + np.cos(here[1]) * np.cos(self._mairies[:, 1]) * half[:, 0]
        distances: np.ndarray = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord))
        return distances


def union(contours: Sequence[Polygon | MultiPolygon]) -> MultiPolygon | None:
    """Return the union of communes; the contours are a coverage, so borders vanish exactly."""
    if not contours:
        return None
    # geopandas brings pandas: a second at import, which only those who draw a surface pay.
    from geopandas import GeoSeries

    surface: BaseGeometry = GeoSeries(list(contours), crs="EPSG:4326").union_all(method="coverage")
    if isinstance(surface, MultiPolygon):
        return surface
    return MultiPolygon([surface]) if isinstance(surface, Polygon) else None


def _in_france(longitude: float, latitude: float) -> bool:
    if not (isfinite(longitude) and isfinite(latitude)):
        return False
    return any(
        west <= longitude <= east and south <= latitude <= north
        for west, south, east, north in FRANCE
    )
