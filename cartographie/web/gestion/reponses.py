"""The word back of a moderator: by mail to a partner that has an address, else kept here only."""

from __future__ import annotations

from datetime import datetime

from flask import render_template
from sqlalchemy.orm import Session

from cartographie import courrier, registre
from cartographie.depots import OrigineDepot, Proposition, normaliser
from cartographie.errors import IntrouvableError
from cartographie.lettres import Motif
from cartographie.propositions import Verdict
from cartographie.rappels import Suivi, address

SUJET = "Carte des services : réponse à votre proposition"


def adresse(session: Session, proposition: Proposition) -> str:
    """Whom a word back goes to; nobody for the public, of whom nothing is known."""
    if proposition.origine is not OrigineDepot.PARTENAIRE:
        return ""
    try:
        saisie, _ = registre.get_saisie(session, proposition.slug)
    except IntrouvableError:
        return ""
    return address(saisie, courrier.suivis(session).get(proposition.slug, Suivi()))


def queue(
    session: Session, proposition: Proposition, verdict: Verdict, maintenant: datetime
) -> bool:
    """Put the word in the outbox, with the decision; False when there is nobody or no word."""
    mot, a = normaliser(verdict.mot), adresse(session, proposition)
    if not mot or not a:
        return False
    courrier.queue(
        session,
        a=a,
        sujet=SUJET,
        corps=render_template("courriels/reponse.txt", mot=mot),
        motif=Motif.REPONSE,
        maintenant=maintenant,
        acteur=proposition.slug,
    )
    return True
