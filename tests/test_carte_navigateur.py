"""The map and the list together, in a browser, and how one moves about."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.navigateur import CENTRE, GRENOBLE, ZOOM, Ouvrir, attendre, attendre_immobile, zone

pytest_plugins = ("tests.chromium",)

# ── list and map ──


def test_list_and_map_show_the_same_acteurs(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?type=JUSTICE")
    liste = page.locator("#resultats .resultat[data-slug]")
    slugs = set(liste.evaluate_all("lignes => lignes.map(l => l.dataset.slug)"))
    carte = page.evaluate("fetch('/carte.json?type=JUSTICE').then(r => r.json())")
    assert {acteur[0] for acteur in carte["acteurs"]} == slugs
    total = page.evaluate(
        "new Set(cartographieCarte.groupe.getLayers().flatMap(m => m.options.rangs)).size"
    )
    assert total + carte["sans_lieu"] == len(slugs)


def test_a_filter_changes_the_map_without_reload_or_history(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=38269")
    avant = page.locator(".carte-resume").text_content()
    historique = page.evaluate("history.length")
    page.evaluate("window.temoin = 1")
    page.locator('[data-besoin="soins"]').click()
    expect(page.locator(".carte-resume")).not_to_have_text(avant or "")
    assert page.evaluate("window.temoin") == 1
    assert page.evaluate("history.length") == historique
    assert "besoin=soins" in page.url


def test_a_group_says_how_many_and_opens_the_list(ouvrir: Ouvrir) -> None:
    page = ouvrir(GRENOBLE)
    groupe = zone(page, "services à Grenoble").first
    nombre = int((groupe.text_content() or "").strip())
    assert nombre > 15
    assert (groupe.get_attribute("aria-label") or "").startswith(f"{nombre} services à Grenoble")
    groupe.click()
    expect(page.locator(".leaflet-popup .carte-fiche-liste li")).to_have_count(nombre)
    attendre_immobile(page)
    page.get_by_role("button", name="Voir ces services dans la liste").click()
    choix = page.locator(".carte-choix .resultat")
    expect(choix).to_have_count(nombre)
    expect(page.locator("#resultats .resultat:visible")).to_have_count(nombre)
    assert page.evaluate("document.activeElement.className") == "groupe carte-choix"
    page.get_by_role("button", name="Revenir à toute la liste").click()
    expect(choix).to_have_count(0)
    expect(page.locator("#resultats .resultat").first).to_be_visible()


def test_a_marker_opens_what_one_needs_to_act(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=38269&type=SANTE#carte=14/44.9066/5.7847")
    page.locator(".carte-porte").first.click()
    bulle = page.locator(".leaflet-popup")
    expect(bulle.get_by_text("La Mure").first).to_be_visible()
    expect(bulle.get_by_role("link", name=re.compile("^Appeler le"))).to_have_attribute(
        "href", re.compile(r"^tel:\+33\d{9}$")
    )
    fiche = bulle.locator(".carte-fiche-nom a")
    slug = (fiche.get_attribute("href") or "").rsplit("/", 1)[-1]
    expect(page.locator(f'.resultat[data-slug="{slug}"]')).to_have_class(
        re.compile("resultat--choisi")
    )


def test_a_line_of_the_list_is_shown_on_the_map(ouvrir: Ouvrir) -> None:
    page = ouvrir(GRENOBLE)
    page.locator("#resultats .resultat[data-slug] a").first.focus()
    expect(page.locator(".carte-actif")).to_have_count(1)


def test_a_network_is_its_territoire_and_answers_to_the_keyboard(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?type=CISPD")
    reseau = page.locator('.carte-reseau[aria-label*="Vienne Condrieu"]')
    expect(reseau).to_have_attribute("fill", "url(#carte-hachures)")
    reseau.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("Territoire : 18 communes")


def test_the_outline_of_several_communes_is_one_ring(ouvrir: Ouvrir) -> None:
    page = ouvrir("/")
    anneaux = page.evaluate("""async () => {
        const { reunir } = await import("/static/carte-fond.js");
        const carre = (x, y) => ({geometry: {type: "Polygon", coordinates:
            [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]]}});
        const trou = [[0, 0], [1, 0], [2, 0], [0, 1], [2, 1], [0, 2], [1, 2], [2, 2]];
        return [reunir([carre(0, 0), carre(1, 0)]), reunir(trou.map(([x, y]) => carre(x, y)))]
            .map(r => r.map(anneau => anneau.length).sort());
    }""")
    assert anneaux == [[6], [12, 4]]


# ── moving about ──


def test_back_from_a_fiche_finds_list_scroll_and_map_again(ouvrir: Ouvrir) -> None:
    page = ouvrir(GRENOBLE)
    zoom = page.evaluate(ZOOM)
    page.get_by_role("button", name="Agrandir la carte").click()
    attendre(page, f"{ZOOM} !== {zoom}")
    expect(page).to_have_url(re.compile(r"#carte=\d"))
    lien = page.locator("#resultats .resultat[data-slug] a").nth(6)
    lien.scroll_into_view_if_needed()
    avant = page.evaluate(f"[location.href, {ZOOM}, {CENTRE}, scrollY, history.length]")
    lien.click()
    page.wait_for_url("**/acteurs/*")
    page.go_back()
    page.wait_for_selector("path.carte-communes", state="attached")
    apres = page.evaluate(f"[location.href, {ZOOM}, {CENTRE}, scrollY, history.length]")
    assert apres[:3] == avant[:3]
    assert apres[3] == pytest.approx(avant[3], abs=2)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_another_place_brings_its_own_view(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=38185#carte=12/45.19/5.72")
    assert page.evaluate(ZOOM) == 12
    page.locator("#recherche [name=lieu]").fill("38226")
    page.locator("#recherche [name=lieu]").press("Enter")
    expect(page.locator(".carte-repere")).to_have_attribute("title", re.compile("Mens"))
    assert page.evaluate(
        "cartographieCarte.carte.getBounds().contains([44.8157, 5.7516])"  # the mairie of Mens
    )


def test_the_wheel_scrolls_the_page_until_the_map_is_wanted(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=38185")
    zoom = page.evaluate(ZOOM)
    cadre = page.locator(".carte-cadre")
    cadre.hover(position={"x": 60, "y": 300})
    page.mouse.wheel(0, 150)
    expect(page.locator(".carte-conseil")).to_be_visible()
    attendre(page, "scrollY > 0")
    assert page.evaluate(ZOOM) == zoom
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    attendre(page, f"{ZOOM} !== {zoom}")
    page.keyboard.up("Control")


def test_one_finger_scrolls_the_page_of_a_phone(ouvrir: Ouvrir) -> None:
    page = ouvrir("/", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    assert not page.evaluate("cartographieCarte.carte.dragging.enabled()")
    assert page.evaluate("cartographieCarte.carte.touchZoom.enabled()")
    action = page.evaluate(
        "getComputedStyle(document.querySelector('.leaflet-container')).touchAction"
    )
    assert "pan-y" in action
    cadre = page.locator(".carte-cadre").bounding_box()
    assert cadre
    assert cadre["width"] <= 360
    assert cadre["height"] <= 0.6 * 740
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_nothing_moves_for_who_asked_for_it(ouvrir: Ouvrir) -> None:
    page = ouvrir("/", reduced_motion="reduce")
    options = page.evaluate(
        "(({zoomAnimation, fadeAnimation}) => [zoomAnimation, fadeAnimation,"
        " cartographieCarte.groupe.options.animate])(cartographieCarte.carte.options)"
    )
    assert options == [False, False, False]
