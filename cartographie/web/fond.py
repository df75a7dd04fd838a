"""What the map is made of: its script, the records of a search, the outlines under them.

The script and the outlines change with the software only, so they are built once. `/carte.json`
takes the parameters of `/` and comes from the very answer that the list shows.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, request
from markupsafe import Markup

from cartographie.calques import (
    contours_communes,
    contours_epci,
    enregistrements,
    fond_topologie,
)
from cartographie.cartes import Carte
from cartographie.communes import Communes
from cartographie.errors import IntrouvableError, ParametreError
from cartographie.recherche import Recherche
from cartographie.web.adresses import reduire_adresse
from cartographie.web.api import json_response
from cartographie.web.corps import lieu_du_corps, lire_corps
from cartographie.web.liens import chemin_de
from cartographie.web.points import dessin
from cartographie.web.site import recherche_demandee, reponse_a, site
from cartographie.web.statiques import UN_AN, asset

EXTENSION = "fond"
# What our own map asks for: ranks in the atlas when there are many.
COMPACTE = "compacte"

blueprint = Blueprint("fond", __name__)
blueprint.before_request(reduire_adresse)


@dataclass(frozen=True, slots=True)
class Contours:
    """One GeoJSON that never changes while the process lives: bytes, gzip, digest."""

    corps: bytes
    gzip: bytes
    empreinte: str


# Some 0.1 s each, when it is first asked for.
ECRITS: dict[str, Callable[[Communes], bytes]] = {
    "communes": contours_communes,
    "epci": contours_epci,
    "topologie": fond_topologie,
}


def carte() -> Carte:
    """The map of the present installation: with a base map when it has an upstream."""
    return site().cartes.acteurs


def contours(quoi: str) -> Contours:
    """Outlines of the present installation, by a name of ECRITS: built when first asked for."""
    prepares: dict[str, Contours] = current_app.extensions.setdefault(EXTENSION, {})
    if quoi not in prepares:
        prepares[quoi] = _contours(ECRITS[quoi](site().referentiel.communes))
    return prepares[quoi]


@blueprint.app_context_processor
def fond_de_carte() -> dict[str, Any]:
    """Give templates `carte_html()`, `carte_adresse("script" | "fond")` and `carte_scripts()`."""
    return {
        "carte_html": carte_html,
        "carte_adresse": carte_adresse,
        "carte_scripts": carte_scripts,
    }


def carte_html() -> Markup:
    """The container that folium wrote: constant text of ours, without a word of any record."""
    return Markup(carte().html)  # noqa: S704


def carte_adresse(quoi: str) -> str:
    """Address of a piece of the map by its digest, so that browsers keep it."""
    if quoi == "script":
        return chemin_de("fond.script", empreinte=carte().empreinte)
    return chemin_de("fond.topologie", v=contours("topologie").empreinte[:12])


def carte_scripts() -> tuple[str, str]:
    """What carte.js runs, in this order: Leaflet, then the map that folium wrote on it."""
    return asset("vendor/leaflet/carte.js"), carte_adresse("script")


@blueprint.get("/carte/<empreinte>.js")
def script(empreinte: str) -> Response:
    """The script that folium assembled; another digest is another file, which we do not have."""
    actuelle: Carte = carte()
    if empreinte != actuelle.empreinte:
        raise IntrouvableError("Ce fichier n’existe pas.")
    response = Response(actuelle.script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = UN_AN
    return response


@blueprint.get("/carte.json")
def carte_json() -> Response:
    """Every acteur of a search, whatever the page of the list: what `/` shows, drawn."""
    return _enregistrements(recherche_demandee())


@blueprint.post("/carte.json")
def carte_json_post() -> Response:
    """The same from a position or an address, which the answer does not repeat."""
    args = request.args.to_dict(flat=False) | lire_corps(request)
    response = _enregistrements(recherche_demandee(args, lieu_du_corps(args, site())))
    response.headers["Cache-Control"] = "no-store"
    return response


def _enregistrements(recherche: Recherche) -> Response:
    referentiel = site().referentiel
    forme = request.args.get("forme", "")
    if forme not in ("", COMPACTE):
        message = f"« forme » peut être « {COMPACTE} », ou manquer."
        raise ParametreError("forme", forme[:80], message, (COMPACTE,))
    reponse = reponse_a(recherche)
    if forme:
        return json_response(dessin(reponse))
    return json_response(enregistrements(reponse, referentiel.communes, referentiel.vocabulaire))


@blueprint.get("/communes.topojson")
def topologie() -> Response:
    """The same outlines as the map reads them: each border once."""
    return _servir(contours("topologie"))


@blueprint.get("/communes.geojson")
def communes_geojson() -> Response:
    """Outlines and names of the 512 communes."""
    return _servir(contours("communes"))


@blueprint.get("/epci.geojson")
def epci_geojson() -> Response:
    """Outlines of the EPCI inside Isère."""
    return _servir(contours("epci"))


def _contours(corps: bytes) -> Contours:
    return Contours(corps, gzip.compress(corps, 9, mtime=0), sha256(corps).hexdigest()[:32])


def _servir(contours: Contours) -> Response:
    """Kept for a year when asked by its own digest, else asked again with its ETag."""
    comprime = bool(request.accept_encodings["gzip"])
    corps = contours.gzip if comprime else contours.corps
    response = Response(corps, content_type="application/geo+json")
    if comprime:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(contours.empreinte + ("-gzip" if comprime else ""))
    par_empreinte = request.args.get("v") == contours.empreinte[:12]
    response.headers["Cache-Control"] = UN_AN if par_empreinte else "no-cache"
    return response
