"""Pieces of an OpenAPI document: an operation, a parameter, the answers it may have."""

from __future__ import annotations

from typing import Any

from cartographie.web.ogc.schemas import TEXTE, Schema

Document = dict[str, Any]
HTML = "text/html"
ERREUR = {"$ref": "#/components/schemas/Erreur"}


def operation(
    famille: str, titre: str, parametres: list[Schema], reponses: Document, **reste: object
) -> Document:
    """An operation with its parameters and every status that it may answer."""
    return {
        "tags": [famille],
        "summary": titre,
        "parameters": parametres,
        "responses": reponses,
        **reste,
    }


def parametre(
    nom: str, description: str, schema: Schema, dans: str = "query", **reste: object
) -> Schema:
    """A parameter: in the query unless it is told."""
    requis = {"required": dans == "path"}
    style = {"style": "form", **reste} if reste else {}
    return {"name": nom, "in": dans, "description": description, **requis, **style} | {
        "schema": schema
    }


def reponse(mime: str, schema: Schema, *, html: bool = False) -> Document:
    """What is answered when all is well; as a page too."""
    contenu: Document = {mime: {"schema": schema}}
    if html:
        contenu[HTML] = {"schema": TEXTE}
    return {"200": {"description": "La réponse.", "content": contenu}}


def incomprise() -> Document:
    """What is answered when it cannot be understood, or is too long."""
    return refus("400", "Un paramètre est inconnu, ou sa valeur ne veut rien dire.") | refus(
        "413", "La demande est trop longue."
    )


def introuvable() -> Document:
    """What is answered for what does not exist, or is not published: nothing tells them apart."""
    return refus("404", "Rien de tel n’est publié.")


def refus(statut: str, description: str) -> Document:
    """An answer that is a sentence, in JSON or as a page."""
    contenu = {"application/json": {"schema": ERREUR}, HTML: {"schema": TEXTE}}
    return {statut: {"description": description, "content": contenu}}
