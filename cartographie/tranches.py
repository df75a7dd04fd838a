"""How many items each fiche has, and where they begin among those of all: its doors, its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cartographie.lexique import Entiers, Numeros


@dataclass(frozen=True, slots=True)
class Tranches:
    """`debut` has one item more than `nombre`: the last is how many there are in all."""

    nombre: Entiers
    debut: Entiers

    @classmethod
    def de(cls, nombres: Iterable[int]) -> Tranches:
        """Lay slices of these lengths side by side."""
        nombre = np.fromiter(nombres, dtype=np.int64)
        return cls(nombre, np.concatenate(([0], np.cumsum(nombre))))

    def __getitem__(self, rang: int) -> slice:
        """Where the items of a fiche stand."""
        return slice(int(self.debut[rang]), int(self.debut[rang + 1]))

    @property
    def a_qui(self) -> Entiers:
        """The rank of the fiche that each item belongs to."""
        return np.repeat(np.arange(len(self.nombre)), self.nombre)

    def items(self, rangs: Entiers) -> tuple[Entiers, Numeros]:
        """Where the items of these fiches stand, one fiche after the other.

        First the bounds of each among them: one more than there are fiches.
        """
        return _etaler(self.debut[:-1][rangs], self.nombre[rangs])

    def meler(self, autre: Tranches, ordre: Entiers) -> tuple[Tranches, Numeros]:
        """Take fiches of these, then of others, in an order; and the order of their items."""
        debuts = np.concatenate((self.debut[:-1], autre.debut[:-1] + self.debut[-1]))[ordre]
        nombre = np.concatenate((self.nombre, autre.nombre))[ordre]
        debut, items = _etaler(debuts, nombre)
        return Tranches(nombre, debut), items


def _etaler(debuts: Entiers, nombres: Entiers) -> tuple[Entiers, Numeros]:
    """Lay side by side slices that begin here and there: their bounds, and where each item was."""
    bornes = np.concatenate(([0], np.cumsum(nombres)))
    # The words of a large directory are millions: four bytes each, and no copy more than needed.
    items = np.repeat((debuts - bornes[:-1]).astype(np.int32), nombres)
    items += np.arange(bornes[-1], dtype=np.int32)
    return bornes, items
