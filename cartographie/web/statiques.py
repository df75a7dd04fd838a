"""Files of `static/`, read once: asked by their digest they are kept for a year."""

from __future__ import annotations

import gzip
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256, sha384
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request

from cartographie.errors import ConfigurationError, IntrouvableError
from cartographie.web.liens import chemin_de

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
UN_AN = "public, max-age=31536000, immutable"
COMPRIMES = {".css", ".js", ".svg", ".json"}

blueprint = Blueprint("statiques", __name__)


@dataclass(frozen=True, slots=True)
class Statique:
    """One file: its bytes, the same in gzip (or empty), its type and its digest."""

    corps: bytes
    gzip: bytes
    type: str
    empreinte: str


def load_statiques(dossier: Path) -> dict[str, Statique]:
    """Read every file we know how to name; links and unknown kinds are left alone."""
    if not (dossier / "vendor").is_dir():
        raise ConfigurationError(
            f"Le dossier {dossier / 'vendor'} manque : lancez « make assets », puis recommencez."
        )
    fichiers = sorted(f for f in dossier.rglob("*") if f.suffix in TYPES and f.is_file())
    return {f.relative_to(dossier).as_posix(): _lire(f) for f in fichiers}


def _lire(fichier: Path) -> Statique:
    corps = fichier.read_bytes()
    comprime = gzip.compress(corps, 6, mtime=0) if fichier.suffix in COMPRIMES else b""
    return Statique(corps, comprime, TYPES[fichier.suffix], sha256(corps).hexdigest()[:32])


def init_app(app: Flask, dossier: Path) -> None:
    """Load the files and give templates `asset("carte.js")`."""
    app.extensions["statiques"] = load_statiques(dossier)
    app.jinja_env.globals["asset"] = asset
    app.register_blueprint(blueprint)


def asset(nom: str) -> str:
    """Address of a file by its digest. An unknown name is our own fault: KeyError."""
    empreinte = current_app.extensions["statiques"][nom].empreinte[:12]
    return chemin_de("statiques.statique", nom=nom, v=empreinte)


def integrite(nom: str) -> str:
    """The digest that a page of others writes beside a script of ours: it runs no other bytes."""
    corps: bytes = current_app.extensions["statiques"][nom].corps
    return f"sha384-{b64encode(sha384(corps).digest()).decode()}"


@blueprint.get("/static/<path:nom>")
def statique(nom: str) -> Response:
    """One file, for a year when asked by its own digest."""
    fichier: Statique | None = current_app.extensions["statiques"].get(nom)
    if fichier is None:
        raise IntrouvableError("Ce fichier n’existe pas.")
    choisi = bool(fichier.gzip and request.accept_encodings["gzip"])
    response = Response(fichier.gzip if choisi else fichier.corps, content_type=fichier.type)
    if choisi:
        response.headers["Content-Encoding"] = "gzip"
    if fichier.gzip:
        response.vary.add("Accept-Encoding")
    response.set_etag(fichier.empreinte + ("-gzip" if choisi else ""))
    demande = request.args.get("v")
    response.headers["Cache-Control"] = UN_AN if demande == fichier.empreinte[:12] else "no-cache"
    return response
