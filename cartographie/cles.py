"""The key that signs links and sessions: the configured one, or one drawn once and kept."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cartographie.config import Settings
from cartographie.errors import ConfigurationError
from cartographie.fichiers import PRIVE, write_file
from cartographie.variables import SECRET_MINIMUM

FICHIER = "secret-key"


def load_secret_key(settings: Settings) -> str:
    """The configured key, else the one kept in the instance folder, made the first time.

    Several processes starting at once agree on one: `link` lets only the first name the file.
    """
    if settings.secret_key:
        return settings.secret_key
    fichier = settings.instance / FICHIER
    if not fichier.exists():
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        brouillon = fichier.with_name(f".secret-key-{os.getpid()}-{secrets.token_hex(4)}")
        _write_private(brouillon, secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            fichier.hardlink_to(brouillon)
        brouillon.unlink()
    secret = fichier.read_text(encoding="ascii").strip()
    if len(secret) < SECRET_MINIMUM:
        raise ConfigurationError(
            f"{fichier} ne contient pas de clé : supprimez ce fichier, une clé sera tirée."
        )
    return secret


def replace_secret_key(settings: Settings, secret: str) -> None:
    """Put another key in the instance folder; processes that run keep theirs until they start."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(settings.instance / FICHIER, secret.encode("ascii"), PRIVE)


def _write_private(fichier: Path, contenu: str) -> None:
    descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVE)
    with os.fdopen(descripteur, "w", encoding="ascii") as flux:
        flux.write(contenu)
        flux.flush()
        os.fsync(flux.fileno())
