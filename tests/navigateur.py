"""What tests in a browser have in common: how it starts, what they look for, how they wait."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Frame, Locator, Page

DRAPEAUX = (
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
GRENOBLE = "/?lieu=38185&type=SANTE&type=INSTITUTION"
ZOOM = "cartographieCarte.carte.getZoom()"
CENTRE = "(c => [c.lat.toFixed(3), c.lng.toFixed(3)])(cartographieCarte.carte.getCenter())"

# Where the map stands in its page, and what it shows in its frame.
ENDROIT = """(() => {
  const { x, y } = document.querySelector('[data-carte]').getBoundingClientRect();
  return [x, y, document.querySelector('.leaflet-map-pane').style.transform].join();
})()"""

Ouvrir = Callable[..., Page]


def marqueurs(page: Page) -> Locator:
    return page.locator(".leaflet-marker-icon:is(.carte-porte, .carte-zone, .carte-grappe)")


def zone(page: Page, ou: str) -> Locator:
    return page.locator(f'.carte-zone[aria-label*="{ou}, sans adresse exacte sur la carte"]')


def attendre_carte(page: Page, selecteur: str = "path.carte-communes") -> None:
    """Wait for the map; where it stands below the list it starts when one comes near it."""
    page.evaluate("document.querySelector('[data-carte]')?.scrollIntoView({block: 'nearest'})")
    page.wait_for_selector(selecteur, state="attached")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")


def attendre(page: Page, expression: str) -> None:
    """Ask until it is true. Playwright's own wait evaluates strings, which our pages refuse."""
    fin = time.monotonic() + 10
    while not page.evaluate(expression):
        assert time.monotonic() < fin, expression
        page.wait_for_timeout(50)


def attendre_immobile(page: Page | Frame) -> None:
    """Wait until the map that opens a marker, and the page that goes to its line, are at rest.

    A button that moves away between two halves of a click is not pressed.
    """
    fin = time.monotonic() + 10
    ici, depuis = page.evaluate(ENDROIT), time.monotonic()
    while time.monotonic() - depuis < 0.4:
        assert time.monotonic() < fin, ici
        page.wait_for_timeout(50)
        la = page.evaluate(ENDROIT)
        if la != ici:
            ici, depuis = la, time.monotonic()
