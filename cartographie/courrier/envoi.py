"""Send what waits: each mail claimed, handed over, marked, in that order.

A process that dies before the hand-over loses nothing: its claim ends after a while. One that
dies between the hand-over and the mark sends the same mail again, under the same Message-ID:
a mail that comes twice is better than one that never comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from cartographie.courrier import boite
from cartographie.database import transaction
from cartographie.lettres import Lettre
from cartographie.smtp import Injoignable, PlusTard, Refus, Serveur

LOT_MAX = 200


@dataclass(frozen=True, slots=True)
class Bilan:
    """What became of the mails of one round; `panne` is what the server said when it stopped."""

    envoyes: int = 0
    refuses: int = 0
    reportes: int = 0
    panne: str = ""

    def __add__(self, autre: Bilan) -> Bilan:
        """Both rounds together; the last failure is the one that is told."""
        return Bilan(
            self.envoyes + autre.envoyes,
            self.refuses + autre.refuses,
            self.reportes + autre.reportes,
            autre.panne,
        )


def deliver(
    engine: Engine,
    serveur: Serveur,
    horloge: Callable[[], datetime],
    *,
    au_plus: int = LOT_MAX,
) -> Bilan:
    """Send at most so many of the mails that are due, in one conversation with the server.

    A server that cannot be reached ends the round: what is left waits.
    """
    lettre = _claim(engine, horloge)
    if lettre is None:
        return Bilan()
    envoyes = refuses = reportes = 0
    try:
        with serveur.open() as facteur:
            while lettre is not None:
                try:
                    facteur.hand_over(lettre, horloge())
                    with transaction(engine) as session:
                        boite.mark_sent(session, lettre.id, horloge())
                    envoyes += 1
                except Refus as refus:
                    with transaction(engine) as session:
                        boite.mark_refused(session, lettre.id, str(refus))
                    refuses += 1
                except PlusTard as attente:
                    _wait(engine, lettre, str(attente), horloge())
                    reportes += 1
                fini = envoyes + refuses + reportes >= au_plus
                lettre = None if fini else _claim(engine, horloge)
    except Injoignable as panne:
        if lettre is not None:
            _wait(engine, lettre, str(panne), horloge())
        return Bilan(envoyes, refuses, reportes, str(panne))
    return Bilan(envoyes, refuses, reportes)


def _wait(engine: Engine, lettre: Lettre, reponse: str, maintenant: datetime) -> None:
    with transaction(engine) as session:
        boite.mark_failed(session, lettre.id, reponse, maintenant)


def _claim(engine: Engine, horloge: Callable[[], datetime]) -> Lettre | None:
    with transaction(engine) as session:
        return boite.claim(session, horloge())
