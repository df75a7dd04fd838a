"""The server as it is shipped, asked by hand: requests that no browser makes, and what it says."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from cartographie.web.security import HEADERS
from tests.amont import Servi
from tests.preuves import Preuve

pytest_plugins = ("tests.servi",)
pytestmark = pytest.mark.long

FIN = b"Connection: close\r\n"
HOTE = b"Host: localhost\r\n" + FIN
JSON = HOTE + b"Content-Type: application/json\r\n"
MENS = b'{"lieu": "Mens"}'
# Read by the application, which answers with all its headers.
LUES: dict[str, tuple[bytes, int]] = {
    "line break in a path": (b"GET /a%0ab%0d%0aX:1 HTTP/1.1\r\n" + HOTE, 404),
    "line break in a question": (b"GET /?q=a%0d%0aSet-Cookie:x=1 HTTP/1.1\r\n" + HOTE, 400),
    "bytes that are no UTF-8": (b"GET /%ff%fe?q=%ff HTTP/1.1\r\n" + HOTE, 404),
    "out of the folder": (b"GET /static/%2e%2e/%2e%2e/pyproject.toml HTTP/1.1\r\n" + HOTE, 404),
    "a NUL in a path": (b"GET /static/style.css%00.png HTTP/1.1\r\n" + HOTE, 404),
    "a whole address": (b"GET http://ailleurs.exemple/sante HTTP/1.1\r\n" + HOTE, 200),
    "another machine": (b"CONNECT ailleurs.exemple:443 HTTP/1.1\r\n" + HOTE, 404),
    "trace": (b"TRACE / HTTP/1.1\r\n" + HOTE, 405),
    "an unknown method": (b"BREW / HTTP/1.1\r\n" + HOTE, 405),
    "a static file": (b"GET /static/style.css HTTP/1.1\r\n" + HOTE, 200),
    "a host that is a script": (b'GET /x HTTP/1.1\r\nHost: a"><script>\r\n' + FIN, 404),
    "two lengths of body": (
        b"POST /proches HTTP/1.1\r\n" + JSON + b"Content-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n10\r\n" + MENS
        + b"\r\n0\r\n\r\nGET /volee HTTP/1.1\r\nHost: a\r\n", 200,
    ),
    "a question too long": (b"GET /?q=" + b"a" * 3_000 + b" HTTP/1.1\r\n" + HOTE, 413),
    "a body too long": (b"POST /proches HTTP/1.1\r\n" + JSON + b"Content-Length: 90000\r\n", 413),
}  # fmt: skip
# Not even read: the server says a number and nothing else.
ILLISIBLES: dict[str, tuple[bytes, int]] = {
    "no request at all": (b"GARBAGE\r\n", 400),
    "an unknown version": (b"GET / HTTP/9.9\r\n" + HOTE, 400),
    "a NUL in a header": (b"GET / HTTP/1.1\r\n" + HOTE + b"X\x00Y: 1\r\n", 400),
    "two different lengths": (
        b"POST /proches HTTP/1.1\r\n" + HOTE + b"Content-Length: 5\r\nContent-Length: 6\r\n", 400,
    ),
    "less than nothing": (b"POST /proches HTTP/1.1\r\n" + HOTE + b"Content-Length: -5\r\n", 400),
    "an address too long": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOTE, 414),
    "a header too long": (b"GET / HTTP/1.1\r\n" + HOTE + b"X: " + b"a" * 600_000 + b"\r\n", 431),
    "too many headers": (b"GET / HTTP/1.1\r\n" + HOTE + b"X: 1\r\n" * 300, 431),
}  # fmt: skip


def demander(servi: Servi, octets: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in small letters, body."""
    port = urlsplit(servi.adresse).port
    recu = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connexion:
        connexion.sendall(octets + b"\r\n")
        try:
            while morceau := connexion.recv(65_536):
                recu += morceau
        except ConnectionResetError:
            pass  # it did not wait for the rest of a body
    tete, _, corps = recu.partition(b"\r\n\r\n")
    premiere, *lignes = tete.decode("latin-1").split("\r\n")
    entetes = {nom.lower(): dit.strip() for nom, _, dit in (li.partition(":") for li in lignes)}
    return int(premiere.split()[1]), entetes, corps


def test_whatever_is_asked_the_answer_is_ours_and_nothing_is_logged(
    servi: Servi, preuve: Preuve
) -> None:
    sans = []
    for nom, (octets, statut) in LUES.items():
        recu, entetes, corps = demander(servi, octets)
        assert recu == statut, nom
        attendus = {cle.lower() for cle in HEADERS} | {"content-security-policy"}
        if not attendus <= set(entetes) or entetes["server"] != "web":
            sans.append(nom)
        assert "set-cookie" not in entetes
        assert b"volee" not in corps
        assert not {b"Traceback", b"granian", b"Werkzeug", b"Python", b"<script>"} & set(
            corps.split()
        )
    for nom, (octets, statut) in ILLISIBLES.items():
        recu, entetes, corps = demander(servi, octets)
        # Nothing to frame, to run or to read: no body, no name, no version.
        assert (recu, corps) == (statut, b""), nom
        assert set(entetes) <= {"content-length", "connection", "date"}, nom
    preuve("réponses", len(LUES) + len(ILLISIBLES), "sans leurs en-têtes", len(sans))
    assert sans == []
    # The fixture then reads what the process wrote: its address, and not one line more.
