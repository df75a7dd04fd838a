"""A territoire drawn without a script: an outline inside that of Isère, as SVG paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shapely import MultiPolygon, Polygon

from cartographie.acteurs import Territoire
from cartographie.communes import Communes

# West and north of Isère, degrees; one degree of latitude is this many units.
OUEST, NORD = 4.72, 45.90
ECHELLE = 200.0
# A degree of longitude is shorter than one of latitude at 45.3° north.
LARGEUR_DU_DEGRE = 0.703
LARGEUR, HAUTEUR = 232, 246
# About 300 m: less than the width of a line.
FINESSE_DEGRES = 0.003
ISERE = Territoire(departement=True)


@dataclass(frozen=True, slots=True)
class Croquis:
    """Two SVG paths in a box of `largeur` by `hauteur`."""

    isere: str
    territoire: str
    largeur: int = LARGEUR
    hauteur: int = HAUTEUR


def dessiner(territoire: Territoire, communes: Communes) -> Croquis | None:
    """Draw a territoire; None when nothing of it is in Isère."""
    surface = communes.dissolve(territoire)
    return Croquis(_isere(communes), _chemin(surface)) if surface is not None else None


@lru_cache(maxsize=4)
def _isere(communes: Communes) -> str:
    surface = communes.dissolve(ISERE)
    return _chemin(surface) if surface is not None else ""


def _chemin(surface: MultiPolygon) -> str:
    """Write the outer rings; points are longitude, latitude (EPSG:4326)."""
    simple = surface.simplify(FINESSE_DEGRES)
    polygones = simple.geoms if isinstance(simple, MultiPolygon) else (simple,)
    morceaux = []
    for polygone in polygones:
        if not isinstance(polygone, Polygon):
            continue
        points = (
            f"{(x - OUEST) * LARGEUR_DU_DEGRE * ECHELLE:.1f} {(NORD - y) * ECHELLE:.1f}"
            for x, y in polygone.exterior.coords
        )
        morceaux.append(f"M{'L'.join(points)}Z")
    return "".join(morceaux)
