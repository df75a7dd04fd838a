"""Sessions that are open: a row each. The browser holds a secret, the table its digest.

A session without a row is over, whatever copies of its cookie are left. Nothing tells where it
was opened, nor with what: the moment is enough to know one's own.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, delete, insert, select
from sqlalchemy.orm import Session

from cartographie.jetons import digest
from cartographie.models import SessionOuverte


@dataclass(frozen=True, slots=True)
class Ouverte:
    """A session as its owner sees it."""

    id: int
    ouverte_le: datetime
    actuelle: bool


def open_session(session: Session, compte_id: int, ouverte_le: datetime) -> str:
    """Begin a session. Gives its secret, which is kept nowhere here."""
    secret = secrets.token_urlsafe(32)
    valeurs = {"ouverte_le": ouverte_le, "empreinte": digest(secret)}
    session.execute(insert(SessionOuverte).values(utilisateur_id=compte_id, **valeurs))
    return secret


def holder(secret: str) -> ScalarSelect[int]:
    """Whose session it is, as part of another question; of nobody when it is over."""
    choix = select(SessionOuverte.utilisateur_id).where(SessionOuverte.empreinte == digest(secret))
    return choix.scalar_subquery()


def sessions_of(session: Session, compte_id: int, secret: str) -> tuple[Ouverte, ...]:
    """The sessions of an account, the latest first; `secret` tells which one is asking."""
    choix = select(SessionOuverte).where(SessionOuverte.utilisateur_id == compte_id)
    ordre = choix.order_by(SessionOuverte.ouverte_le.desc(), SessionOuverte.id.desc())
    actuelle = digest(secret)
    return tuple(
        Ouverte(ligne.id, ligne.ouverte_le, ligne.empreinte == actuelle)
        for ligne in session.execute(ordre).scalars()
    )


def close(session: Session, secret: str) -> None:
    """End one session, by what its browser holds; nothing happens when it was over."""
    session.execute(delete(SessionOuverte).where(SessionOuverte.empreinte == digest(secret)))


def close_numbered(session: Session, compte_id: int, numeros: Collection[int]) -> int:
    """End sessions of an account by their numbers; how many. Those of others are left alone."""
    condition = (SessionOuverte.utilisateur_id == compte_id, SessionOuverte.id.in_(numeros))
    fermees = delete(SessionOuverte).where(*condition).returning(SessionOuverte.id)
    return len(session.execute(fermees).all())


def close_all(session: Session, compte_id: int) -> None:
    """End every session of an account."""
    session.execute(delete(SessionOuverte).where(SessionOuverte.utilisateur_id == compte_id))


def purge(session: Session, limite: datetime) -> None:
    """Forget those that were opened at that moment or before: their life is over."""
    session.execute(delete(SessionOuverte).where(SessionOuverte.ouverte_le <= limite))
