"""The keyboard alone: a number soon, no trap, and a focus that is seen wherever it goes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur import Ouvrir, attendre, attendre_carte
from tests.site import TELEPHONE

pytest_plugins = ["tests.chromium", "tests.visite"]

TOUCHES = 25
CADRE = "/integration/carte?lieu=La+Mure"
PAGES = ("/", "/?lieu=La+Mure", "/acteurs/osj-le-relais-grenoble", CADRE)
LARGE = {"width": 1280, "height": 900}
# Where the focus is, whether something lies over all of it, whether it is drawn.
FOYER = """() => {
  const actif = document.activeElement;
  if (!actif || actif === document.body) return null;
  const boite = actif.getBoundingClientRect();
  const [gauche, haut] = [Math.max(boite.left, 0), Math.max(boite.top, 0)];
  const [droite, bas] = [Math.min(boite.right, innerWidth), Math.min(boite.bottom, innerHeight)];
  const points = [];
  for (const x of [0.02, 0.25, 0.5, 0.75, 0.98]) {
    for (const y of [0.1, 0.5, 0.9]) {
      points.push([gauche + (droite - gauche) * x, haut + (bas - haut) * y]);
    }
  }
  const dessus = points.map(([x, y]) => document.elementFromPoint(x, y));
  const vu = dessus.some((e) => e && (actif.contains(e) || e.contains(actif)));
  const style = getComputedStyle(actif);
  const reseau = actif.matches(".carte-reseau");
  return {
    nom: (actif.textContent || actif.ariaLabel || actif.name || "").trim().slice(0, 50),
    vu: droite > gauche && bas > haut && (vu || reseau),
    dessine: reseau || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    tel: (actif.getAttribute("href") ?? "").startsWith("tel:"),
    reponse: actif.matches("#resultats .appel, .fiche .appel"),
  };
}"""


def foyer(page: Page) -> dict[str, Any] | None:
    """Where the focus is; asked again while the page or the map moves to it."""
    for _ in range(20):
        trouve: dict[str, Any] | None = page.evaluate(FOYER)
        if trouve is None or trouve["vu"]:
            return trouve
        page.wait_for_timeout(100)
    return trouve


def avancer(page: Page, quoi: str, au_plus: int = TOUCHES) -> int:
    """How many times Tab is pressed before the focus is on such a thing."""
    for presses in range(1, au_plus + 1):
        page.keyboard.press("Tab")
        ici = page.evaluate(FOYER)
        if ici and ici[quoi]:
            return presses
    raise AssertionError(f"{quoi} : plus de {au_plus} touches")


@pytest.mark.parametrize("chemin", PAGES)
def test_a_number_is_reached_in_a_few_keys(visiter: Ouvrir, chemin: str) -> None:
    assert avancer(visiter(chemin, viewport=TELEPHONE), "tel") <= 10
    page = visiter(chemin, viewport=TELEPHONE)
    # The numbers of the answer itself: by the way that leaps over the form.
    liens = page.locator(".fr-skiplinks a")
    vers_la_liste = liens.filter(has_text="liste")
    vers = vers_la_liste if vers_la_liste.count() else liens.first
    touches = 0
    while not vers.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
        touches += 1
    page.keyboard.press("Enter")
    assert touches + 1 + avancer(page, "reponse") <= TOUCHES


@pytest.mark.parametrize(
    ("chemin", "taille"),
    [("/", LARGE), *((chemin, TELEPHONE) for chemin in (*PAGES, "/couverture"))],
)
def test_the_focus_goes_everywhere_is_seen_and_leaves(
    visiter: Ouvrir, chemin: str, taille: dict[str, int]
) -> None:
    page = visiter(chemin, viewport=taille)
    if page.locator("[data-carte]").count():
        attendre_carte(page)
        expect(page.locator(".carte-resume")).to_have_text(re.compile(r"\w"))
    fautes = []
    for _ in range(250):
        page.keyboard.press("Tab")
        ici = foyer(page)
        if ici is None:
            break
        if not (ici["vu"] and ici["dessine"]):
            fautes.append(ici)
    else:
        raise AssertionError(f"the focus never leaves: {ici}")
    assert fautes == []


def test_one_goes_back_as_one_came(visiter: Ouvrir) -> None:
    # Backwards through the map, from below it: nothing keeps the focus.
    page = visiter("/", viewport=LARGE)
    attendre_carte(page)
    page.locator("footer a").first.focus()
    for _ in range(200):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.closest('#resultats') !== null"):
            return
    raise AssertionError("the map keeps the focus")


def test_the_commune_field_is_a_combobox_with_a_list(visiter: Ouvrir) -> None:
    page = visiter("/", viewport=LARGE)
    champ = page.get_by_role("combobox", name="Commune ou code postal")
    liste = page.locator("#lieu-choix")
    for attribut, valeur in {
        "aria-autocomplete": "list", "aria-controls": "lieu-choix", "aria-expanded": "false",
    }.items():  # fmt: skip
        expect(champ).to_have_attribute(attribut, valeur)
    champ.press_sequentially("saint-mar")
    expect(page.get_by_role("listbox", name="Communes")).to_be_visible()
    expect(champ).to_have_attribute("aria-expanded", "true")
    options = liste.get_by_role("option")
    nombre = options.count()
    assert nombre > 2
    annonce = page.locator("#lieu-annonce")
    expect(annonce).to_have_text(re.compile(f"^{nombre} communes proposées"))
    # Nothing is chosen before an arrow is pressed; then the field keeps the focus.
    assert champ.get_attribute("aria-activedescendant") is None
    for touche, rang in (
        ("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", nombre - 1),
        ("ArrowDown", 0),
    ):  # fmt: skip
        page.keyboard.press(touche)
        expect(champ).to_have_attribute("aria-activedescendant", f"lieu-choix-{rang}")
        expect(options.nth(rang)).to_have_attribute("aria-selected", "true")
        expect(liste.locator("[aria-selected=true]")).to_have_count(1)
        expect(champ).to_be_focused()
    page.keyboard.press("Escape")
    expect(champ).to_have_attribute("aria-expanded", "false")
    assert champ.get_attribute("aria-activedescendant") is None
    expect(champ).to_have_value("saint-mar")
    expect(liste).to_be_hidden()


def test_an_open_list_keeps_nobody_and_enter_chooses(visiter: Ouvrir) -> None:
    page = visiter("/", viewport=LARGE)
    champ = page.get_by_role("combobox", name="Commune ou code postal")
    # More communes than the list has room for: it scrolls, and is no stop of its own.
    champ.press_sequentially("sa")
    expect(page.locator("#lieu-choix")).to_be_visible()
    assert page.evaluate(
        "(l => l.scrollHeight > l.clientHeight)(document.getElementById('lieu-choix'))"
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Chercher")).to_be_focused()
    expect(page.locator("#lieu-choix")).to_be_hidden()
    champ.fill("zzzz")
    attendre(page, "document.getElementById('lieu-annonce').textContent !== ''")
    expect(page.locator("#lieu-annonce")).to_have_text("Aucune commune proposée.")
    expect(champ).to_have_attribute("aria-expanded", "false")
    champ.fill("villard-de-l")
    expect(page.locator("#lieu-choix [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    choisie = page.locator("#lieu-choix-0").inner_text()
    page.keyboard.press("Enter")
    expect(champ).to_have_value(choisie)
    expect(page.locator("#bilan")).to_contain_text("Depuis Villard-de-Lans")
