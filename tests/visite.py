"""A visitor in a real browser, watched. A plugin of pytest, named by the modules that use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.navigateur import Ouvrir
from tests.site import SORTIE

# Counts what the policy refused, before any script of the page runs.
ESPION = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (v) => violations.push(
    `${v.violatedDirective} ${v.blockedURI} ${v.sourceFile}:${v.lineNumber} ${v.sample}`));
"""


@pytest.fixture
def visiter(adresse: str, navigateur: Browser) -> Iterator[Ouvrir]:
    """Open a page, watched: requests elsewhere, complaints, cookies. The exit is a page of ours."""
    ailleurs: list[str] = []
    plaintes: list[str] = []
    contextes: list[BrowserContext] = []

    def surveiller(route: Route) -> None:
        if route.request.url == SORTIE:
            route.fulfill(body="<title>Météo</title>", content_type="text/html")
        elif route.request.url.startswith(adresse):
            route.continue_()
        else:
            ailleurs.append(route.request.url)
            route.abort()

    def faire(chemin: str = "/", **options: Any) -> Page:  # noqa: ANN401
        contexte = navigateur.new_context(locale="fr-FR", **options)
        contextes.append(contexte)
        contexte.add_init_script(ESPION)
        contexte.route("**/*", surveiller)
        page = contexte.new_page()
        page.on("console", lambda m: plaintes.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
        page.goto(adresse + chemin)
        return page

    yield faire
    for contexte in contextes:
        assert contexte.storage_state() == {"cookies": [], "origins": []}
        contexte.close()
    assert ailleurs == []
    assert plaintes == []
