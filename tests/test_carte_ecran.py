"""The map on the whole window and on a phone, in a browser: one tap away, the exit always there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.navigateur import CENTRE, GRENOBLE, ZOOM, Ouvrir, attendre

pytest_plugins = ("tests.chromium",)


TELEPHONE = {"width": 360, "height": 740}


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
    assert page.evaluate("document.documentElement.className") == "deux-vues"
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
