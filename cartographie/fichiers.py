"""Files that are whole or not there: written beside, on disk, then renamed (invariant 3)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PRIVE = 0o600
PUBLIC = 0o644


def write_file(fichier: Path, contenu: bytes, mode: int) -> None:
    """Put `contenu` in place of `fichier`; a crash leaves the old file or the new one."""
    with replacing(fichier, mode) as flux:
        flux.write(contenu)


@contextmanager
def replacing(fichier: Path, mode: int) -> Iterator[BinaryIO]:
    """A stream to write what will take the place of `fichier`, once the block has ended well."""
    brouillon = fichier.with_name(f".{fichier.name}.{secrets.token_hex(4)}")
    descripteur = os.open(brouillon, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descripteur, "wb") as flux:
            yield flux
            flux.flush()
            os.fsync(flux.fileno())
        brouillon.replace(fichier)
    except BaseException:
        brouillon.unlink(missing_ok=True)
        raise
    _sync_folder(fichier.parent)


def _sync_folder(dossier: Path) -> None:
    """The new name is on disk too."""
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
