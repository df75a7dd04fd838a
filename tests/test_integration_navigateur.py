"""The map in somebody else’s page, in a browser: every sandbox that a site may put around it."""

from __future__ import annotations

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from tests.hote import (
    AILLEURS,
    BACS,
    MARQUEURS,
    ONGLETS,
    SEUL,
    SORTIE,
    Encadrer,
    cadre_de,
    frame_de,
)
from tests.navigateur import attendre_immobile

pytest_plugins = ("tests.chromium", "tests.encadre")


CAS = [
    pytest.param(bac, js, id=f"{bac or 'sans bac'}, {'avec' if js else 'sans'} JavaScript")
    for bac, js in product(BACS, (True, False))
]


# ── it shows, it answers ──


@pytest.mark.parametrize(("bac", "js"), CAS)
def test_the_map_or_the_list_shows_and_a_filter_works(
    encadrer: Encadrer, plaintes: list[str], bac: str | None, js: bool
) -> None:
    page = encadrer(bac, js=js, chemin="/integration/carte?version=1&liste=0")
    cadre = cadre_de(page)
    if js:
        expect(cadre.locator(MARQUEURS).first).to_be_visible()
        expect(cadre.locator(".carte-resume")).to_contain_text("services")
        cadre.get_by_role("link", name=re.compile("Voir la liste")).click()
    expect(cadre.locator(".resultat").first).to_be_visible()
    avant = cadre.locator("#bilan").text_content() or ""
    cadre.locator('[data-besoin="soins"]').click()
    expect(cadre.locator('[data-besoin="soins"]')).to_have_attribute("aria-current", "true")
    expect(cadre.locator("#bilan")).not_to_have_text(avant)
    expect(cadre.locator(".resultat", has_text="Centre").first).to_be_visible()
    expect(cadre.get_by_role("link", name="3919").first).to_be_visible()
    assert plaintes == []


@pytest.mark.parametrize("bac", BACS)
def test_a_place_can_be_typed_even_where_forms_are_forbidden(
    encadrer: Encadrer, plaintes: list[str], bac: str | None
) -> None:
    cadre = cadre_de(encadrer(bac))
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    cadre.locator("#lieu").fill("Mens")
    cadre.locator("#lieu").press("Enter")
    expect(cadre.locator("#bilan")).to_contain_text("Depuis Mens")
    expect(cadre.locator(".carte-repere")).to_have_attribute("title", re.compile("Mens"))
    cadre.locator("#lieu").fill("Vienne")
    cadre.get_by_role("button", name="Chercher").click()
    expect(cadre.locator("#bilan")).to_contain_text("Depuis Vienne")
    assert plaintes == []


def test_storage_is_out_of_reach_and_nothing_misses_it(encadrer: Encadrer) -> None:
    page = encadrer(SEUL)
    expect(cadre_de(page).locator(MARQUEURS).first).to_be_visible()
    assert frame_de(page).evaluate("self.origin") == "null"
    assert frame_de(page).evaluate("(() => { try { localStorage } catch (e) { return e.name } })()")


def test_what_has_no_meaning_leaves_the_map_in_place(encadrer: Encadrer) -> None:
    page = encadrer(SEUL, chemin="/integration/carte?type=BIDULE&zoom=99&centre=45.19,5.72")
    cadre = cadre_de(page)
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    expect(cadre.locator(".cadre__ecarts")).to_contain_text("« BIDULE »")
    centre = frame_de(page).evaluate(
        "(c => [c.lat.toFixed(2), c.lng.toFixed(2)])(cartographieCarte.carte.getCenter())"
    )
    assert centre == ["45.19", "5.72"]


# ── the way out ──


@pytest.mark.parametrize(("bac", "js"), CAS)
def test_the_exit_takes_the_window_away_or_blanks_the_frame(
    encadrer: Encadrer, hote: str, bac: str | None, js: bool
) -> None:
    page = encadrer(bac, js=js)
    cadre = cadre_de(page)
    if js:
        expect(cadre.locator(MARQUEURS).first).to_be_visible()
    cadre.get_by_role("link", name="Quitter vite").click()
    if bac in (None, SORTIE):
        page.wait_for_url(hote + AILLEURS)
        expect(page.get_by_text("Il fait beau")).to_be_visible()
        return
    if not js:
        cadre.get_by_role("link", name="Vider").click()
    expect(cadre.get_by_text("Ce cadre a été vidé.")).to_be_visible()
    expect(cadre.get_by_text("elle interdit qu’on la quitte d’ici")).to_be_visible()
    expect(cadre.get_by_text("3919")).to_have_count(0)
    assert page.url.startswith(hote + "/?")


def test_back_does_not_bring_the_page_back(encadrer: Encadrer, hote: str) -> None:
    page = encadrer()
    cadre = cadre_de(page)
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    cadre.get_by_role("link", name="Quitter vite").click()
    page.wait_for_url(hote + AILLEURS)
    page.go_back()
    assert not page.url.startswith(hote + "/?")


@pytest.mark.parametrize("bac", [None, SEUL])
def test_three_presses_of_shift_leave_too(encadrer: Encadrer, hote: str, bac: str | None) -> None:
    page = encadrer(bac)
    cadre = cadre_de(page)
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    cadre.locator("#lieu").click()
    for _ in range(3):
        page.keyboard.press("Shift")
    if bac is None:
        page.wait_for_url(hote + AILLEURS)
    else:
        expect(cadre.get_by_text("Ce cadre a été vidé.")).to_be_visible()


# ── towards other pages ──


@pytest.mark.parametrize("bac", [None, ONGLETS])
@pytest.mark.parametrize("depuis", ["liste", "carte"])
def test_a_record_opens_in_its_own_tab(encadrer: Encadrer, bac: str | None, depuis: str) -> None:
    page = encadrer(
        bac, chemin="/integration/carte?type=SANTE&lieu=La+Mure&centre=44.9066,5.7847&zoom=14"
    )
    cadre = cadre_de(page)
    lien = cadre.locator(".resultat[data-slug] h3 a").first
    if depuis == "carte":
        cadre.locator(".carte-porte").first.click()
        attendre_immobile(frame_de(page))
        lien = cadre.locator(".carte-fiche-nom a").first
    nom = lien.text_content() or "?"
    expect(lien).to_have_attribute("title", f"{nom} – nouvel onglet")
    with page.expect_popup() as onglet:
        lien.click()
    expect(onglet.value.locator("h1")).to_contain_text(nom)
    assert onglet.value.evaluate("window.opener") is None
    assert onglet.value.evaluate("document.referrer") == ""


@pytest.mark.parametrize("adresse", ["/", "/acteurs/aiv-grenoble", "/integration"])
def test_other_pages_are_not_shown_in_a_frame(
    encadrer: Encadrer, plaintes: list[str], adresse: str
) -> None:
    page = encadrer(chemin=adresse)
    page.wait_for_timeout(300)
    assert frame_de(page).url.startswith("chrome-error:")
    assert "frame-ancestors" in plaintes.pop()
