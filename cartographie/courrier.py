"""The outbox: the only writer of mails. A mail is a row of the caller's transaction.

What was acknowledged is kept: a mail is queued with what it tells of, and sent after the commit
by `cartographie remind` or by a click of the DDFE, never while a visitor waits.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from cartographie.lettres import EtatCourrier, Motif
from cartographie.models import Courrier

SUJET_MAX = 120


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
