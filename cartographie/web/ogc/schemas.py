"""JSON schemas (OpenAPI 3.0) of what is published: one for each kind of value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cartographie.acteurs import (
    ContactKind,
    ImplantationKind,
    Origine,
    Precision,
    Role,
    Trivalent,
    Visibilite,
)

Schema = dict[str, Any]

TEXTE: Schema = {"type": "string"}
ENTIER: Schema = {"type": "integer"}
BOOLEEN: Schema = {"type": "boolean"}
DEGRES: Schema = {"type": "number", "minimum": -180, "maximum": 180}
JOUR: Schema = {"type": "string", "format": "date"}
JOUR_OU_RIEN: Schema = {**JOUR, "nullable": True}
LISTE: Schema = {"type": "array", "items": TEXTE}
TRIVALENT: Schema = {"type": "string", "enum": [valeur.value for valeur in Trivalent]}


def objet(champs: Mapping[str, Schema], **reste: object) -> Schema:
    """An object that has these fields, all of them and no other."""
    return {
        "type": "object",
        "required": list(champs),
        "properties": dict(champs),
        "additionalProperties": False,
        **reste,
    }


def liste(element: Schema) -> Schema:
    """A list of such elements."""
    return {"type": "array", "items": element}


def un_de(codes: object) -> Schema:
    """One of the codes of an enumeration."""
    return {"type": "string", "enum": [str(code) for code in codes]}  # type: ignore[attr-defined]


def ou_rien(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "nullable": True}


FERMETURES = liste(objet({"debut": JOUR, "fin": JOUR, "motif": TEXTE}))
IMPLANTATIONS = liste(
    objet(
        {
            "kind": un_de(ImplantationKind),
            "libelle": TEXTE,
            "longitude": DEGRES,
            "latitude": DEGRES,
            "precision": un_de(Precision),
            "adresse": TEXTE,
            "code_postal": TEXTE,
            "commune": TEXTE,
            "code_insee": TEXTE,
            "code_epci": TEXTE,
            "source": TEXTE,
            "horaires": TEXTE,
            "horaires_date": TEXTE,
            "fermetures": FERMETURES,
            "telephone": TEXTE,
        }
    )
)
CONTACTS = liste(
    objet(
        {
            "kind": un_de(ContactKind),
            "valeur": TEXTE,
            "libelle": TEXTE,
            "horaires": TEXTE,
            "visibilite": un_de(Visibilite),
        }
    )
)
PARTICIPATIONS = liste(
    objet(
        {
            "periode": TEXTE,
            "objectif": ENTIER,
            "role": un_de(Role),
            "origine": un_de(Origine),
            "action": TEXTE,
            "source": TEXTE,
        }
    )
)
TERRITOIRE = ou_rien(objet({"communes": LISTE, "epci": LISTE, "departement": BOOLEEN}))
ACTIONS = liste(
    objet(
        {
            "id": TEXTE,
            "libelle": TEXTE,
            "indicateur": TEXTE,
            "debut": ENTIER,
            "fin": ENTIER,
            "pilotes": LISTE,
        }
    )
)

POSITION: Schema = {
    "type": "array",
    "items": {"type": "number"},
    "minItems": 2,
    "maxItems": 2,
    "description": "Longitude, latitude, en degrés (CRS84).",
}


def _geometrie(type_: str, coordonnees: Schema) -> Schema:
    return objet({"type": un_de((type_,)), "coordinates": coordonnees})


GEOMETRIE: Schema = {
    "nullable": True,
    "oneOf": [
        _geometrie("Point", POSITION),
        _geometrie("MultiPoint", liste(POSITION)),
        _geometrie("Polygon", liste(liste(POSITION))),
        _geometrie("MultiPolygon", liste(liste(liste(POSITION)))),
    ],
}
LIEN = {
    "type": "object",
    "required": ["href", "rel", "type", "title"],
    "properties": {"href": TEXTE, "rel": TEXTE, "type": TEXTE, "title": TEXTE},
    "additionalProperties": False,
}
LIENS = liste(LIEN)
BOITE: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
ETENDUE = {
    "type": "object",
    "required": ["spatial"],
    "additionalProperties": False,
    "properties": {
        "spatial": objet({"bbox": liste(BOITE), "crs": TEXTE}),
        "temporal": objet(
            {"interval": liste(liste(ou_rien({"type": "string", "format": "date-time"})))}
        ),
    },
}
COLLECTION = objet(
    {
        "id": TEXTE,
        "title": TEXTE,
        "description": TEXTE,
        "extent": ETENDUE,
        "itemType": un_de(("feature",)),
        "crs": LISTE,
        "links": LIENS,
    }
)
ERREUR = {
    "type": "object",
    "required": ["erreur"],
    "properties": {
        "erreur": {"type": "string", "description": "Une phrase qui dit ce qui ne va pas."},
        "parametre": TEXTE,
        "proches": LISTE,
    },
    "additionalProperties": False,
}
