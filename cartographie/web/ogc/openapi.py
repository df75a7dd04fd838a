"""The OpenAPI 3.0 document, made of the tables that answers are made of: they cannot differ.

Its own addresses are below `/ogc`, as GIS expect; those of the rest of the site name their server.
"""

from __future__ import annotations

from typing import Any

from cartographie.referentiel import Referentiel
from cartographie.web.ogc import parametres, schemas
from cartographie.web.ogc.ailleurs import chemins_ailleurs
from cartographie.web.ogc.collections import collections
from cartographie.web.ogc.encart import chemin_oembed
from cartographie.web.ogc.operations import incomprise, introuvable, operation, parametre, reponse
from cartographie.web.ogc.reponses import GEOJSON, JSON, OPENAPI
from cartographie.web.ogc.schemas import ENTIER, LIENS, TEXTE, Schema, liste, objet, un_de
from cartographie.web.ogc.valeurs import Collection, Propriete

Document = dict[str, Any]

DISTANCE = {
    "distance_m": {
        "type": "integer",
        "nullable": True,
        "description": "Mètres à vol d’oiseau jusqu’au lieu le plus proche.",
    },
    "distance_precision": {
        "type": "string",
        "nullable": True,
        "description": "Ce que vaut le point de ce lieu : une porte seulement avec « adresse ».",
    },
}
F = parametre("f", "La forme voulue ; sans lui, l’en-tête Accept décide.", un_de(parametres.FORMES))


def build_openapi(referentiel: Referentiel, base: str, titre: str, description: str) -> Document:
    """The whole document; `base` is the public address of the site."""
    toutes = collections(referentiel)
    chemins = _chemins(toutes) | chemins_ailleurs(referentiel, base) | chemin_oembed(base)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": titre,
            "version": "1.0.0",
            "description": description,
            "license": {
                "name": "Licence Ouverte 2.0",
                "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            },
        },
        "servers": [{"url": f"{base}/ogc"}],
        "tags": [
            {"name": "ogc", "description": "OGC API – Features 1.0"},
            {"name": "site", "description": "Les autres fichiers publics du site"},
        ],
        "paths": chemins,
        "components": {
            "schemas": {
                "Erreur": schemas.ERREUR,
                "Liens": LIENS,
                "Geometrie": schemas.GEOMETRIE,
                "Collection": schemas.COLLECTION,
            }
        },
    }


def _chemins(toutes: tuple[Collection, ...]) -> Document:
    codes = un_de(collection.id for collection in toutes)
    une = parametre("collectionId", "Une collection.", codes, dans="path")
    un = parametre("featureId", "L’identifiant d’un objet.", TEXTE, dans="path")
    vers = {"$ref": "#/components/schemas/Liens"}
    pages = {
        "": (
            "Page d’accueil de l’API",
            objet({"title": TEXTE, "description": TEXTE, "links": vers}),
        ),
        "/conformance": ("Normes respectées", objet({"conformsTo": schemas.LISTE})),
        "/collections": (
            "Les collections",
            objet(
                {"links": vers, "collections": liste({"$ref": "#/components/schemas/Collection"})}
            ),
        ),
    }
    return {
        **{
            chemin or "/": {"get": _page(titre, JSON, schema)}
            for chemin, (titre, schema) in pages.items()
        },
        "/api": {"get": _page("Cette définition", OPENAPI, {"type": "object"})},
        "/collections/{collectionId}": {
            "get": _page("Une collection", JSON, {"$ref": "#/components/schemas/Collection"}, une)
        },
        **{f"/collections/{une.id}/items": {"get": _objets(une)} for une in toutes},
        "/collections/{collectionId}/items/{featureId}": {
            "get": _page("Un objet", GEOJSON, _feature({"type": "object"}, links=vers), une, un)
        },
    }


def _page(titre: str, mime: str, schema: Schema, *arguments: Schema) -> Document:
    erreurs = incomprise() | (introuvable() if arguments else {})
    return operation("ogc", titre, [F, *arguments], reponse(mime, schema, html=True) | erreurs)


def _objets(collection: Collection) -> Document:
    champs = {un.nom: {**un.schema, "description": un.description} for un in collection.proprietes}
    proprietes = objet(champs)
    if collection.proche:
        proprietes["properties"] |= DISTANCE
    contenu = objet(
        {
            "type": un_de(("FeatureCollection",)),
            "numberMatched": {**ENTIER, "minimum": 0},
            "numberReturned": {**ENTIER, "minimum": 0},
            "links": {"$ref": "#/components/schemas/Liens"},
            "features": liste(_feature(proprietes)),
        }
    )
    arguments = [F, *_communs(), *(_proches() if collection.proche else ())]
    arguments += [_filtre(propriete) for propriete in collection.filtres]
    return operation(
        "ogc",
        f"{collection.titre} : les objets",
        arguments,
        reponse(GEOJSON, contenu, html=True) | incomprise(),
    )


def _feature(proprietes: Schema, **champs: Schema) -> Schema:
    return objet(
        {
            "type": un_de(("Feature",)),
            "id": TEXTE,
            "geometry": {"$ref": "#/components/schemas/Geometrie"},
            "properties": proprietes,
            **champs,
        }
    )


def _communs() -> tuple[Schema, ...]:
    nombres = {"type": "array", "items": {"type": "number"}}
    return (
        parametre(
            "limit",
            f"Combien d’objets au plus. Au-delà de {parametres.LIMITE_MAX}, ce maximum est rendu.",
            {
                "type": "integer",
                "minimum": 1,
                "maximum": parametres.LIMITE_MAX,
                "default": parametres.LIMITE_PAR_DEFAUT,
            },
        ),
        parametre(
            "offset",
            "Combien d’objets laisser de côté d’abord. Suivez plutôt les liens « next ».",
            {"type": "integer", "minimum": 0, "maximum": parametres.OFFSET_MAX, "default": 0},
        ),
        parametre(
            "bbox",
            "Ouest, sud, est, nord, en degrés (CRS84) ; ou six nombres avec les altitudes, qui ne "
            "comptent pas. Les objets sans géométrie sont rendus aussi.",
            {
                **nombres,
                "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            },
            explode=False,
        ),
        parametre(
            "datetime",
            "Un instant (RFC 3339), un jour, ou début/fin ; un côté peut être « .. » ou vide. "
            "Les objets sans date sont rendus aussi.",
            {"type": "string", "pattern": parametres.DATETIME},
            explode=False,
        ),
    )


def _proches() -> tuple[Schema, ...]:
    return (
        parametre(
            "depuis",
            "Extension. Longitude,latitude, avec deux décimales au plus (un kilomètre) : ajoute "
            "« distance_m » et range du plus proche au plus lointain. Une position plus précise se "
            "donne par POST à /proches.",
            {"type": "string", "pattern": parametres.DEPUIS},
        ),
        parametre(
            "lieu",
            "Extension. De même, depuis une commune, un code postal ou un code INSEE.",
            {"type": "string", "minLength": 1, "maxLength": 120},
        ),
    )


def _filtre(propriete: Propriete) -> Schema:
    """A property as a parameter: its one value, as it is written in an address."""
    type_ = propriete.schema["type"] if propriete.schema["type"] != "array" else "string"
    schema: Schema = {"type": type_}
    if propriete.valeurs and type_ == "string":
        schema["enum"] = [str(valeur) for valeur in propriete.valeurs]
    if propriete.motif and type_ == "string":
        schema["pattern"] = f"^{propriete.motif}$"
    if type_ == "integer":
        schema |= {"minimum": 0, "maximum": 9_999}
    return parametre(propriete.nom, f"{propriete.description} : cette valeur, exactement.", schema)
