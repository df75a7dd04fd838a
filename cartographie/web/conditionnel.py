"""Answers that are asked again cost nothing: an ETag made of the bytes, and gzip.

The ETag is a digest of what the visitor receives, so it comes from published records alone: it
changes when they do, and never when something hidden does.
"""

from __future__ import annotations

import gzip
from hashlib import sha256

from flask import Flask, Response, request

from cartographie.web.memoire import est_retenue
from cartographie.web.security import en_gestion, par_lien

COMPRESSIBLES = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/geo+json",
    "application/vnd.oai.openapi+json",
    "image/svg+xml",
)
GZIP_MIN = 1_000
GZIP_NIVEAU = 5


def init_app(app: Flask) -> None:
    """Do it for every answer."""
    app.after_request(rendre_conditionnel)


def rendre_conditionnel(response: Response) -> Response:
    """Compress, then answer 304 when the visitor already has these bytes."""
    if response.is_streamed or response.direct_passthrough or request.method == "OPTIONS":
        return response
    if en_gestion() or par_lien():
        # Kept nowhere, and never compressed: such a page holds a secret beside what was typed.
        return response
    response.headers.setdefault("Cache-Control", "no-cache")
    compresse = _compresser(response)
    if response.status_code != 200 or request.method not in {"GET", "HEAD"}:
        return response
    if "ETag" not in response.headers:
        response.set_etag(sha256(response.get_data()).hexdigest()[:32] + compresse)
    if not est_retenue():
        # Nothing here is dated, so this can tell nothing; its year may be no year of Python's.
        request.environ.pop("HTTP_IF_MODIFIED_SINCE", None)
        response.make_conditional(request)
        response.headers.pop("Date", None)  # the server writes its own
    return response


def _compresser(response: Response) -> str:
    """Compress the body when it is text and the visitor takes gzip; tell the suffix of its ETag.

    A public page holds no secret beside what a visitor typed: its length tells nothing.
    """
    if not (response.mimetype or "").startswith(COMPRESSIBLES):
        return ""
    response.vary.add("Accept-Encoding")
    deja = "Content-Encoding" in response.headers
    if deja or not request.accept_encodings["gzip"] or response.status_code == 304:
        return ""
    corps = response.get_data()
    if len(corps) < GZIP_MIN:
        return ""
    response.set_data(gzip.compress(corps, GZIP_NIVEAU, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return "-gzip"
