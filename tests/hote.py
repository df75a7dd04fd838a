"""Somebody else's site: another host, another port, a page that frames ours."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Frame, FrameLocator, Page

# What the host knows: how high the frame says it is. Its field has the focus, its page is long.
PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Hôte</title>
<script>window.hauteurs = []; addEventListener("message", (m) => hauteurs.push(m.data));</script>
<p><input id="ici" autofocus></p><p>Avant</p>{cadre}<p>Après</p></html>"""
AILLEURS = "/ailleurs"

# What a site may put around a frame.
SEUL = "allow-scripts"
ONGLETS = "allow-scripts allow-popups"
SORTIE = "allow-scripts allow-top-navigation-by-user-activation"
BACS = (None, SEUL, ONGLETS, SORTIE)
MARQUEURS = ".leaflet-marker-icon:is(.carte-porte, .carte-zone, .carte-grappe)"

# Opens the page of the host around ours: sandbox, js, chemin, largeur.
Encadrer = Callable[..., Page]


class _Hote(BaseHTTPRequestHandler):
    """Answers `/?src=…&sandbox=…&width=…` with a frame, and `/ailleurs`, where the exit leads."""

    def do_GET(self) -> None:
        adresse = urlsplit(self.path)
        args = {nom: valeurs[-1] for nom, valeurs in parse_qs(adresse.query).items()}
        if adresse.path == AILLEURS:
            corps = "<!doctype html><title>Météo</title><h1>Il fait beau</h1>"
        elif adresse.path == "/" and "src" in args:
            attributs = {"id": "cadre", "title": "Carte", "height": "700", **args}
            texte = " ".join(f'{nom}="{html.escape(v)}"' for nom, v in attributs.items())
            corps = PAGE.format(cadre=f"<iframe {texte}></iframe>")
        else:
            corps = "<!doctype html><title>Rien</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(corps.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def ecouter() -> Iterator[str]:
    """The site of somebody else, listening under a name that is not ours."""
    serveur = ThreadingHTTPServer(("127.0.0.1", 0), _Hote)
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield f"http://localhost:{serveur.server_port}"
    serveur.shutdown()
    serveur.server_close()


def cadre_de(page: Page) -> FrameLocator:
    return page.frame_locator("#cadre")


def frame_de(page: Page) -> Frame:
    return page.frames[1]
