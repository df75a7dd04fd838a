"""What is counted of an embedded map, in a browser: once when it opens, whatever its sandbox."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import expect

from cartographie.suivi import Canal, Genre
from tests.hote import MARQUEURS, SEUL, Encadrer, cadre_de

if TYPE_CHECKING:
    from tests.releve import Releve

pytest_plugins = ("tests.chromium", "tests.encadre", "tests.releve")


@pytest.fixture(scope="module")
def app(app_carte: Flask) -> Flask:
    """The site whose counts are read is the one in the frame."""
    return app_carte


@pytest.mark.parametrize("bac", [None, SEUL])
@pytest.mark.parametrize("js", [True, False], ids=["script", "sans-script"])
def test_a_map_opens_once_and_each_filter_is_a_search(
    encadrer: Encadrer, releve: Releve, bac: str | None, js: bool
) -> None:
    cadre = cadre_de(encadrer(bac, js=js))
    if js:
        expect(cadre.locator(MARQUEURS).first).to_be_visible()
    for besoin in ("soins", "abri"):
        cadre.locator(f'[data-besoin="{besoin}"]').click()
        choisi = cadre.locator(f'[data-besoin="{besoin}"]')
        expect(choisi).to_have_attribute("aria-current", "true")
        expect(cadre.locator(".resultat").first).to_be_visible()
    vus: Counter[tuple[Genre, str]] = Counter()
    for cle, nombre in releve.lire().items():
        assert cle.canal is Canal.INTEGRATION
        vus[cle.genre, cle.besoin] += nombre
    del vus[Genre.CARTE, ""]
    assert vus == {
        (Genre.INTEGRATION, ""): 1,
        (Genre.RECHERCHE, "soins"): 1,
        (Genre.RECHERCHE, "abri"): 1,
    }
