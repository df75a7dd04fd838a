"""Coverage as a map drawn without a script: communes by class of distance, as SVG paths.

One path per class, so that a page, a print and a report draw the same with their own colours and
hatchings. Positions are degrees (EPSG:4326) on the plane of `croquis`: one scale for each axis, so
that a click is turned back into a position by one division.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from cartographie.acteurs import Precision
from cartographie.communes import Commune, Communes
from cartographie.couverture import CLASSES, Couverture, Destination
from cartographie.croquis import LARGEUR_DU_DEGRE, NORD, OUEST

# Units of the drawing per degree of latitude, and per degree of longitude.
ECHELLE = 560.0
ECHELLE_X = ECHELLE * LARGEUR_DU_DEGRE
LARGEUR, HAUTEUR = 656, 692
# About 300 m: less than the width of a line.
FINESSE_DEGRES = 0.003
NOMS_MAX = 16
# A name keeps this much room around it, in units.
LETTRE, LIGNE, ENTRE_NOMS = 12.5, 28.0, 80.0


@dataclass(frozen=True, slots=True)
class Nom:
    """A commune whose name helps to find one's way; x, y in units."""

    texte: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Point:
    """Where one can go; `exact` when the address is known, else a point that stands for a zone."""

    x: float
    y: float
    exact: bool
    fictif: bool


@dataclass(frozen=True, slots=True)
class Aplats:
    """SVG paths in a box of `largeur` by `hauteur`: one per class of CLASSES, then the lines."""

    classes: tuple[str, ...]
    epci: str
    noms: tuple[Nom, ...]
    points: tuple[Point, ...]
    largeur: int = LARGEUR
    hauteur: int = HAUTEUR
    ouest: float = OUEST
    nord: float = NORD
    echelle_x: float = ECHELLE_X
    echelle_y: float = ECHELLE


@dataclass(frozen=True, slots=True)
class _Trace:
    """What never changes: the path of each commune by its code, the lines of EPCI, the names."""

    communes: dict[str, str]
    epci: str
    noms: tuple[Nom, ...]


def dessiner_aplats(couverture: Couverture, communes: Communes) -> Aplats:
    """Draw every commune in the class of its distance, and the places one can go to."""
    trace = _trace(communes)
    chemins: list[list[str]] = [[] for _ in CLASSES]
    for ligne in couverture.communes:
        chemins[ligne.classe].append(trace.communes[ligne.commune.code_insee])
    return Aplats(
        classes=tuple("".join(un) for un in chemins),
        epci=trace.epci,
        noms=trace.noms,
        points=_points(couverture.destinations),
    )


def _points(destinations: Iterable[Destination]) -> tuple[Point, ...]:
    """Each point once, zones first so that doors stand over them."""
    points = {
        Point(
            *_xy(d.localisation.longitude, d.localisation.latitude),
            exact=d.localisation.precision is Precision.ADRESSE,
            fictif=not d.slug,
        )
        for d in destinations
    }
    return tuple(sorted(points, key=lambda p: (p.fictif, p.exact, p.y, p.x)))


@lru_cache(maxsize=4)
def _trace(communes: Communes) -> _Trace:
    toutes = communes.toutes
    # Simplified together: a shared border stays the same line on both sides.
    contours = shapely.coverage_simplify([c.contour for c in toutes], FINESSE_DEGRES)
    membres: dict[str, list[BaseGeometry]] = {}
    for commune, contour in zip(toutes, contours, strict=True):
        membres.setdefault(commune.epci, []).append(contour)
    paires = zip(toutes, contours, strict=True)
    return _Trace(
        communes={commune.code_insee: _chemin(contour) for commune, contour in paires},
        epci="".join(_chemin(shapely.coverage_union_all(un)) for un in membres.values()),
        noms=_noms(toutes),
    )


def _noms(communes: Sequence[Commune]) -> tuple[Nom, ...]:
    """The most inhabited communes, as long as one name leaves room for the next."""
    noms: list[Nom] = []
    for commune in sorted(communes, key=lambda c: -c.population):
        x, y = _xy(commune.longitude, commune.latitude)
        nom = Nom(commune.nom, x, y)
        if len(noms) < NOMS_MAX and _tient(nom) and not any(_genent(nom, n) for n in noms):
            noms.append(nom)
    return tuple(noms)


def _tient(nom: Nom) -> bool:
    demi = len(nom.texte) * LETTRE / 2
    return demi < nom.x < LARGEUR - demi and LIGNE < nom.y < HAUTEUR - LIGNE


def _genent(un: Nom, autre: Nom) -> bool:
    largeur = (len(un.texte) + len(autre.texte)) * LETTRE / 2
    proches = abs(un.x - autre.x) < ENTRE_NOMS and abs(un.y - autre.y) < ENTRE_NOMS
    return proches or (abs(un.x - autre.x) < largeur and abs(un.y - autre.y) < LIGNE)


def _xy(longitude: float, latitude: float) -> tuple[float, float]:
    return round((longitude - OUEST) * ECHELLE_X, 1), round((NORD - latitude) * ECHELLE, 1)


def _chemin(surface: BaseGeometry) -> str:
    """Write rings in whole units, each point from the one before: half the bytes."""
    return "".join(
        _anneau(anneau.coords)
        for polygone in shapely.get_parts(surface)
        for anneau in (polygone.exterior, *polygone.interiors)
    )


def _anneau(coords: Iterable[Sequence[float]]) -> str:
    points = [
        (round((lon - OUEST) * ECHELLE_X), round((NORD - lat) * ECHELLE)) for lon, lat in coords
    ]
    (x, y), *suite = points
    pas = []
    for ici in suite[:-1]:
        if ici != (x, y):
            pas.append(f"{ici[0] - x} {ici[1] - y}")
            x, y = ici
    return f"M{points[0][0]} {points[0][1]}l{' '.join(pas)}z" if len(pas) > 1 else ""
