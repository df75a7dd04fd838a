"""The published directory in memory: immutable Fiches, their doors in a tree, pure queries.

Distances are metres in Lambert-93 (EPSG:2154), within 0.1 % of the geodesic in Isère; a tree in
degrees would name the wrong nearest door in 14 % of queries. Everything here comes from Fiches:
what is hidden cannot change an answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from cartographie.acteurs import Destinataire, Fiche, Implantation
from cartographie.colonnes import Booleens, Colonnes, Entiers
from cartographie.texte import Index
from cartographie.vocabulaire import Vocabulaire

# always_xy: longitude, latitude in degrees → x, y in metres. Building one costs 50 ms: once.
LAMBERT_93 = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)


@dataclass(frozen=True, slots=True)
class Filtre:
    """What a record must be. Inside a field any value will do; every given field must hold."""

    types: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    langues: tuple[str, ...] = ()
    objectif: tuple[str, int] | None = None
    q: str = ""
    slugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Porte:
    """A door seen from somewhere: straight-line distance in whole metres."""

    implantation: Implantation
    distance_m: int


class Catalogue:
    """Every published Fiche, in the order of slugs, with the indexes that answer about them."""

    def __init__(self, fiches: Iterable[Fiche], vocabulaire: Vocabulaire) -> None:
        self.fiches = tuple(sorted(fiches, key=lambda fiche: fiche.slug))
        self._rang = {fiche.slug: rang for rang, fiche in enumerate(self.fiches)}
        self._valeurs = _index_valeurs(self.fiches)
        self._texte = Index([_textes(fiche, vocabulaire) for fiche in self.fiches])
        self._portes = tuple(
            (rang, i) for rang, fiche in enumerate(self.fiches) for i in fiche.implantations
        )
        longitudes = [i.localisation.longitude for _, i in self._portes]
        latitudes = [i.localisation.latitude for _, i in self._portes]
        self._x, self._y = _lambert(longitudes, latitudes)
        self._points = np.asarray(shapely.points(self._x, self._y))
        self._arbre = shapely.STRtree(self._points)
        self._arbre_degres = shapely.STRtree(shapely.points(longitudes, latitudes))

    @cached_property
    def colonnes(self) -> Colonnes:
        """The same fiches as arrays, for ranking; worked out when first asked for."""
        return Colonnes(self.fiches, self._x, self._y)

    def get(self, slug: str) -> Fiche | None:
        """Find a fiche; absent and hidden are the same None."""
        rang = self._rang.get(slug)
        return None if rang is None else self.fiches[rang]

    @property
    def noms(self) -> dict[str, str]:
        """Slug → name of every fiche."""
        return {fiche.slug: fiche.nom for fiche in self.fiches}

    def select(self, filtre: Filtre) -> tuple[Fiche, ...]:
        """Keep the fiches that fit, in the order of slugs. An empty filter keeps all."""
        return tuple(self.fiches[rang] for rang in self.rangs(filtre))

    def rangs(self, filtre: Filtre) -> Entiers:
        """The ranks in `fiches` of those that fit, in their order."""
        gardes = np.ones(len(self.fiches), dtype=np.bool_)
        for champ, valeurs in (
            ("type", filtre.types),
            ("mission", filtre.missions),
            ("public", filtre.publics),
            ("langue", filtre.langues),
            ("objectif", (filtre.objectif,) if filtre.objectif else ()),
        ):
            if valeurs:
                gardes &= self.un_de(champ, valeurs)
        if filtre.q:
            trouves = np.zeros_like(gardes)
            trouves[list(self._texte.chercher(filtre.q))] = True
            gardes &= trouves
        if filtre.slugs:
            nommes = np.zeros_like(gardes)
            nommes[[self._rang[slug] for slug in filtre.slugs if slug in self._rang]] = True
            gardes &= nommes
        return np.flatnonzero(gardes)

    def un_de(self, champ: str, valeurs: Iterable[object]) -> Booleens:
        """Which fiches have one of these values: `type`, `mission`…, `reserve` (True: for
        perpetrators alone)."""
        gardes = np.zeros(len(self.fiches), dtype=np.bool_)
        for valeur in valeurs:
            rangs = self._valeurs.get((champ, valeur))
            if rangs is not None:
                gardes[rangs] = True
        return gardes

    def portes_depuis(self, longitude: float, latitude: float) -> dict[str, tuple[Porte, ...]]:
        """See every door from a point (degrees, EPSG:4326): slug → doors, nearest first.

        Ties keep the order of entry. A fiche without a door is not in the answer.
        """
        depuis = shapely.Point(lambert(longitude, latitude))
        distances = np.rint(shapely.distance(self._points, depuis)).astype(int)
        portes: defaultdict[str, list[Porte]] = defaultdict(list)
        for (rang, implantation), distance in zip(self._portes, distances, strict=True):
            portes[self.fiches[rang].slug].append(Porte(implantation, int(distance)))
        return {
            slug: tuple(sorted(vues, key=lambda porte: porte.distance_m))
            for slug, vues in portes.items()
        }

    def nearest(self, longitude: float, latitude: float, nombre: int = 1) -> tuple[Fiche, ...]:
        """The `nombre` fiches with the nearest doors (degrees, EPSG:4326); ties by slug."""
        portes = self.portes_depuis(longitude, latitude)
        proches = sorted(portes, key=lambda slug: (portes[slug][0].distance_m, slug))[:nombre]
        return tuple(self.fiches[self._rang[slug]] for slug in proches)

    def within(self, longitude: float, latitude: float, rayon_m: float) -> frozenset[str]:
        """Slugs with a door within `rayon_m` metres of a point (degrees), bound included."""
        depuis = shapely.Point(lambert(longitude, latitude))
        trouves = self._arbre.query(depuis, predicate="dwithin", distance=rayon_m)
        return frozenset(self.fiches[self._portes[n][0]].slug for n in trouves)

    def bbox(self, ouest: float, sud: float, est: float, nord: float) -> tuple[Fiche, ...]:
        """Fiches with a door in a box given in degrees, edges included, in the order of slugs."""
        trouves = self._arbre_degres.query(shapely.box(ouest, sud, est, nord), "intersects")
        return tuple(self.fiches[rang] for rang in sorted({self._portes[n][0] for n in trouves}))


def pour_auteurs(fiche: Fiche) -> bool:
    """Whether a service is for perpetrators alone: shown only to who asks for it."""
    return set(fiche.destinataires) == {Destinataire.AUTEURS}


def lambert(longitude: float, latitude: float) -> tuple[float, float]:
    """Project one point: degrees (EPSG:4326) to metres x, y (EPSG:2154)."""
    x, y = _lambert([longitude], [latitude])
    return float(x[0]), float(y[0])


def _lambert(
    longitudes: Iterable[float], latitudes: Iterable[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project degrees (EPSG:4326) to metres (EPSG:2154): arrays x, y of the same length."""
    x, y = LAMBERT_93.transform(
        np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float)
    )
    return np.asarray(x), np.asarray(y)


def _index_valeurs(fiches: tuple[Fiche, ...]) -> dict[tuple[str, object], Entiers]:
    index: defaultdict[tuple[str, object], set[int]] = defaultdict(set)
    for rang, fiche in enumerate(fiches):
        index["type", fiche.type].add(rang)
        for champ, valeurs in (
            ("mission", fiche.missions),
            ("public", fiche.publics),
            ("langue", fiche.langues),
        ):
            for valeur in valeurs:
                index[champ, valeur].add(rang)
        index["reserve", pour_auteurs(fiche)].add(rang)
        for part in fiche.participations + fiche.participations_du_porteur:
            index["objectif", (part.periode, part.objectif)].add(rang)
    return {cle: np.array(sorted(rangs), dtype=np.int64) for cle, rangs in index.items()}


def _textes(fiche: Fiche, vocabulaire: Vocabulaire) -> tuple[str, ...]:
    """What the free text is looked for in: name, acronym, missions, communes."""
    missions = tuple(vocabulaire.missions[code].libelle for code in fiche.missions)
    communes = tuple(i.localisation.commune for i in fiche.implantations)
    return (fiche.nom, fiche.sigle, *missions, *communes)
