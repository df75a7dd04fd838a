"""How many items each fiche has, and where they begin among those of all: its doors, its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cartographie.lexique import Entiers


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

    def meler(self, autre: Tranches, ordre: Entiers) -> tuple[Tranches, Entiers]:
        """Take fiches of these, then of others, in an order; and the order of their items."""
        debuts = np.concatenate((self.debut[:-1], autre.debut[:-1] + self.debut[-1]))[ordre]
        nombre = np.concatenate((self.nombre, autre.nombre))[ordre]
        debut = np.concatenate(([0], np.cumsum(nombre)))
        items = np.repeat(debuts - debut[:-1], nombre) + np.arange(debut[-1])
        return Tranches(nombre, debut), items
