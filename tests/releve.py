"""What was counted during one test, in place of what goes to the database. A plugin of pytest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from cartographie.compteur import Compteur
from cartographie.suivi import Cle, Lot


class Releve:
    """What was counted since the last time it was asked."""

    def __init__(self) -> None:
        self._vus: Counter[Cle] = Counter()
        self.compteur = Compteur(self._ecrire, intervalle_s=3_600)

    def lire(self) -> dict[Cle, int]:
        self.compteur.flush()
        vus, self._vus = dict(self._vus), Counter()
        return vus

    def _ecrire(self, lot: Lot) -> None:
        self._vus.update(lot.comptes)


@pytest.fixture
def releve(app: Flask) -> Iterator[Releve]:
    """Counts of this test alone, in place of those that go to the database."""
    ancien = app.extensions["mesures"]
    releve = Releve()
    app.extensions["mesures"] = releve.compteur
    yield releve
    app.extensions["mesures"] = ancien
