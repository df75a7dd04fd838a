"""What lies under the markers, in a browser: tiles that come, fail or are late."""

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

from tests import bases
from tests.amont import TUILE, Amont, Servi
from tests.navigateur import ZOOM, Ouvrir, attendre, marqueurs
from tests.site import installation

pytest_plugins = ("tests.amont", "tests.chromium", "tests.servi")

TUILES_VUES = "document.querySelectorAll('.leaflet-tile-loaded').length"


@pytest.fixture
def fond(
    source: Amont,
    navigateur: Browser,
    base_chargee: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    """A page of a site that has a base map; its console stays silent."""
    dossier = tmp_path_factory.mktemp("fond")
    app = installation(bases.adresse(base_chargee), dossier, tuiles_url=source.modele)
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
