"""The published directory in memory: immutable Fiches, their columns, pure queries.

Distances are metres in Lambert-93 (EPSG:2154), within 0.1 % of the geodesic in Isère; degrees
would name the wrong nearest door in 14 % of queries. Everything here comes from Fiches: what is
hidden cannot change an answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np

from cartographie import alphabet
from cartographie.acteurs import Fiche, Implantation
from cartographie.colonnes import LAMBERT_93, Colonnes, pour_auteurs
from cartographie.lexique import Booleens, Entiers
from cartographie.vocabulaire import Vocabulaire

__all__ = ["Catalogue", "Filtre", "Porte", "lambert", "pour_auteurs"]

T = TypeVar("T")
_slug = attrgetter("slug")


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
    """Every published Fiche, in the order of slugs, with the columns that answer about them."""

    def __init__(self, fiches: Iterable[Fiche], vocabulaire: Vocabulaire) -> None:
        self.fiches = tuple(sorted(fiches, key=_slug))
        self.vocabulaire = vocabulaire
        self.colonnes = Colonnes.de(self.fiches, vocabulaire)
        self.alphabet = alphabet.places(self.fiches)
        self._connus: dict[object, Any] = {}

    def changer(self, changees: Mapping[str, Fiche | None]) -> Catalogue:
        """The directory with some fiches in the place of theirs: slug → fiche, None to take away.

        What a directory made of the same fiches from nothing would be; this one stays as it was.
        """
        nouvelles = Catalogue((f for f in changees.values() if f is not None), self.vocabulaire)
        ordre = self._ordre(changees, nouvelles)
        toutes = self.fiches + nouvelles.fiches
        suite = Catalogue.__new__(Catalogue)
        suite.vocabulaire = self.vocabulaire
        suite.fiches = tuple([toutes[rang] for rang in ordre.tolist()])
        suite.colonnes = self.colonnes.meler(nouvelles.colonnes, ordre)
        suite.alphabet = alphabet.meler(self.alphabet, nouvelles.alphabet, ordre, suite.fiches)
        suite._connus = {}
        return suite

    def _ordre(self, changees: Iterable[str], nouvelles: Catalogue) -> Entiers:
        """By slug: ranks of the fiches that stay, those of the new ones after all of these."""
        partis = [rang for slug in changees if (rang := self._rang(slug)) is not None]
        restent = np.delete(np.arange(len(self.fiches)), partis)
        ou = [bisect_left(self.fiches, f.slug, key=_slug) for f in nouvelles.fiches]
        rangs = np.arange(len(nouvelles.fiches)) + len(self.fiches)
        return np.insert(restent, np.searchsorted(restent, ou), rangs)

    def _rang(self, slug: str) -> int | None:
        rang = bisect_left(self.fiches, slug, key=_slug)
        connu = rang < len(self.fiches) and self.fiches[rang].slug == slug
        return rang if connu else None

    def get(self, slug: str) -> Fiche | None:
        """Find a fiche; absent and hidden are the same None."""
        rang = self._rang(slug)
        return None if rang is None else self.fiches[rang]

    @property
    def noms(self) -> dict[str, str]:
        """Slug → name of every fiche."""
        return {fiche.slug: fiche.nom for fiche in self.fiches}

    @property
    def langues(self) -> tuple[str, ...]:
        """Every language spoken somewhere, in the order of codes."""
        return tuple(sorted({str(un) for v in self.colonnes.valeurs["langue"].valeurs for un in v}))

    def une_fois(self, cle: object, faire: Callable[[], T]) -> T:
        """What follows from these fiches alone, made when first asked; of few keys."""
        if cle not in self._connus:
            self._connus[cle] = faire()
        connu: T = self._connus[cle]
        return connu

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
            gardes &= self.colonnes.texte.chercher(filtre.q)
        if filtre.slugs:
            nommes = np.zeros_like(gardes)
            nommes[[rang for slug in filtre.slugs if (rang := self._rang(slug)) is not None]] = True
            gardes &= nommes
        return np.flatnonzero(gardes)

    def un_de(
        self, champ: str, valeurs: Iterable[object], rangs: Entiers | None = None
    ) -> Booleens:
        """Which fiches (of all, or of these ranks) have one of these values.

        In `type`, `mission`…, `reserve` (True: for perpetrators alone).
        """
        return self.colonnes.un_de(champ, valeurs, rangs)

    def portes_depuis(self, longitude: float, latitude: float) -> dict[str, tuple[Porte, ...]]:
        """See every door from a point (degrees, EPSG:4326): slug → doors, nearest first.

        Ties keep the order of entry. A fiche without a door is not in the answer.
        """
        metres = self._metres(longitude, latitude).tolist()
        portes: defaultdict[str, list[Porte]] = defaultdict(list)
        for fiche, debut in zip(self.fiches, self.colonnes.tranches.debut.tolist(), strict=False):
            for n, implantation in enumerate(fiche.implantations, debut):
                portes[fiche.slug].append(Porte(implantation, metres[n]))
        return {
            slug: tuple(sorted(vues, key=lambda porte: porte.distance_m))
            for slug, vues in portes.items()
        }

    def nearest(self, longitude: float, latitude: float, nombre: int = 1) -> tuple[Fiche, ...]:
        """The `nombre` fiches with the nearest doors (degrees, EPSG:4326); ties by slug."""
        portes = self.portes_depuis(longitude, latitude)
        proches = sorted(portes, key=lambda slug: (portes[slug][0].distance_m, slug))[:nombre]
        return tuple(fiche for slug in proches if (fiche := self.get(slug)))

    def within(self, longitude: float, latitude: float, rayon_m: float) -> frozenset[str]:
        """Slugs with a door within `rayon_m` metres of a point (degrees), bound included."""
        x, y = lambert(longitude, latitude)
        portes = self.colonnes.portes
        trouvees = np.hypot(portes.x - x, portes.y - y) <= rayon_m
        return frozenset(fiche.slug for fiche in self._a(trouvees))

    def bbox(self, ouest: float, sud: float, est: float, nord: float) -> tuple[Fiche, ...]:
        """Fiches with a door in a box given in degrees, edges included, in the order of slugs."""
        portes = self.colonnes.portes
        trouvees = (portes.longitude >= ouest) & (portes.longitude <= est)
        trouvees &= (portes.latitude >= sud) & (portes.latitude <= nord)
        return self._a(trouvees)

    def _a(self, portes: Booleens) -> tuple[Fiche, ...]:
        """The fiches that have one of these doors."""
        rangs = np.unique(self.colonnes.tranches.a_qui[portes])
        return tuple(self.fiches[rang] for rang in rangs.tolist())

    def _metres(self, longitude: float, latitude: float) -> Entiers:
        toutes = np.arange(len(self.colonnes.portes.x))
        return self.colonnes.metres(toutes, *lambert(longitude, latitude))


def lambert(longitude: float, latitude: float) -> tuple[float, float]:
    """Project one point: degrees (EPSG:4326) to metres x, y (EPSG:2154)."""
    x, y = LAMBERT_93.transform(longitude, latitude)
    return float(x), float(y)
