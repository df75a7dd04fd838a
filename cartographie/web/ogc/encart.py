"""`/oembed` in the same document: how a page of the site is embedded elsewhere."""

from __future__ import annotations

from typing import Any

from cartographie.web.oembed import PIXELS_MAX, URL_MAX
from cartographie.web.ogc.operations import (
    incomprise,
    introuvable,
    operation,
    parametre,
    refus,
    reponse,
)
from cartographie.web.ogc.reponses import JSON
from cartographie.web.ogc.schemas import ENTIER, TEXTE, Schema, objet, un_de

PIXELS: Schema = {"type": "integer", "minimum": 1, "maximum": PIXELS_MAX}
ENCART = objet(
    {
        "version": un_de(("1.0",)),
        "type": un_de(("rich",)),
        "provider_name": TEXTE,
        "provider_url": TEXTE,
        "title": TEXTE,
        "width": ENTIER,
        "height": ENTIER,
        "html": TEXTE,
    }
)


def chemin_oembed(base: str) -> dict[str, Any]:
    """Its path, below `base`. 404 is any page but ours, 501 any format but JSON: oEmbed says so."""
    url = parametre(
        "url",
        "La page à intégrer : l’accueil et ses filtres, une fiche ou la carte intégrée.",
        {"type": "string", "maxLength": URL_MAX},
    )
    parametres = [
        {**url, "required": True, "example": f"{base}/"},
        parametre("maxwidth", "La largeur dont on dispose, en pixels.", PIXELS),
        parametre("maxheight", "La hauteur dont on dispose, en pixels.", PIXELS),
        parametre("format", "Le format de la réponse.", un_de(("json",))),
    ]
    reponses = (
        reponse(JSON, ENCART)
        | incomprise()
        | introuvable()
        | refus("501", "Un autre format que JSON n’est pas servi.")
    )
    titre = "Intégrer une page du site (oEmbed 1.0)"
    return {
        "/oembed": {
            "servers": [{"url": base}],
            "get": operation("site", titre, parametres, reponses),
        }
    }
