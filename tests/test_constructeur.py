"""The page that writes the code of the embedded map: what it promises is what is shown."""

from __future__ import annotations

import html
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie.config import Settings
from cartographie.web.cadre import CADRE
from cartographie.web.integration import HAUTEUR_PAR_DEFAUT
from tests import bases
from tests.site import MARDI, assembler, lire, par_id, texte

CARTE = "/integration/carte"


def code_de(client: FlaskClient, question: str) -> str:
    page = lire(client.get(f"/integration?{question}").text)
    return "".join(par_id(page, "code").itertext()).strip()


def test_the_code_is_html_that_frames_the_choices(client: FlaskClient) -> None:
    code = code_de(client, "lieu=Vienne&type=SANTE&compact=1&liste=1&hauteur=500&titre=D%22ici+%3C")
    cadre = next(lire(f"<!doctype html><title>x</title>{code}").iter("iframe"))
    src = urlsplit(cadre.get("src", ""))
    assert (src.scheme, src.netloc, src.path) == ("http", "localhost", CARTE)
    assert parse_qs(src.query) == {
        "version": ["1"], "lieu": ["Vienne"], "type": ["SANTE"], "compact": ["1"],
        "titre": ['D"ici <'],
    }  # fmt: skip
    assert src.query.startswith("version=1")
    assert (cadre.get("title"), cadre.get("height")) == ('D"ici <', "500")
    assert (cadre.get("loading"), cadre.get("referrerpolicy")) == ("lazy", "origin")
    lien = html.unescape(code.split('<a href="')[1].split('"')[0])
    assert lien == "http://localhost/?lieu=Vienne&type=SANTE"
    assert client.get(src.path, query_string=src.query).status_code == 200


def test_the_public_address_stands_in_the_code(base_chargee: Engine, tmp_path: Path) -> None:
    reglages = Settings(
        database_url=bases.adresse(base_chargee),
        instance=tmp_path,
        url_publique="https://carte.isere.fr",
    )
    client = assembler(reglages, lambda: MARDI).test_client()
    assert f'src="https://carte.isere.fr{CARTE}?version=1"' in code_de(client, "")
    assert 'href="https://carte.isere.fr/"' in code_de(client, "")


def test_the_preview_is_the_code(client: FlaskClient) -> None:
    question = "besoin=soins&centre=45.19,5.72&zoom=12"
    page = lire(client.get(f"/integration?{question}").text)
    apercu = par_id(page, "apercu").get("src", "")
    assert html.escape(f"http://localhost{apercu}") in code_de(client, question)
    assert par_id(page, "centre").get("value") == "45.19,5.72"


@pytest.mark.parametrize("hauteur", ["0", "99999", "haut", "-1"])
def test_a_height_without_meaning_is_said(client: FlaskClient, hauteur: str) -> None:
    response = client.get(f"/integration?hauteur={hauteur}")
    assert "La hauteur va de 300 à 3000 pixels." in response.text
    assert f'height="{HAUTEUR_PAR_DEFAUT}"' in code_de(client, f"hauteur={hauteur}")


def test_the_builder_says_what_was_set_aside(client: FlaskClient) -> None:
    assert "« BIDULE » n’est pas une valeur connue." in client.get("/integration?type=BIDULE").text
    assert "BIDULE" not in code_de(client, "type=BIDULE")


def test_the_builder_promises_what_it_must(client: FlaskClient) -> None:
    page = lire(client.get("/integration").text)
    for promesse in ("compte", "panne", "promesse", "sortie"):
        assert texte(par_id(page, promesse))
    assert "allow-top-navigation-by-user-activation" in texte(page)
    champs = {e.get("name") for e in par_id(page, "constructeur").iter() if e.get("name")}
    assert champs == {*CADRE.parametres, "hauteur"} - {"version", "page"}


def test_every_page_leads_to_the_builder(client: FlaskClient) -> None:
    assert 'href="/integration"' in client.get("/mentions-legales").text
