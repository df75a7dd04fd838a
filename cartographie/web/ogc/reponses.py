"""Representations: JSON or HTML as asked, absolute links between them, what a feature looks like.

No answer has a `timeStamp`: the standard lets it out, and the same records give the same bytes,
hence the same ETag. The time of an answer is in its `Date`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import shapely
from flask import Response, render_template, request, url_for
from shapely.geometry import mapping

from cartographie.web.api import json_response
from cartographie.web.ogc.parametres import lire_f
from cartographie.web.ogc.valeurs import Collection, Objet, Page, Question
from cartographie.web.site import site

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
JSON = "application/json"
GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html"
LICENCE = {
    "href": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "rel": "license",
    "type": HTML,
    "title": "Licence Ouverte 2.0",
}
Document = dict[str, Any]
Liens = list[dict[str, str]]


def base() -> str:
    """The public address of the site, without a final slash."""
    return site().settings.url_publique or request.host_url.rstrip("/")


def lien(rel: str, type_: str, titre: str, endpoint: str, **valeurs: str) -> dict[str, str]:
    """A link to a page of ours, by its absolute address."""
    href = base() + url_for(f"ogc.{endpoint}", **valeurs)  # type: ignore[arg-type]
    return {"href": href, "rel": rel, "type": type_, "title": titre}


def liens_de_soi(mime: str) -> Liens:
    """This very answer, and the other form of it."""
    ici = {nom: valeur for nom, valeur in request.args.items() if nom != "f"}
    voulue = forme_voulue()
    formes = {"json": (mime, "En JSON"), "html": (HTML, "En page web")}
    autre = "html" if voulue == "json" else "json"
    liens = []
    for rel, forme, champs in (
        ("self", voulue, dict(request.args.items())),
        ("alternate", autre, {**ici, "f": autre}),
    ):
        type_, titre = formes[forme]
        liens.append({"href": adresse(champs), "rel": rel, "type": type_, "title": titre})
    return liens


def adresse(args: Mapping[str, str]) -> str:
    """This page asked with other parameters."""
    suite = urlencode(args)
    return f"{base()}{request.path}{'?' if suite else ''}{suite}"


def liens_de_page(question: Question, page: Page) -> Liens:
    """The page after, the page before, where there is one."""
    args = dict(request.args.items())
    liens: Liens = []
    bouts = (
        ("next", "Page suivante", question.offset + question.limit),
        ("prev", "Page précédente", max(question.offset - question.limit, 0)),
    )
    for rel, titre, offset in bouts:
        if (rel == "next" and offset < page.total) or (rel == "prev" and question.offset > 0):
            champs = {**args, "limit": str(question.limit), "offset": str(offset)}
            type_ = GEOJSON if forme_voulue() == "json" else HTML
            liens.append({"href": adresse(champs), "rel": rel, "type": type_, "title": titre})
    return liens


def forme_voulue() -> str:
    """`json` or `html`: by the parameter `f`, else by what is accepted. Raises ParametreError."""
    demandee = lire_f(request.args.get("f"))
    if demandee:
        return demandee
    accepte = request.accept_mimetypes
    programmes = max(accepte.quality(mime) for mime in (JSON, GEOJSON, OPENAPI.partition(";")[0]))
    return "html" if accepte.quality(HTML) > programmes else "json"


def rendre(document: Document, modele: str, mime: str = JSON, **contexte: object) -> Response:
    """The same answer in the form that is asked for."""
    if forme_voulue() == "html":
        page = render_template(f"ogc/{modele}.html", document=document, **contexte)
        response = Response(page, content_type="text/html; charset=utf-8")
    else:
        response = json_response(document)
        response.content_type = mime
    response.vary.add("Accept")
    return response


def build_feature(objet: Objet) -> Document:
    """A feature as GeoJSON (RFC 7946), longitude first."""
    geometrie = objet.geometrie
    return {
        "type": "Feature",
        "id": objet.id,
        "geometry": None if geometrie is None else mapping(geometrie),
        "properties": dict(objet.proprietes),
    }


def build_collection(collection: Collection, objets: Sequence[Objet]) -> Document:
    """What is said of a collection: its extent is that of its published features."""
    etendue: Document = {"spatial": {"bbox": [_boite(objets)], "crs": CRS84}}
    dates = [objet.dates for objet in objets if objet.dates]
    if dates:
        bornes = min(debut for debut, _ in dates), max(fin for _, fin in dates)
        interval = [[borne.strftime("%Y-%m-%dT%H:%M:%SZ") for borne in bornes]]
        etendue["temporal"] = {"interval": interval}
    return {
        "id": collection.id,
        "title": collection.titre,
        "description": collection.description,
        "extent": etendue,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            lien("items", GEOJSON, "Objets en GeoJSON", "objets", collection=collection.id),
            lien("items", HTML, "Objets en page web", "objets", collection=collection.id, f="html"),
            LICENCE,
        ],
    }


def _boite(objets: Sequence[Objet]) -> list[float]:
    """West, south, east, north of what has a geometry; of the whole world when nothing has."""
    surfaces = [objet.geometrie for objet in objets if objet.geometrie is not None]
    if not surfaces:
        return [-180.0, -90.0, 180.0, 90.0]
    return [float(borne) for borne in shapely.total_bounds(surfaces)]
