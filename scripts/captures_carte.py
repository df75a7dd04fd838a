"""Pictures of the map: over a base map drawn here, with a territoire, and on a phone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from cartographie import create_app
from cartographie.config import RACINE
from cartographie.tuiles import Relais
from scripts.cibles import CIBLE, CaptureError
from scripts.plan import draw_tile

PLAN = "http://127.0.0.1/{z}/{x}/{y}"
TUILES_POSEES = """(tuiles =>
  tuiles.length > 3 && tuiles.every(tuile => tuile.matches(".leaflet-tile-loaded"))
)([...document.querySelectorAll(".leaflet-tile")])"""
ORDINATEUR: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
TELEPHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}


def choose_network(page: Page) -> None:
    """Open a network from the map."""
    page.locator('.carte-reseau[aria-label*="Vienne Condrieu"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("path.carte-territoire", state="attached")


def show_map(page: Page) -> None:
    """The one tap of a phone."""
    page.get_by_role("button", name="Voir la carte").tap()


def nothing(_: Page) -> None:
    """The page as it opens."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: where, on what, after which gesture, and the element that it must show."""

    nom: str
    chemin: str
    ecran: dict[str, Any]
    geste: Callable[[Page], None]
    fait: str


SCENES = (
    Scene("carte-fond-1280", "/?lieu=38269", ORDINATEUR, nothing, ".leaflet-tile-loaded"),
    Scene("carte-territoire-1280", "/?type=CISPD", ORDINATEUR, choose_network, ".leaflet-popup"),
    Scene("telephone-liste-360", "/?lieu=38185", TELEPHONE, nothing, ".bascule"),
    Scene("telephone-carte-360", "/?lieu=38185", TELEPHONE, show_map, ".leaflet-tile-loaded"),
)


def take_all(chromium: Browser, app: Flask) -> None:
    """Every scene, in both colour schemes."""
    with over_a_plan(app) as adresse:
        for scene in SCENES:
            for schema, suffixe in (("light", "clair"), ("dark", "sombre")):
                take(chromium, adresse, scene, schema, suffixe)


def take(chromium: Browser, adresse: str, scene: Scene, schema: Any, suffixe: str) -> None:  # noqa: ANN401
    """One picture, refused when it does not show its fact."""
    contexte = chromium.new_context(**scene.ecran, color_scheme=schema, locale="fr-FR")
    page = contexte.new_page()
    page.goto(adresse + scene.chemin)
    scene.geste(page)
    # On a phone the map stands below, and has not started: the list is what is seen.
    page.wait_for_selector(scene.fait)
    for _ in range(100):
        if page.evaluate(TUILES_POSEES):
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    if not page.locator(scene.fait).first.is_visible():
        raise CaptureError(f"{scene.nom} : « {scene.fait} » n’est pas dans la page.")
    fichier = CIBLE / f"{scene.nom}-{suffixe}.png"
    page.screenshot(path=fichier, animations="disabled")
    contexte.close()
    print(fichier.relative_to(RACINE))


@contextmanager
def over_a_plan(app: Flask) -> Iterator[str]:
    """The same site with a base map that is drawn here: nobody is asked for a tile."""
    site = app.extensions["cartographie"]
    settings = replace(site.settings, tuiles_url=PLAN)
    avec_fond = create_app(settings, horloge=site.horloge)
    with tempfile.TemporaryDirectory(prefix="captures-tuiles-") as dossier:
        relais = Relais(PLAN, Path(dossier), client=_draw)
        avec_fond.extensions["cartographie"] = replace(
            avec_fond.extensions["cartographie"], relais=relais
        )
        serveur = make_server("127.0.0.1", 0, avec_fond, threaded=True, request_handler=_Muet)
        Thread(target=serveur.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serveur.server_port}"
        serveur.shutdown()


class _Muet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep quiet."""


def _draw(url: str) -> bytes:
    z, x, y = (int(nombre) for nombre in url.split("/")[-3:])
    return draw_tile(z, x, y)
