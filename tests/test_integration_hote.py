"""The page around the embedded map is left alone: focus, scroll, height."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.hote import BACS, MARQUEURS, SEUL, Encadrer, cadre_de, frame_de
from tests.navigateur import attendre_immobile

pytest_plugins = ("tests.chromium", "tests.encadre")


@pytest.mark.parametrize("bac", BACS)
def test_the_host_keeps_its_focus_its_scroll_and_learns_the_height(
    encadrer: Encadrer, bac: str | None
) -> None:
    page = encadrer(bac, largeur=300)
    cadre = cadre_de(page)
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    expect(cadre.locator(".carte-resume")).to_contain_text("services")
    assert page.evaluate("document.activeElement.id") == "ici"
    assert page.evaluate("scrollY") == 0
    assert frame_de(page).evaluate("document.documentElement.scrollWidth") == 300
    avant = page.evaluate("hauteurs.at(-1)")
    assert avant["type"] == "cartographie:hauteur"
    cadre.locator(".cadre__recherche > summary").click()
    page.wait_for_timeout(200)
    apres = page.evaluate("hauteurs.at(-1)")
    assert set(apres) == {"type", "hauteur"}
    assert 0 < apres["hauteur"] < avant["hauteur"]


def test_a_jump_in_our_address_does_not_move_the_host(encadrer: Encadrer) -> None:
    page = encadrer(chemin="/integration/carte?version=1#groupe-recevoir", largeur=300)
    expect(cadre_de(page).locator(MARQUEURS).first).to_be_visible()
    assert page.evaluate("scrollY") == 0


def test_a_frame_as_high_as_it_says_needs_no_scroll_and_stops_growing(encadrer: Encadrer) -> None:
    page = encadrer(chemin="/integration/carte?liste=0&compact=1")
    expect(cadre_de(page).locator(".carte-resume")).to_contain_text("services")
    ajuster = "document.getElementById('cadre').height = hauteurs.at(-1).hauteur"
    for _ in range(3):
        hauteur = page.evaluate(ajuster)
        page.wait_for_timeout(150)
    assert page.evaluate("hauteurs.at(-1).hauteur") == hauteur
    assert frame_de(page).evaluate(
        "document.documentElement.scrollHeight <= document.documentElement.clientHeight + 1"
    )


@pytest.mark.parametrize("bac", [None, SEUL])
def test_showing_a_line_of_the_list_moves_the_frame_never_the_host(
    encadrer: Encadrer, bac: str | None
) -> None:
    page = encadrer(
        bac,
        chemin="/integration/carte?type=SANTE&liste=0&lieu=La+Mure&centre=44.9066,5.7847&zoom=14",
        largeur=600,
    )
    cadre = cadre_de(page)
    cadre.locator(".carte-porte").first.click()
    attendre_immobile(frame_de(page))
    voir = cadre.get_by_role("button", name="Voir dans la liste")
    # A click brings its button into view, as a person does: that is not ours to answer for.
    voir.click(trial=True)
    avant = page.evaluate("scrollY")
    voir.click()
    expect(cadre.locator(".resultat--choisi")).to_be_in_viewport()
    page.wait_for_timeout(600)
    assert page.evaluate("scrollY") == avant
