"""GeoJSON (RFC 7946: longitude before latitude, EPSG:4326), one feature per acteur.

`write` gives the public fields of Fiches; `write_complet` gives whole records and is what `read`
takes. The geometry is drawn from the doors and the territoire: it is written, never read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry import mapping

from cartographie.acteurs import Fiche, Implantation, Saisie, Territoire
from cartographie.communes import Communes
from cartographie.echanges import proteger_tiret
from cartographie.echanges.lecture.geojson import read
from cartographie.serialisation import to_dict, to_json

__all__ = ["RESEAUX", "proprietes", "read", "surface", "write", "write_complet"]

DECIMALES = 6
# Types whose records are networks: without a door they are drawn as their territoire.
RESEAUX = frozenset({"CISPD"})


def write(fiches: Iterable[Fiche], communes: Communes) -> bytes:
    """Write public records, sorted by slug: the same records give the same bytes."""
    return _collection([_feature(fiche, proprietes(fiche), communes) for fiche in fiches])


def write_complet(saisies: Iterable[Saisie], communes: Communes) -> bytes:
    """Write whole records, sorted by slug, losing nothing: not for the public."""
    return _collection([_feature(saisie, _complet(saisie), communes) for saisie in saisies])


def proprietes(fiche: Fiche) -> dict[str, Any]:
    """Everything that is public of a record, as JSON values; its porteur by its slug."""
    publiques: dict[str, Any] = to_json(fiche)
    publiques["porteur"] = fiche.porteur.slug if fiche.porteur else ""
    return publiques


@lru_cache(maxsize=256)
def surface(territoire: Territoire, communes: Communes) -> MultiPolygon | None:
    """Draw a territoire (degrees, EPSG:4326, longitude first, six decimals); None without surface.

    One order of rings and points whatever made the surface, outer rings anticlockwise.
    """
    entiere = communes.dissolve(territoire)
    if entiere is None:
        return None
    arrondie = shapely.transform(entiere, lambda xy: np.round(xy, DECIMALES))
    tournee: MultiPolygon = shapely.orient_polygons(shapely.normalize(arrondie))
    return tournee


def _complet(saisie: Saisie) -> dict[str, Any]:
    return {nom: proteger_tiret(valeur) for nom, valeur in to_dict(saisie).items()}


def _feature(acteur: Fiche | Saisie, champs: dict[str, Any], communes: Communes) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": acteur.slug,
        "geometry": _geometrie(acteur.type, acteur.implantations, acteur.territoire, communes),
        "properties": champs,
    }


def _geometrie(
    type_: str,
    implantations: tuple[Implantation, ...],
    territoire: Territoire | None,
    communes: Communes,
) -> dict[str, Any] | None:
    if implantations:
        lieu = implantations[0].localisation
        point = [round(lieu.longitude, DECIMALES), round(lieu.latitude, DECIMALES)]
        return {"type": "Point", "coordinates": point}
    if territoire is None or type_ not in RESEAUX:
        return None
    return _surface(territoire, communes)


@lru_cache(maxsize=256)
def _surface(territoire: Territoire, communes: Communes) -> dict[str, Any] | None:
    dessinee = surface(territoire, communes)
    return None if dessinee is None else mapping(dessinee)


def _collection(features: list[dict[str, Any]]) -> bytes:
    triees = sorted(features, key=lambda feature: feature["id"])
    collection = {"type": "FeatureCollection", "features": triees}
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()
