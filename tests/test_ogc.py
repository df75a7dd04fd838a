"""The API itself: what each parameter selects, what it refuses, what links and pages say."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from cartographie.catalogue import Catalogue
from cartographie.referentiel import Referentiel
from cartographie.web.ogc.collections import collections
from cartographie.web.ogc.parametres import lire_datetime
from tests.site import lire, objet, texte

ACTEURS = "/ogc/collections/acteurs/items"
COMMUNES = "/ogc/collections/communes/items"
OBJECTIFS = "/ogc/collections/objectifs/items"
PAGES = (
    "/ogc",
    "/ogc/conformance",
    "/ogc/api",
    "/ogc/collections",
    "/ogc/collections/acteurs",
    ACTEURS,
    f"{ACTEURS}/aiv-grenoble",
    f"{COMMUNES}/38269",
    f"{OBJECTIFS}/2022-2024-22",
)
EXPOSANTS = ("violence", "victime", "femme", "conjugal")


def demander(client: FlaskClient, adresse: str, **args: object) -> Any:  # noqa: ANN401
    suite = urlencode({nom.rstrip("_"): valeur for nom, valeur in args.items()})
    response = client.get(f"{adresse}?{suite}")
    assert response.status_code == 200, response.text
    return objet(response)


def ids(client: FlaskClient, adresse: str, **args: object) -> list[str]:
    return [une["id"] for une in demander(client, adresse, **{"limit": 1000, **args})["features"]]


def test_following_next_gives_every_feature_once(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    vus: list[str] = []
    adresse = f"{ACTEURS}?limit=30"
    while adresse:
        page = objet(client.get(adresse.removeprefix("http://localhost")))
        assert page["numberMatched"] == len(catalogue_reel.fiches)
        assert page["numberReturned"] == len(page["features"])
        vus += [une["id"] for une in page["features"]]
        liens = {lien["rel"]: lien["href"] for lien in page["links"]}
        assert ("prev" in liens) is (len(vus) > 30)
        adresse = liens.get("next", "")
    assert vus == [fiche.slug for fiche in catalogue_reel.fiches]


def test_a_limit_beyond_the_maximum_is_the_maximum(client: FlaskClient) -> None:
    page = demander(client, COMMUNES, limit=10**30)
    assert page["numberReturned"] == 512
    assert len(demander(client, COMMUNES)["features"]) == 10
    assert demander(client, COMMUNES, offset=600)["features"] == []


def test_a_box_keeps_what_touches_it_and_what_has_no_place(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    mure = (5.77, 44.88, 5.82, 44.93)
    trouves = demander(client, ACTEURS, limit=1000, bbox=",".join(map(str, mure)))["features"]
    boite = shapely.box(*mure)
    for une in trouves:
        geometrie = une["geometry"]
        assert geometrie is None or shapely.geometry.shape(geometrie).intersects(boite)
    slugs = {une["id"] for une in trouves}
    assert {fiche.slug for fiche in catalogue_reel.bbox(*mure)} <= slugs
    assert ids(client, ACTEURS, bbox="5.77,44.88,0,5.82,44.93,3000") == [u["id"] for u in trouves]
    # All objectives: they have no geometry.
    assert len(ids(client, OBJECTIFS, bbox="0,0,1,1")) == len(ids(client, OBJECTIFS))
    assert ids(client, COMMUNES, bbox="5.79,44.9,5.79,44.9") == ["38269"]
    assert "38269" in ids(client, COMMUNES, bbox="5.5,44,5,46")  # round the world, eastwards
    assert ids(client, COMMUNES, bbox="170,-90,-170,90") == []


def test_a_date_keeps_what_holds_then_and_what_has_no_date(client: FlaskClient) -> None:
    tous = ids(client, OBJECTIFS)
    assert ids(client, OBJECTIFS, datetime="2023-05-01T10:00:00Z") == tous
    assert ids(client, OBJECTIFS, datetime="2024-12-31") == tous
    assert ids(client, OBJECTIFS, datetime="../2021-12-31") == []
    assert ids(client, OBJECTIFS, datetime="2025-01-01/") == []
    assert ids(client, OBJECTIFS, datetime="2020-01-01/2030-01-01") == tous
    assert len(ids(client, COMMUNES, datetime="1999-01-01")) == 512


def test_each_declared_property_filters(client: FlaskClient, referentiel: Referentiel) -> None:
    for collection in collections(referentiel):
        ici = f"/ogc/collections/{collection.id}/items"
        objets = demander(client, ici, limit=1000)["features"]
        for propriete in collection.filtres:
            trouvees = (une["properties"][propriete.nom] for une in objets)
            listes = [v if isinstance(v, list) else [v] for v in trouvees]
            valeur = next((v[0] for v in listes if v and v[0] != ""), None)
            if valeur is None:
                continue
            dit = str(valeur).lower() if isinstance(valeur, bool) else valeur
            attendus = [o["id"] for o, v in zip(objets, listes, strict=True) if valeur in v]
            assert ids(client, ici, **{propriete.nom: dit}) == attendus, propriete.nom


def test_distances_are_told_in_order_from_a_commune_or_a_rounded_position(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    objets = demander(client, ACTEURS, limit=1000, depuis="5.79,44.9")["features"]
    distances = [une["properties"]["distance_m"] for une in objets]
    connues = [distance for distance in distances if distance is not None]
    assert connues == sorted(connues)
    assert distances[len(connues) :] == [None] * (len(distances) - len(connues))
    assert len(objets) == len(catalogue_reel.fiches)
    portes = catalogue_reel.portes_depuis(5.79, 44.9)
    assert connues[0] == portes[objets[0]["id"]][0].distance_m
    assert objets[0]["properties"]["distance_precision"] == "adresse"
    premiere = demander(client, ACTEURS, lieu="La Mure", limit=1)["features"][0]
    assert premiere["properties"]["communes"] == ["La Mure"]
    loin = demander(client, ACTEURS, lieu="75001", limit=1)["features"][0]
    assert loin["properties"]["distance_m"] is None


def test_a_precise_position_is_refused_and_not_repeated(client: FlaskClient) -> None:
    response = client.get(f"{ACTEURS}?depuis=5.78663,44.90312")
    assert response.status_code == 400
    assert "44.90312" not in response.text
    assert "POST" in response.text


@pytest.mark.parametrize(
    ("question", "parametre"),
    [
        ("inconnu=1", "inconnu"),
        ("type=ZZZ", "type"),
        ("type=", "type"),
        ("type=LEAO&type=AIDE", "type"),
        ("codes_insee=zut", "codes_insee"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=dix", "limit"),
        ("offset=-1", "offset"),
        ("offset=1000000000", "offset"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,quatre", "bbox"),
        ("bbox=5,46,6,45", "bbox"),
        ("bbox=5,44,9,6,45,8", "bbox"),
        ("bbox=181,44,182,45", "bbox"),
        ("bbox=nan,44,6,45", "bbox"),
        ("bbox=1e999,44,6,45", "bbox"),
        ("bbox-crs=x", "bbox-crs"),
        ("datetime=hier", "datetime"),
        ("datetime=2026-02-30", "datetime"),
        ("datetime=../..", "datetime"),
        ("datetime=2026-01-02/2026-01-01", "datetime"),
        ("datetime=2026-01-01/2026-01-02/2026-01-03", "datetime"),
        ("depuis=5.79", "depuis"),
        ("depuis=100.5,10.5", "depuis"),
        ("depuis=5.79,44.9&lieu=Mens", "depuis"),
        ("lieu=", "lieu"),
        ("lieu=zzzzz", "lieu"),
        ("f=xml", "f"),
    ],
)
def test_what_cannot_be_understood_is_400_with_its_parameter(
    client: FlaskClient, question: str, parametre: str
) -> None:
    response = client.get(f"{ACTEURS}?{question}")
    assert response.status_code == 400
    assert objet(response)["parametre"] == parametre
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_every_page_refuses_a_parameter_that_it_does_not_know(client: FlaskClient) -> None:
    for adresse in PAGES:
        assert client.get(f"{adresse}?inconnu=1").status_code == 400, adresse
    # Distances are for doors alone.
    assert client.get(f"{COMMUNES}?lieu=Mens").status_code == 400


def test_what_is_absent_or_hidden_is_the_same_404(client: FlaskClient) -> None:
    absente = client.get(f"{ACTEURS}/absent")
    assert absente.status_code == 404
    for adresse in ("/ogc/collections/absente", "/ogc/collections/absente/items", "/ogc/absente"):
        assert (client.get(adresse).status_code, client.get(adresse).data) == (404, absente.data)


def test_a_browser_gets_pages_a_program_json_and_f_decides(client: FlaskClient) -> None:
    navigateur = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for adresse in PAGES:
        page = client.get(adresse, headers=navigateur)
        assert (page.mimetype, page.status_code) == ("text/html", 200)
        assert "Accept" in page.headers["Vary"]
        assert "json" in (client.get(adresse).mimetype or "")
        en_json = client.get(f"{adresse}?f=json", headers=navigateur)
        assert "json" in (en_json.mimetype or "")
        assert client.get(f"{adresse}?f=html").mimetype == "text/html"


def test_pages_are_whole_neutral_and_hold_every_link(client: FlaskClient) -> None:
    for adresse in PAGES:
        html = client.get(f"{adresse}?f=html").text
        page = lire(html)
        titre = texte(next(page.iter("title"))).lower()
        assert not any(mot in titre for mot in EXPOSANTS)
        assert 'id="quitter"' in html
        liens = objet(client.get(f"{adresse}?f=json")).get("links", [])
        adresses = {a.get("href") for a in page.iter("a")}
        # A page leads on to pages.
        autres = {
            lien["href"].replace("?f=json&limit", "?f=html&limit")
            for lien in liens
            if lien["rel"] not in ("self", "alternate")
        }
        assert autres <= adresses


def test_a_feature_and_its_page_say_the_same(client: FlaskClient) -> None:
    une = demander(client, f"{ACTEURS}/aiv-grenoble")
    assert une["type"] == "Feature"
    dans_la_liste = demander(client, ACTEURS, slug="aiv-grenoble")["features"][0]
    assert {nom: une[nom] for nom in ("id", "geometry", "properties")} == {
        nom: dans_la_liste[nom] for nom in ("id", "geometry", "properties")
    }
    page = texte(lire(client.get(f"{ACTEURS}/aiv-grenoble?f=html").text))
    for valeur in une["properties"].values():
        if isinstance(valeur, str) and valeur:
            assert re.sub(r"\s+", " ", valeur).strip() in page


def test_features_are_those_of_the_geojson_export(client: FlaskClient) -> None:
    export = objet(client.get("/acteurs.geojson"))["features"]
    ici = {une["id"]: une for une in demander(client, ACTEURS, limit=1000)["features"]}
    assert {une["id"] for une in export} == set(ici)
    for une in export:
        assert une["properties"].items() <= ici[une["id"]]["properties"].items()


def test_the_same_records_give_the_same_bytes_and_304(client: FlaskClient) -> None:
    premiere = client.get(ACTEURS)
    assert "timeStamp" not in premiere.text
    encore = client.get(ACTEURS, headers={"If-None-Match": premiere.headers["ETag"]})
    assert (encore.status_code, encore.data) == (304, b"")


def test_the_public_address_is_that_of_the_settings(app: Flask) -> None:
    page = objet(app.test_client().get("/ogc", headers={"Host": "carte.exemple.fr"}))
    assert all(
        lien["href"].startswith("http://carte.exemple.fr/ogc")
        for lien in page["links"]
        if lien["rel"] != "license"
    )


def test_an_instant_has_an_offset_and_a_day_has_an_end() -> None:
    paris, utc = (
        lire_datetime("2026-03-01T01:00:00+01:00"),
        lire_datetime("2026-03-01t00:00:00z"),
    )
    assert paris == utc
    jour = lire_datetime("2026-03-01")
    assert jour is not None
    assert jour[0] is not None
    assert jour[1] is not None
    assert (jour[1] - jour[0]).total_seconds() == pytest.approx(86_400, abs=0.001)
