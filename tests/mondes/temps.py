"""How long two answers take, and whether their durations tell them apart.

The measure is the area under the ROC curve (Mann and Whitney's U over the number of pairs): how
often, of one duration of each kind taken at random, the first is the longer. 0.5 tells nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import numpy as np

from tests.mondes.corps import FORMULAIRE
from tests.mondes.serveurs import Serveur

Poser = Callable[[], float]
# Durations of one kind and of the other, in seconds.
Tour = tuple[list[float], list[float]]

TOLERANCE = 0.05
# Pairs asked through one couple of connections: where the threads that serve them happen to run
# makes one of them faster for as long as it is open, whatever is asked.
BLOC = 10
ECHAUFFEMENT = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of which server; `venue` gives the headers of each time."""

    serveur: Serveur
    chemin: str
    champs: Mapping[str, str] | None = None
    venue: Callable[[], Mapping[str, str]] = dict

    @contextmanager
    def ouverte(self) -> Iterator[Poser]:
        """A connection of its own, and how long the question takes there, in seconds."""
        corps = None if self.champs is None else urlencode(self.champs).encode()
        methode = "GET" if corps is None else "POST"
        propres = {} if corps is None else {"Content-Type": FORMULAIRE}
        with closing(self.serveur.joindre()) as liaison:

            def durer() -> float:
                entetes = propres | dict(self.venue())
                if corps is not None:
                    # A body that nobody reads ends the connection after the answer.
                    liaison.close()
                    liaison.connect()
                debut = time.perf_counter()
                liaison.request(methode, self.chemin, corps, entetes)
                liaison.getresponse().read()
                return time.perf_counter() - debut

            yield durer


@dataclass(slots=True)
class Durees:
    """What was measured of one pair, round by round: a round has its own processes."""

    tours: list[Tour] = field(default_factory=list)

    def indice(self) -> float:
        """The mean of the rounds' indices, each compared within itself."""
        return float(np.mean([indice(une, autre) for une, autre in self.tours]))

    @property
    def nombre(self) -> int:
        return sum(len(une) + len(autre) for une, autre in self.tours)


def indice(une: Sequence[float], autre: Sequence[float]) -> float:
    """Probability that one of `une` is longer than one of `autre`; a tie counts half."""
    tri = np.sort(np.asarray(autre))
    u = np.asarray(une)
    moins = np.searchsorted(tri, u, side="left")
    egal = np.searchsorted(tri, u, side="right") - moins
    return float((moins + egal / 2).mean() / len(tri))


def mesurer(une: Question, autre: Question, nombre: int, graine: int) -> Tour:
    """As many durations of each, in pairs: whatever slows the machine slows both of a pair.

    Who goes first is drawn each time (the second of a pair finds caches warm), and also whose
    connection is opened first.
    """
    tirage = random.Random(graine)
    tour: Tour = ([], [])
    for _ in range(-(-nombre // BLOC)):
        with ExitStack() as pile:
            posers: dict[int, Poser] = {}
            for ou in _ordre(tirage):
                posers[ou] = pile.enter_context((une, autre)[ou].ouverte())
            for ou in _ordre(tirage) * ECHAUFFEMENT:
                posers[ou]()
            for _ in range(BLOC):
                for ou in _ordre(tirage):
                    tour[ou].append(posers[ou]())
    return tour


def _ordre(tirage: random.Random) -> list[int]:
    return tirage.sample((0, 1), 2)
