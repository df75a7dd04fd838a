"""Counting: pages where they are rendered, gestures when the script tells them.

    RENDUS   endpoint or path of an export → kind, counted when the page is rendered
    /mesures what only a browser knows (map shown, number dialled, card printed)

A kind has one source, so a page is counted once, with JavaScript or without. Nothing is read of
who asks but what leaves them out: a declared robot, a page fetched before anybody asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Flask, Request, Response, current_app, g, request

from cartographie.compteur import Compteur, make_compteur
from cartographie.recherche import BESOIN_SANS_RECHERCHE, Reponse
from cartographie.suivi import Canal, Cle, Genre
from cartographie.suivi.evenements import DU_SCRIPT, HORS_ISERE, ISOLEMENT_KM
from cartographie.web import memoire
from cartographie.web.site import site

EXTENSION = "mesures"
CORPS_MAX = 1_000
CHAMPS_MAX = 8
ROBOTS = re.compile(
    r"bot\b|bot[/_-]|crawl|spider|slurp|archiver|facebookexternalhit|preview",
    re.IGNORECASE,
)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_MAX = 100
# A name with a dot and no port, never the digits of an address.
HOTE = re.compile(r"(?=.{4,100}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z]")
NAVIGATIONS = frozenset({"document", "iframe", "frame", "empty", ""})

# Endpoints whose rendering is counted, and as what.
RENDUS: Mapping[str, Genre] = {
    "pages.accueil": Genre.RECHERCHE,
    "pages.accueil_post": Genre.RECHERCHE,
    "pages.acteur": Genre.FICHE,
    "api.proches": Genre.RECHERCHE,
    "api.proches_post": Genre.RECHERCHE,
    "integration.carte": Genre.INTEGRATION,
}
EXPORTS = re.compile(
    r"/(?:acteurs\.(?:geojson|csv|xlsx|gpkg)|data-inclusion\.json"
    r"|acteurs/(?P<slug>[^/]+)\.vcf|annuaire(?:\.pdf)?)"
)

blueprint = Blueprint("mesures", __name__)


def init_app(app: Flask) -> None:
    """Count what is rendered, before it is compressed or found unchanged."""
    installation = app.extensions["cartographie"]
    app.extensions[EXTENSION] = make_compteur(
        installation.engine, installation.referentiel, installation.horloge
    )
    app.after_request(compter_rendu)
    memoire.init_app(app, installation, partial(compter, app))


def compteur() -> Compteur:
    """The counts of this process."""
    present: Compteur = current_app.extensions[EXTENSION]
    return present


@blueprint.post("/mesures")
def mesurer() -> Response:
    """Always 204, at the same cost, whatever was sent."""
    cle = None if ignore(request.environ) else lire_evenement(request)
    if cle is not None:
        compteur().add(cle)
    return Response(status=204, content_type="text/plain; charset=utf-8")


def lire_evenement(demande: Request) -> Cle | None:
    """Understand what a script sent: closed words and the shape of a slug; None for the rest."""
    longueur = demande.content_length
    if longueur is None or longueur > CORPS_MAX:
        return None
    try:
        champs = parse_qs(demande.get_data(cache=False).decode("ascii"), max_num_fields=CHAMPS_MAX)
    except ValueError:
        return None
    genre, canal = _premier(champs, "evenement"), _premier(champs, "canal") or Canal.SITE
    acteur = _premier(champs, "acteur")
    if genre not in DU_SCRIPT or canal not in {Canal.SITE, Canal.INTEGRATION}:
        return None
    if acteur and (len(acteur) > SLUG_MAX or not SLUG.fullmatch(acteur)):
        return None
    hote = lire_hote(_premier(champs, "hote")) if canal == Canal.INTEGRATION else ""
    return Cle(_jour(), Genre(genre), Canal(canal), acteur=acteur, hote=hote)


def lire_hote(texte: str) -> str:
    """A host name as it is counted; nothing when it is an address, or no name."""
    nom = texte.strip().lower().rstrip(".")
    return nom if HOTE.fullmatch(nom) and nom != request.host.partition(":")[0] else ""


def compter_rendu(response: Response) -> Response:
    """Count the page that was just rendered for somebody, and tell what giving it again counts."""
    if response.status_code == 200 and request.method in {"GET", "POST"}:
        comptes = _rendus()
        memoire.retenir(response, comptes)
        compter(current_app, comptes, request.environ)
    return response


def compter(app: Flask, comptes: tuple[Cle, ...], environ: Mapping[str, str]) -> None:
    """Count what was given, unless nobody is there to read it."""
    if comptes and not ignore(environ):
        present: Compteur = app.extensions[EXTENSION]
        for cle in comptes:
            present.add(cle)


def _rendus() -> tuple[Cle, ...]:
    export = EXPORTS.fullmatch(request.path)
    if export:
        return (Cle(_jour(), Genre.EXPORT, _canal(), acteur=export["slug"] or ""),)
    genre = RENDUS.get(request.endpoint or "")
    if genre is Genre.FICHE:
        slug = (request.view_args or {}).get("slug", "")
        return (Cle(_jour(), genre, Canal.SITE, acteur=slug),)
    if genre is Genre.INTEGRATION and _opens_a_frame():
        return (Cle(_jour(), genre, Canal.INTEGRATION, hote=_hote()),)
    reponse: Reponse | None = g.get("reponse")
    return _recherche(reponse) if genre and reponse else ()


def _hote() -> str:
    """The site of the page that asks; nothing when it gives none, or writes what is no address."""
    try:
        return lire_hote(urlsplit(request.headers.get("Referer", "")).hostname or "")
    except ValueError:
        return ""


def _opens_a_frame() -> bool:
    """Whether a page has just put our map in itself: not a filter that is asked from inside.

    In a sandbox the map is a stranger to its own site: its requests come from another origin and
    without a referrer. What tells them is who asks: its script, or a press inside the frame.
    """
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return False
    cible = request.headers.get("Sec-Fetch-Dest", "")
    presse = request.headers.get("Sec-Fetch-User") == "?1"
    return cible != "empty" and not (presse and cible in {"iframe", "frame"})


def _recherche(reponse: Reponse) -> tuple[Cle, ...]:
    """A search, and that it found nobody near; not the first page, nor the next ones of one.

    Nor the lines of an answer that its map asks for.
    """
    recherche = reponse.recherche
    suite = recherche.page > 1 or recherche.acteurs
    if suite or (recherche.besoin_par_defaut and recherche.lieu is None):
        return ()
    lieu = recherche.lieu
    epci = "" if lieu is None else (lieu.epci if lieu.dans_isere else HORS_ISERE)
    cle = Cle(
        _jour(),
        Genre.RECHERCHE,
        _canal(),
        besoin="" if recherche.besoin_par_defaut else recherche.besoin,
        epci=epci,
    )
    if lieu is None or not lieu.dans_isere or recherche.besoin == BESOIN_SANS_RECHERCHE:
        return (cle,)
    if reponse.plus_proche_m is not None and reponse.plus_proche_m <= ISOLEMENT_KM * 1_000:
        return (cle,)
    return (cle, replace(cle, genre=Genre.ISOLEMENT))


def _canal() -> Canal:
    """Through what it was asked: our own pages say so; an embedded one does by its endpoint."""
    if request.endpoint == "integration.carte":
        return Canal.INTEGRATION
    ailleurs = request.headers.get("Sec-Fetch-Site") != "same-origin"
    if request.blueprint in {"api", "exports", "ouvertures"} and ailleurs:
        return Canal.API
    return Canal.SITE


def ignore(environ: Mapping[str, str]) -> bool:
    """A declared robot, a page fetched in advance, a picture's or a script's address."""
    if ROBOTS.search(environ.get("HTTP_USER_AGENT", "")):
        return True
    avance = environ.get("HTTP_SEC_PURPOSE", "") + environ.get("HTTP_PURPOSE", "")
    return "prefetch" in avance or environ.get("HTTP_SEC_FETCH_DEST", "") not in NAVIGATIONS


def _premier(champs: Mapping[str, list[str]], nom: str) -> str:
    return champs.get(nom, [""])[0]


def _jour() -> date:
    return site().horloge().date()
