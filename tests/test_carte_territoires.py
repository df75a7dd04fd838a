"""Territoires and communes drawn on the map, in a browser: who covers what, what is not known."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.navigateur import Ouvrir, attendre_immobile

pytest_plugins = ("tests.chromium",)


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
    ligne.locator(".resultat__faits").hover()
    expect(page.locator("path.carte-territoire")).to_have_count(1)
    page.locator("h1").hover()
    expect(page.locator("path.carte-territoire")).to_have_count(0)
    ligne.locator(".resultat__faits").click()
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
    attendre_immobile(page)
    bulle.get_by_role("link", name="Qui couvre cette commune ?").click()
    expect(page.locator("#bilan")).to_contain_text("Depuis Mens (38710)")
    assert "type=INSTITUTION" in page.url
    assert page.evaluate("history.length") == historique


def test_under_a_network_the_commune_can_be_asked_too(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?besoin=reseau")
    cliquer(page, 45.46, 4.87)  # Les Côtes-d'Arey, in Vienne Condrieu
    bulle = page.locator(".leaflet-popup")
    expect(bulle).to_contain_text("Territoire")
    # By the keyboard: on a busy machine the map still moves under the pointer.
    bulle.get_by_role("link", name="Qui couvre Les Côtes-d'Arey (38138) ?").press("Enter")
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
