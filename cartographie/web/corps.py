"""The body of a POST: JSON or a form, as the words of a query string would be; then its place."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import Request

from cartographie.acteurs import Precision
from cartographie.communes import Communes, Lieu
from cartographie.errors import GeocodageError, ParametreError
from cartographie.geocodage import Geocodeur
from cartographie.parametres import Arguments, lire_nombre, lire_texte
from cartographie.web.site import Site

ADRESSE_MAX = 300


def lire_corps(request: Request) -> dict[str, list[str]]:
    """Every field as a list of texts. Raises ParametreError when the body has no such shape."""
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return request.form.to_dict(flat=False)
    corps = request.get_data(cache=False)
    if not corps:
        return {}
    try:
        valeur = json.loads(corps)
    except (ValueError, RecursionError) as erreur:
        raise ParametreError(
            "", "", "Le corps de la demande n’est pas du JSON lisible."
        ) from erreur
    if not isinstance(valeur, dict):
        raise ParametreError("", "", "Le corps de la demande doit être un objet JSON.")
    return {nom: _textes(nom, element) for nom, element in valeur.items() if element is not None}


def _textes(nom: str, valeur: Any) -> list[str]:  # noqa: ANN401
    elements = valeur if isinstance(valeur, list) else [valeur]
    return [_texte(nom, element) for element in elements]


def _texte(nom: str, valeur: Any) -> str:  # noqa: ANN401
    if isinstance(valeur, bool):
        return "1" if valeur else "0"
    if isinstance(valeur, str | int | float):
        # A lone surrogate is legal in JSON and nowhere else.
        return str(valeur).encode("utf-8", "replace").decode()
    raise ParametreError(nom[:60], "", "On attend un texte ou un nombre.")


def lieu_du_corps(args: Arguments, site: Site) -> Lieu | None:
    """The place posted: a position, else an address; None when only `lieu` is there, or nothing.

    Without `CARTO_GEOCODEUR_RECHERCHE` an address is worth the commune found in its text.
    """
    latitude, longitude = lire_texte(args, "latitude"), lire_texte(args, "longitude")
    if latitude or longitude:
        return site.referentiel.communes.position(
            lire_nombre("longitude", longitude), lire_nombre("latitude", latitude)
        )
    adresse = (args.get("adresse") or [""])[-1].strip()
    if not adresse:
        return None
    if len(adresse) > ADRESSE_MAX:
        message = f"C’est trop long : {ADRESSE_MAX} caractères au plus."
        raise ParametreError("adresse", "", message)
    communes = site.referentiel.communes
    try:
        lieu = communes.adresse(adresse) or communes.lieu(adresse)
    except ParametreError as erreur:
        raise ParametreError("adresse", "", str(erreur), erreur.proches) from erreur
    return _preciser(lieu, adresse, site.geocodeur)


def _preciser(lieu: Lieu, adresse: str, geocodeur: Geocodeur | None) -> Lieu:
    """The door of an address when a geocoder may be asked and knows it; else its commune."""
    if geocodeur is None or not lieu.code_insee:
        return lieu
    try:
        localisation = geocodeur.geocoder(adresse, "", "", lieu.code_insee)
    except GeocodageError:
        return lieu
    if localisation.precision is not Precision.ADRESSE:
        return lieu
    return replace(lieu, longitude=localisation.longitude, latitude=localisation.latitude)


def est_exact(lieu: Lieu, communes: Communes) -> bool:
    """Whether a place is more than its commune: a position, or the door of an address."""
    commune = communes.insee(lieu.code_insee)
    ici = (lieu.longitude, lieu.latitude)
    return commune is not None and ici != (commune.longitude, commune.latitude)
