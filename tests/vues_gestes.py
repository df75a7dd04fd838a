"""What a person does on a page before it is looked at."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.navigateur import attendre, attendre_carte, marqueurs


def bulle(page: Page) -> None:
    """Open the first marker that holds records."""
    seuls = page.locator(".leaflet-marker-icon:is(.carte-porte, .carte-zone)")
    _montrer_la_carte(page)
    marqueurs(page).first.wait_for(state="visible")
    seuls.first.dispatch_event("click")
    expect(page.locator(".leaflet-popup")).to_be_visible()


def completion(page: Page) -> None:
    """Communes are proposed, and one of them is pointed at."""
    page.locator("#lieu").fill("villard")
    expect(page.locator("#lieu-choix")).to_be_visible()
    page.keyboard.press("ArrowDown")


def filtres(page: Page) -> None:
    """Every filter is in view."""
    page.get_by_text("Plus de filtres").click()


def adresse(page: Page) -> None:
    """The field of an address is in view."""
    page.locator(".depuis summary").first.click()


def replis(page: Page) -> None:
    """Everything that folds is open."""
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


def plein_ecran(page: Page) -> None:
    """The map over the whole page."""
    _montrer_la_carte(page)
    page.locator("a.carte-plein, button.carte-plein").click()
    attendre(page, "document.querySelector('.carte-plein-ecran, :fullscreen') !== null")


def carte_seule(page: Page) -> None:
    """On a phone the map takes the place of the list."""
    _montrer_la_carte(page)


def _montrer_la_carte(page: Page) -> None:
    attendre_carte(page)
    bouton = page.get_by_role("button", name="Voir la carte")
    if bouton.is_visible():
        bouton.click()
