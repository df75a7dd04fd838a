"""Columns of values that repeat: each distinct value once, and its number wherever it stands.

A column is asked of its distinct values, which are few, then read by their numbers: of a hundred
thousand records some fifty languages are looked at. Two columns become one without reading either
again, and a value that no place has any more leaves: nothing remembers what was there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=Hashable)

Entiers = NDArray[np.int64]
Booleens = NDArray[np.bool_]
Numeros = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Lexique(Generic[T]):
    """`numeros[place]` is where the value of that place stands in `valeurs`."""

    valeurs: tuple[T, ...]
    numeros: Numeros

    @classmethod
    def de(cls, valeurs: Iterable[T]) -> Lexique[T]:
        """Number the values of a column, in the order in which they are met."""
        connues: dict[T, int] = {}
        numeros = [connues.setdefault(valeur, len(connues)) for valeur in valeurs]
        return cls(tuple(connues), np.array(numeros, dtype=np.int32))

    def meler(self, autre: Lexique[T], ordre: Entiers | Numeros) -> Lexique[T]:
        """Take places of this column, then (numbered after them) of another, in an order."""
        cherchees = frozenset(autre.valeurs)
        connues = {v: numero for numero, v in enumerate(self.valeurs) if v in cherchees}
        nouvelles = tuple(valeur for valeur in autre.valeurs if valeur not in connues)
        connues |= {v: numero for numero, v in enumerate(nouvelles, len(self.valeurs))}
        vers = np.array([connues[valeur] for valeur in autre.valeurs], dtype=np.int32)
        numeros = np.concatenate((self.numeros, vers[autre.numeros]))[ordre]
        return _tasser(self.valeurs + nouvelles, numeros)

    def ou(self, voulue: Callable[[T], bool], places: Entiers | None = None) -> Booleens:
        """Where the value is one that is wanted: an item a place, of all or of these."""
        voulues = np.fromiter(map(voulue, self.valeurs), np.bool_, len(self.valeurs))
        return voulues[self.numeros if places is None else self.numeros[places]]


def _tasser(valeurs: tuple[T, ...], numeros: Numeros) -> Lexique[T]:
    """Leave out the values that stand nowhere."""
    presentes = np.bincount(numeros, minlength=len(valeurs)) > 0
    if presentes.all():
        return Lexique(valeurs, numeros)
    nouveaux = (np.cumsum(presentes) - 1).astype(np.int32)
    gardees = tuple(v for v, presente in zip(valeurs, presentes.tolist(), strict=True) if presente)
    return Lexique(gardees, nouveaux[numeros])
