"""Our map in somebody else’s page, in a browser: nothing stored, asked elsewhere, complained of.

A plugin of pytest, named by the test modules that frame the map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Thread
from urllib.parse import urlencode

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests import bases
from tests.hote import AILLEURS, Encadrer, ecouter
from tests.site import installation

# What Chromium itself says of a way that the host closed; nothing else may be said.
REFUS = re.compile("frame attempting navigation|sandboxed|Unsafe attempt to initiate navigation")


@pytest.fixture(scope="module")
def hote() -> Iterator[str]:
    with ecouter() as adresse:
        yield adresse


@pytest.fixture(scope="module")
def app_carte(base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory, hote: str) -> Flask:
    """Our site, whose exit leads to a page of these tests."""
    return installation(
        bases.adresse(base_chargee), tmp_path_factory.mktemp("cadre"), sortie_url=hote + AILLEURS
    )


@pytest.fixture(scope="module")
def carte(app_carte: Flask) -> Iterator[str]:
    """Where that site listens."""
    serveur = make_server("127.0.0.1", 0, app_carte, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()


@pytest.fixture
def plaintes() -> list[str]:
    """What the console said and what was asked elsewhere."""
    return []


@pytest.fixture
def encadrer(navigateur: Browser, hote: str, carte: str, plaintes: list[str]) -> Iterator[Encadrer]:
    """Open somebody else's page around ours; nothing stored, asked elsewhere or complained of."""
    contextes: list[BrowserContext] = []

    def faire(
        bac: str | None = None, *, js: bool = True, chemin: str = "/integration/carte?version=1",
        largeur: int = 800,
    ) -> Page:  # fmt: skip
        contexte = navigateur.new_context(
            java_script_enabled=js, viewport={"width": 1000, "height": 600}
        )
        contextes.append(contexte)
        contexte.on("page", ecouter_page)
        page = contexte.new_page()
        attributs = {"src": carte + chemin, "width": str(largeur)}
        attributs |= {"sandbox": bac} if bac else {}
        page.goto(f"{hote}/?{urlencode(attributs)}")
        return page

    def ecouter_page(page: Page) -> None:
        page.on("console", lambda m: plaintes.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((carte, hote)) else plaintes.append(r.url),
        )

    yield faire
    for contexte in contextes:
        etat = contexte.storage_state()
        contexte.close()
        assert (etat["cookies"], etat["origins"]) == ([], [])
    assert [plainte for plainte in plaintes if not REFUS.search(plainte)] == []
