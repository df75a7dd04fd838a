"""Saying that there has been no backup for two days: on a page, by a command, by mail."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from cartographie import courrier, registre
from cartographie.config import Settings
from cartographie.lettres import Motif
from cartographie.sauvegardes.dossier import backups, moment_fr

# Without a backup for longer than that, somebody is told.
ALERTE = timedelta(hours=48)
# One mail a day, however often the reminders are run.
ENTRE_COURRIELS = timedelta(hours=20)
SUJET = "Carte des services : plus de sauvegarde depuis deux jours"
CORPS = """Bonjour,

{phrase}

Si ce serveur tombait en panne, ce qui a été saisi depuis serait perdu. Transmettez ce message à la
personne qui tient le serveur : la marche à suivre est dans docs/exploitation.md.
"""


def overdue(session: Session, settings: Settings, maintenant: datetime) -> str:
    """A sentence when there has been no backup for 48 hours, else nothing."""
    return alert(settings.dossier_sauvegardes, registre.first_write(session), maintenant)


def warn(session: Session, settings: Settings, maintenant: datetime) -> bool:
    """Queue a mail to the DDFE when a backup is overdue; False when there is nothing to say."""
    phrase = overdue(session, settings, maintenant)
    if not phrase or not settings.courriel_ddfe:
        return False
    if courrier.queued_since(session, SUJET, maintenant - ENTRE_COURRIELS):
        return False
    courrier.queue(
        session,
        a=settings.courriel_ddfe,
        sujet=SUJET,
        corps=CORPS.format(phrase=phrase),
        motif=Motif.ALERTE,
        maintenant=maintenant,
    )
    return True


def alert(dossier: Path, depuis: datetime | None, maintenant: datetime) -> str:
    """The same of a folder; `depuis`: when there was first something to lose, None for nothing."""
    faites: list[tuple[datetime, Path]] = []
    with suppress(OSError):
        faites = backups(dossier)
    derniere = faites[0][0] if faites else None
    reference = derniere or depuis
    if reference is None or maintenant - reference <= ALERTE:
        return ""
    if derniere is None:
        return "Aucune sauvegarde n’a jamais été faite : voir docs/exploitation.md."
    return (
        f"Aucune sauvegarde depuis le {moment_fr(derniere)} : voyez pourquoi"
        " « cartographie backup » ne passe plus."
    )
