"""One table from errors to statuses, one sentence whether it is read as a page or as JSON."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping

from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Reponse

from cartographie.errors import (
    CartographieError,
    ConflitError,
    DroitError,
    EcritureImpossible,
    GeocodageError,
    ImpressionError,
    IntrouvableError,
    ParametreError,
    SaisieError,
    SauvegardeError,
    TuileIndisponible,
)
from cartographie.web.security import en_gestion

# The first class that fits decides.
STATUTS: tuple[tuple[type[CartographieError], int], ...] = (
    (ParametreError, 400),
    (SaisieError, 422),
    (IntrouvableError, 404),
    (DroitError, 403),
    (ConflitError, 409),
    (EcritureImpossible, 503),
    (GeocodageError, 503),
    (TuileIndisponible, 503),
    (ImpressionError, 503),
    (SauvegardeError, 500),
    (CartographieError, 500),
)

TITRES: Mapping[int, str] = {
    400: "Demande incomprise",
    403: "Demande refusée",
    404: "Page introuvable",
    405: "Demande impossible ici",
    409: "La fiche a changé",
    413: "Demande trop longue",
    415: "Format non reconnu",
    422: "Saisie à corriger",
    500: "Une erreur est survenue",
    503: "Réessayez dans un instant",
}

PHRASES: Mapping[int, str] = {
    400: "Cette demande n’a pas pu être comprise.",
    403: "Cette demande vient d’un autre site : elle a été refusée.",
    404: "Cette page n’existe pas, ou n’existe plus.",
    405: "Cette adresse ne répond pas à ce type de demande.",
    413: "Cette demande est trop longue : raccourcissez-la.",
    415: "Ce format n’est pas accepté ici.",
    500: "Une erreur est survenue de notre côté. Réessayez, ou appelez l’un des numéros ci-dessus.",
    503: "Le service est momentanément indisponible. Réessayez dans un instant.",
}

BUG_EN_GESTION = (
    "Une erreur est survenue de notre côté, et rien n’a été enregistré. Revenez par "
    "« Précédent » : votre saisie y est encore. Réessayez dans un instant."
)

CHEMINS_JSON = ("/proches", "/communes", "/oembed")
SUFFIXES_JSON = (".json", ".geojson")
# GIS ask here; a page only when it is asked for.
OGC = "/ogc"


def init_app(app: Flask) -> None:
    """Handle our errors, those of HTTP, and bugs."""
    app.register_error_handler(CartographieError, handle_domain)
    app.register_error_handler(HTTPException, handle_http)
    app.register_error_handler(Exception, handle_bug)


def statut(erreur: CartographieError) -> int:
    """The status of an error of the domain."""
    return next(code for classe, code in STATUTS if isinstance(erreur, classe))


def handle_domain(erreur: CartographieError) -> Response:
    """Say what happened in the words of the error itself."""
    code = statut(erreur)
    if isinstance(erreur, ParametreError):
        return repondre(code, str(erreur), erreur.parametre, erreur.proches)
    return repondre(code, PHRASES[500] if code == 500 else str(erreur))


def handle_http(erreur: HTTPException) -> Reponse:
    """Say it in French; the headers that HTTP asks for (`Allow`, `Location`…) are kept."""
    if erreur.code is None or erreur.code < 400:
        return erreur.get_response()
    code = 413 if erreur.code in {414, 431} else erreur.code
    response = repondre(code, PHRASES.get(code, PHRASES[400 if code < 500 else 500]))
    for nom, valeur in erreur.get_headers():
        if nom.lower() not in {"content-type", "content-length"}:
            response.headers[nom] = valeur
    return response


def handle_bug(erreur: Exception) -> Response:
    """Log where it broke, and nothing of what was asked: the words of an exception may hold it."""
    pile = "".join(traceback.format_tb(erreur.__traceback__))
    regle = request.url_rule.rule if request.url_rule else "?"
    compte = g.get("compte")
    qui = f"compte {compte.id}" if compte else "sans compte"
    nom = type(erreur).__name__
    current_app.logger.error("%s %s, %s : %s\n%s", request.method, regle, qui, nom, pile)
    return repondre(500, BUG_EN_GESTION if en_gestion() else PHRASES[500])


def repondre(
    code: int, phrase: str, parametre: str = "", proches: tuple[str, ...] = ()
) -> Response:
    """The same sentence as JSON or as a page."""
    if veut_json():
        corps: dict[str, object] = {"erreur": phrase}
        if parametre:
            corps |= {"parametre": parametre, "proches": list(proches)}
        texte = json.dumps(corps, ensure_ascii=False, separators=(",", ":"))
        response = Response(texte, code, content_type="application/json")
    else:
        titre = TITRES.get(code, TITRES[400 if code < 500 else 500])
        modele = "gestion/erreur.html" if en_gestion() else "erreur.html"
        page = render_template(modele, titre=titre, phrase=phrase, proches=proches)
        response = Response(page, code, content_type="text/html; charset=utf-8")
    response.vary.add("Accept")
    return response


def veut_json() -> bool:
    """Whether whoever asks is a program: by the address, else by what it says it accepts."""
    if request.path in CHEMINS_JSON or request.path.endswith(SUFFIXES_JSON):
        return True
    accepte = request.accept_mimetypes
    if request.path == OGC or request.path.startswith(f"{OGC}/"):
        html = accepte.quality("text/html") > accepte.quality("application/json")
        return request.args.get("f", "html" if html else "json") != "html"
    return accepte.quality("application/json") > accepte.quality("text/html")
