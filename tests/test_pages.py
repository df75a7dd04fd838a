"""What people read: the list first, whom to call on every line, nothing that gives away."""

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
GROUPES = ("appeler", "recevoir", "sur-orientation", "professionnels")


def groupes(html: str) -> dict[str, list[str]]:
    """Code of each group shown → names of its lines."""
    page = lire(html)
    return {
        e.get("id", "").removeprefix("groupe-"): [texte(nom) for nom in e.iter("h3")]
        for e in avec_classe(page, "groupe")
    }


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
    assert evitement == ["#contenu", "#quitter"]
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


def test_the_list_shows_its_groups_in_order_with_the_professionals_folded(
    client: FlaskClient,
) -> None:
    page = lire(client.get("/?lieu=La+Mure").text)
    codes = [e.get("id", "").removeprefix("groupe-") for e in avec_classe(page, "groupe")]
    assert codes == [code for code in GROUPES if code in codes]
    assert {"appeler", "recevoir", "sur-orientation"} <= set(codes)
    reseau = lire(client.get("/?lieu=La+Mure&mission=accueil-ecoute&mission=pilotage").text)
    professionnels = par_id(reseau, "groupe-professionnels")
    assert (professionnels.tag, professionnels.get("open")) == ("details", None)


def test_without_javascript_a_besoin_is_a_link_that_keeps_the_place(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=38269&ouvert=1&page=3").text)
    boutons = {a.get("data-besoin"): a for a in page.iter("a") if a.get("data-besoin")}
    assert 8 <= len(boutons) <= 10
    assert boutons["abri"].get("href") == "/?lieu=38269&besoin=abri&ouvert=1"
    assert [code for code, a in boutons.items() if a.get("aria-current")] == ["parler"]
    choisi = lire(client.get("/?lieu=38269&besoin=abri").text)
    assert next(avec_classe(choisi, "besoin--abri")).get("aria-current") == "true"
    caches = [
        e.get("value")
        for e in par_id(choisi, "recherche").iter("input")
        if e.get("name") == "besoin"
    ]
    assert caches == ["abri"]


def test_every_line_says_what_is_needed_to_act(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=Grenoble&besoin=soins&page=9").text)
    lignes = list(avec_classe(page, "resultat"))
    assert len(lignes) > 10
    for ligne in lignes:
        appels = [a for a in ligne.iter("a") if a.get("href", "").startswith(("tel:", "sms:"))]
        assert appels, texte(ligne)
        assert next(avec_classe(ligne, "etat")) is not None
        assert texte(next(avec_classe(ligne, "resultat__raison")))
        if ligne.get("data-slug"):
            confirmation = texte(next(avec_classe(ligne, "resultat__sur")))
            assert re.match("Confirmé le|Non confirmé depuis|Jamais confirmé", confirmation)
            nom = next(ligne.iter("h3"))
            assert next(nom.iter("a")).get("href") == f"/acteurs/{ligne.get('data-slug')}"


def test_a_line_without_number_says_whom_to_call_instead(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=Grenoble&q=Maison+des+femmes").text)
    ligne = next(e for e in avec_classe(page, "resultat") if e.get("data-slug"))
    assert "Numéro non connu. À la place, " in texte(ligne)
    assert "tel:3919" in [a.get("href") for a in ligne.iter("a")]


def test_counts_are_words_and_lists_say_that_they_are_partial(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=La+Mure").text)
    compte = texte(par_id(page, "bilan"))
    assert re.fullmatch(
        r"Depuis La Mure \(38350\) : \d+ services(, \d+ ouverts?)?(, \d+ aux horaires inconnus)?",
        compte,
    )
    assert "Liste partielle : un autre service peut exister plus près." in texte(page)


def test_a_group_goes_on_at_its_next_page_keeping_what_was_shown(client: FlaskClient) -> None:
    premiere = client.get("/?lieu=Grenoble").text
    lien = next(
        a.get("href", "")
        for suite in avec_classe(lire(premiere), "groupe__suite")
        for a in suite.iter("a")
        if "recevoir" in a.get("href", "")
    )
    assert lien == "/?lieu=Grenoble&page=2#groupe-recevoir"
    seconde = groupes(client.get(lien).text)["recevoir"]
    avant = groupes(premiere)["recevoir"]
    assert len(avant) == 20
    assert seconde[:20] == avant
    assert len(seconde) > 20


def test_what_cannot_be_understood_is_said_beside_its_field_with_what_was_typed(
    client: FlaskClient,
) -> None:
    response = client.get("/?lieu=38350&besoin=parler&type=LEAO")
    page = lire(response.text)
    assert response.status_code == 400
    champ = par_id(page, "lieu")
    assert (champ.get("value"), champ.get("aria-invalid")) == ("38350", "true")
    erreur = par_id(page, champ.get("aria-describedby", ""))
    assert "plusieurs communes" in texte(erreur)
    choix = {texte(a): a.get("href", "") for a in erreur.iter("a")}
    assert "La Mure (38350)" in choix
    suite = client.get(choix["La Mure (38350)"])
    assert suite.status_code == 200
    assert "besoin=parler&type=LEAO" in choix["La Mure (38350)"]
    assert "Depuis La Mure" in suite.text


def test_an_unknown_type_offers_the_near_ones_and_unfolds_the_filters(client: FlaskClient) -> None:
    response = client.get("/?type=SANTEE")
    page = lire(response.text)
    assert response.status_code == 400
    assert next(avec_classe(page, "filtres")).get("open") is not None
    choix = {texte(a): a.get("href") for a in par_id(page, "type-erreur").iter("a")}
    assert choix["Santé"] == "/?type=SANTE"


@pytest.mark.parametrize(
    ("adresse", "lieu"),
    [
        ("3 rue Truc 38920 Crolles", "Crolles"),
        ("3 rue de Siam 29200 Brest", "Brest"),
        ("12 place Bellecour 69002 Lyon", "Lyon"),
    ],
)
def test_what_an_address_is_reduced_to_is_understood_again(
    client: FlaskClient, adresse: str, lieu: str
) -> None:
    """38140 is Crolles' INSEE code and Apprieu's postal code: a code would ask to choose."""
    reponse = client.get("/", query_string={"lieu": adresse}, follow_redirects=True)
    assert reponse.status_code == 200
    assert lieu in reponse.text
    assert "rue" not in reponse.request.full_path


def test_an_address_is_reduced_to_its_commune_and_the_page_says_so(client: FlaskClient) -> None:
    response = client.get("/?lieu=12+rue+des+Alpes,+38350+La+Mure&besoin=abri")
    assert response.status_code == 303
    assert response.headers["Location"] == "/?lieu=La+Mure+%2838350%29&besoin=abri&reduit=1"
    assert "Alpes" not in response.text
    suite = client.get(response.headers["Location"]).text
    assert "Nous n’avons gardé que la commune" in suite
    assert "reduit" not in suite


def test_a_code_is_shown_as_the_commune_it_stands_for(client: FlaskClient) -> None:
    for adresse, montre in (("/?lieu=38269", "La Mure (38350)"), ("/?lieu=la+mure", "la mure")):
        champ = par_id(lire(client.get(adresse).text), "lieu")
        assert champ.get("value") == montre


def test_outside_isere_is_a_sentence_and_never_an_error(client: FlaskClient) -> None:
    lyon = client.get("/?lieu=Lyon")
    brest = client.get("/?lieu=29200")
    assert (lyon.status_code, brest.status_code) == (200, 200)
    assert "Lyon est hors de l’Isère" in lyon.text
    assert "le 3919 oriente" in brest.text
    assert [noms for code, noms in groupes(brest.text).items() if code != "appeler"] == []


def test_immediate_danger_shows_the_numbers_alone(client: FlaskClient) -> None:
    page = groupes(client.get("/?besoin=danger&lieu=38269").text)
    assert list(page) == ["appeler"]
    assert len(page["appeler"]) == 3


def test_filters_in_force_are_tags_that_take_themselves_away(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=38185&type=SANTE&type=LEAO&rayon_km=5").text)
    tags = {texte(a): a.get("href") for a in next(avec_classe(page, "actifs")).iter("a")}
    assert tags["Retirer le filtre Santé"] == "/?lieu=38185&type=LEAO&rayon_km=5"
    assert tags["Retirer le filtre Moins de 5 km"] == "/?lieu=38185&type=SANTE&type=LEAO"


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
