"""The GeoPackage, opened again by geopandas and by plain SQLite."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import geopandas
import pyogrio
import pytest
from flask.testing import FlaskClient

from cartographie.catalogue import Catalogue
from cartographie.echanges import geopackage
from cartographie.publication import publier
from cartographie.referentiel import Referentiel
from tests.fabrique import accueil, refuge
from tests.site import objet
from tests.test_exports import lire_csv

COUCHES = {"acteurs", "implantations", "territoires"}


@pytest.fixture(scope="module")
def fichier(
    catalogue_reel: Catalogue, referentiel: Referentiel, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    chemin = tmp_path_factory.mktemp("gpkg") / "acteurs.gpkg"
    chemin.write_bytes(geopackage.write(catalogue_reel.fiches, referentiel.communes))
    return chemin


def test_geopandas_finds_the_public_fields_and_the_count_of_the_csv(
    fichier: Path, client: FlaskClient
) -> None:
    lignes = lire_csv(client.get("/acteurs.csv").data)
    acteurs = geopandas.read_file(fichier, layer="acteurs")
    assert list(acteurs.columns) == list(lignes[0])
    assert len(acteurs) == len(lignes) == 128
    for nom in lignes[0]:
        lus = ["" if v != v or v is None else v for v in acteurs[nom]]
        if nom.endswith(("longitude", "latitude")):
            attendus = [float(x[nom].replace(",", ".")) if x[nom] else "" for x in lignes]
        else:
            # What begins like a formula has its apostrophe in a spreadsheet alone.
            attendus = [x[nom].removeprefix("'").replace("\r\n", "\n") for x in lignes]
            lus = [str(v).removeprefix("'") for v in lus]
        assert lus == attendus, nom


def test_every_door_is_a_point_and_every_known_territoire_a_surface(
    fichier: Path, catalogue_reel: Catalogue
) -> None:
    assert {str(nom) for nom, _ in pyogrio.list_layers(fichier)} == COUCHES
    portes = geopandas.read_file(fichier, layer="implantations")
    voulues = [
        (f.slug, round(i.localisation.longitude, 6), round(i.localisation.latitude, 6))
        for f in catalogue_reel.fiches
        for i in f.implantations
    ]
    lues = zip(portes["slug"], portes.geometry.x, portes.geometry.y, strict=True)
    assert list(lues) == voulues
    assert portes.crs is not None
    assert portes.crs.to_epsg() == 4326
    territoires = geopandas.read_file(fichier, layer="territoires")
    connus = [f.slug for f in catalogue_reel.fiches if f.territoire is not None]
    assert list(territoires["slug"]) == connus
    assert set(territoires.geom_type) == {"MultiPolygon"}
    assert territoires.geometry.is_valid.all()
    reseaux = territoires[territoires["reseau"] == "oui"]
    assert len(reseaux) > 0
    assert set(reseaux["type"]) == {"CISPD"}


def test_the_same_records_give_the_same_bytes_and_no_date_of_the_day(
    catalogue_reel: Catalogue, referentiel: Referentiel, tmp_path: Path
) -> None:
    fiches = catalogue_reel.fiches[:15]
    premier = geopackage.write(fiches, referentiel.communes)
    assert geopackage.write(tuple(reversed(fiches)), referentiel.communes) == premier
    chemin = tmp_path / "acteurs.gpkg"
    chemin.write_bytes(premier)
    base = sqlite3.connect(chemin)
    dates = base.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    base.close()
    assert dates == [("2000-01-01T00:00:00.000Z",)]


def test_nothing_stays_on_the_disk(
    referentiel: Referentiel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    geopackage.write([], referentiel.communes)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_list_is_still_a_file_with_its_layers(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    chemin = tmp_path / "vide.gpkg"
    chemin.write_bytes(geopackage.write([], referentiel.communes))
    assert {str(nom) for nom, _ in pyogrio.list_layers(chemin)} == COUCHES
    assert len(geopandas.read_file(chemin, layer="implantations")) == 0


def test_hostile_names_are_texts_and_secrets_are_not_there(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    nom = "Robert'); DROP TABLE acteurs;-- <script>"
    fiches = [
        publier(s, None, referentiel.communes) for s in (accueil(nom=nom), refuge(slug="refuge"))
    ]
    corps = geopackage.write([f for f in fiches if f], referentiel.communes)
    assert b"NOTE-SECRETE" not in corps
    assert b"interne@exemple.fr" not in corps
    chemin = tmp_path / "hostile.gpkg"
    chemin.write_bytes(corps)
    base = sqlite3.connect(chemin)
    assert base.execute("SELECT nom FROM acteurs ORDER BY slug").fetchall()[0] == (nom,)
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    base.close()


def test_it_is_served_with_the_filters_of_the_page(client: FlaskClient, tmp_path: Path) -> None:
    response = client.get("/acteurs.gpkg?type=SANTE")
    assert response.content_type == "application/geopackage+sqlite3"
    assert response.headers["Content-Disposition"] == 'attachment; filename="acteurs.gpkg"'
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    chemin = tmp_path / "acteurs.gpkg"
    chemin.write_bytes(response.data)
    lus = geopandas.read_file(chemin, layer="acteurs")
    voulus = objet(client.get("/acteurs.geojson?type=SANTE"))["features"]
    assert list(lus["slug"]) == [f["id"] for f in voulus]
    assert client.get("/acteurs.gpkg?type=ABSENT").status_code == 400
    encore = client.get(
        "/acteurs.gpkg?type=SANTE", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert encore.status_code == 304
