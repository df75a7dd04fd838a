"""Tiles kept on disk, shared by every process: whole files or none, and no more than a bound.

The date of a file is when it came; its access date, which we write ourselves, when it last served.
"""

from __future__ import annotations

import logging
import os
import secrets
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cartographie.tuiles.grille import Tuile

OCTETS_MAX = 256 * 1024 * 1024
# The folder is measured again each time a twentieth of its bound was written.
PART_MESURE = 20
PART_GARDEE = 0.8
SERVIE_S = 3600.0
COTE_MAX = 1024

journal = logging.getLogger(__name__)


def nature(octets: bytes) -> str:
    """Return the media type that the bytes themselves tell; empty unless a whole PNG or JPEG."""
    if octets[:8] == b"\x89PNG\r\n\x1a\n" and octets[12:16] == b"IHDR":
        cotes = struct.unpack(">II", octets[16:24]) if len(octets) > 24 else (0, 0)
        entiere = octets.endswith(b"IEND\xaeB`\x82") and all(0 < c <= COTE_MAX for c in cotes)
        return "image/png" if entiere else ""
    if octets[:3] == b"\xff\xd8\xff" and octets.endswith(b"\xff\xd9"):
        return "image/jpeg"
    return ""


class CacheTuiles:
    """One folder; `variante` tells the tiles of one upstream from those of another."""

    def __init__(self, dossier: Path, variante: str, octets_max: int = OCTETS_MAX) -> None:
        self._racine = dossier
        self._dossier = dossier / variante
        self._octets_max = octets_max
        self._ecrits = octets_max  # the first write measures what was there before

    def read(self, tuile: Tuile) -> tuple[bytes, float] | None:
        """Return a tile and its age in seconds; None when it is not there or not whole."""
        fichier = self._fichier(tuile)
        try:
            octets = fichier.read_bytes()
            etat = fichier.stat()
        except OSError:
            return None
        if not nature(octets):
            return None
        maintenant = time.time()
        if maintenant - etat.st_atime > SERVIE_S:
            with suppress(OSError):
                os.utime(fichier, (maintenant, etat.st_mtime))
        return octets, maintenant - etat.st_mtime

    def write(self, tuile: Tuile, octets: bytes) -> None:
        """Keep a tile. A disk that refuses is no reason not to answer: it is logged, once a tile.

        Not flushed to disk: a tile lost with the power is asked for again.
        """
        fichier = self._fichier(tuile)
        brouillon = fichier.with_name(f".{fichier.name}.{secrets.token_hex(4)}")
        try:
            fichier.parent.mkdir(parents=True, exist_ok=True)
            try:
                brouillon.write_bytes(octets)
                brouillon.replace(fichier)
            except OSError:
                brouillon.unlink(missing_ok=True)
                raise
            self._ecrits += len(octets)
            if self._ecrits >= self._octets_max / PART_MESURE:
                self._evict()
        except OSError as erreur:
            journal.warning("Une tuile n’a pas été gardée : %s", erreur.strerror)

    def _evict(self) -> None:
        """Drop what served least recently, other upstreams' included, when the bound is near."""
        self._ecrits = 0
        fichiers = sorted(_fichiers(self._racine))
        total = sum(taille for _, taille, _ in fichiers)
        if total <= self._octets_max * (1 - 1 / PART_MESURE):
            return
        for _, taille, chemin in fichiers:
            if total <= self._octets_max * PART_GARDEE:
                return
            with suppress(OSError):
                Path(chemin).unlink()
            total -= taille

    def _fichier(self, tuile: Tuile) -> Path:
        return self._dossier / str(tuile.z) / str(tuile.x) / str(tuile.y)


def _fichiers(dossier: Path) -> Iterator[tuple[float, int, str]]:
    """Every file below: when it last served, its size, its path. Others may be deleting them."""
    with suppress(OSError), os.scandir(dossier) as entrees:
        for entree in entrees:
            if entree.is_dir(follow_symlinks=False):
                yield from _fichiers(Path(entree.path))
                continue
            with suppress(OSError):
                etat = entree.stat(follow_symlinks=False)
                yield max(etat.st_atime, etat.st_mtime), etat.st_size, entree.path
