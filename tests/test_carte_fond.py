"""What lies under the markers, in a browser: tiles, territoires, communes; with and without."""

from __future__ import annotations

import re
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests.amont import TUILE, Amont, Servi, amont
from tests.navigateur import CENTRE, GRENOBLE, ZOOM, Ouvrir, attendre, marqueurs
from tests.site import installation

pytest_plugins = ("tests.chromium", "tests.servi")

TELEPHONE = {"width": 360, "height": 740}
TUILES_VUES = "document.querySelectorAll('.leaflet-tile-loaded').length"


@pytest.fixture
def source() -> Iterator[Amont]:
    with amont() as ici:
        yield ici


@pytest.fixture
def fond(
    source: Amont,
    navigateur: Browser,
    base_chargee: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    """A page of a site that has a base map; its console stays silent."""
    dossier = tmp_path_factory.mktemp("fond")
    app = installation(str(base_chargee.url), dossier, tuiles_url=source.modele)
    serveur = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    plaintes: list[str] = []
    contexte = navigateur.new_context(
        viewport={"width": 1280, "height": 900},
        base_url=f"http://127.0.0.1:{serveur.server_port}",
    )
    page = contexte.new_page()
    page.on("console", lambda m: plaintes.append(m.text) if m.type != "log" else None)
    page.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
    yield page
    contexte.close()
    serveur.shutdown()
    assert plaintes == []


def pret(page: Page) -> None:
    page.wait_for_selector("path.carte-communes", state="attached")
    expect(page.locator(".carte-resume")).to_have_text(re.compile(r"\w"))


# ── tiles ──


def test_tiles_lie_between_the_ground_and_the_lines(fond: Page, source: Amont) -> None:
    fond.goto("/?lieu=38269")
    pret(fond)
    attendre(fond, f"{TUILES_VUES} > 3")
    niveaux = fond.evaluate(
        "['sol', 'tuiles', 'communes', 'epci', 'territoire', 'reseaux', 'noms'].map(n =>"
        " Number(getComputedStyle(document.querySelector(`.leaflet-carte-${n}-pane`)).zIndex))"
    )
    assert niveaux == sorted(set(niveaux))
    expect(fond.locator(".leaflet-control-attribution")).to_have_text(
        re.compile("Contours.*IGN.*Plan IGN, Géoplateforme")
    )
    # Only what is in sight was asked for, once the place was known.
    zooms = {re.findall(r"/plan/(\d+)/", demande)[0] for demande in source.demandes}
    assert len(zooms) == 1


@pytest.mark.parametrize("mode", ["erreur", "page"])
def test_where_tiles_fail_the_communes_are_in_sight(mode: str, fond: Page, source: Amont) -> None:
    source.mode = mode
    fond.goto("/?lieu=38269")
    pret(fond)
    fond.wait_for_timeout(500)
    assert fond.evaluate(TUILES_VUES) == 0
    expect(fond.locator("path.carte-sol").first).to_be_visible()
    expect(fond.locator(".carte-nom span").first).to_be_visible()
    expect(marqueurs(fond).first).to_be_visible()


def test_a_tile_that_came_late_is_asked_for_again(fond: Page) -> None:
    manques: list[Route] = []

    def une_fois(route: Route) -> None:
        if len(manques) < 4:
            manques.append(route)
            route.fulfill(status=204)
        else:
            # From here, not by the relay: on a busy machine it may say 204 once more.
            route.fulfill(status=200, content_type="image/png", body=TUILE)

    fond.route("**/tuiles/**", une_fois)
    fond.goto("/?lieu=38269")
    pret(fond)
    attendre(fond, f"{TUILES_VUES} === document.querySelectorAll('.leaflet-tile').length")
    assert len(manques) == 4


def test_without_an_upstream_there_is_no_tile_layer(ouvrir: Ouvrir) -> None:
    page = ouvrir("/")
    assert page.evaluate("cartographieCarte.tuiles") is None
    expect(page.locator(".leaflet-tile")).to_have_count(0)
    expect(page.locator(".leaflet-control-attribution")).not_to_contain_text("Plan IGN")


def test_epci_are_named_in_the_view_of_the_departement(ouvrir: Ouvrir) -> None:
    page = ouvrir("/")
    attendre(page, "document.querySelectorAll('.carte-nom--epci').length > 5")
    noms = page.locator(".carte-nom--epci").all_text_contents()
    assert not any(nom.startswith("Communauté") for nom in noms)
    page.evaluate("cartographieCarte.carte.setZoom(13, {animate: false})")
    expect(page.locator(".carte-nom--epci")).to_have_count(0)


# ── territoires and communes ──


def test_the_territoire_of_who_is_chosen_is_drawn(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?type=CISPD")
    territoire = page.locator("path.carte-territoire")
    expect(territoire).to_have_count(0)
    page.locator('.carte-reseau[aria-label*="Vienne Condrieu"]').focus()
    page.keyboard.press("Enter")
    expect(territoire).to_have_count(1)
    choisie = page.locator('.resultat[data-slug="cispd-vienne-condrieu"]')
    expect(choisie).to_have_class(re.compile("resultat--choisi"))
    page.keyboard.press("Escape")
    expect(territoire).to_have_count(0)
    expect(choisie).not_to_have_class(re.compile("resultat--choisi"))


def test_pointing_at_a_line_draws_its_territoire_and_choosing_it_keeps_it(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?type=CISPD")
    page.locator("details.groupe--replie summary").click()
    ligne = page.locator('.resultat[data-slug="cispd-vienne-condrieu"]')
    if not ligne.is_visible():
        page.locator("details.groupe--replie summary").click()
    ligne.locator(".resultat__raison").hover()
    expect(page.locator("path.carte-territoire")).to_have_count(1)
    page.locator("h1").hover()
    expect(page.locator("path.carte-territoire")).to_have_count(0)
    ligne.locator(".resultat__raison").click()
    page.locator("h1").hover()
    expect(page.locator("path.carte-territoire")).to_have_count(1)
    expect(ligne).to_have_class(re.compile("resultat--choisi"))


def test_what_is_not_known_of_a_territoire_is_said(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=38269&type=SANTE#carte=14/44.9066/5.7847")
    page.locator(".carte-porte").first.click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Territoire\u00a0: non renseigné")
    expect(page.locator("path.carte-territoire")).to_have_count(0)


def cliquer(page: Page, latitude: float, longitude: float) -> None:
    page.evaluate(
        f"cartographieCarte.carte.setView([{latitude}, {longitude}], 12, {{animate: false}})"
    )
    cadre = page.locator(".leaflet-container").bounding_box()
    assert cadre
    page.mouse.click(cadre["x"] + cadre["width"] / 2, cadre["y"] + cadre["height"] / 2)


def test_a_commune_that_is_clicked_asks_who_covers_it(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?type=INSTITUTION")
    cliquer(page, 44.8157, 5.7516)  # Mens
    bulle = page.get_by_role("dialog", name=re.compile("^Mens"))
    historique = page.evaluate("history.length")
    bulle.get_by_role("link", name="Qui couvre cette commune ?").click()
    expect(page.locator("#bilan")).to_contain_text("Depuis Mens (38710)")
    assert "type=INSTITUTION" in page.url
    assert page.evaluate("history.length") == historique


def test_under_a_network_the_commune_can_be_asked_too(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?besoin=reseau")
    cliquer(page, 45.46, 4.87)  # Les Côtes-d'Arey, in Vienne Condrieu
    bulle = page.locator(".leaflet-popup")
    expect(bulle).to_contain_text("Territoire")
    bulle.get_by_role("link", name="Qui couvre Les Côtes-d'Arey (38138) ?").click()
    expect(page.locator("#bilan")).to_contain_text("Depuis Les Côtes-d'Arey (38138)")
    premiere = page.locator("#groupe-professionnels .resultat").first
    expect(premiere).to_have_attribute("data-slug", "cispd-vienne-condrieu")


def test_enter_asks_about_the_commune_in_the_middle(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=38226")
    page.evaluate("cartographieCarte.carte.setView([44.8157, 5.7516], 12, {animate: false})")
    page.locator(".leaflet-container").focus()
    page.keyboard.press("Enter")
    bulle = page.get_by_role("dialog", name=re.compile("^Mens"))
    expect(bulle).to_be_focused()
    page.keyboard.press("Escape")
    expect(bulle).to_have_count(0)
    expect(page.locator(".leaflet-container")).to_be_focused()


def test_outside_isere_a_click_asks_nothing(ouvrir: Ouvrir) -> None:
    page = ouvrir("/")
    cliquer(page, 45.75, 4.85)  # Lyon
    page.wait_for_timeout(500)
    expect(page.locator(".leaflet-popup")).to_have_count(0)


# ── the whole window, the phone ──


def test_full_screen_keeps_the_exit_and_escape_leaves_it(ouvrir: Ouvrir) -> None:
    page = ouvrir(GRENOBLE)
    bouton = page.get_by_role("button", name="Plein écran", exact=True)
    bouton.click()
    expect(page.get_by_role("button", name="Quitter le plein écran")).to_be_focused()
    cadre = page.locator(".carte-cadre").bounding_box()
    assert cadre
    assert cadre["width"] == page.evaluate("innerWidth")
    sortie = page.locator("#quitter")
    dessus = sortie.evaluate(
        "e => { const r = e.getBoundingClientRect();"
        " return document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2) === e; }"
    )
    assert dessus
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "Boolean(document.activeElement.closest('.carte-cadre, .entete, .evitement, body'))"
        )
        assert not page.evaluate("Boolean(document.activeElement.closest('#resultats, form'))")
    page.locator(".leaflet-container").focus()
    page.keyboard.press("Escape")
    expect(bouton).to_have_count(1)
    assert page.evaluate("document.documentElement.className") == ""
    expect(page.locator("#resultats .resultat").first).to_be_visible()


def test_on_a_phone_the_map_is_one_tap_away_and_both_keep_their_state(ouvrir: Ouvrir) -> None:
    page = ouvrir(GRENOBLE, viewport=TELEPHONE, has_touch=True, is_mobile=True)
    expect(page.locator("#resultats .resultat").first).to_be_visible()
    page.evaluate("scrollTo(0, 900)")
    attendre(page, "scrollY > 800")
    avant = page.evaluate("scrollY")
    historique = page.evaluate("history.length")
    page.get_by_role("button", name="Voir la carte").tap()
    cadre = page.locator(".carte-cadre").bounding_box()
    assert cadre
    assert cadre["y"] >= 0
    assert cadre["y"] + cadre["height"] <= TELEPHONE["height"]
    expect(page.locator("#resultats")).to_be_hidden()
    expect(page.locator("#quitter")).to_be_in_viewport()
    page.get_by_role("button", name="Agrandir la carte").tap()
    page.wait_for_timeout(500)
    vue = page.evaluate(f"[{ZOOM}, {CENTRE}]")
    page.get_by_role("button", name="Voir la liste").tap()
    assert page.evaluate("scrollY") == pytest.approx(avant, abs=2)
    page.get_by_role("button", name="Voir la carte").tap()
    assert page.evaluate(f"[{ZOOM}, {CENTRE}]") == vue
    assert page.evaluate("history.length") == historique
    # From a record and back: the map is still what is in sight.
    page.locator(".carte-zone, .carte-porte").first.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup .carte-fiche a[href^='/acteurs/']").first.tap()
    page.wait_for_url("**/acteurs/*")
    page.go_back()
    page.wait_for_selector("path.carte-communes", state="attached")
    expect(page.locator("#resultats")).to_be_hidden()
    page.locator(".carte-grappe, .carte-zone, .carte-porte").first.wait_for()


# ── the network goes away, upstream is slow ──


def test_with_the_network_cut_the_map_and_the_list_stay_usable(
    navigateur: Browser, adresse: str
) -> None:
    contexte = navigateur.new_context(viewport={"width": 1280, "height": 900})
    page = contexte.new_page()
    page.goto(f"{adresse}/?type=CISPD&lieu=38185")
    pret(page)
    contexte.set_offline(True)
    zoom = page.evaluate(ZOOM)
    page.get_by_role("button", name="Réduire la carte").click()
    attendre(page, f"{ZOOM} < {zoom}")
    page.get_by_role("button", name="Voir toute l’Isère").click()
    page.locator('.carte-reseau[aria-label*="Vienne Condrieu"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("path.carte-territoire")).to_have_count(1)
    expect(page.locator(".leaflet-popup")).to_contain_text("Territoire")
    page.keyboard.press("Escape")
    page.locator('[data-besoin="soins"]').click()
    expect(page.locator("#resultats")).to_contain_text("Pas de réponse du réseau")
    expect(page.locator(".resultat").first).to_be_visible()
    contexte.set_offline(False)
    page.locator('[data-besoin="soins"]').click()
    expect(page.locator("#resultats")).not_to_contain_text("Pas de réponse du réseau")
    assert "besoin=soins" in page.url
    contexte.close()


def test_a_stalled_upstream_does_not_slow_the_pages(servi: Servi) -> None:
    """Thirty readers wait for tiles that never come; pages are answered as before."""

    def duree(chemin: str) -> float:
        depart = time.monotonic()
        with urllib.request.urlopen(servi.adresse + chemin) as reponse:
            reponse.read()
        return time.monotonic() - depart

    chemins = ("/proches?lieu=38269", "/?lieu=38269", "/carte.json")
    for chemin in chemins:
        duree(chemin)
    sans = max(duree(chemin) for chemin in chemins * 5)
    servi.amont.retard_s = 20.0
    lecteurs = [
        threading.Thread(target=duree, args=(f"/tuiles/12/{2110 + n // 6}/{1464 + n % 6}.png",))
        for n in range(30)
    ]
    for lecteur in lecteurs:
        lecteur.start()
    time.sleep(0.3)
    avec = max(duree(chemin) for chemin in chemins * 5)
    for lecteur in lecteurs:
        lecteur.join()
    assert avec < max(4 * sans, 0.5), f"{sans:.3f} s without, {avec:.3f} s with"
