"""What every answer carries and what every question must respect, as tables that can be read.

A page cannot fetch, run or show anything that is not ours; nothing is stored in the browser; the
length of what is asked is bounded; nobody else's page may post for a visitor. Query strings and
bodies are never logged: no function here, and no handler of errors, writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from typing import IO

from flask import Flask, Request, Response, request
from typing_extensions import override
from werkzeug.exceptions import Forbidden, NotFound, RequestEntityTooLarge

from cartographie.web.site import site

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

# Pages that other sites may frame: everybody, or the origins of CARTO_INTEGRATION_ORIGINES.
ENCADRABLES = frozenset({"integration.carte", "integration.vide"})

# What a page needs beyond the table, and nothing else does.
CSP_PROPRES: Mapping[str, Mapping[str, str]] = {
    "integration.constructeur": {"frame-src": "'self'"},
}

HEADERS: Mapping[str, str] = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The server would write its own name here.
    "Server": "web",
}

# The page with the button « Autour de moi »: the browser asks the person, and nobody else can.
LOCALISABLES = frozenset({"pages.accueil", "pages.accueil_post"})

# Blueprints without an account. A tab opened from a sandboxed frame stays in its sandbox, and a
# browser refuses to show there a page that isolates itself from its opener: the records that the
# embedded map leads to would be error pages.
SANS_COMPTE = frozenset(
    {"annuaire", "pages", "ogc", "couverture", "integration", "signalement", "suivi"}
)

# Endpoints whose answers any site may read. Never with credentials: there are none.
OUVERTS = frozenset(
    {
        "statiques.statique",
        "api.proches",
        "api.proches_post",
        "api.communes",
        "exports.acteurs_csv",
        "exports.acteurs_xlsx",
        "exports.acteurs_geojson",
        "ouvertures.acteurs_gpkg",
        "ouvertures.contact",
        "ouvertures.data_inclusion",
        "flux.atom",
        "oembed.oembed",
        "fond.script",
        "fond.carte_json",
        "fond.carte_json_post",
        "fond.topologie",
        "fond.communes_geojson",
        "fond.epci_geojson",
        "points.points",
        "points.fiches",
        "couverture.fichier_geojson",
        "tuiles.tuile",
        "ogc.accueil",
        "ogc.conformite",
        "ogc.api",
        "ogc.liste",
        "ogc.collection",
        "ogc.objets",
        "ogc.un_objet",
        "mesures.mesurer",
        # In a sandbox its own origin is `null`, from which it asks for itself again.
        "integration.carte",
    }
)

# What needs an account: its pages are kept nowhere, indexed nowhere, and forms come back to us.
GESTION = "/gestion"
HEADERS_GESTION: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # Under `no-referrer` a browser says `Origin: null` when it posts, even to us.
    "Referrer-Policy": "same-origin",
}

# Opened by a secret in their address: kept nowhere, indexed nowhere, told to nobody.
PAR_LIEN = "/partenaires"
HEADERS_PAR_LIEN: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}

QUERY_MAX = 2_000
CORPS_MAX = 16 * 1024
# What a partner may change, with tables of hours for each door and number.
CORPS_MAX_PAR_LIEN = 192 * 1024
# A whole record, or one carried through a sign-in (then encoded twice).
CORPS_MAX_GESTION = 512 * 1024
# A whole directory as a file, and what surrounds it in the form.
CORPS_PROPRES: Mapping[str, int] = {"gestion.deposer": 8_000_000 + 64 * 1024}


class Garde(StrEnum):
    """What stands before a POST route."""

    LIBRE = "libre"  # reads only; a sandboxed frame of origin `null` may call it
    MEME_ORIGINE = "meme-origine"  # only from our own pages
    LIEN = "lien"  # the same; the address holds a secret that serves once
    TAMPON = "tampon"  # the same; the form carries a signed moment, and there is no session


# Every public POST route stands here; the others are those of /gestion, guarded by `garde.py`
# as well. What is not here has to come from our own pages.
POSTS: Mapping[str, Garde] = {
    "api.proches_post": Garde.LIBRE,
    "fond.carte_json_post": Garde.LIBRE,
    "pages.accueil_post": Garde.LIBRE,
    "mesures.mesurer": Garde.LIBRE,
    "signalement.signaler_post": Garde.TAMPON,
    "partenaires.repondre": Garde.LIEN,
}
# What answers the same to everything, and reads no more of a body than it wants.
SANS_FAUTE = frozenset({"mesures.mesurer"})


class Demande(Request):
    """A request whose files stay in memory: one may hold an address that no disk should."""

    @override
    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Where the bytes of a file go, bounded by the length of the whole request."""
        return BytesIO()


def init_app(app: Flask) -> None:
    """Put the guards before every view and the headers on every answer, errors included."""
    app.request_class = Demande
    app.config["MAX_CONTENT_LENGTH"] = CORPS_MAX_GESTION
    app.config["MAX_FORM_MEMORY_SIZE"] = CORPS_MAX_GESTION
    app.before_request(refuser_trop_long)
    app.before_request(refuser_autres_origines)
    app.after_request(ajouter_entetes)


def refuser_trop_long() -> None:
    """Stop before parsing: a query string or a body longer than any honest one.

    A path that holds NUL is none of ours: PostgreSQL could not even be asked about it.
    """
    if "\0" in request.path:
        raise NotFound
    corps_max = CORPS_MAX_PAR_LIEN if par_lien() else CORPS_MAX
    if en_gestion():
        corps_max = CORPS_PROPRES.get(request.endpoint or "", CORPS_MAX_GESTION)
    request.max_content_length = corps_max
    if request.endpoint in SANS_FAUTE and request.method == "POST":
        return
    if len(request.query_string) > QUERY_MAX or (request.content_length or 0) > corps_max:
        raise RequestEntityTooLarge


def en_gestion() -> bool:
    """Whether the request is for what needs an account."""
    return request.path == GESTION or request.path.startswith(f"{GESTION}/")


def par_lien() -> bool:
    """Whether the request is for what a secret in the address opens."""
    return request.path.startswith(f"{PAR_LIEN}/")


def refuser_autres_origines() -> None:
    """Stop a write asked for by somebody else's page. No cookie is needed for that."""
    if request.method in {"GET", "HEAD", "OPTIONS"} or request.endpoint is None:
        return
    garde = POSTS.get(request.endpoint, Garde.MEME_ORIGINE)
    if garde is Garde.LIBRE:
        return
    provenance = request.headers.get("Sec-Fetch-Site")
    origine = request.headers.get("Origin")
    if provenance is not None:
        permis = provenance in {"same-origin", "none"}
    else:
        # Behind a proxy that ends TLS, the address we are asked at is not the public one.
        notres = {request.host_url.rstrip("/"), site().settings.url_publique}
        # Older phones say `null` of our own pages, which give no referrer: the stamp, or the
        # secret of the link, answers.
        sans_session = garde in (Garde.TAMPON, Garde.LIEN)
        permis = origine in notres | {None, "null" if sans_session else None}
    if not permis:
        raise Forbidden


def csp(endpoint: str | None, origines: Sequence[str] = ()) -> str:
    """The policy of an answer. `origines` may frame what can be framed; everybody when empty."""
    directives = {**CSP, **CSP_PROPRES.get(endpoint or "", {})}
    if endpoint in ENCADRABLES:
        directives["frame-ancestors"] = " ".join(("'self'", *origines)) if origines else "*"
    return "; ".join(f"{nom} {sources}" for nom, sources in directives.items())


def ajouter_entetes(response: Response) -> Response:
    """Add the table, then open what is public to every site."""
    politique = csp(request.endpoint, site().settings.integration_origines)
    response.headers["Content-Security-Policy"] = politique
    if request.blueprint in SANS_COMPTE:
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    if en_gestion():
        response.headers.update(HEADERS_GESTION)
    if par_lien():
        response.headers.update(HEADERS_PAR_LIEN)
    if request.endpoint in LOCALISABLES:
        permis = HEADERS["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)")
        response.headers["Permissions-Policy"] = permis
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
