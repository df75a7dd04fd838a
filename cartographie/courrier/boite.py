"""Rows of the outbox: queued in the caller's transaction, claimed by who sends, erased later."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from cartographie.lettres import EtatCourrier, Lettre, Motif, delai
from cartographie.models import Courrier, Rappel

SUJET_MAX = 120
REPONSE_MAX = 200
# Longer than any conversation with a server may last: who claimed before that is dead.
BAIL = timedelta(minutes=15)
# What a mail said is of no use once it was read; that it was sent is, until the year after.
CORPS_GARDE = timedelta(days=15)
TRACE_GARDEE = timedelta(days=365)


def queue(
    session: Session,
    *,
    a: str,
    sujet: str,
    corps: str,
    motif: Motif,
    maintenant: datetime,
    acteur: str = "",
    perime_le: datetime | None = None,
) -> int:
    """Put a mail in the outbox and give its number.

    `a` is one address, `corps` plain text. With `acteur` (a slug), the mail goes away with what
    it tells when that record is lowered; after `perime_le` it is no longer sent. Raises
    ValueError for what cannot be a header: such a text never comes from a person's typing.
    """
    if any(signe in a + sujet for signe in "\r\n") or len(sujet) > SUJET_MAX or "@" not in a:
        raise ValueError("not an address, or not a subject")
    ajout = insert(Courrier).values(
        motif=motif,
        a=a,
        sujet=sujet,
        corps=corps,
        acteur=acteur,
        identifiant=secrets.token_hex(16),
        etat=EtatCourrier.ATTENTE,
        essais=0,
        reponse="",
        cree_le=maintenant,
        prochain_essai=maintenant,
        perime_le=perime_le,
    )
    return session.execute(ajout.returning(Courrier.id)).scalar_one()


def queued_since(session: Session, sujet: str, depuis: datetime) -> bool:
    """Whether a mail of this subject was written since then, sent or not."""
    choix = select(Courrier.id).where(Courrier.sujet == sujet, Courrier.cree_le > depuis)
    return session.execute(choix.limit(1)).first() is not None


def claim(session: Session, maintenant: datetime) -> Lettre | None:
    """Take the next mail to send, alerts first; None when none is due.

    Committed before the sending: another process leaves it alone until `BAIL` is over. On SQLite
    the transaction is the only writer; on PostgreSQL a row that another one holds is skipped.
    """
    _drop_stale(session, maintenant)
    libre = or_(Courrier.reclame_le.is_(None), Courrier.reclame_le < maintenant - BAIL)
    choix = (
        select(Courrier)
        .where(Courrier.etat == EtatCourrier.ATTENTE, Courrier.prochain_essai <= maintenant, libre)
        .order_by(Courrier.motif != Motif.ALERTE, Courrier.prochain_essai, Courrier.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    courrier = session.execute(choix).scalar_one_or_none()
    if courrier is None:
        return None
    _set(session, courrier.id, reclame_le=maintenant, essais=courrier.essais + 1)
    return _lettre(courrier)


def mark_sent(session: Session, courrier_id: int, maintenant: datetime) -> None:
    """A server took it."""
    etat = EtatCourrier.ENVOYE
    _set(session, courrier_id, etat=etat, envoye_le=maintenant, reclame_le=None, reponse="")


def mark_refused(session: Session, courrier_id: int, reponse: str) -> None:
    """A server will never take it: that address is wrong."""
    etat = EtatCourrier.REFUSE
    _set(session, courrier_id, etat=etat, reclame_le=None, reponse=reponse[:REPONSE_MAX])


def mark_failed(session: Session, courrier_id: int, reponse: str, maintenant: datetime) -> None:
    """Not this time: it waits, longer after each try."""
    essais = session.execute(
        select(Courrier.essais).where(Courrier.id == courrier_id)
    ).scalar_one_or_none()
    prochain = maintenant + delai(essais or 1)
    _set(
        session,
        courrier_id,
        reclame_le=None,
        prochain_essai=prochain,
        reponse=reponse[:REPONSE_MAX],
    )


def mark_returned(session: Session, courrier_id: int) -> bool:
    """It was sent and came back, somebody says; False when it was not sent."""
    change = (
        update(Courrier)
        .where(Courrier.id == courrier_id, Courrier.etat == EtatCourrier.ENVOYE)
        .values(etat=EtatCourrier.REVENU)
        .returning(Courrier.id)
    )
    return session.execute(change).first() is not None


def retry_now(session: Session, maintenant: datetime) -> None:
    """Let whoever clicks try at once what waits for its next try."""
    change = update(Courrier).where(Courrier.etat == EtatCourrier.ATTENTE)
    session.execute(change.values(prochain_essai=maintenant))


def purge(session: Session, maintenant: datetime) -> int:
    """Erase what old mails said, then, a year later, that they were; how many texts went."""
    finis = Courrier.etat != EtatCourrier.ATTENTE
    vieux = Courrier.cree_le < maintenant - TRACE_GARDEE
    anciens = select(Courrier.id).where(finis, vieux)
    session.execute(delete(Rappel).where(Rappel.courrier_id.in_(anciens)))
    session.execute(delete(Courrier).where(finis, vieux))
    lus = func.coalesce(Courrier.envoye_le, Courrier.prochain_essai) < maintenant - CORPS_GARDE
    vide = update(Courrier).where(finis, lus, Courrier.corps != "").values(corps="")
    return len(session.execute(vide.returning(Courrier.id)).all())


def find(session: Session, courrier_id: int) -> Lettre | None:
    """One mail; None when it is not there."""
    courrier = session.execute(
        select(Courrier).where(Courrier.id == courrier_id)
    ).scalar_one_or_none()
    return _lettre(courrier) if courrier is not None else None


def summary(session: Session) -> Mapping[EtatCourrier, int]:
    """How many mails are in each state."""
    choix = select(Courrier.etat, func.count()).group_by(Courrier.etat)
    comptes = {ligne[0]: ligne[1] for ligne in session.execute(choix)}
    return dict.fromkeys(EtatCourrier, 0) | comptes


def _drop_stale(session: Session, maintenant: datetime) -> None:
    """What waited too long says nothing true any more."""
    change = update(Courrier).where(
        Courrier.etat == EtatCourrier.ATTENTE, Courrier.perime_le <= maintenant
    )
    session.execute(change.values(etat=EtatCourrier.PERIME, reclame_le=None))


def _set(session: Session, courrier_id: int, **valeurs: object) -> None:
    session.execute(update(Courrier).where(Courrier.id == courrier_id).values(**valeurs))


def _lettre(courrier: Courrier) -> Lettre:
    return Lettre(
        id=courrier.id,
        motif=courrier.motif,
        a=courrier.a,
        sujet=courrier.sujet,
        corps=courrier.corps,
        acteur=courrier.acteur,
        identifiant=courrier.identifiant,
        etat=courrier.etat,
        essais=courrier.essais,
        reponse=courrier.reponse,
        cree_le=courrier.cree_le,
        envoye_le=courrier.envoye_le,
    )
