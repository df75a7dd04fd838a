"""Outlines that share their borders, each border written once: TopoJSON of a coverage.

Written as GeoJSON the 512 communes repeat every border; as arcs in whole steps of a ten thousandth
of a degree (8 to 11 m, less than their own generalisation) they weigh half as much on a bad line.
Specification: https://github.com/topojson/topojson-specification (1.0, quantized).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

PAS = 10_000
Point = tuple[int, int]


def build_topology(
    entites: Iterable[tuple[Mapping[str, object], BaseGeometry]], nom: str
) -> dict[str, Any]:
    """A Topology with one object, `nom`: properties and surfaces (EPSG:4326, longitude first).

    The surfaces form a clean coverage: neighbours share the very points of their border.
    """
    surfaces = [(proprietes, _polygones(surface)) for proprietes, surface in entites]
    arcs = _Arcs(ring for _, polygones in surfaces for polygone in polygones for ring in polygone)
    geometries = [
        {
            "type": "MultiPolygon",
            "properties": dict(proprietes),
            "arcs": [[arcs.of(ring) for ring in polygone] for polygone in polygones],
        }
        for proprietes, polygones in surfaces
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [1 / PAS, 1 / PAS], "translate": [0, 0]},
        "objects": {nom: {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [_steps(arc) for arc in arcs.written],
    }


class _Arcs:
    """Borders by their points, whichever way they are walked."""

    def __init__(self, rings: Iterable[list[Point]]) -> None:
        voisins: defaultdict[Point, set[Point]] = defaultdict(set)
        for ring in rings:
            for rang, point in enumerate(ring):
                voisins[point] |= {ring[rang - 1], ring[(rang + 1) % len(ring)]}
        # Where three ways meet, one border ends and another begins.
        self._carrefours = {point for point, autour in voisins.items() if len(autour) > 2}
        self._connus: dict[tuple[Point, ...], int] = {}
        self.written: list[tuple[Point, ...]] = []

    def of(self, ring: list[Point]) -> list[int]:
        """The arcs of a ring in their order; `~n` is arc n walked backwards."""
        return [self._index(arc) for arc in self._cut(ring)]

    def _cut(self, ring: list[Point]) -> Iterator[tuple[Point, ...]]:
        coupes = [rang for rang, point in enumerate(ring) if point in self._carrefours]
        # An enclave meets no crossroads: it begins at the same point seen from both sides.
        debut = coupes[0] if coupes else ring.index(min(ring))
        tour = [*ring[debut:], *ring[:debut], ring[debut]]
        ends = [rang - debut for rang in coupes[1:]] + [len(ring)]
        for depart, fin in zip([0, *ends], ends, strict=False):
            yield tuple(tour[depart : fin + 1])

    def _index(self, arc: tuple[Point, ...]) -> int:
        if arc in self._connus:
            return self._connus[arc]
        rang = len(self.written)
        self.written.append(arc)
        self._connus[arc[::-1]] = ~rang
        self._connus[arc] = rang
        return rang


def _polygones(surface: BaseGeometry) -> list[list[list[Point]]]:
    parts = surface.geoms if isinstance(surface, MultiPolygon) else [surface]
    return [
        [_ring(ring.coords) for ring in (part.exterior, *part.interiors)]
        for part in parts
        if isinstance(part, Polygon)
    ]


def _ring(coords: Iterable[tuple[float, ...]]) -> list[Point]:
    """Whole steps, without the closing point nor points that became their neighbour."""
    points = [(round(x * PAS), round(y * PAS)) for x, y, *_ in coords]
    return [point for avant, point in pairwise(points) if point != avant]


def _steps(arc: tuple[Point, ...]) -> list[list[int]]:
    """The first point, then how far each next one is from the one before."""
    return [list(arc[0])] + [
        [apres[0] - avant[0], apres[1] - avant[1]] for avant, apres in pairwise(arc)
    ]
