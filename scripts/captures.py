"""`make captures`: what the site looks like, into docs/captures/, each picture with a fact in it.

The site runs here over the shipped records, at a fixed hour, so that two runs show the same. A
picture that does not show the fact it was taken for is refused.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from cartographie import create_app
from cartographie.config import RACINE, Settings
from cartographie.database import make_engine
from cartographie.horaires import PARIS
from cartographie.initialisation import init_db
from cartographie.referentiel import Referentiel
from scripts import captures_carte, captures_gestion, captures_papier, captures_suivi
from scripts.browser import ensure_chromium
from scripts.cibles import CIBLE, CaptureError
from scripts.programmes import ProgrammeError

MARDI = datetime(2026, 3, 10, 10, 30, tzinfo=PARIS)
TAILLES = {360: 740, 1280: 800}
CADRES = {300: 640, 800: 640}
SCHEMAS = {"light": "clair", "dark": "sombre"}
DRAPEAUX = (
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
CARTE_PRETE = ".leaflet-marker-icon"
# A map below the screen waits until one comes near it.
CARTE_EN_VUE = "document.querySelector('[data-carte]')?.getBoundingClientRect().top < innerHeight"


@dataclass(frozen=True, slots=True)
class Vue:
    """A page and the fact (words of one element) that its first screen must show."""

    nom: str
    chemin: str
    fait: str
    mots: str
    tailles: Mapping[int, int] = field(default_factory=lambda: TAILLES)


VUES = (
    Vue("accueil", "/", ".resultat .appel", "3919"),
    Vue("filtre", "/?lieu=38269&besoin=abri", "#bilan", "Depuis La Mure (38350)"),
    Vue("fiche", "/acteurs/osj-le-relais-grenoble", ".fiche .appel", "04"),
    Vue("signaler", "/acteurs/osj-le-relais-grenoble/signaler", "#motif legend", "ne va pas"),
    Vue("objectif", "/objectifs/2022-2024/22", "h1", "Actualiser la cartographie"),
    Vue(
        "objectif-chiffres",
        "/objectifs/2022-2024/4#chiffres",
        ".tableau--releves .nombre",
        "143",
    ),
    Vue("suivi", "/suivi#titre-consultations", ".figure__titre", "mois par mois"),
    Vue("couverture", "/couverture", ".couverture__phrase", "à vol d’oiseau"),
    Vue("couverture-abri", "/couverture?besoin=abri#carte", "#carte", "Grenoble"),
    Vue("annuaire", "/annuaire?lieu=38269&besoin=abri", ".annuaire__validite", "10 mars 2026"),
    Vue("integration", "/integration?lieu=38269&compact=1", "h1", "sur votre site", {1280: 1160}),
    Vue("cadre", "/integration/carte?lieu=38269&compact=1", "#quitter", "Quitter vite", CADRES),
)


def main() -> int:
    """Take every picture; 0 when each shows its fact."""
    CIBLE.mkdir(parents=True, exist_ok=True)
    try:
        with site() as (app, adresse), browser() as chromium:
            for vue in VUES:
                for taille, schema, script in product(vue.tailles.items(), SCHEMAS, (True, False)):
                    take(chromium, adresse, vue, *taille, schema, avec_script=script)
            captures_carte.take_all(chromium, app)
            captures_gestion.take_all(chromium, app, adresse)
            captures_papier.take_all(app)
    except (ProgrammeError, CaptureError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def take(
    chromium: Browser,
    adresse: str,
    vue: Vue,
    largeur: int,
    hauteur: int,
    schema: str,
    *,
    avec_script: bool,
) -> None:
    """One picture of one first screen. Without JavaScript one scheme is enough."""
    if not avec_script and schema == "dark":
        return
    suffixe = SCHEMAS[schema] if avec_script else "sans-javascript"
    contexte = chromium.new_context(
        viewport={"width": largeur, "height": hauteur},
        color_scheme="dark" if schema == "dark" else "light",
        java_script_enabled=avec_script,
        locale="fr-FR",
    )
    page = contexte.new_page()
    page.goto(adresse + vue.chemin)
    cadre = page.frames[-1]  # the preview of the builder, else the page itself
    if avec_script and cadre.evaluate(CARTE_EN_VUE):
        cadre.wait_for_selector(CARTE_PRETE, state="attached")
        page.wait_for_timeout(500)
    fichier = CIBLE / f"{vue.nom}-{largeur}-{suffixe}.png"
    check_fact(page, vue, fichier.name)
    page.screenshot(path=fichier, animations="disabled")
    contexte.close()
    print(fichier.relative_to(RACINE))


def check_fact(page: Page, vue: Vue, nom: str) -> None:
    """Raise CaptureError unless the fact stands whole in the window."""
    element = page.locator(vue.fait).first
    boite = element.bounding_box()
    fenetre = page.viewport_size
    if boite is None or fenetre is None or vue.mots.lower() not in element.inner_text().lower():
        raise CaptureError(f"{nom} : « {vue.mots} » n’est pas dans la page.")
    if boite["y"] < 0 or boite["y"] + boite["height"] > fenetre["height"]:
        raise CaptureError(f"{nom} : « {vue.mots} » est hors de l’écran.")


@contextmanager
def site() -> Iterator[tuple[Flask, str]]:
    """The site over the shipped records, in a folder thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="captures-") as dossier:
        settings = Settings(instance=Path(dossier), tuiles_url="")
        referentiel = Referentiel.load(settings.data)
        init_db(make_engine(settings.adresse_base), referentiel, settings.data / "acteurs.geojson")
        app = create_app(settings, horloge=lambda: MARDI)
        captures_suivi.fill(app)
        serveur = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Muet)
        Thread(target=serveur.serve_forever, daemon=True).start()
        yield app, f"http://127.0.0.1:{serveur.server_port}"
        serveur.shutdown()


class Muet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep quiet."""


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a network of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=ensure_chromium(), args=DRAPEAUX)
        yield chromium
        chromium.close()


if __name__ == "__main__":
    sys.exit(main())
