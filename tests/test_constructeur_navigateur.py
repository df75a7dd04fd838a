"""The page that writes the code of the embedded map, in a browser, with JavaScript and without."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.hote import MARQUEURS

pytest_plugins = ("tests.chromium", "tests.encadre")


def test_the_builder_follows_each_choice_without_reload(
    navigateur: Browser, carte: str, plaintes: list[str]
) -> None:
    contexte = navigateur.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = contexte.new_page()
    page.on("console", lambda m: plaintes.append(m.text))
    page.goto(carte + "/integration")
    apercu = page.frame_locator("#apercu")
    expect(apercu.locator(MARQUEURS).first).to_be_visible()
    historique = page.evaluate("history.length")
    page.locator("#type").select_option("SANTE")
    page.locator("#titre").fill("Se soigner")
    expect(page.locator("#code")).to_have_value(re.compile("type=SANTE&amp;.*titre=Se"))
    expect(apercu.locator(".cadre__titre")).to_have_text("Se soigner")
    apercu.get_by_role("button", name="Agrandir la carte").click()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Reprendre la vue de l’aperçu").click()
    expect(page.locator("#code")).to_have_value(
        re.compile(r"centre=4\d\.\d+%2C5\.\d+&amp;zoom=1?\d")
    )
    page.get_by_role("button", name="Copier le code").click()
    expect(page.locator("#copie")).to_have_text("Code copié.")
    copie = page.evaluate("navigator.clipboard.readText()")
    assert copie.startswith("<iframe src=")
    assert copie.endswith("</iframe>")
    assert page.evaluate("history.length") == historique
    assert "type=SANTE" in page.url
    contexte.close()
    assert plaintes == []


def test_the_builder_works_without_javascript(navigateur: Browser, carte: str) -> None:
    contexte = navigateur.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.goto(carte + "/integration")
    page.locator("#lieu").fill("Vienne")
    page.get_by_role("button", name="Mettre à jour").click()
    expect(page.locator("#code")).to_have_value(re.compile("lieu=Vienne"))
    apercu = page.frame_locator("#apercu")
    expect(apercu.locator("#bilan")).to_contain_text("Depuis Vienne")
    expect(apercu.locator(".resultat").first).to_be_visible()
    contexte.close()
