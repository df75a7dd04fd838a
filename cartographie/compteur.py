"""Counting without making anybody wait: each process keeps its counts, and writes them soon.

A count is on disk within five seconds: a thread wakes when there is something to write. What is
still held is written when the process ends; a crash loses at most those five seconds. While the
database refuses, counts are kept and tried again; beyond a bound they lose their detail (record,
host, EPCI), never their number. What was written and whose answer was lost is tried again as it
was, under the same number: the database knows it and does not count it twice.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from multiprocessing.util import Finalize
from secrets import token_hex
from threading import Event, Lock, Thread

from sqlalchemy import Engine

from cartographie import consultations, lots, propositions
from cartographie.database import reading, transaction
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from cartographie.suivi import Cle, Lot

# Less than five, so that the writing itself is over by then.
INTERVALLE_S = 4.0
CLES_MAX = 10_000
# Before what SQLAlchemy and others may have to say at the end of a process.
PRIORITE_FIN = 100

Ecrire = Callable[[Lot], None]
journal = logging.getLogger(__name__)


class Compteur:
    """The counts of one process. `ecrire` puts a batch away for good, once, or raises."""

    def __init__(
        self, ecrire: Ecrire, *, intervalle_s: float = INTERVALLE_S, cles_max: int = CLES_MAX
    ) -> None:
        self._ecrire = ecrire
        self._intervalle_s = intervalle_s
        self._cles_max = cles_max
        self._comptes: Counter[Cle] = Counter()
        self._processus = ""
        self._numero = 0
        self._en_attente: Lot | None = None
        self._verrou = Lock()
        self._ecriture = Lock()
        self._reveil = Event()
        self._fil: Thread | None = None

    def add(self, cle: Cle) -> None:
        """Count one; costs a few microseconds, whatever the database does."""
        with self._verrou:
            self._keep(cle)
            if self._fil is None:
                self._demarrer()
        self._reveil.set()

    def flush(self) -> bool:
        """Write what is held; False when it could not be: it is still held, and tried again."""
        with self._ecriture:
            # What was refused before goes first, then what was counted since.
            return all(self._handed_over() for _ in range(2))

    def _handed_over(self) -> bool:
        lot = self._en_attente = self._en_attente or self._next()
        if lot is None:
            return True
        try:
            self._ecrire(lot)
        except Exception as erreur:  # whatever happens, no count is forgotten
            journal.warning("consultations gardées en mémoire : %s", type(erreur).__name__)
            self._reveil.set()
            return False
        self._en_attente = None
        return True

    def _next(self) -> Lot | None:
        with self._verrou:
            comptes, self._comptes = self._comptes, Counter()
        if not comptes:
            return None
        self._numero += 1
        return Lot(self._processus, self._numero, comptes)

    def _keep(self, cle: Cle) -> None:
        if cle not in self._comptes and len(self._comptes) >= self._cles_max:
            cle = replace(cle, acteur="", hote="", epci="")
        self._comptes[cle] += 1

    def _demarrer(self) -> None:
        # Drawn here and not before: a server may fork its processes from one.
        self._processus = token_hex(8)
        self._fil = Thread(target=self._veiller, name="consultations", daemon=True)
        self._fil.start()
        # The server's processes are multiprocessing's: they run this at their end, not atexit.
        Finalize(None, self.flush, exitpriority=PRIORITE_FIN)

    def _veiller(self) -> None:
        pause = Event()
        while True:
            self._reveil.wait()
            self._reveil.clear()
            pause.wait(self._intervalle_s)
            self.flush()


def make_compteur(
    engine: Engine, referentiel: Referentiel, horloge: Callable[[], datetime]
) -> Compteur:
    """The counts of one process, put into this database.

    Once a day old days fold, and proposals decided long ago are erased.
    """
    replie: date | None = None

    def ecrire(lot: Lot) -> None:
        nonlocal replie
        maintenant = horloge()
        with reading(engine) as session:
            catalogue = current_catalogue(session, referentiel)
        # Told here and not when asked: an absent slug costs a visitor what a real one does.
        connus = {c: n for c, n in lot.comptes.items() if not c.acteur or catalogue.get(c.acteur)}
        with transaction(engine) as session:
            if not consultations.claim(session, lot.processus, lot.numero, maintenant.date()):
                return
            consultations.add(session, connus, maintenant)
            lots.purge(session, maintenant)
            if replie != maintenant.date():
                consultations.fold(session, maintenant.date())
                propositions.purge(session, maintenant)
        replie = maintenant.date()

    return Compteur(ecrire)
