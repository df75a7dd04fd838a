"""What is asked of a collection → the features that answer, in order. A pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cartographie.catalogue import Catalogue
from cartographie.communes import Lieu
from cartographie.web.ogc.valeurs import Collection, Etat, Intervalle, Objet, Page, Question

# What is added to a feature when a distance is asked for.
SANS_DISTANCE: Mapping[str, None] = {"distance_m": None, "distance_precision": None}


def selectionner(collection: Collection, question: Question, etat: Etat) -> Page:
    """The features asked for, ordered by id, or by distance then id when one is asked for."""
    objets = [
        objet
        for objet in collection.objets(etat)
        if all(objet.vaut(nom, valeur) for nom, valeur in question.filtres.items())
        and en_meme_temps(objet, question.intervalle)
    ]
    if question.bbox is not None:
        objets = dans(objets, question.bbox)
    if question.depuis is not None:
        objets = rapprocher(objets, question.depuis, etat.catalogue)
    fin = question.offset + question.limit
    return Page(tuple(objets[question.offset : fin]), len(objets))


def en_meme_temps(objet: Objet, intervalle: Intervalle | None) -> bool:
    """Whether a feature holds at some moment of the interval; without a date it always does."""
    if objet.dates is None or intervalle is None:
        return True
    (premier, dernier), (debut, fin) = objet.dates, intervalle
    return (fin is None or premier <= fin) and (debut is None or dernier >= debut)


def dans(objets: Sequence[Objet], surface: BaseGeometry) -> list[Objet]:
    """Features that touch a surface, and those without geometry: the standard asks for both."""
    geometries = np.array([objet.geometrie for objet in objets], dtype=object)
    shapely.prepare(surface)
    touches = shapely.intersects(surface, geometries) | shapely.is_missing(geometries)
    return [objet for objet, touche in zip(objets, touches, strict=True) if touche]


def rapprocher(objets: Sequence[Objet], depuis: Lieu, catalogue: Catalogue) -> list[Objet]:
    """Add to each acteur the distance of its nearest door in metres; nearest first, ties by id.

    What has no door has no distance, and comes last; so does everything when the place is too far
    from Isère to have coordinates here.
    """
    if depuis.longitude is None or depuis.latitude is None:
        return [_avec(objet, SANS_DISTANCE) for objet in objets]
    portes = catalogue.portes_depuis(depuis.longitude, depuis.latitude)
    loin = [
        _avec(objet, SANS_DISTANCE)
        if objet.id not in portes
        else _avec(
            objet,
            {
                "distance_m": portes[objet.id][0].distance_m,
                "distance_precision": portes[objet.id][0].implantation.localisation.precision.value,
            },
        )
        for objet in objets
    ]
    return sorted(loin, key=_ordre)


def _ordre(objet: Objet) -> tuple[bool, int, str]:
    distance = objet.proprietes["distance_m"]
    return distance is None, distance or 0, objet.id


def _avec(objet: Objet, champs: Mapping[str, object]) -> Objet:
    return replace(objet, proprietes={**objet.proprietes, **champs})
