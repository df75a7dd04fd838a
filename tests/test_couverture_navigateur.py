"""Coverage in a real browser: drawn over Leaflet, by hatchings, in print, and without a script."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.comptes import connecter
from tests.navigateur import Ouvrir
from tests.site import TELEPHONE

pytest_plugins = ("tests.chromium", "tests.visite")

REMPLIS = """Object.entries(Object.groupBy(
  [...document.querySelectorAll(".couverture__carte path.carte-communes")],
  (chemin) => chemin.style.fill.match(/aplat-(\\d)/)?.[1] ?? "aucun",
)).map(([classe, chemins]) => [classe, chemins.length])"""


def test_the_map_fills_each_commune_with_the_class_of_its_line(ouvrir: Ouvrir) -> None:
    page = ouvrir("/couverture?besoin=abri", carte=False)
    page.wait_for_selector(".couverture--active path.carte-communes")
    expect(page.locator(".couverture__dessin")).to_be_hidden()
    lignes = page.locator("tr[data-code]").evaluate_all("ls => ls.map(l => l.dataset.classe)")
    dessines = dict(page.evaluate(REMPLIS))
    assert dessines == {classe: lignes.count(classe) for classe in sorted(set(lignes))}
    assert sum(dessines.values()) == 512
    # Bars compare by their length: a longer word beside one takes nothing from it.
    largeurs = page.evaluate(
        """() => {
          document.querySelector(".figure__valeur").textContent = "plus de 99 %";
          return [...document.querySelectorAll(".figure__barre")].map((barre) => barre.clientWidth);
        }"""
    )
    assert len(largeurs) == 4
    assert len(set(largeurs)) == 1
    # Hatchings leave room for the names of communes alone.
    expect(page.locator(".carte-nom span").first).to_be_visible()
    expect(page.locator(".carte-nom--epci")).to_have_count(0)


def test_a_commune_is_read_by_a_click_and_by_the_keyboard(ouvrir: Ouvrir) -> None:
    page = ouvrir("/couverture", carte=False)
    page.wait_for_selector(".couverture--active path.carte-communes")
    page.evaluate("cartographieCouverture.carte.setView([44.906, 5.785], 11, {animate: false})")
    page.locator(".carte-cadre").scroll_into_view_if_needed()
    conteneur = page.locator(".couverture__carte .leaflet-container")
    conteneur.click()
    bulle = page.locator(".leaflet-popup")
    expect(bulle).to_contain_text("La Mure (38350)")
    expect(bulle).to_contain_text("≈ 25 km (commune du Pont-de-Claix)")
    expect(bulle).to_contain_text("non renseigné")
    page.keyboard.press("Escape")
    expect(bulle).to_have_count(0)
    conteneur.focus()
    page.keyboard.press("Enter")
    lien = page.get_by_role("link", name="Qui aide depuis cette commune ?")
    assert lien.get_attribute("href") == "/?besoin=parler&lieu=La%20Mure%20(38350)"


def test_without_a_script_map_choice_and_sorting_are_there(visiter: Ouvrir) -> None:
    page = visiter("/couverture", viewport=TELEPHONE, java_script_enabled=False)
    expect(page.locator(".couverture__dessin svg")).to_be_visible()
    expect(page.locator(".carte-cadre")).to_be_hidden()
    page.get_by_label("Pour quoi").select_option("besoin:abri")
    page.get_by_role("button", name="Afficher").click()
    expect(page).to_have_url(re.compile(r"/couverture\?besoin=abri$"))
    page.get_by_role("link", name="Lieu le plus proche").click()
    expect(page).to_have_url(re.compile("tri=distance#communes"))
    expect(page.locator("tr[data-code] td").nth(2)).to_contain_text("dans la commune")
    assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]


@pytest.mark.parametrize("options", [{}, {"forced_colors": "active"}, {"color_scheme": "dark"}])
def test_paper_gets_the_drawn_map_and_hatchings_never_vanish(
    ouvrir: Ouvrir, options: dict[str, str]
) -> None:
    page = ouvrir("/couverture?besoin=abri", carte=False, **options)
    page.wait_for_selector(".couverture--active path.carte-communes")
    teintes = page.evaluate(
        """[...document.querySelectorAll("pattern")].slice(1).map((motif) => {
          const [fond, trait] = [...motif.children].map((e) => getComputedStyle(e));
          return [fond.fill, trait.stroke === "none" ? trait.fill : trait.stroke];
        })"""
    )
    assert len(teintes) == 5
    assert all(fond != trait for fond, trait in teintes)
    page.emulate_media(media="print")
    expect(page.locator(".couverture__dessin svg")).to_be_visible()
    expect(page.locator(".carte-cadre")).to_be_hidden()
    # A4 within its margins: no column is cut off.
    page.set_viewport_size({"width": 718, "height": 1000})
    assert page.evaluate(
        """[...document.querySelectorAll("table")].filter((table) => table.clientWidth)
          .every((table) => table.clientWidth <= table.closest(".couverture").clientWidth)"""
    )


def test_a_click_places_a_fictitious_acteur(
    app: Flask, adresse: str, navigateur: Browser, request: pytest.FixtureRequest
) -> None:
    client = app.test_client()
    connecter(client, "editeur")
    contexte = navigateur.new_context(viewport={"width": 1280, "height": 900})
    request.addfinalizer(contexte.close)
    for cookie in (client._cookies or {}).values():
        contexte.add_cookies([{"name": cookie.key, "value": cookie.value, "url": adresse}])
    page = contexte.new_page()
    page.goto(f"{adresse}/gestion/couverture?besoin=abri")
    # La Mure, where the drawing has it: its own name stands beside.
    page.get_by_text("La Mure", exact=True).scroll_into_view_if_needed()
    boite = page.get_by_text("La Mure", exact=True).bounding_box()
    assert boite is not None
    page.mouse.click(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] + 4)
    expect(page).to_have_url(re.compile(r"latitude=44(,|%2C)(89|90)"))
    expect(page.locator(".couverture__phrase")).to_contain_text("un acteur de plus")
    expect(page.locator(".couverture__volet")).to_have_count(2)
