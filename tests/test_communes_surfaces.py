"""Positions, territoires and zones on the real communes, and files that must be refused."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import shapely

from cartographie.acteurs import Precision, Territoire
from cartographie.communes import Commune, Communes, Voisine
from cartographie.config import RACINE
from cartographie.errors import DonneesError, ParametreError
from cartographie.texte import fold

DOSSIER = RACINE / "data" / "communes_isere"
VIENNE_CONDRIEU = "200077014"


@cache
def communes() -> Communes:
    return Communes.load(DOSSIER)


def test_the_gazetteer_is_loaded_in_less_than_a_second() -> None:
    start = time.process_time()
    loaded = Communes.load(DOSSIER)
    assert time.process_time() - start < 1
    assert len(loaded.toutes) == 512
    assert len(loaded.voisines) == 2109
    assert loaded.toutes[0].nom == "Les Abrets en Dauphiné" or loaded.toutes[0].nom < "B"
    assert [c.nom for c in loaded.toutes] == sorted((c.nom for c in loaded.toutes), key=fold)


def test_a_commune_is_found_by_its_code_and_has_its_mairie() -> None:
    mure = communes().insee("38269")
    assert mure is not None
    assert (mure.nom, mure.libelle) == ("La Mure", "La Mure (38350)")
    assert mure.population > 4_000
    assert 5.7 < mure.longitude < 5.9
    assert 44.8 < mure.latitude < 45.0
    assert communes().insee("69123") is None


def test_an_epci_counts_its_members_outside_isere() -> None:
    vienne = communes().insee("38544")
    assert vienne is not None
    epci = communes().epci(vienne.epci)
    assert epci is not None
    assert len(epci.membres) == 30
    assert sum(membre.startswith("69") for membre in epci.membres) == 12
    assert communes().epci("000000000") is None


def test_a_position_is_in_the_commune_around_it_and_keeps_its_coordinates() -> None:
    lieu = communes().position(5.7245, 45.1885)
    assert (lieu.code_insee, lieu.longitude, lieu.latitude) == ("38185", 5.7245, 45.1885)


def test_a_position_outside_isere_is_in_the_commune_of_the_nearest_mairie() -> None:
    lyon = communes().position(4.835, 45.764)
    assert lyon.code_insee.startswith("69")
    assert not lyon.dans_isere
    assert "est hors de l’Isère" in lyon.note


@pytest.mark.parametrize("point", [(-4.49, 48.39), (2.35, 48.86), (55.45, -20.88)])
def test_a_distant_position_is_elsewhere(point: tuple[float, float]) -> None:
    lieu = communes().position(*point)
    assert (lieu.code_insee, lieu.longitude, lieu.dans_isere) == ("", None, False)
    assert "hors Isère : le 3919 oriente" in lieu.note


@pytest.mark.parametrize(
    "point",
    [
        (45.19, 5.72),
        (0.0, 0.0),
        (float("nan"), 45.0),
        (5.7, float("inf")),
        (-73.98, 40.75),
        (1e308, 45.0),
    ],
)
def test_a_position_outside_france_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(ParametreError, match="pas en France"):
        communes().position(*point)


def test_nearly_every_mairie_stands_in_its_own_commune() -> None:
    """Five mairies are outside the generalised outline of their commune, by less than 500 m."""
    elsewhere = [
        commune
        for commune in communes().toutes
        if communes().position(commune.longitude, commune.latitude).code_insee != commune.code_insee
    ]
    assert len(elsewhere) <= 5


def test_a_position_between_two_neighbours_is_in_the_nearest() -> None:
    """On the plain east of Lyon, against a brute-force reading of every mairie."""
    point = shapely.Point(4.96, 45.76)
    places: tuple[Commune | Voisine, ...] = (*communes().toutes, *communes().voisines)
    near = min(
        ((c.longitude - point.x) ** 2 * 0.49 + (c.latitude - point.y) ** 2, c.code_insee)
        for c in places
    )
    assert not any(commune.contour.covers(point) for commune in communes().toutes)
    assert communes().position(point.x, point.y).code_insee == near[1]


def test_a_territoire_that_is_not_known_answers_nothing() -> None:
    assert communes().territoire_contient(None, "38269") is None
    assert communes().territoire_contient(Territoire(), "38269") is None
    assert communes().territoire_contient(Territoire(departement=True), "") is None


def test_a_territoire_holds_its_communes_its_epci_or_the_departement() -> None:
    contient = communes().territoire_contient
    assert contient(Territoire(communes=("38269",)), "38269") is True
    assert contient(Territoire(communes=("38269",)), "38185") is False
    assert contient(Territoire(departement=True), "38185") is True
    assert contient(Territoire(departement=True), "69123") is False
    assert contient(Territoire(epci=("inconnu",)), "38185") is False


def test_an_epci_holds_its_members_outside_isere_too() -> None:
    vienne = communes().insee("38544")
    assert vienne is not None
    territoire = Territoire(epci=(vienne.epci,))
    assert communes().territoire_contient(territoire, "38544") is True
    assert communes().territoire_contient(territoire, "69064") is True
    assert communes().territoire_contient(territoire, "69123") is False


def test_the_surface_of_a_territoire_is_the_union_of_its_communes() -> None:
    vienne = communes().insee("38544")
    assert vienne is not None
    territoire = Territoire(communes=("38269",), epci=(vienne.epci,))
    surface = communes().dissolve(territoire)
    assert surface is not None
    members = [
        c.contour for c in communes().toutes if c.epci == vienne.epci or c.code_insee == "38269"
    ]
    assert len(members) == 19
    assert surface.is_valid
    assert surface.symmetric_difference(shapely.union_all(members)).area < 1e-9
    assert surface.covers(shapely.Point(vienne.longitude, vienne.latitude))
    assert communes().dissolve(Territoire(communes=("38269",), epci=(vienne.epci,))) is surface


def test_the_departement_is_one_surface_without_borders_inside() -> None:
    surface = communes().dissolve(Territoire(departement=True))
    assert surface is not None
    assert surface.area == pytest.approx(sum(c.contour.area for c in communes().toutes))
    assert len(surface.geoms) <= 3


def test_a_territoire_outside_isere_has_no_surface() -> None:
    assert communes().dissolve(Territoire(communes=("69123",))) is None
    assert communes().dissolve(Territoire()) is None


def test_the_published_zone_hides_a_small_commune_in_its_epci() -> None:
    grenoble = communes().zone("38185")
    assert (grenoble.precision, grenoble.nom) == (Precision.COMMUNE, "Grenoble")
    mens = communes().zone("38226")
    assert (mens.precision, mens.nom) == (Precision.EPCI, "Communauté de communes du Trièves")
    for commune in communes().toutes:
        zone = communes().zone(commune.code_insee)
        assert (zone.precision is Precision.COMMUNE) == (commune.population >= 5_000)


def test_a_commune_that_is_not_known_is_hidden_in_the_departement() -> None:
    zone = communes().zone("00000")
    assert (zone.precision, zone.code, zone.nom) == (Precision.DEPARTEMENT, "38", "Isère")
    surface = communes().dissolve(Territoire(departement=True))
    assert surface is not None
    assert surface.contains(shapely.Point(zone.longitude, zone.latitude))


def _geojson(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def apply(dossier: Path) -> None:
        path = dossier / "communes.geojson"
        value = json.loads(path.read_text(encoding="utf-8"))
        change(value["features"][2])
        lines = ",\n".join(json.dumps(feature) for feature in value["features"])
        path.write_text('{"features":[\n' + lines + "]}", encoding="utf-8")

    return apply


def _property(**values: object) -> Callable[[Path], None]:
    return _geojson(lambda feature: feature["properties"].update(values))


def _geometry(value: object) -> Callable[[Path], None]:
    return _geojson(lambda feature: feature.update(geometry=value))


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(dossier: Path) -> None:
        text = (dossier / name).read_text(encoding="utf-8")
        assert old in text
        (dossier / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


@pytest.mark.parametrize(
    ("name", "ligne", "reason", "breakage"),
    [
        ("communes.geojson", None, "manque", lambda d: (d / "communes.geojson").unlink()),
        ("communes.geojson", 4, "nom", _geojson(lambda f: f["properties"].pop("nom"))),
        ("communes.geojson", 4, "nombre", _property(longitude="")),
        ("communes.geojson", 4, "degrés", _property(latitude=91)),
        (
            "communes.geojson",
            4,
            "déjà",
            _property(code_insee="38001"),
        ),
        (
            "communes.geojson",
            4,
            "code postal",
            _property(codes_postaux=[]),
        ),
        ("communes.geojson", 4, "objet", _geometry(None)),
        (
            "communes.geojson",
            4,
            "illisible",
            _geometry({"type": "Rond"}),
        ),
        (
            "communes.geojson",
            4,
            "valide",
            _geometry({"type": "Point", "coordinates": [5, 45]}),
        ),
        ("epci.json", None, "membres", _replace("epci.json", '"membres"', '"members"')),
        ("epci.json", 2, "mal formé", _replace("epci.json", "{", "}")),
        ("voisines.csv", 1, "colonne absente : nom", _replace("voisines.csv", ",nom,", ",name,")),
        ("voisines.csv", 2, "illisible", _replace("voisines.csv", "4.920071", "est")),
        ("voisines.csv", 2, "impossible", _replace("voisines.csv", "4.920071", "nan")),
        ("voisines.csv", 2, "vide", _replace("voisines.csv", ",01400,", ",,")),
        ("voisines.csv", 2, "cellules", _replace("voisines.csv", ",01400,", ",")),
        ("ailleurs.csv", 1, "colonnes", _replace("ailleurs.csv", "nom,", "name,")),
        ("ailleurs.csv", 2, "deux cellules", _replace("ailleurs.csv", "Aast,64", "Aast")),
    ],
)
def test_a_broken_file_stops_the_start_with_file_line_and_reason(
    tmp_path: Path, name: str, ligne: int | None, reason: str, breakage: Callable[[Path], None]
) -> None:
    dossier = tmp_path / "communes_isere"
    shutil.copytree(DOSSIER, dossier)
    breakage(dossier)
    with pytest.raises(DonneesError, match=reason) as caught:
        Communes.load(dossier)
    assert caught.value.fichier == str(dossier / name)
    assert ligne is None or caught.value.ligne == ligne
