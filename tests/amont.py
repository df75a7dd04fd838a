"""A real upstream of tiles, on this machine: it draws plain tiles, or fails as it is told to.

A plugin of pytest: the fixture `source`.
"""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from typing_extensions import override

from scripts.plan import draw_tile

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"
TUILE = draw_tile(9, 263, 183)


class Amont:
    """What the upstream does, and what it was asked: request lines and headers, as received."""

    def __init__(self) -> None:
        self.mode = "tuile"
        self.retard_s = 0.0
        self.demandes: list[str] = []
        self.adresse = ""

    @property
    def modele(self) -> str:
        """The setting that leads here."""
        return f"{self.adresse}/plan/{{z}}/{{x}}/{{y}}.png"

    def repondre(self, demande: BaseHTTPRequestHandler) -> None:
        """Answer as the mode says."""
        self.demandes.append(f"{demande.requestline}\n{demande.headers}")
        time.sleep(self.retard_s)
        match self.mode:
            case "erreur":
                demande.send_error(500)
            case "detour":
                demande.send_response(302)
                demande.send_header("Location", f"{self.adresse}/ailleurs.png")
                demande.end_headers()
            case "coupe":
                demande.send_response(200)
                demande.send_header("Content-Length", str(len(TUILE)))
                demande.end_headers()
                demande.wfile.write(TUILE[:200])
            case "goutte":
                demande.send_response(200)
                demande.end_headers()
                for debut, fin in pairwise(range(0, len(TUILE), 40)):
                    demande.wfile.write(TUILE[debut:fin])
                    time.sleep(0.2)
            case "plan":
                z, x, y = (int(n) for n in demande.path.removesuffix(".png").split("/")[-3:])
                envoyer(demande, draw_tile(z, x, y))
            case mode:
                envoyer(demande, CORPS[mode])


# What a 200 that says « image/png » may hold.
CORPS = {
    "tuile": TUILE,
    "jpeg": JPEG,
    "page": b"<script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "vide": b"",
    "enorme": TUILE[:-12] + b"\0" * 2_000_000 + TUILE[-12:],
    "bombe": TUILE[:16] + struct.pack(">II", 60_000, 60_000) + TUILE[24:],
}


def envoyer(demande: BaseHTTPRequestHandler, corps: bytes) -> None:
    """A 200 that says « image/png », whatever it holds."""
    demande.send_response(200)
    demande.send_header("Content-Type", "image/png")
    demande.send_header("Content-Length", str(len(corps)))
    demande.end_headers()
    demande.wfile.write(corps)


class _Discret(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    @override
    def handle_error(self, *_: object) -> None:
        """A client that stops waiting is what some tests are about."""


@contextmanager
def amont() -> Iterator[Amont]:
    """The upstream, listening on a free port."""
    ici = Amont()

    class Gestionnaire(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            ici.repondre(self)

        @override
        def log_message(self, *_: object) -> None:
            """What it was asked is in `demandes`."""

    serveur = _Discret(("127.0.0.1", 0), Gestionnaire)
    ici.adresse = f"http://127.0.0.1:{serveur.server_port}"
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    yield ici
    serveur.shutdown()
    serveur.server_close()


@pytest.fixture
def source() -> Iterator[Amont]:
    """The upstream of one test."""
    with amont() as ici:
        yield ici


@dataclass(slots=True)
class Servi:
    """The shipped server, its upstream, and everything that a browser asked it."""

    adresse: str
    instance: Path
    amont: Amont
    demandees: list[str] = field(default_factory=list)
