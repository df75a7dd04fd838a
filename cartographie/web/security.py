"""What every answer carries and what every question must respect, as tables that can be read.

A page cannot fetch, run or show anything that is not ours; nothing is stored in the browser; the
length of what is asked is bounded; nobody else's page may post for a visitor. Query strings and
bodies are never logged: no function here, and no handler of errors, writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge

# One table; a directive is a key, its sources the value. No nonce, no unsafe-*, no other origin.
CSP: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(f"{nom} {sources}" for nom, sources in CSP.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Endpoints whose answers any site may read. Never with credentials: there are none.
OUVERTS = frozenset(
    {
        "statiques.statique",
        "api.proches",
        "api.proches_post",
        "api.communes",
        "api.acteurs_geojson",
        "fond.carte_json",
        "fond.communes_geojson",
        "fond.epci_geojson",
        "tuiles.tuile",
    }
)

QUERY_MAX = 2_000
CORPS_MAX = 16 * 1024


class Garde(StrEnum):
    """What stands before a POST route."""

    LIBRE = "libre"  # reads only; a sandboxed frame of origin `null` may call it
    MEME_ORIGINE = "meme-origine"  # only from our own pages


# Every POST route stands here; one that does not is refused.
POSTS: Mapping[str, Garde] = {"api.proches_post": Garde.LIBRE}


def init_app(app: Flask) -> None:
    """Put the guards before every view and the headers on every answer, errors included."""
    app.config["MAX_CONTENT_LENGTH"] = CORPS_MAX
    app.before_request(refuser_trop_long)
    app.before_request(refuser_autres_origines)
    app.after_request(ajouter_entetes)


def refuser_trop_long() -> None:
    """Stop before parsing: a query string or a body longer than any honest one."""
    if len(request.query_string) > QUERY_MAX or (request.content_length or 0) > CORPS_MAX:
        raise RequestEntityTooLarge


def refuser_autres_origines() -> None:
    """Stop a write asked for by somebody else's page. No cookie is needed for that."""
    if request.method in {"GET", "HEAD", "OPTIONS"} or request.endpoint is None:
        return
    if POSTS.get(request.endpoint, Garde.MEME_ORIGINE) is Garde.LIBRE:
        return
    provenance = request.headers.get("Sec-Fetch-Site")
    origine = request.headers.get("Origin")
    if provenance is not None:
        permis = provenance in {"same-origin", "none"}
    else:
        permis = origine is None or origine == request.host_url.rstrip("/")
    if not permis:
        raise Forbidden


def ajouter_entetes(response: Response) -> Response:
    """Add the table, then open what is public to every site."""
    for nom, valeur in HEADERS.items():
        response.headers.setdefault(nom, valeur)
    if request.endpoint in OUVERTS:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type"
            response.headers["Access-Control-Max-Age"] = "86400"
    return response
