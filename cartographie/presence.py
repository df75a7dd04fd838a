"""Who has a record open for editing: a hint between colleagues, never a lock.

One small file per record and person below the instance folder; its date says when. Nothing
depends on it: a file that cannot be written or read is a hint that is not given.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

DUREE = timedelta(minutes=15)
NOM_MAX = 200


def mark(dossier: Path, slug: str, courriel: str, nom: str, maintenant: datetime) -> None:
    """Say that this person has the record open since `maintenant` (aware)."""
    fichier = _fichier(dossier, slug, courriel)
    with suppress(OSError):
        fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fichier.write_text(f"{maintenant.timestamp():.0f}\n{nom}", encoding="utf-8")


def forget(dossier: Path, slug: str, courriel: str) -> None:
    """Say that this person is done with it."""
    with suppress(OSError):
        _fichier(dossier, slug, courriel).unlink(missing_ok=True)


def others(dossier: Path, slug: str, courriel: str, maintenant: datetime) -> tuple[str, ...]:
    """Names of the others who opened it less than a quarter of an hour ago."""
    moi = _fichier(dossier, slug, courriel)
    noms = []
    with suppress(OSError):
        for fichier in sorted(moi.parent.glob(f"{_marque(slug)}-*")):
            nom = _nom(fichier, maintenant)
            if nom and fichier != moi:
                noms.append(nom)
    return tuple(noms)


def _nom(fichier: Path, maintenant: datetime) -> str:
    """The name in a file; an old file is taken away."""
    with suppress(OSError, ValueError):
        quand, _, nom = fichier.read_text(encoding="utf-8").partition("\n")
        if maintenant.timestamp() - float(quand) < DUREE.total_seconds():
            return nom[:NOM_MAX]
        fichier.unlink(missing_ok=True)
    return ""


def _fichier(dossier: Path, slug: str, courriel: str) -> Path:
    return dossier / "presence" / f"{_marque(slug)}-{_marque(courriel)}"


def _marque(texte: str) -> str:
    return sha256(texte.encode()).hexdigest()[:24]
