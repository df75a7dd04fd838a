"""Bytes that only who has the key can read, and that nobody can change: AES-256-GCM by chunks.

    magic · salt (16) · chunks: length (4, big-endian; highest bit: the last one), ciphertext

The key of a file is derived from the configured one by scrypt and the file's own salt; a chunk's
nonce is its rank and whether it is the last, so that chunks cannot be cut off, swapped or added.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from cartographie.errors import SauvegardeError

MAGIE = b"cartographie sauvegarde 1\n"
SEL = 16
MORCEAU = 1 << 20
DERNIER = 1 << 31
ABIMEE = "Ce fichier est abîmé, ou la clé CARTO_SAUVEGARDE_CLE n’est pas celle qui l’a scellé."
AUTRE = "Ce fichier n’est pas une sauvegarde de cartographie."


def seal(textes: Iterable[bytes], cle: str, flux: BinaryIO) -> None:
    """Compress and seal; nothing readable is written anywhere."""
    sel = os.urandom(SEL)
    chiffre, rang = _chiffre(cle, sel), 0
    flux.write(MAGIE + sel)
    attente = bytearray()
    for comprime in _comprimer(textes):
        attente += comprime
        while len(attente) > MORCEAU:
            _write(flux, chiffre, sel, rang, bytes(attente[:MORCEAU]), dernier=False)
            del attente[:MORCEAU]
            rang += 1
    _write(flux, chiffre, sel, rang, bytes(attente), dernier=True)


def unseal(flux: BinaryIO, cle: str) -> Iterator[bytes]:
    """Lines as they were sealed, without their end. Raises SauvegardeError."""
    if flux.read(len(MAGIE)) != MAGIE:
        raise SauvegardeError(AUTRE)
    sel = flux.read(SEL)
    if len(sel) != SEL:
        raise SauvegardeError(ABIMEE)
    reste = b""
    decompresseur = zlib.decompressobj()
    for clair in _chunks(flux, _chiffre(cle, sel), sel):
        lignes = (reste + decompresseur.decompress(clair)).split(b"\n")
        reste = lignes.pop()
        yield from lignes
    if reste or not decompresseur.eof:
        raise SauvegardeError(ABIMEE)


def _comprimer(textes: Iterable[bytes]) -> Iterator[bytes]:
    compresseur = zlib.compressobj()
    for texte in textes:
        yield compresseur.compress(texte + b"\n")
    yield compresseur.flush()


def _chunks(flux: BinaryIO, chiffre: AESGCM, sel: bytes) -> Iterator[bytes]:
    rang = 0
    while True:
        entete = int.from_bytes(flux.read(4), "big")
        dernier = bool(entete & DERNIER)
        longueur = entete & (DERNIER - 1)
        # Not more than a chunk and its tag: a wrong length must not fill the memory.
        scelle = flux.read(min(longueur, MORCEAU + 16))
        try:
            yield chiffre.decrypt(_nonce(rang, dernier), scelle, MAGIE + sel)
        except (InvalidTag, ValueError) as erreur:
            raise SauvegardeError(ABIMEE) from erreur
        rang += 1
        if dernier:
            break
    if flux.read(1):
        raise SauvegardeError(ABIMEE)


def _write(
    flux: BinaryIO, chiffre: AESGCM, sel: bytes, rang: int, clair: bytes, *, dernier: bool
) -> None:
    scelle = chiffre.encrypt(_nonce(rang, dernier), clair, MAGIE + sel)
    flux.write((len(scelle) | (DERNIER if dernier else 0)).to_bytes(4, "big") + scelle)


def _nonce(rang: int, dernier: bool) -> bytes:
    return rang.to_bytes(11, "big") + bytes([dernier])


@lru_cache(maxsize=4)
def _chiffre(cle: str, sel: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=sel, length=32, n=1 << 15, r=8, p=1).derive(cle.encode()))
