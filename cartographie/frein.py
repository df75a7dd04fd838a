"""The only writer of failed attempts: each one makes the next wait longer, nobody is locked out.

An attempt is counted before it is judged and taken back when it succeeds, in two transactions:
a thousand at once, over any number of processes, gain nothing over a thousand in a row. Keys are
digests made by the caller: neither an address nor what was typed is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cartographie.models import Essai

ATTENTE_MAX = timedelta(minutes=15)
OUBLI = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cle:
    """What is counted: an account from a prefix, or one of the two (the other is empty).

    The first `gratuits` failures cost nothing. A success erases the count when `efface`, else
    it takes back its own attempt only.
    """

    compte: str
    prefixe: str
    gratuits: int
    efface: bool = False


def reserve(session: Session, cles: Sequence[Cle], maintenant: datetime) -> timedelta:
    """Count an attempt and give zero; or count nothing and give how long it has to wait."""
    session.execute(delete(Essai).where(Essai.dernier < maintenant - OUBLI))
    ordre = sorted(cles, key=lambda cle: (cle.compte, cle.prefixe))
    essais = [(cle, *_lock(session, cle, maintenant)) for cle in ordre]
    attente = max(
        (dernier + delay(echecs, cle.gratuits) - maintenant for cle, echecs, dernier in essais),
        default=timedelta(),
    )
    if attente > timedelta():
        return attente
    for cle, echecs, _ in essais:
        _set(session, cle, echecs=echecs + 1, dernier=maintenant)
    return timedelta()


def forgive(session: Session, cles: Sequence[Cle]) -> None:
    """Take back an attempt that succeeded."""
    for cle in sorted(cles, key=lambda cle: (cle.compte, cle.prefixe)):
        if cle.efface:
            session.execute(delete(Essai).where(*_is(cle)))
        else:
            moins = update(Essai).where(*_is(cle), Essai.echecs > 0)
            session.execute(moins.values(echecs=Essai.echecs - 1))


def delay(echecs: int, gratuits: int) -> timedelta:
    """How long after so many failures: nothing, then 1, 2, 4… seconds, fifteen minutes at most."""
    if echecs < gratuits:
        return timedelta()
    return min(timedelta(seconds=2 ** min(echecs - gratuits, 20)), ATTENTE_MAX)


def _lock(session: Session, cle: Cle, maintenant: datetime) -> tuple[int, datetime]:
    choix = select(Essai.echecs, Essai.dernier).where(*_is(cle)).with_for_update()
    ligne = session.execute(choix).one_or_none()
    if ligne is None:
        try:
            with session.begin_nested():
                valeurs = {"echecs": 0, "dernier": maintenant}
                session.execute(
                    insert(Essai).values(compte=cle.compte, prefixe=cle.prefixe, **valeurs)
                )
        except IntegrityError:  # another process was first: wait for it
            pass
        ligne = session.execute(choix).one()
    return ligne.echecs, ligne.dernier


def _set(session: Session, cle: Cle, *, echecs: int, dernier: datetime) -> None:
    change = update(Essai).where(*_is(cle)).values(echecs=echecs, dernier=dernier)
    session.execute(change)


def _is(cle: Cle) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Essai.compte == cle.compte, Essai.prefixe == cle.prefixe
