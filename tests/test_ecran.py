"""What is seen: on a phone first, the exit always in view, every target large, light and dark."""

from __future__ import annotations

import pytest

from tests.hote import MARQUEURS
from tests.navigateur import Ouvrir
from tests.site import TELEPHONE

pytest_plugins = ["tests.chromium", "tests.visite"]

CIBLE_PX = 44


def test_on_a_phone_the_first_number_is_on_the_first_screen(visiter: Ouvrir) -> None:
    for options in ({}, {"java_script_enabled": False}):
        page = visiter("/?lieu=La+Mure", viewport=TELEPHONE, **options)
        boite = page.locator(".resultat .appel").first.bounding_box()
        assert boite is not None
        assert boite["y"] + boite["height"] <= TELEPHONE["height"]


def test_the_way_to_the_map_half_covers_no_number(visiter: Ouvrir) -> None:
    page = visiter("/?lieu=La+Mure", viewport=TELEPHONE)
    bascule = page.get_by_role("button", name="Voir la carte").bounding_box()
    assert bascule is not None
    assert (bascule["x"], bascule["width"]) == (0, TELEPHONE["width"])
    assert bascule["y"] + bascule["height"] == TELEPHONE["height"]
    premier = page.locator(".resultat .appel").first.bounding_box()
    assert premier is not None
    assert premier["y"] + premier["height"] <= bascule["y"]
    # At the end of the page nothing stays below it, once the map that starts there is laid out.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator(MARQUEURS).first.wait_for()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    pied = page.locator("footer a").last.bounding_box()
    assert pied is not None
    assert pied["y"] + pied["height"] <= bascule["y"]


@pytest.mark.parametrize(
    "adresse_page", ["/?lieu=38185", "/acteurs/osj-le-relais-grenoble", "/objectifs/2022-2024/3"]
)
def test_the_exit_is_always_in_view_and_every_target_is_large(
    visiter: Ouvrir, adresse_page: str
) -> None:
    page = visiter(adresse_page, viewport=TELEPHONE)
    for position in (0, 900, 100_000):
        page.evaluate(f"scrollTo(0, {position})")
        boite = page.locator("#quitter").bounding_box()
        assert boite is not None
        assert boite["y"] >= 0
        assert boite["y"] + boite["height"] <= TELEPHONE["height"]
    petites = page.locator(
        ".quitter, .urgences a, .besoin, .appel, summary, .fr-btn, .fr-input, .pied a"
    ).evaluate_all(
        f"""es => es.filter(e => e.checkVisibility()).map(e => [e.textContent.trim(),
        e.getBoundingClientRect()]).filter(([, b]) => Math.min(b.width, b.height) < {CIBLE_PX})
        .map(([t]) => t)"""
    )
    assert petites == []
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]


def test_nothing_overflows_on_the_narrowest_screen(visiter: Ouvrir) -> None:
    for adresse_page in ("/?lieu=38185", "/acteurs/aiv-grenoble", "/objectifs/2022-2024/4"):
        page = visiter(adresse_page, viewport={"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_focus_is_never_under_the_exit_bar(visiter: Ouvrir) -> None:
    page = visiter("/?lieu=38185", viewport=TELEPHONE)
    for touche in ["Tab"] * 60 + ["Shift+Tab"] * 30:
        page.keyboard.press(touche)
        cache = page.evaluate(
            """() => {
              const actif = document.activeElement;
              if (actif.closest(".entete, .fr-skiplinks, .carte")) return false;
              const bas = document.querySelector(".entete").getBoundingClientRect().bottom;
              return actif.getBoundingClientRect().top < bas - 1;
            }"""
        )
        assert not cache, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_light_and_dark_follow_the_device_alone(visiter: Ouvrir) -> None:
    fonds = []
    for schema in ("light", "dark"):
        page = visiter("/", color_scheme=schema)
        fonds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert fonds[0] != fonds[1]
