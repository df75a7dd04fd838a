"""The outlines as the map reads them: each border once, and the same communes as in GeoJSON."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import MultiPolygon, Polygon, box

from cartographie.referentiel import Referentiel
from cartographie.topologie import PAS, build_topology


def surfaces(topologie: dict[str, Any], nom: str) -> list[tuple[dict[str, Any], MultiPolygon]]:
    """Read a quantized Topology by the words of its specification."""
    (echelle, _), depart = topologie["transform"]["scale"], topologie["transform"]["translate"]
    assert depart == [0, 0]
    lignes = []
    for arc in topologie["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * echelle, y * echelle))
        lignes.append(points)

    def anneau(rangs: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for rang in rangs:
            ligne = lignes[~rang][::-1] if rang < 0 else lignes[rang]
            assert not points or points[-1] == ligne[0]
            points += ligne[1:] if points else ligne
        assert points[0] == points[-1]
        return points

    return [
        (
            entite["properties"],
            MultiPolygon(
                [
                    Polygon(anneau(dehors), [anneau(trou) for trou in trous])
                    for dehors, *trous in entite["arcs"]
                ]
            ),
        )
        for entite in topologie["objects"][nom]["geometries"]
    ]


def test_every_commune_keeps_its_outline_within_ten_metres(
    client: FlaskClient, referentiel: Referentiel
) -> None:
    lues = surfaces(json.loads(client.get("/communes.topojson").data), "communes")
    assert len(lues) == 512
    for proprietes, surface in lues:
        commune = referentiel.communes.insee(proprietes["code_insee"])
        assert commune is not None
        assert (proprietes["nom"], proprietes["epci"]) == (commune.nom, commune.epci)
        assert shapely.hausdorff_distance(surface, commune.contour) < 1 / PAS
        assert surface.area == pytest.approx(commune.contour.area, rel=0.02)


def test_every_border_is_written_once(client: FlaskClient) -> None:
    topologie = json.loads(client.get("/communes.topojson").data)
    vus = set()
    for arc in topologie["arcs"]:
        points = [tuple(arc[0])]
        for dx, dy in arc[1:]:
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        for a, b in pairwise(points):
            assert (a, b) not in vus
            assert (b, a) not in vus
            vus.add((a, b))
    assert len(vus) > 7_000


def test_an_enclave_shares_the_border_of_its_hole() -> None:
    dedans = box(5.4, 45.4, 5.6, 45.6)
    dehors = box(5, 45, 6, 46).difference(dedans)
    topologie = build_topology([({"nom": "Dedans"}, dedans), ({"nom": "Dehors"}, dehors)], "zones")
    assert len(topologie["arcs"]) == 2
    for (proprietes, surface), voulue in zip(
        surfaces(topologie, "zones"), (dedans, dehors), strict=True
    ):
        assert proprietes["nom"] in {"Dedans", "Dehors"}
        assert surface.symmetric_difference(voulue).area < 1e-9


def test_it_weighs_much_less_than_the_same_as_geojson(client: FlaskClient) -> None:
    entetes = {"Accept-Encoding": "gzip"}
    compact = client.get("/communes.topojson", headers=entetes).data
    ensemble = (client.get(f"/{nom}.geojson", headers=entetes).data for nom in ("communes", "epci"))
    assert len(compact) < 0.6 * sum(map(len, ensemble))
