"""The directory through a browser: what comes out of the printer, and a phone without a script."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.navigateur import Ouvrir
from tests.pdf import encre, mots, ouvrir
from tests.site import TELEPHONE

pytest_plugins = ("tests.chromium", "tests.visite")
ADRESSE = "/annuaire?lieu=La+Mure&besoin=abri"


def test_the_browser_prints_the_list_without_what_is_for_the_screen(visiter: Ouvrir) -> None:
    pdf = visiter(ADRESSE).pdf(prefer_css_page_size=True)
    dit = mots(pdf)
    assert "Vérifiez avant d’orienter : à jour au 10 mars 2026." in dit
    assert "Quitter vite" not in dit
    assert "Version discrète" not in dit
    lecteur = ouvrir(pdf)
    largeur, hauteur = lecteur.pages[0].mediabox[2:]
    assert (round(float(largeur)), round(float(hauteur))) == (595, 842)  # A4
    # The running header stands on every page.
    assert dit.count("Carte des services – Isère") == len(lecteur.pages)
    assert all(0.003 < encre(pdf, n) < 0.3 for n in range(len(lecteur.pages)))


def test_the_discreet_one_has_no_header_when_printed(visiter: Ouvrir) -> None:
    dit = mots(visiter(f"{ADRESSE}&discret=1").pdf(prefer_css_page_size=True))
    assert "Carte des services" not in dit
    assert "115" in dit


def test_a_phone_without_a_script_reads_it_and_reaches_the_pdf(visiter: Ouvrir) -> None:
    page = visiter(ADRESSE, viewport=TELEPHONE, java_script_enabled=False)
    expect(page.get_by_role("heading", name="Annuaire des services de l’Isère")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    lien = page.get_by_role("link", name="Ouvrir en PDF").get_attribute("href")
    assert lien == "/annuaire.pdf?lieu=La+Mure&besoin=abri"
    expect(page.locator(".annuaire__plan svg").first).to_be_visible()
