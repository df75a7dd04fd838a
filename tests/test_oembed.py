"""oEmbed: a link of ours pasted elsewhere becomes the map; any other link has no answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.site import lire, objet

SITE = "http://localhost"


def demander(client: FlaskClient, url: str, suite: str = "") -> Any:  # noqa: ANN401
    response = client.get(f"/oembed?url={quote(url, safe='')}{suite}")
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return objet(response)


def cadre(html: str) -> dict[str, str]:
    """The attributes of the only element."""
    page = lire(f"<!doctype html><html lang='fr'><head><title>x</title></head><body>{html}</body>")
    (corps,) = page.iter("body")
    assert [element.tag for element in corps.iter()] == ["body", "iframe"]
    return dict(corps[0].attrib)


@pytest.mark.parametrize(
    ("url", "question"),
    [
        ("/", {"version": ["1"]}),
        ("", {"version": ["1"]}),
        ("/?type=SANTE&lieu=Vienne", {"version": ["1"], "lieu": ["Vienne"], "type": ["SANTE"]}),
        (
            "/integration/carte?version=1&besoin=abri&titre=Se+loger",
            {"version": ["1"], "besoin": ["abri"], "titre": ["Se loger"]},
        ),
    ],
)
def test_a_map_or_a_selection_is_the_frame_of_it(
    client: FlaskClient, url: str, question: dict[str, list[str]]
) -> None:
    reponse = demander(client, SITE + url)
    assert (reponse["version"], reponse["type"]) == ("1.0", "rich")
    assert (reponse["width"], reponse["height"]) == (800, 640)
    attributs = cadre(reponse["html"])
    adresse = urlsplit(attributs["src"])
    assert f"{adresse.scheme}://{adresse.netloc}{adresse.path}" == f"{SITE}/integration/carte"
    assert parse_qs(adresse.query) == question
    assert client.get(attributs["src"]).status_code == 200


def test_a_fiche_is_the_map_around_it(client: FlaskClient) -> None:
    reponse = demander(client, f"{SITE}/acteurs/aiv-grenoble")
    assert "victime" not in reponse["title"].lower()
    page = client.get(cadre(reponse["html"])["src"])
    assert "/acteurs/aiv-grenoble" in page.text


def test_the_consumer_has_less_room(client: FlaskClient) -> None:
    reponse = demander(client, f"{SITE}/", "&maxwidth=320&maxheight=400&format=json")
    assert (reponse["width"], reponse["height"]) == (320, 400)
    attributs = cadre(reponse["html"])
    assert (attributs["width"], attributs["height"]) == ("320", "400")
    assert demander(client, f"{SITE}/", "&maxwidth=9000")["width"] == 800


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://exemple.fr/",
        "https://exemple.fr/?http://localhost/",
        "//localhost/",
        "javascript://localhost/%0aalert(1)",
        "http://localhost.exemple.fr/",
        "http://localhost@exemple.fr/",
        "http://exemple.fr@localhost/",
        "http://localhost:81/",
        "http://[localhost/",
        f"{SITE}/absente",
        f"{SITE}/acteurs/absent",
        f"{SITE}/gestion/",
        f"{SITE}/gestion/connexion",
        f"{SITE}/static/style.css",
        f"{SITE}/oembed?url=x",
        f"{SITE}/suivi",
    ],
)
def test_what_is_not_ours_or_cannot_be_framed_has_no_answer(client: FlaskClient, url: str) -> None:
    response = client.get(f"/oembed?url={quote(url, safe='')}")
    assert response.status_code == 404
    assert response.content_type == "application/json"


@pytest.mark.parametrize("forme", ["xml", "html", "JSON"])
def test_json_alone_is_served(client: FlaskClient, forme: str) -> None:
    assert client.get(f"/oembed?url={SITE}/&format={forme}").status_code == 501


@pytest.mark.parametrize("suite", ["maxwidth=0", "maxwidth=-1", "maxheight=large", "maxwidth=1e9"])
def test_a_size_without_meaning_is_said(client: FlaskClient, suite: str) -> None:
    response = client.get(f"/oembed?url={SITE}/&{suite}")
    assert response.status_code == 400
    assert objet(response)["parametre"] == suite.split("=")[0]


def test_hostile_addresses_stay_texts(client: FlaskClient) -> None:
    mauvaise = "\"><script>alert(1)</script>'"
    reponse = demander(client, f"{SITE}/?q={quote(mauvaise)}&titre={quote(mauvaise)}")
    attributs = cadre(reponse["html"])
    assert attributs["title"] == mauvaise
    assert "<script" not in reponse["html"]


def test_an_address_typed_as_a_place_stays_its_commune(client: FlaskClient) -> None:
    reponse = demander(client, f"{SITE}/?lieu={quote('12 rue des Alpes, 38350 La Mure')}")
    assert "Alpes" not in reponse["html"]
    assert "La+Mure" in reponse["html"]


@pytest.mark.parametrize(
    "page", ["/?type=SANTE&lieu=Vienne", "/acteurs/aiv-grenoble", "/integration/carte?version=1"]
)
def test_pages_say_where_to_ask(client: FlaskClient, page: str) -> None:
    (lien,) = [
        e.get("href", "")
        for e in lire(client.get(page).text).iter("link")
        if e.get("type") == "application/json+oembed"
    ]
    assert client.get(lien).status_code == 200
    assert parse_qs(urlsplit(lien).query)["url"] == [SITE + page]


@pytest.mark.parametrize("page", ["/suivi", "/gestion/connexion", "/acteurs/absent"])
def test_other_pages_do_not(app: Flask, page: str) -> None:
    assert "json+oembed" not in app.test_client().get(page).text
