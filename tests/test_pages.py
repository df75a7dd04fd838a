"""Every page: well-formed, with a way out and numbers, and nothing that gives away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cartographie.catalogue import Catalogue
from cartographie.config import RACINE
from cartographie.referentiel import Referentiel
from tests.site import SORTIE, avec_classe, lire, par_id, texte

EXPOSANTS = re.compile("violence|victime|femme|conjugal", re.IGNORECASE)
PAGES = (
    "/",
    "/?lieu=La+Mure",
    "/?lieu=38350",
    "/?lieu=38185&besoin=soins&type=SANTE&ouvert=1&rayon_km=10&tri=distance",
    "/?type=INCONNU",
    "/acteurs/osj-le-relais-grenoble",
    "/acteurs/aiv-grenoble",
    "/acteurs/absent",
    "/objectifs/2022-2024",
    "/objectifs/2022-2024/3",
    "/objectifs/2022-2024/22",
    "/accessibilite",
    "/donnees-personnelles",
    "/mentions-legales",
)


@pytest.mark.parametrize("adresse", PAGES)
def test_every_page_is_well_formed_and_runs_under_the_policy(
    client: FlaskClient, adresse: str
) -> None:
    page = lire(client.get(adresse).text)
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert page.get("lang") == "fr"
    for element in page.iter():
        assert "style" not in element.attrib
        assert not any(nom.startswith("on") for nom in element.attrib)
        assert element.tag != "style"
        if element.tag == "script":
            assert element.get("src", "").startswith("/")
        if element.tag in {"input", "select"} and element.get("type") != "hidden":
            assert any(e.get("for") == element.get("id") for e in page.iter("label"))
    for cible in (e.get("href", "") for e in page.iter("a")):
        if cible.startswith("#"):
            assert cible[1:] in ids


@pytest.mark.parametrize("adresse", PAGES)
def test_every_page_has_a_quick_exit_and_the_emergency_numbers(
    client: FlaskClient, adresse: str
) -> None:
    page = lire(client.get(adresse).text)
    sortie = par_id(page, "quitter")
    assert (sortie.tag, sortie.get("href")) == ("a", SORTIE)
    assert (sortie.get("target"), sortie.get("rel")) == ("_top", "noreferrer")
    evitement = [a.get("href") for a in next(avec_classe(page, "fr-skiplinks")).iter("a")]
    liste = ["#resultats"] if page.find(".//*[@id='resultats']") is not None else []
    assert evitement == ["#contenu", *liste, "#quitter"]
    numeros = [a.get("href") for a in next(avec_classe(page, "urgences")).iter("a")]
    assert numeros == [
        "tel:17", "tel:112", "sms:114", "tel:3919", "tel:119", "tel:115", "tel:116006",
    ]  # fmt: skip


def test_no_title_address_code_or_file_name_says_what_the_site_is_for(
    app: Flask, client: FlaskClient, catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    adresses = [*PAGES, *(f"/acteurs/{fiche.slug}" for fiche in catalogue_reel.fiches)]
    adresses += [
        f"/objectifs/{p.periode.code}/{o.numero}"
        for p in referentiel.protocoles
        for o in p.objectifs
    ]
    for adresse in adresses:
        page = lire(client.get(adresse).text)
        titre = next(page.iter("title"))
        assert not EXPOSANTS.search(texte(titre)), adresse
        liens = [e.get(nom, "") for e in page.iter() for nom in ("href", "src", "action")]
        exposes = [lien for lien in liens if lien.startswith("/") and EXPOSANTS.search(lien)]
        assert not exposes, adresse
        assert not EXPOSANTS.search(adresse)
    vocabulaire = referentiel.vocabulaire
    for codes in (vocabulaire.besoins, vocabulaire.missions, vocabulaire.publics):
        assert not [code for code in codes if EXPOSANTS.search(code)]
    for dossier in ("static", "templates", "data"):
        fichiers = (RACINE / dossier).rglob("*")
        assert not [f for f in fichiers if EXPOSANTS.search(f.name)]
    assert not [r for r in app.url_map.iter_rules() if EXPOSANTS.search(r.rule)]


@pytest.mark.parametrize(
    ("adresse", "cible"),
    [
        ("/objectifs", "/objectifs/2022-2024"),
        ("/objectifs/22", "/objectifs/2022-2024/22"),
    ],
)
def test_the_current_period_is_a_redirect(client: FlaskClient, adresse: str, cible: str) -> None:
    response = client.get(adresse)
    assert (response.status_code, response.headers["Location"]) == (302, cible)


@pytest.mark.parametrize(
    "adresse", ["/acteurs/absent", "/objectifs/1999-2001", "/objectifs/2022-2024/99", "/absente"]
)
def test_what_does_not_exist_is_one_and_the_same_page(client: FlaskClient, adresse: str) -> None:
    response = client.get(adresse)
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.text


def test_obligations_are_met_and_the_exit_says_what_it_does_not_do(client: FlaskClient) -> None:
    assert "non conforme" in client.get("/accessibilite").text
    assert "Il n’efface pas l’historique." in client.get("/donnees-personnelles").text
    assert "Licence Ouverte" in client.get("/mentions-legales").text
    securite = client.get("/.well-known/security.txt")
    assert securite.mimetype == "text/plain"
    champs = dict(ligne.split(": ", 1) for ligne in securite.text.splitlines())
    assert champs["Contact"] == "http://localhost/mentions-legales#signaler"
    assert champs["Expires"] == "2026-09-17T00:00:00Z"
    assert "User-agent: *" in client.get("/robots.txt").text
    assert client.get("/sante").text == "en vie\n"


def test_every_icon_of_the_templates_is_built(client: FlaskClient) -> None:
    css = (RACINE / "static/vendor/dsfr/dsfr.css").read_text("utf-8")
    for fichier in Path(RACINE / "templates").glob("*.html"):
        for icone in re.findall(r"fr-icon-[a-z0-9-]*[a-z]\b", fichier.read_text("utf-8")):
            assert f".{icone}" in css, (fichier.name, icone)
