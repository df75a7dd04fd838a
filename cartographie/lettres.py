"""Mails as values: why one is written, what became of it, when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Motif(StrEnum):
    """Why a mail is written."""

    RAPPEL = "rappel"  # to a partner: is this record still right?
    ALERTE = "alerte"  # to the DDFE: something cannot wait
    REPONSE = "reponse"  # to who proposed a change and left an address


class EtatCourrier(StrEnum):
    """What became of a mail."""

    ATTENTE = "attente"
    ENVOYE = "envoye"
    REFUSE = "refuse"  # the server will never take it: wrong address
    REVENU = "revenu"  # it came back later; a person said so
    PERIME = "perime"  # it waited until sending it made no sense


class Reponse(StrEnum):
    """What a partner answered through the link of a mail."""

    EXACT = "exact"
    PROPOSITION = "proposition"


@dataclass(frozen=True, slots=True)
class Lettre:
    """A mail of the outbox. `corps` is empty once erased; `acteur` is a slug, or empty."""

    id: int
    motif: Motif
    a: str
    sujet: str
    corps: str
    acteur: str
    identifiant: str
    etat: EtatCourrier
    essais: int
    reponse: str
    cree_le: datetime
    envoye_le: datetime | None


# Of the last try: a server that is down for a night, or a week-end, loses nothing.
DELAIS = tuple(timedelta(minutes=m) for m in (5, 15, 60, 240, 720, 1440))


def delai(essais: int) -> timedelta:
    """How long to wait after so many failed tries: five minutes, then longer, a day at most."""
    return DELAIS[min(max(essais, 1), len(DELAIS)) - 1]
