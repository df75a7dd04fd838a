"""Gestures told by the script, in a browser; without it, the page is counted just the same."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cartographie.suivi import Genre
from tests.navigateur import Ouvrir

if TYPE_CHECKING:
    from tests.releve import Releve

pytest_plugins = ("tests.chromium", "tests.releve")

# The dialler is not opened: what matters is that the link was pressed.
PRESSER = """selecteur => {
    addEventListener("click", e => e.preventDefault(), { once: true });
    document.querySelector(selecteur).click();
}"""


def attendus(releve: Releve, nombre: int) -> list[tuple[Genre, str, int]]:
    """What was counted, once that much has arrived: beacons take their time."""
    vus: list[tuple[Genre, str, int]] = []
    fin = time.monotonic() + 15
    while len(vus) < nombre and time.monotonic() < fin:
        time.sleep(0.1)
        vus += [(cle.genre, cle.acteur, n) for cle, n in releve.lire().items()]
    return sorted(vus)


def test_a_number_pressed_and_a_card_printed_are_counted(ouvrir: Ouvrir, releve: Releve) -> None:
    page = ouvrir("/acteurs/osj-le-relais-grenoble", carte=False)
    slug = "osj-le-relais-grenoble"
    page.evaluate(PRESSER, ".fiche a[href^='tel:']")
    page.evaluate(PRESSER, ".urgences a")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert attendus(releve, 4) == [
        (Genre.FICHE, slug, 1),
        (Genre.IMPRESSION, slug, 1),
        (Genre.NUMERO, "", 1),
        (Genre.NUMERO, slug, 1),
    ]


def test_without_a_script_a_page_is_counted_once_too(ouvrir: Ouvrir, releve: Releve) -> None:
    ouvrir("/acteurs/aiv-grenoble", carte=False, java_script_enabled=False)
    assert attendus(releve, 1) == [(Genre.FICHE, "aiv-grenoble", 1)]


def test_the_map_counts_when_it_is_seen(ouvrir: Ouvrir, releve: Releve) -> None:
    ouvrir("/")
    assert attendus(releve, 1) == [(Genre.CARTE, "", 1)]
