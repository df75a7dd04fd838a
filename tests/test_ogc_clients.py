"""Readers that nobody here wrote, against the server as it is shipped: GDAL, OWSLib."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pyogrio
import pytest
from owslib.ogcapi.features import Features

from cartographie.acteurs import Precision
from cartographie.catalogue import Catalogue
from cartographie.referentiel import Referentiel
from tests.amont import Servi

pytest_plugins = ["tests.servi"]

COLLECTIONS = ("acteurs", "communes", "objectifs", "territoires")
# Fewer than any collection has: a reader that does not follow `next` would be seen.
PAR_PAGE = 7


@pytest.fixture
def adresse(servi: Servi) -> str:
    return f"{servi.adresse}/ogc"


@pytest.fixture
def attendus(catalogue_reel: Catalogue, referentiel: Referentiel) -> dict[str, int]:
    """How many features each collection has."""
    return {
        "acteurs": len(catalogue_reel.fiches),
        "communes": 512,
        "objectifs": len(referentiel.protocoles[-1].objectifs),
        "territoires": sum(fiche.territoire is not None for fiche in catalogue_reel.fiches),
    }


def test_gdal_and_owslib_list_count_and_page_everything(
    adresse: str, attendus: dict[str, int], catalogue_reel: Catalogue
) -> None:
    # One server for all readers: starting one costs more than asking it.
    assert pyogrio.list_drivers()["OAPIF"] == "r"
    check_gdal(f"OAPIF:{adresse}", attendus, catalogue_reel)
    check_ogrinfo(f"OAPIF:{adresse}", attendus)
    check_owslib(adresse, attendus)


def check_gdal(source: str, attendus: dict[str, int], catalogue: Catalogue) -> None:
    assert {str(nom) for nom, _ in pyogrio.list_layers(source)} == set(COLLECTIONS)
    for nom in COLLECTIONS:
        info = pyogrio.read_info(source, layer=nom, force_feature_count=True)
        assert info["features"] == attendus[nom]
        table = pyogrio.read_dataframe(source, layer=nom, PAGE_SIZE=PAR_PAGE)
        assert len(table) == attendus[nom]
        assert table["id"].is_unique
    acteurs = pyogrio.read_dataframe(source, layer="acteurs")
    assert acteurs.crs.to_authority() in {("OGC", "CRS84"), ("EPSG", "4326")}
    assert dict(zip(acteurs["id"], acteurs["nom"], strict=True)) == catalogue.noms
    for ligne in acteurs.itertuples():
        fiche = catalogue.get(ligne.id)
        assert fiche is not None
        if len(fiche.implantations) == 1:
            lieu = fiche.implantations[0].localisation
            # Longitude first: Isère is near 5 degrees east, not 45.
            assert ligne.geometry.x == pytest.approx(lieu.longitude, abs=1e-6)
            assert ligne.geometry.y == pytest.approx(lieu.latitude, abs=1e-6)
    check_filtres(source, catalogue)


def check_filtres(source: str, catalogue: Catalogue) -> None:
    """GDAL asks the server for a box and for a declared property."""
    mure = (5.77, 44.88, 5.82, 44.93)
    dans = pyogrio.read_dataframe(source, layer="acteurs", bbox=mure)
    attendus = {fiche.slug for fiche in catalogue.bbox(*mure)}
    assert attendus <= set(dans["id"])
    zones = pyogrio.read_dataframe(source, layer="acteurs", where="type = 'FORCE_ORDRE'")
    assert set(zones["id"]) == {f.slug for f in catalogue.fiches if f.type == "FORCE_ORDRE"}
    portes = pyogrio.read_dataframe(source, layer="acteurs", where="precision = 'adresse'")
    assert set(portes["id"]) == set(_portes(catalogue))
    une = pyogrio.read_dataframe(source, layer="communes", where="code_insee = '38269'")
    assert list(une["nom"]) == ["La Mure"]


def _portes(catalogue: Catalogue) -> Iterator[str]:
    for fiche in catalogue.fiches:
        if fiche.implantations and (
            fiche.implantations[0].localisation.precision is Precision.ADRESSE
        ):
            yield fiche.slug


def check_ogrinfo(source: str, attendus: dict[str, int]) -> None:
    """The same by GDAL's own command, on machines that have it."""
    programme = shutil.which("ogrinfo")
    if programme is None:
        return
    dit = subprocess.run(
        [programme, "-ro", "-so", "-al", source], capture_output=True, text=True, check=True
    ).stdout
    for nom, nombre in attendus.items():
        assert f"Layer name: {nom}" in dit
        assert f"Feature Count: {nombre}" in dit


def check_owslib(adresse: str, attendus: dict[str, int]) -> None:
    api = Features(adresse)
    assert set(api.feature_collections()) == set(COLLECTIONS)
    assert any(classe.endswith("conf/geojson") for classe in api.conformance()["conformsTo"])
    assert api.api()["openapi"].startswith("3.0")
    for nom in COLLECTIONS:
        premiere = api.collection_items(nom, limit=PAR_PAGE)
        assert premiere["numberMatched"] == attendus[nom]
        assert premiere["numberReturned"] == PAR_PAGE
        suite = api.collection_items(nom, limit=PAR_PAGE, offset=PAR_PAGE)
        vus = {objet["id"] for page in (premiere, suite) for objet in page["features"]}
        assert len(vus) == 2 * PAR_PAGE
        un = api.collection_item(nom, premiere["features"][0]["id"])
        assert un["properties"] == premiere["features"][0]["properties"]
    assert api.collection("acteurs")["extent"]["spatial"]["bbox"][0][0] < 6
    boite = api.collection_items("communes", bbox=[5.77, 44.88, 5.82, 44.93], limit=100)
    assert "La Mure" in {objet["properties"]["nom"] for objet in boite["features"]}
