"""The map of a large directory, in a browser: the same set as the list, named, reachable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from bench.donnees import peupler
from cartographie.acteurs import Statut
from cartographie.atlas import SEUIL
from cartographie.config import RACINE
from cartographie.database import make_engine
from cartographie.referentiel import Referentiel
from tests.fabrique import change
from tests.navigateur import ZOOM, Ouvrir, attendre, attendre_carte, attendre_immobile, marqueurs
from tests.preuves import Preuve
from tests.site import installation

pytest_plugins = ("tests.chromium",)

FICHES = 1_200
TOUT = "/?" + "&".join(
    f"type={code}" for code in Referentiel.load(RACINE / "data").vocabulaire.types
)
# How many acteurs stand under the markers in sight, each once.
MONTRES = """async () => {
    const rangs = new Set();
    cartographieCarte.foule.eachLayer(m => m.options.rangs.forEach(r => rangs.add(r)));
    return rangs.size;
}"""


@pytest.fixture(scope="module")
def base(vierge: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    adresse = vierge(tmp_path_factory.mktemp("foule"))
    peupler(adresse, FICHES)
    return adresse


@pytest.fixture(scope="module")
def adresse(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site over them."""
    app = installation(base, tmp_path_factory.mktemp("instance"))
    serveur = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()


def total(page: Page) -> int:
    """How many acteurs the list counts."""
    compte = page.locator("#bilan").inner_text()
    trouve = re.search(r"(\d+) services", compte)
    assert trouve, compte
    return int(trouve[1])


def sans_porte(page: Page) -> int:
    """How many of them no marker shows: networks, and who has no place."""
    resume = page.locator(".carte-resume").inner_text()
    return sum(int(n) for n in re.findall(r"(\d+) (?:réseaux? sur|services? sans lieu)", resume))


@pytest.mark.parametrize("question", [TOUT, "/", TOUT + "&lieu=38185&ouvert=1"])
def test_markers_stand_for_each_acteur_of_the_list_once(ouvrir: Ouvrir, question: str) -> None:
    page = ouvrir(question)
    assert total(page) > SEUIL
    page.evaluate("cartographieCarte.carte.fitBounds(cartographieCarte.isere, {animate: false})")
    assert page.evaluate(MONTRES) == total(page) - sans_porte(page)
    assert 3 < marqueurs(page).count() < 150
    # Nothing is drawn twice: neither by the layer of smaller answers.
    assert page.evaluate("cartographieCarte.groupe.getLayers().length") == 0


def test_a_filter_changes_list_and_map_together_and_asks_once(ouvrir: Ouvrir) -> None:
    page = ouvrir(TOUT)
    demandes: list[str] = []
    page.on("request", lambda requete: demandes.append(requete.url))
    avant = total(page)
    page.get_by_text("Plus de filtres").click()
    page.get_by_text("Masquer ce qui est fermé en ce moment").click()
    attendre(page, f"!document.getElementById('bilan').textContent.startsWith('{avant}')")
    assert SEUIL < total(page) < avant
    assert page.evaluate(MONTRES) == total(page) - sans_porte(page)
    assert [url for url in demandes if "carte.json" in url or "points.json" in url] == []


def test_a_small_answer_comes_back_to_markers_told_one_by_one(ouvrir: Ouvrir) -> None:
    page = ouvrir(TOUT)
    page.get_by_text("Plus de filtres").click()
    page.get_by_label("Nom, sigle ou mot").fill("Rialto")
    page.keyboard.press("Enter")
    expect(page.locator("#bilan")).not_to_contain_text(str(FICHES))
    assert total(page) < SEUIL
    attendre(page, "cartographieCarte.groupe.getLayers().length > 0")
    assert page.evaluate("cartographieCarte.foule.getLayers().length") == 0


def test_clusters_open_by_the_keyboard_down_to_a_door_that_the_list_has_too(
    ouvrir: Ouvrir,
) -> None:
    page = ouvrir(TOUT)
    page.locator(".carte-grappe").first.focus()
    for _ in range(12):
        if not page.evaluate("document.activeElement.matches('.carte-grappe')"):
            break
        zoom = page.evaluate(ZOOM)
        page.keyboard.press("Enter")
        attendre(page, f"{ZOOM} > {zoom} && !cartographieCarte.carte._animatingZoom")
        attendre(page, "document.activeElement.matches('.leaflet-marker-icon')")
    porte = page.locator(".carte-porte").first
    # Names come once the markers are in place: name, kind, commune.
    expect(porte).to_have_attribute("aria-label", re.compile(r"^.+, .+, .+$"))
    noms = marqueurs(page).evaluate_all("m => m.map(e => e.getAttribute('aria-label'))")
    assert len(set(noms)) == len(noms)
    assert marqueurs(page).evaluate_all("m => m.every(e => e.role === 'button' && !e.tabIndex)")
    nom = (porte.get_attribute("aria-label") or "").split(", ")[0]
    porte.focus()
    page.keyboard.press("Enter")
    bulle = page.get_by_role("dialog")
    expect(bulle).to_be_focused()
    expect(bulle).to_contain_text(nom)
    lieu = bulle.locator(".carte-fiche-lieu").first.inner_text()
    page.keyboard.press("Escape")
    expect(porte).to_be_focused()
    page.keyboard.press("Enter")
    attendre_immobile(page)
    bulle.get_by_role("button", name="Voir dans la liste").click()
    ligne = page.locator(".carte-choix .resultat, .resultat--choisi").first
    expect(ligne).to_contain_text(nom)
    expect(ligne).to_contain_text(lieu.rsplit(", ", 1)[-1])


def test_a_zone_says_how_many_and_leads_to_their_lines(ouvrir: Ouvrir) -> None:
    page = ouvrir(TOUT + "#carte=15/45.1906/5.7351")
    zone = page.locator('.carte-zone[aria-label*="à Grenoble, sans adresse exacte sur la carte"]')
    nombre = int(zone.inner_text())
    zone.click()
    lignes = page.locator(".leaflet-popup .carte-fiche-liste li")
    expect(lignes).to_have_count(min(nombre, 60))
    attendre_immobile(page)
    page.get_by_role("button", name="Voir ces services dans la liste").click()
    expect(page.locator(".carte-choix .resultat")).to_have_count(min(nombre, 60))


def test_what_was_published_before_is_not_drawn_after(ouvrir: Ouvrir, base: str) -> None:
    page = ouvrir(TOUT)
    avant = total(page)
    engine = make_engine(base)
    change(engine, "aiv-grenoble-1059", statut=Statut.ARCHIVE)
    engine.dispose()
    with page.expect_request("**/carte/points.json"):
        page.get_by_text("Plus de filtres").click()
        page.get_by_label("Classement").select_option("distance")
    attendre(page, f"!document.getElementById('bilan').textContent.startsWith('{avant}')")
    assert total(page) == avant - 1
    attendre(page, f"({MONTRES})().then(n => n === {avant - 1 - sans_porte(page)})")


@pytest.mark.long
def test_thirty_thousand_are_drawn_by_what_a_screen_can_show(
    navigateur: Browser, vierge: Callable[..., str], tmp_path: Path, preuve: Preuve
) -> None:
    base = vierge(tmp_path)
    peupler(base, 30_000)
    serveur = make_server("127.0.0.1", 0, installation(base, tmp_path), threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    page = navigateur.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"http://127.0.0.1:{serveur.server_port}{TOUT}")
    attendre_carte(page)
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    tas = session.send("Runtime.getHeapUsage")
    octets = int(tas["usedSize"] + tas.get("backingStorageSize", 0))
    noeuds = int(session.send("Memory.getDOMCounters")["nodes"])
    oublies = abs(page.evaluate(MONTRES) - (total(page) - sans_porte(page)))
    preuve(
        "fiches à l’écran, comptées sur la carte et dans la liste", total(page), "écarts", oublies
    )
    trop = int(octets > 80_000_000) + int(noeuds > 10_000)
    preuve("octets tenus par la page à 30 000 fiches", octets, "plafonds dépassés", trop)
    page.close()
    serveur.shutdown()
    assert oublies == 0
    assert trop == 0
