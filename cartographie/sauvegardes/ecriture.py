"""Making a backup: one state of the database, sealed, written beside, on disk, then renamed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from cartographie import registre
from cartographie.cles import load_secret_key
from cartographie.config import Settings
from cartographie.database import reading
from cartographie.errors import ConfigurationError
from cartographie.fichiers import PRIVE, replacing
from cartographie.migrations import current_revision
from cartographie.sauvegardes import dossier, memoire
from cartographie.sauvegardes.coffre import seal
from cartographie.sauvegardes.formes import Empreinte, formes, read_lines, to_line

SANS_CLE = (
    "CARTO_SAUVEGARDE_CLE n’est pas réglé : une sauvegarde ne s’écrit que chiffrée."
    " « cartographie backup --nouvelle-cle » en tire une ; gardez-la ailleurs que sur ce serveur."
)


@dataclass(frozen=True, slots=True)
class Sauvegarde:
    """What was written: where, how long, and how many old ones went."""

    fichier: Path
    octets: int
    retirees: int


def new_key() -> str:
    """A key drawn at random: 256 bits."""
    return secrets.token_urlsafe(32)


def require_key(settings: Settings) -> str:
    """The configured key. Raises ConfigurationError."""
    if not settings.sauvegarde_cle:
        raise ConfigurationError(SANS_CLE)
    return settings.sauvegarde_cle


def save(engine: Engine, settings: Settings, maintenant: datetime) -> Sauvegarde:
    """Write a backup, note what was erased beside it, remove those older than thirty days.

    Nobody is stopped but, on SQLite, a writer for as long as the reading lasts. Raises
    ConfigurationError without a key, OSError when the folder cannot be written.
    """
    cle, ici = require_key(settings), settings.dossier_sauvegardes
    maintenant = maintenant.astimezone(UTC).replace(microsecond=0)
    ici.mkdir(mode=0o700, parents=True, exist_ok=True)
    fichier = ici / dossier.file_name(maintenant)
    # In this order, the database is left before the disk has taken it all.
    with replacing(fichier, PRIVE) as flux, reading(engine) as session:
        textes = _lines(session.connection(), _header(session.connection(), settings, maintenant))
        seal(textes, cle, flux)
    memoire.keep(engine, settings)
    retirees = dossier.prune(ici, maintenant)
    return Sauvegarde(fichier, fichier.stat().st_size, len(retirees))


def _header(connection: Connection, settings: Settings, maintenant: datetime) -> bytes:
    # A key that the software drew itself is needed to read what it encrypted (second factors).
    return to_line(
        {
            "quand": maintenant.isoformat(),
            "migration": current_revision(connection),
            "version": registre.version_of(connection),
            "secret": "" if settings.secret_key else load_secret_key(settings),
        }
    )


def _lines(connection: Connection, entete: bytes) -> Iterator[bytes]:
    yield entete
    for forme in formes():
        yield to_line({"table": asdict(forme)})
        empreinte = Empreinte()
        for ligne in read_lines(connection, forme):
            empreinte.add(ligne)
            yield ligne
        yield to_line({"lignes": empreinte.lignes, "somme": empreinte.hex})
    yield to_line({"fin": True})
