"""From an address or a position, on a server as it is shipped: what was given is found nowhere.

Searched for in every place where it could stay, in four encodings: as it is, in an address (with
`%20` and with `+`), in JSON with its escapes, in base 64.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Geolocation, Page, expect

from tests.amont import Servi
from tests.navigateur import attendre
from tests.site import avec_classe, lire, par_id, texte

pytest_plugins = ("tests.chromium", "tests.servi")

RUE = "12 rue des Alpes"
ADRESSE = f"{RUE}, 38350 La Mure"
# A door in Grenoble, and what the browser makes of it before anything leaves.
ICI: Geolocation = {"latitude": 45.188117, "longitude": 5.724372}
ARRONDI = ("45.188", "5.724")
NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}
SCRIPT = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}


def encodages(mot: str) -> set[bytes]:
    formes = {mot, quote(mot), quote_plus(mot), json.dumps(mot)[1:-1]}
    octets = {forme.encode() for forme in formes}
    # Base 64 of a text found anywhere in another: its three alignments, without their ends.
    for decalage in range(3):
        code = base64.b64encode(b"\0" * decalage + mot.encode())
        octets.add(code[4 if decalage else 0 : -4])
    # What is too short would be found by chance.
    return {forme for forme in octets if len(forme) >= 5}


SECRETS = {
    forme
    for mot in (RUE, *(str(v) for v in ICI.values()), *ARRONDI, "45,188", "5,724")
    for forme in encodages(mot)
}


# The seconds of an instant (08:12:45.188034) may look like a rounded latitude.
SECONDES = re.compile(rb"\b\d\d:\d\d:\d\d\.\d+")


def trouves(octets: bytes) -> list[bytes]:
    sans_instants = SECONDES.sub(b"", octets)
    return [secret for secret in SECRETS if secret in sans_instants]


def test_the_search_finds_a_position_and_not_the_time_of_the_day() -> None:
    assert trouves(b"2026-11-22 08:12:45.188034") == []
    assert trouves(b"latitude=45.188") == trouves(b"08:12:45.188034 45.188") == [b"45.188"]


# ── the page and the JSON ──


def test_a_form_is_sent_on_to_the_commune(client: FlaskClient) -> None:
    champs = {"adresse": ADRESSE, "besoin": "soins"}
    reponse = client.post("/", data=champs, headers=NAVIGATION)
    assert reponse.status_code == 303
    assert reponse.headers["Location"] == "/?lieu=La+Mure+(38350)&besoin=soins&reduit=1"
    page = client.get(reponse.headers["Location"])
    assert "Depuis La Mure (38350)" in texte(par_id(lire(page.text), "bilan"))
    assert "Nous n’avons gardé que la commune" in page.text


def test_a_script_gets_the_list_from_the_very_place(client: FlaskClient) -> None:
    champs = {"latitude": "45.188", "longitude": "5.724", "type": "SANTE"}
    reponse = client.post("/", data=champs, headers=SCRIPT)
    assert (reponse.status_code, reponse.headers["Cache-Control"]) == (200, "no-store")
    assert trouves(reponse.data) == []
    assert par_id(lire(reponse.text), "lieu").get("value") == "Grenoble (38000)"
    assert "Les distances partent de votre position, à 100 m près" in reponse.text
    autre = client.get("/?lieu=38185&type=SANTE").text
    distances = [re.findall(r"<strong>([^<]+)</strong>", t) for t in (reponse.text, autre)]
    assert distances[0] != distances[1]


def test_the_map_gets_the_same_records_and_no_position(client: FlaskClient) -> None:
    champs = {"latitude": "45.188", "longitude": "5.724", "rayon_km": "2", "type": "SANTE"}
    liste = client.post("/proches", json=champs).get_json()
    carte = client.post("/carte.json", data=champs)
    assert carte.headers["Cache-Control"] == "no-store"
    assert trouves(carte.data) == []
    slugs = {r["acteur"] for g in liste["groupes"] for r in g["resultats"] if r["acteur"]}
    assert {acteur[0] for acteur in carte.get_json()["acteurs"]} == slugs
    assert carte.get_json()["lieu"]["libelle"] == "Grenoble (38000)"


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"adresse": "3 rue Inconnue, Nullepart"}, "commune"),
        ({"adresse": "x" * 400}, "C’est trop long"),
        ({"latitude": "0", "longitude": "0"}, "Cette position n’est pas en France"),
        ({"latitude": "nord", "longitude": "5.7"}, "On attend un nombre"),
    ],
)
def test_what_is_not_understood_is_said_and_not_repeated(
    champs: dict[str, str], phrase: str, client: FlaskClient
) -> None:
    for entetes in (NAVIGATION, SCRIPT):
        reponse = client.post("/", data=champs, headers=entetes)
        assert reponse.status_code == 400
        assert phrase in reponse.text
        assert "rue Inconnue" not in reponse.text


def test_a_position_far_from_isere_is_answered_with_a_number_to_call(client: FlaskClient) -> None:
    champs = {"latitude": "48.85", "longitude": "2.35"}
    page = lire(client.post("/", data=champs, headers=SCRIPT).text)
    assert par_id(page, "lieu").get("value") == ""
    assert any("le 3919 oriente" in texte(alerte) for alerte in avec_classe(page, "fr-alert"))


def test_only_the_page_with_the_button_may_ask_where_one_is(client: FlaskClient) -> None:
    assert "geolocation=(self)" in client.get("/").headers["Permissions-Policy"]
    assert "geolocation=()" in client.get("/acteurs/aiv-grenoble").headers["Permissions-Policy"]


def test_without_a_script_the_address_is_asked_by_post(app: Flask, client: FlaskClient) -> None:
    page = lire(client.get("/?besoin=soins&type=SANTE").text)
    formulaire = par_id(page, "par-adresse")
    assert (formulaire.get("method"), formulaire.get("action")) == ("post", "/")
    caches = {e.get("name"): e.get("value") for e in formulaire.iter("input")}
    assert caches == {"besoin": "soins", "type": "SANTE"}
    champ = par_id(page, "adresse")
    assert (champ.get("form"), champ.get("autocomplete")) == ("par-adresse", "off")


# ── in a browser, on the shipped server ──


def ouvrir(navigateur: Browser, servi: Servi) -> tuple[BrowserContext, Page]:
    contexte = navigateur.new_context(
        geolocation=ICI, permissions=["geolocation"], viewport={"width": 1280, "height": 900}
    )
    page = contexte.new_page()
    page.on("request", lambda r: servi.demandees.append(f"{r.url}\n{r.headers}"))
    page.goto(servi.adresse)
    page.wait_for_selector("path.carte-communes", state="attached")
    return contexte, page


def rien_ne_reste(page: Page, servi: Servi) -> None:
    """Neither in the page and its address, nor in what was asked, nor on the disk."""
    historique = page.evaluate(
        "JSON.stringify([location.href, history.state, ...navigation.entries()"
        ".map(e => [e.url, e.getState()])])"
    )
    assert trouves(historique.encode()) == []
    assert trouves(page.content().encode()) == []
    assert (
        page.evaluate("[...document.querySelectorAll('input')].map(i => i.value)").count(ADRESSE)
        == 0
    )
    assert trouves("\n".join(servi.demandees).encode()) == []
    assert trouves("\n".join(servi.amont.demandes).encode()) == []
    for fichier in servi.instance.rglob("*"):
        if fichier.is_file():
            assert trouves(str(fichier).encode() + fichier.read_bytes()) == [], fichier.name


def test_around_me_leaves_nothing_anywhere(navigateur: Browser, servi: Servi) -> None:
    contexte, page = ouvrir(navigateur, servi)
    assert not page.evaluate("document.querySelector('.carte-position')")
    historique = page.evaluate("history.length")
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator("#bilan")).to_contain_text("Depuis Grenoble (38000)")
    expect(page.locator(".carte-position")).to_have_attribute(
        "title", "Votre position, à 100 m près"
    )
    assert page.evaluate("history.length") == historique
    # The map is moved and zoomed, a filter changes the list: the place stays, and stays here.
    page.get_by_role("button", name="Agrandir la carte").click()
    page.wait_for_timeout(600)
    page.locator('[data-besoin="soins"]').click()
    expect(page.get_by_text("Les distances partent de votre position")).to_be_visible()
    expect(page.locator(".carte-position")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"[?&]besoin=soins"))
    assert "lieu=Grenoble" in page.url
    rien_ne_reste(page, servi)
    # Another place takes its place.
    page.get_by_label("Commune ou code postal").fill("38226")
    page.get_by_label("Commune ou code postal").press("Enter")
    expect(page.locator("#bilan")).to_contain_text("Depuis Mens")
    expect(page.locator(".carte-position")).to_have_count(0)
    contexte.close()


def test_what_is_sent_is_rounded_to_a_hundred_metres(navigateur: Browser, servi: Servi) -> None:
    contexte, page = ouvrir(navigateur, servi)
    corps: list[str] = []
    page.on("request", lambda r: corps.append(r.post_data or ""))
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator(".carte-position")).to_have_count(1)
    envoyes = {c for c in corps if c}
    assert envoyes == {f"latitude={ARRONDI[0]}&longitude={ARRONDI[1]}"}
    contexte.close()


def test_an_address_leaves_nothing_anywhere(navigateur: Browser, servi: Servi) -> None:
    contexte, page = ouvrir(navigateur, servi)
    historique = page.evaluate("history.length")
    page.locator(".depuis__adresse summary").click()
    page.get_by_label("Adresse, avec sa commune").fill(ADRESSE)
    page.get_by_label("Adresse, avec sa commune").press("Enter")
    expect(page.locator("#bilan")).to_contain_text("Depuis La Mure (38350)")
    expect(page.get_by_text("Nous n’avons gardé que la commune")).to_be_visible()
    expect(page.locator("path.carte-lieu")).to_have_count(1)
    assert page.evaluate("history.length") == historique
    rien_ne_reste(page, servi)
    page.locator("#resultats .resultat[data-slug] a").first.click()
    page.go_back()
    expect(page.locator("#bilan")).to_contain_text("Depuis La Mure (38350)")
    rien_ne_reste(page, servi)
    contexte.close()


def test_an_address_leaves_nothing_without_a_script_either(
    navigateur: Browser, servi: Servi
) -> None:
    contexte = navigateur.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.on("request", lambda r: servi.demandees.append(f"{r.url}\n{r.headers}"))
    page.goto(servi.adresse)
    page.locator(".depuis__adresse summary").click()
    page.get_by_label("Adresse, avec sa commune").fill(ADRESSE)
    page.get_by_label("Adresse, avec sa commune").press("Enter")
    expect(page.locator("#bilan")).to_contain_text("Depuis La Mure (38350)")
    assert page.url.endswith("/?lieu=La+Mure+(38350)&reduit=1")
    page.reload()  # asks nothing to be sent again
    expect(page.locator("#bilan")).to_contain_text("Depuis La Mure (38350)")
    assert trouves(page.content().encode() + "\n".join(servi.demandees).encode()) == []
    contexte.close()


def test_the_server_says_nothing_of_it(navigateur: Browser, servi: Servi) -> None:
    contexte, page = ouvrir(navigateur, servi)
    page.evaluate(
        """async ([rue, adresse, ici]) => {
          for (const champs of [{adresse}, ici, {adresse: rue}, {latitude: "45.188x", ...ici}])
            for (const chemin of ["/", "/proches", "/carte.json"])
              await fetch(chemin, {method: "POST", body: new URLSearchParams(champs)});
        }""",
        [RUE, ADRESSE, {nom: str(valeur) for nom, valeur in ICI.items()}],
    )
    contexte.close()
    assert trouves("\n".join(servi.amont.demandes).encode()) == []
    for fichier in servi.instance.rglob("*"):
        if fichier.is_file():
            assert trouves(fichier.read_bytes()) == []


@pytest.mark.parametrize(
    ("refus", "phrase"),
    [("refusee", "autorisez-le"), ("absente", "Ce navigateur ne donne pas la position")],
)
def test_a_position_refused_is_said_in_french(
    refus: str, phrase: str, navigateur: Browser, adresse: str
) -> None:
    contexte = navigateur.new_context()
    if refus == "absente":
        contexte.add_init_script(
            "Object.defineProperty(navigator, 'geolocation', {value: undefined})"
        )
    page = contexte.new_page()
    page.goto(adresse)
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator("#depuis-etat")).to_contain_text(phrase)
    expect(page.get_by_role("button", name="Autour de moi")).to_be_enabled()
    attendre(page, "!document.querySelector('.carte-position')")
    contexte.close()
