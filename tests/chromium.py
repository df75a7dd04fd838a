"""Chromium over the real site: whatever a page complains of, fetches elsewhere or keeps fails.

A plugin of pytest, named by the test modules that drive a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from scripts.browser import ensure_chromium
from tests.navigateur import DRAPEAUX, Ouvrir, attendre_carte


@pytest.fixture(scope="session")
def adresse(app: Flask) -> Iterator[str]:
    """The site, listening."""
    serveur = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()


@pytest.fixture(scope="module")
def navigateur() -> Iterator[Browser]:
    """Closed with its module: two cannot live in one process."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=ensure_chromium(), args=DRAPEAUX)
        yield chromium
        chromium.close()


@pytest.fixture
def ouvrir(adresse: str, navigateur: Browser) -> Iterator[Ouvrir]:
    """Open a page with the map in place; whatever the console complains of fails the test."""
    plaintes: list[str] = []
    contextes = []

    def faire(chemin: str = "/", *, carte: bool = True, **options: Any) -> Page:  # noqa: ANN401
        taille = {"width": 1280, "height": 900}
        contexte = navigateur.new_context(**{"viewport": taille, **options})
        contextes.append(contexte)
        page = contexte.new_page()
        page.on("console", lambda m: plaintes.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
        page.on("request", lambda r: None if r.url.startswith(adresse) else plaintes.append(r.url))
        page.goto(adresse + chemin)
        if carte:
            attendre_carte(page)
            expect(page.locator(".carte-resume")).to_have_text(re.compile(r"\w"))
        return page

    yield faire
    for contexte in contextes:
        assert contexte.cookies() == []
        contexte.close()
    assert plaintes == []
