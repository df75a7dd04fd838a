"""OGC API – Features 1.0 under `/ogc`: published records, communes and objectives for GIS.

Each view translates: parameters, one selection, one representation. Everything comes from Fiches
and embedded data; absent and hidden are the same answer.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from cartographie.errors import IntrouvableError
from cartographie.web.ogc.collections import ABSENT, collections, find_collection
from cartographie.web.ogc.openapi import build_openapi
from cartographie.web.ogc.parametres import lire_dits, lire_question
from cartographie.web.ogc.reponses import (
    GEOJSON,
    HTML,
    JSON,
    LICENCE,
    OPENAPI,
    Document,
    base,
    build_collection,
    build_feature,
    lien,
    liens_de_page,
    liens_de_soi,
    rendre,
)
from cartographie.web.ogc.selection import selectionner
from cartographie.web.ogc.valeurs import Collection, Etat
from cartographie.web.site import catalogue, site

# Only what a test proves, with readers that nobody here wrote.
CONFORMITE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{classe}"
    for classe in ("core", "oas30", "html", "geojson")
)
TITRE = "Carte des services de l’Isère"
DESCRIPTION = (
    "Les services publiés de l’annuaire, leurs territoires, les communes et les objectifs du "
    "protocole, pour les systèmes d’information géographique."
)

blueprint = Blueprint("ogc", __name__)


@blueprint.get("/ogc", strict_slashes=False)
def accueil() -> Response:
    """Where everything starts."""
    lire_dits(request.args.to_dict(flat=False), ("f",))
    document: Document = {
        "title": TITRE,
        "description": DESCRIPTION,
        "links": [
            *liens_de_soi(JSON),
            lien("service-desc", OPENAPI, "Définition de l’API (OpenAPI)", "api", f="json"),
            lien("service-doc", HTML, "Documentation de l’API", "api", f="html"),
            lien("conformance", JSON, "Normes respectées", "conformite"),
            lien("data", JSON, "Collections", "liste"),
            LICENCE,
        ],
    }
    return rendre(document, "accueil", resumes=collections(site().referentiel))


@blueprint.get("/ogc/conformance")
def conformite() -> Response:
    """The classes of the standard that are held."""
    lire_dits(request.args.to_dict(flat=False), ("f",))
    # `conformsTo` is all that the standard has here.
    return rendre({"conformsTo": list(CONFORMITE)}, "conformite", liens=liens_de_soi(JSON))


@blueprint.get("/ogc/api")
def api() -> Response:
    """The definition of the API and of the site's other public files."""
    lire_dits(request.args.to_dict(flat=False), ("f",))
    document = build_openapi(site().referentiel, base(), TITRE, DESCRIPTION)
    return rendre(document, "api", OPENAPI, liens=liens_de_soi(OPENAPI))


@blueprint.get("/ogc/collections")
def liste() -> Response:
    """Every collection."""
    lire_dits(request.args.to_dict(flat=False), ("f",))
    decrites = [_decrire(une) for une in collections(site().referentiel)]
    return rendre({"links": liens_de_soi(JSON), "collections": decrites}, "collections")


@blueprint.get("/ogc/collections/<collection>")
def collection(collection: str) -> Response:
    """One collection."""
    choisie = find_collection(collection, site().referentiel)
    lire_dits(request.args.to_dict(flat=False), ("f",))
    document = _decrire(choisie)
    document["links"] = [*liens_de_soi(JSON), *document["links"]]
    return rendre(document, "collection", collection=choisie)


@blueprint.get("/ogc/collections/<collection>/items")
def objets(collection: str) -> Response:
    """The features of a collection that answer a question, a page at a time."""
    choisie = find_collection(collection, site().referentiel)
    question = lire_question(request.args.to_dict(flat=False), choisie, site().referentiel)
    page = selectionner(choisie, question, etat())
    document: Document = {
        "type": "FeatureCollection",
        "numberMatched": page.total,
        "numberReturned": len(page.objets),
        "links": [*liens_de_soi(GEOJSON), *liens_de_page(question, page), _vers(choisie)],
        "features": [build_feature(objet) for objet in page.objets],
    }
    return rendre(document, "objets", GEOJSON, collection=choisie, question=question)


@blueprint.get("/ogc/collections/<collection>/items/<objet>")
def un_objet(collection: str, objet: str) -> Response:
    """One feature. Absent and hidden are the same 404."""
    choisie = find_collection(collection, site().referentiel)
    lire_dits(request.args.to_dict(flat=False), ("f",))
    trouve = next((un for un in choisie.objets(etat()) if un.id == objet), None)
    if trouve is None:
        raise IntrouvableError(ABSENT)
    document = build_feature(trouve)
    document["links"] = [*liens_de_soi(GEOJSON), _vers(choisie)]
    return rendre(document, "objet", GEOJSON, collection=choisie)


def etat() -> Etat:
    """What is published now."""
    publie = catalogue()
    return Etat(publie, site().referentiel, site().periode_courante())


def _decrire(collection: Collection) -> Document:
    return build_collection(collection, collection.objets(etat()))


def _vers(collection: Collection) -> dict[str, str]:
    return lien("collection", JSON, collection.titre, "collection", collection=collection.id)
