"""The map without a pointer, without a script, without what it asks the server for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.navigateur import GRENOBLE, ZOOM, Ouvrir, attendre, marqueurs, zone

pytest_plugins = ("tests.chromium",)


@pytest.mark.parametrize("touche", ["Enter", " "])
def test_markers_open_with_the_keyboard_and_give_the_focus_back(
    touche: str, ouvrir: Ouvrir
) -> None:
    page = ouvrir(GRENOBLE)
    groupe = zone(page, "services à Grenoble").first
    nom = groupe.get_attribute("aria-label")
    groupe.focus()
    page.keyboard.press(touche)
    bulle = page.get_by_role("dialog", name=nom or "")
    expect(bulle).to_be_focused()
    expect(bulle.get_by_role("button", name="Fermer")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(zone(page, "services à Grenoble").first).to_be_focused()


def test_a_cluster_that_opens_gives_its_focus_to_what_it_held(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?besoin=soins")
    zoom = page.evaluate(ZOOM)
    page.locator(".carte-grappe").first.focus()
    page.keyboard.press("Enter")
    attendre(page, f"{ZOOM} !== {zoom}")
    attendre(page, "document.activeElement.matches('.leaflet-marker-icon')")


def test_every_marker_has_a_name_of_its_own(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=38185&type=SANTE#carte=12/45.18/5.73")
    noms = marqueurs(page).evaluate_all("m => m.map(e => e.getAttribute('aria-label'))")
    assert len(noms) > 5
    assert sorted(set(noms)) == sorted(noms)
    assert all(noms)
    roles = marqueurs(page).evaluate_all("m => m.map(e => [e.role, e.tabIndex])")
    assert roles == [["button", 0]] * len(noms)


def test_the_legend_names_what_is_on_the_map_and_nothing_else(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?type=SANTE&type=CISPD")
    page.locator(".carte-legende summary").click()
    lignes = page.locator(".carte-legende-ligne").all_text_contents()
    assert [ligne for ligne in lignes if "(" in ligne] == ["Santé (26)", "Réseau CISPD-CLSPD (9)"]
    assert "Territoire d’un réseau" in lignes
    assert "Lieu recherché" not in lignes


def test_the_place_searched_is_marked(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=La+Mure")
    expect(page.locator(".carte-repere")).to_have_attribute(
        "title", "Lieu recherché : La Mure (38350)"
    )
    expect(page.locator("path.carte-lieu")).to_have_count(1)


def test_the_map_is_whole_when_outlines_do_not_come(navigateur: Browser, adresse: str) -> None:
    page = navigateur.new_page()
    page.route("**/*.geojson*", lambda route: route.abort())
    page.goto(f"{adresse}/")
    expect(marqueurs(page).first).to_be_visible()
    page.close()


def test_when_records_do_not_come_the_page_says_where_they_are(
    navigateur: Browser, adresse: str
) -> None:
    page = navigateur.new_page()
    page.route("**/carte.json*", lambda route: route.abort())
    page.goto(f"{adresse}/objectifs/2022-2024/22")
    page.locator("[data-carte]").scroll_into_view_if_needed()
    expect(page.get_by_text("La carte ne s’affiche pas.")).to_be_visible()
    page.close()


def test_when_leaflet_does_not_come_the_frame_is_not_left_empty(
    navigateur: Browser, adresse: str
) -> None:
    page = navigateur.new_page()
    page.route("**/leaflet/carte.js*", lambda route: route.abort())
    page.goto(f"{adresse}/")
    expect(page.get_by_text("La carte ne s’affiche pas.")).to_be_visible()
    expect(page.locator(".carte-cadre")).to_be_hidden()
    page.close()


def test_without_a_script_there_is_a_sentence_and_no_empty_frame(ouvrir: Ouvrir) -> None:
    page = ouvrir("/", carte=False, java_script_enabled=False)
    expect(page.locator(".carte-sans-script")).to_be_visible()
    expect(page.locator(".carte-cadre")).to_be_hidden()
    expect(page.locator(".carte-legende")).to_be_hidden()
    expect(page.locator("#resultats .resultat").first).to_be_visible()
