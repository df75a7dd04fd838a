"""The order inside a group: the promise of the software.

    competent here, then not known, then elsewhere · distance · reachable · verified · answers more
    of what was asked · name · slug

A hundred records stand on the town hall of Grenoble: before the alphabet decides there, who answers
more of what was asked stands first, else a police station precedes a listening place.

Each candidate gets one whole number that stands for all of that, so that the first lines are found
without sorting the others, and only those that are read are told in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
from typing_extensions import override

from cartographie.acteurs import Acces, Fiche
from cartographie.catalogue import Catalogue, Porte, lambert
from cartographie.colonnes import COMPETENCES, ETATS, SANS_DISTANCE
from cartographie.horaires import Etat
from cartographie.lexique import Booleens, Entiers
from cartographie.resultats import Contexte, Resultat, resultat

# How many values each part of a key may have; the last ones turn fastest.
MISSIONS_MAX = 64
# Below this share of a group its first lines are picked out; above, it is sorted.
PART_TRIEE = 4


@dataclass(frozen=True, slots=True)
class Vues:
    """Candidates as seen from a place: arrays of the same length, one item for each.

    `depuis` is that place in Lambert-93 metres (None without one); `distances` in whole metres
    (SANS_DISTANCE when not known); `competences` and `etats` are ranks in COMPETENCES and ETATS.
    """

    catalogue: Catalogue
    contexte: Contexte
    depuis: tuple[float, float] | None
    rangs: Entiers
    distances: Entiers
    competences: Entiers
    etats: Entiers

    @property
    def types(self) -> frozenset[str]:
        """The types of the candidates."""
        types = self.catalogue.colonnes.valeurs["type"]
        presents = np.bincount(types.numeros[self.rangs], minlength=len(types.valeurs))
        return frozenset(str(types.valeurs[n][0]) for n in np.flatnonzero(presents))

    @property
    def plus_proche_m(self) -> int | None:
        """Whole metres to the nearest of them."""
        metres = int(self.distances.min(initial=SANS_DISTANCE))
        return None if metres == SANS_DISTANCE else metres

    def combien(self, etat: Etat) -> int:
        """How many are in this state now."""
        return int(np.count_nonzero(self.etats == ETATS.index(etat)))

    def dans_le_rayon(self, rayon_km: float) -> Vues:
        """Without doors too far, and who has no door unless it may be competent here."""
        connue = self.distances < SANS_DISTANCE
        ici = self.competences < COMPETENCES.index(False)
        return self._garder(np.where(connue, self.distances <= rayon_km * 1_000, ici))

    def sans_les_fermes(self) -> Vues:
        """Without those known to be closed now."""
        return self._garder(self.etats != ETATS.index(Etat.FERME))

    def cles(self, *, tri: str, ouvert: bool) -> Entiers:
        """One number for each candidate: the smaller stands first. No two are equal."""
        colonnes, rangs = self.catalogue.colonnes, self.rangs
        cles = (self.etats != ETATS.index(Etat.OUVERT)).astype(np.int64) * int(ouvert)
        if tri == "pertinence":
            cles = cles * len(COMPETENCES) + self.competences
        cles = cles * (SANS_DISTANCE + 1) + self.distances
        if tri == "pertinence":
            cles = cles * 2 + ~colonnes.joignable[rangs]
            cles = cles * 2 + ~colonnes.verifie[rangs]
            cles = cles * MISSIONS_MAX + (MISSIONS_MAX - 1 - self._reponses())
        cles = cles * (len(self.catalogue.fiches) + 1) + self.catalogue.alphabet[rangs]
        return np.asarray(cles, dtype=np.int64)

    def lignes(
        self, acces: Sequence[Acces], cles: Entiers, numeros: Sequence[Resultat] = ()
    ) -> Lignes:
        """The candidates of a group in their order, after national numbers.

        These answer for everywhere, at once.
        """
        choix = self.catalogue.colonnes.d_acces(acces, self.rangs)
        return Lignes(numeros, self.rangs[choix], cles[choix], self._dire, self.catalogue.fiches)

    def _reponses(self) -> Entiers:
        """How many of the missions asked for each one has."""
        missions = self.catalogue.colonnes.valeurs["mission"]
        demandees = frozenset(self.contexte.missions)
        nombres = [len(demandees.intersection(presentes)) for presentes in missions.valeurs]
        reponses = np.minimum(np.array(nombres, dtype=np.int64), MISSIONS_MAX - 1)
        return reponses[missions.numeros[self.rangs]]

    def _dire(self, rangs: Sequence[int]) -> list[Resultat]:
        """Tell these candidates in words; the way to all of their doors is measured at once."""
        fiches = [self.catalogue.fiches[rang] for rang in rangs]
        if self.depuis is None or not fiches:
            return [resultat(fiche, (), self.contexte) for fiche in fiches]
        colonnes = self.catalogue.colonnes
        _, portes = colonnes.tranches.items(np.array(rangs))
        metres = iter(colonnes.metres(portes, *self.depuis).tolist())
        dits: list[Resultat] = []
        for fiche in fiches:
            vues = [Porte(implantation, next(metres)) for implantation in fiche.implantations]
            if len(vues) > 1:
                vues.sort(key=lambda porte: porte.distance_m)
            dits.append(resultat(fiche, tuple(vues), self.contexte))
        return dits

    def _garder(self, choix: Booleens) -> Vues:
        return replace(
            self,
            rangs=self.rangs[choix],
            distances=self.distances[choix],
            competences=self.competences[choix],
            etats=self.etats[choix],
        )


class Lignes(Sequence[Resultat]):
    """The lines of a group in their order: found and told as far as they are read."""

    def __init__(
        self,
        numeros: Sequence[Resultat],
        rangs: Entiers,
        cles: Entiers,
        dire: Callable[[Sequence[int]], list[Resultat]],
        fiches: Sequence[Fiche],
    ) -> None:
        self._numeros = tuple(numeros)
        self._rangs, self._cles = rangs, cles
        self._dire = dire
        self._fiches = fiches
        self._ordre = rangs[:0]

    @property
    def fiches(self) -> tuple[Fiche, ...]:
        """The acteurs of these lines, in their order, without a word about each."""
        return tuple(self._fiches[rang] for rang in self._premiers(len(self._rangs)))

    @property
    def rangs(self) -> Entiers:
        """The ranks of these acteurs in the catalogue, in no order."""
        return self._rangs

    def premiers(self, nombre: int) -> list[int]:
        """The ranks of the first acteurs, in their order."""
        premiers: list[int] = self._premiers(nombre)[: max(nombre, 0)].tolist()
        return premiers

    @override
    def __len__(self) -> int:
        return len(self._numeros) + len(self._rangs)

    @override
    def __iter__(self) -> Iterator[Resultat]:
        return iter(self[:])

    @overload
    def __getitem__(self, index: int) -> Resultat: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Resultat, ...]: ...
    @override
    def __getitem__(self, index: int | slice) -> Resultat | tuple[Resultat, ...]:
        if isinstance(index, slice):
            return self._lignes(range(len(self))[index])
        return self._lignes(range(len(self))[index : index + 1 or None])[0]

    def _lignes(self, places: range) -> tuple[Resultat, ...]:
        avant = len(self._numeros)
        rangs = self.premiers(max(places, default=0) + 1 - avant)
        dits = iter(self._dire([rangs[n - avant] for n in places if n >= avant]))
        return tuple([self._numeros[n] if n < avant else next(dits) for n in places])

    def _premiers(self, nombre: int) -> Entiers:
        """The first ranks in their order: at least so many, more when that costs no more."""
        if nombre <= len(self._ordre):
            return self._ordre
        a_trier = np.arange(len(self._cles))
        # Twenty lines are asked for one after the other: the first asks for those that follow.
        nombre = max(2 * nombre, 128)
        if nombre * PART_TRIEE < len(self._cles):
            a_trier = np.argpartition(self._cles, nombre)[:nombre]
        self._ordre = self._rangs[a_trier[np.argsort(self._cles[a_trier])]]
        return self._ordre


def voir(rangs: Entiers, catalogue: Catalogue, contexte: Contexte) -> Vues:
    """See these candidates from where, and when, an answer is told."""
    colonnes, lieu = catalogue.colonnes, contexte.lieu
    depuis = None
    if lieu is not None and lieu.longitude is not None and lieu.latitude is not None:
        depuis = lambert(lieu.longitude, lieu.latitude)
    if depuis is None:
        portes = colonnes.premieres_portes(rangs)
        distances = np.full(len(rangs), SANS_DISTANCE, dtype=np.int64)
    else:
        distances, portes = colonnes.distances(*depuis, rangs)
    code = lieu.code_insee if lieu is not None else ""
    contient = contexte.referentiel.communes.territoire_contient
    competences = colonnes.competences(code, contient, rangs)
    etats = colonnes.etats(portes, contexte.maintenant, rangs)
    return Vues(catalogue, contexte, depuis, rangs, distances, competences, etats)
