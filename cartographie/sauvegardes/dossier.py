"""The folder of backups: names that sort by date and how long they stay."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cartographie.horaires import PARIS

GARDE = timedelta(days=30)
NOM = re.compile(r"cartographie-(\d{8}T\d{6}Z)\.sauvegarde")
DATE = "%Y%m%dT%H%M%SZ"


def file_name(quand: datetime) -> str:
    """The name of the backup of this moment."""
    return f"cartographie-{quand.astimezone(UTC).strftime(DATE)}.sauvegarde"


def moment_of(fichier: Path) -> datetime | None:
    """The moment that a name tells; None for any other file."""
    trouve = NOM.fullmatch(fichier.name)
    if trouve is None:
        return None
    return datetime.strptime(trouve[1], DATE).replace(tzinfo=UTC)


def backups(dossier: Path) -> list[tuple[datetime, Path]]:
    """Every backup, latest first; none when the folder is not there."""
    if not dossier.is_dir():
        return []
    dates = ((moment_of(fichier), fichier) for fichier in dossier.iterdir())
    return sorted(((quand, fichier) for quand, fichier in dates if quand), reverse=True)


def prune(dossier: Path, maintenant: datetime) -> list[Path]:
    """Remove what is older than thirty days, never the latest one. Gives what went."""
    vieilles = [f for quand, f in backups(dossier)[1:] if quand < maintenant - GARDE]
    for fichier in vieilles:
        fichier.unlink(missing_ok=True)
    return vieilles


def moment_fr(quand: datetime) -> str:
    """`22/11/2026 à 03:15`, in Paris."""
    return quand.astimezone(PARIS).strftime("%d/%m/%Y à %H:%M")
