"""A server that answers like the national address base, well or badly. A plugin of pytest."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cartographie.acteurs import Localisation
from cartographie.communes import Communes
from cartographie.config import RACINE
from cartographie.geocodage.ban import GeocodeurBan

MURE = ("12 Rue des Alpes", "38350", "La Mure", "38269")


@cache
def communes() -> Communes:
    """The embedded gazetteer."""
    return Communes.load(RACINE / "data" / "communes_isere")


def feature(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """One answer, some properties changed; `point` is longitude, latitude."""
    properties = {
        "label": "12 Rue des Alpes 38350 La Mure",
        "score": 0.97,
        "type": "housenumber",
        "name": "12 Rue des Alpes",
        "postcode": "38350",
        "citycode": "38269",
        "city": "La Mure",
    }
    point = {"type": "Point", "coordinates": changes.pop("point", [5.786512345, 44.901])}
    return {"type": "Feature", "geometry": point, "properties": properties | changes}


def collection(*features: dict[str, Any]) -> bytes:
    """A body of answers."""
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@dataclass
class Ban:
    """What the server answers, and what it was asked."""

    body: bytes = b""
    status: int = 200
    stall_s: float = 0
    drip_s: float = 0
    questions: list[str] = field(default_factory=list)
    domaine: str = ""


@pytest.fixture
def ban(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ban]:
    """Listen, for one test."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    state = Ban()
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            assert url.path == "/geocodage/search"
            state.questions.append(parse_qs(url.query)["q"][0])
            stopped.wait(state.stall_s)
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            try:
                for start in range(0, len(state.body), 20 if state.drip_s else 2**20):
                    self.wfile.write(state.body[start : start + (20 if state.drip_s else 2**20)])
                    self.wfile.flush()
                    stopped.wait(state.drip_s)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.domaine = f"127.0.0.1:{server.server_address[1]}/geocodage"
    yield state
    stopped.set()
    server.shutdown()
    server.server_close()
    thread.join()


def geocoder(ban: Ban, *question: str, timeout_s: float = 2) -> Localisation:
    """Ask it of this address, or of one in La Mure."""
    geocodeur = GeocodeurBan(communes(), domaine=ban.domaine, scheme="http", timeout_s=timeout_s)
    return geocodeur.geocoder(*(question or MURE))
