"""Fiches as columns: what ranking asks of every one of them, worked out once for a catalogue.

Arrays are in the order of slugs (a fiche is its rank), doors in the order of their fiches. A
question then costs a few passes over numbers; only the lines that are shown are told in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartographie.acteurs import Acces, Fermeture, Fiche, Territoire
from cartographie.horaires import Etat, ouverture
from cartographie.texte import fold

Entiers = NDArray[np.int64]
Booleens = NDArray[np.bool_]
Horaires = tuple[str, tuple[Fermeture, ...]]

# Farther than any two places on Earth, in metres: no distance is known.
SANS_DISTANCE = 1 << 25
SANS_PORTE = -1
ETATS = (Etat.OUVERT, Etat.FERME, Etat.INCONNU)
# By code: in this territoire, not known, elsewhere; the order of an answer.
COMPETENCES = (True, None, False)
COMMUNES_GARDEES = 1_024


class Colonnes:
    """The columns of some fiches; `x`, `y` are their doors in Lambert-93 metres (EPSG:2154)."""

    def __init__(
        self, fiches: Sequence[Fiche], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> None:
        noms = [(fold(fiche.nom), fiche.slug) for fiche in fiches]
        self.alphabet = _places(sorted(range(len(fiches)), key=noms.__getitem__))
        self.acces = np.array([tuple(Acces).index(f.acces) for f in fiches], dtype=np.int64)
        self.joignable = _vrais(_joignable(fiche) for fiche in fiches)
        self.verifie = _vrais(fiche.verifie_le is not None for fiche in fiches)
        types = sorted({fiche.type for fiche in fiches})
        self.types = tuple(types)
        self.type = np.array([types.index(fiche.type) for fiche in fiches], dtype=np.int64)
        self._x, self._y = x, y
        self._nombre = np.array([len(fiche.implantations) for fiche in fiches], dtype=np.int64)
        self._debut = np.concatenate(([0], np.cumsum(self._nombre)))
        self._sans_trajet = self.acces == tuple(Acces).index(Acces.DECISION_JUDICIAIRE)
        territoires: dict[Territoire | None, int] = {}
        self._territoire = np.array(
            [territoires.setdefault(f.territoire, len(territoires)) for f in fiches], dtype=np.int64
        )
        self._territoires = tuple(territoires)
        self._competences: dict[str, Entiers] = {}
        self._etats: tuple[datetime | None, Entiers] = (None, np.zeros(0, dtype=np.int64))
        self._lire_horaires(fiches)

    def distances(self, x: float, y: float) -> tuple[Entiers, Entiers]:
        """See every fiche from a point: metres to its nearest door, and the rank of that door.

        SANS_DISTANCE and the first door (or SANS_PORTE) where no way there would mean anything.
        """
        vers = np.rint(np.hypot(self._x - x, self._y - y)).astype(np.int64)
        metres = np.full(len(self._nombre), SANS_DISTANCE, dtype=np.int64)
        portes = self.premieres_portes()
        avec = np.flatnonzero(self._nombre)
        if avec.size:
            moins = np.minimum.reduceat(vers, self._debut[avec])
            a_ce_moins = np.flatnonzero(vers == np.repeat(moins, self._nombre[avec]))
            a_qui = np.repeat(avec, self._nombre[avec])[a_ce_moins]
            # Of doors as near as each other the first stands: it is written last.
            portes[a_qui[::-1]] = a_ce_moins[::-1]
            metres[avec] = moins
        metres[self._sans_trajet] = SANS_DISTANCE
        ailleurs = self._sans_trajet & (self._nombre > 0)
        portes[ailleurs] = self._debut[:-1][ailleurs]
        return metres, portes

    def premieres_portes(self) -> Entiers:
        """The door that each fiche names first, SANS_PORTE for one without a door."""
        return np.where(self._nombre > 0, self._debut[:-1], SANS_PORTE)

    def portes_de(self, rang: int) -> slice:
        """Where the doors of a fiche stand among all doors."""
        return slice(int(self._debut[rang]), int(self._debut[rang + 1]))

    def vers_portes(self, rang: int, x: float, y: float) -> Entiers:
        """Metres to each door of one fiche, in their order."""
        portes = self.portes_de(rang)
        ecarts = np.hypot(self._x[portes] - x, self._y[portes] - y)
        return np.rint(ecarts).astype(np.int64)

    def competences(
        self, code_insee: str, contient: Callable[[Territoire | None, str], bool | None]
    ) -> Entiers:
        """The competence of each fiche in a commune: ranks in COMPETENCES."""
        par_territoire = self._competences.get(code_insee)
        if par_territoire is None:
            par_territoire = np.array(
                [COMPETENCES.index(contient(t, code_insee)) for t in self._territoires],
                dtype=np.int64,
            )
            if len(self._competences) < COMMUNES_GARDEES:
                self._competences[code_insee] = par_territoire
        return par_territoire[self._territoire]

    def etats(self, portes: Entiers, maintenant: datetime) -> Entiers:
        """The state of each fiche through the door given for it: ranks in ETATS.

        The hours of the line for who answers by telephone, else those of the door one goes to.
        """
        minute = maintenant.replace(second=0, microsecond=0)
        connue, etats = self._etats
        if connue != minute:
            etats = np.array(
                [
                    ETATS.index(ouverture(horaires, maintenant, fermetures=fermetures).etat)
                    for horaires, fermetures in self._horaires
                ],
                dtype=np.int64,
            )
            # One pair in one assignment: a thread that reads meanwhile sees the one or the other.
            self._etats = (minute, etats)
        a_la_porte = np.where(portes == SANS_PORTE, self._inconnus, self._a_la_porte[portes])
        ou_l_on_va = np.where(self._en_ligne < 0, a_la_porte, self._en_ligne)
        return np.asarray(etats[ou_l_on_va], dtype=np.int64)

    def _lire_horaires(self, fiches: Sequence[Fiche]) -> None:
        horaires: dict[Horaires, int] = {("", ()): 0}
        self._inconnus = 0
        a_la_porte = [
            horaires.setdefault((i.horaires, i.fermetures), len(horaires))
            for fiche in fiches
            for i in fiche.implantations
        ]
        # One more, so that the rank of no door reads something that is then left aside.
        self._a_la_porte = np.array([*a_la_porte, 0], dtype=np.int64)
        self._en_ligne = np.array(
            [
                horaires.setdefault((ligne, ()), len(horaires)) if ligne else -1
                for ligne in map(horaires_de_la_ligne, fiches)
            ],
            dtype=np.int64,
        )
        self._horaires = tuple(horaires)


def _joignable(fiche: Fiche) -> bool:
    """Whether a number or hours are known: what one can act upon now."""
    return bool(fiche.telephones) or any(i.horaires for i in fiche.implantations)


def horaires_de_la_ligne(fiche: Fiche) -> str:
    """The hours of the line, where it is by the line that one goes; empty for the door's own."""
    par_telephone = fiche.acces is not Acces.DIRECT or not fiche.implantations
    return fiche.telephones[0].horaires if par_telephone and fiche.telephones else ""


def _places(ordre: Sequence[int]) -> Entiers:
    """Rank → its place in an order of ranks."""
    places = np.empty(len(ordre), dtype=np.int64)
    places[np.array(ordre, dtype=np.int64)] = np.arange(len(ordre))
    return places


def _vrais(valeurs: Any) -> Booleens:  # noqa: ANN401
    return np.fromiter(valeurs, dtype=np.bool_)
