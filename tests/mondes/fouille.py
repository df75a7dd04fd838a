"""The search for secrets in any bytes: opened as far as they open, read in every encoding at once.

    depouiller(octets)          the bytes, and what is in them: gzip, zip, SQLite, PDF, mail
    Chercheur(secrets)(octets)  which secrets they hold, and how they are written

Capital letters do not count. Five bytes of each form are kept as bits of one table, so that a
megabyte is read in some twenty milliseconds, however many forms there are.
"""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy

import numpy as np
import pypdf

from tests.mondes.encodages import OCTETS_MIN, Forme, Secret

BITS = 24
MELANGE = np.uint64(0x9E3779B97F4A7C15)
# How far the two halves of a pair may stand from each other, in bytes.
FENETRE = 48
PROFONDEUR = 4
# (name of the secret, name of the encoding)
Trouvaille = tuple[str, str]


class Chercheur:
    """Knows every form of every secret."""

    def __init__(self, secrets: Mapping[str, Secret]) -> None:
        self.secrets = dict(secrets)
        self._table = np.zeros(1 << BITS, dtype=np.bool_)
        self._par_debut: defaultdict[bytes, list[tuple[str, Forme, bytes]]] = defaultdict(list)
        for nom, secret in self.secrets.items():
            for forme in set(secret.formes()):
                octets = forme.octets.lower()
                if len(octets) >= OCTETS_MIN:
                    self._par_debut[octets[:OCTETS_MIN]].append((nom, forme, octets))
        for debut in self._par_debut:
            self._table[_cles(debut)] = True

    def __call__(self, contenu: bytes) -> set[Trouvaille]:
        """Look into bytes and into what they hold."""
        trouvees: set[Trouvaille] = set()
        for octets in depouiller(contenu):
            trouvees |= self._chercher(octets.lower())
        return trouvees

    def _chercher(self, octets: bytes) -> set[Trouvaille]:
        if len(octets) < OCTETS_MIN:
            return set()
        trouvees: set[Trouvaille] = set()
        moities: defaultdict[tuple[str, str], dict[str, list[int]]] = defaultdict(dict)
        for place in np.flatnonzero(self._table[_cles(octets)]).tolist():
            for nom, forme, voulus in self._par_debut.get(octets[place : place + OCTETS_MIN], ()):
                if not octets.startswith(voulus, place):
                    continue
                if not forme.moitie:
                    trouvees.add((nom, forme.encodage))
                    continue
                famille, _, cote = forme.moitie.rpartition(" ")
                moities[nom, famille].setdefault(cote, []).append(place)
        for (nom, famille), cotes in moities.items():
            if _voisins(cotes.get("x", []), cotes.get("y", [])):
                trouvees.add((nom, famille))
        return trouvees


def _cles(octets: bytes) -> np.ndarray:
    """A key of the table for every run of bytes."""
    suite = np.frombuffer(octets, dtype=np.uint8)
    longueur = len(suite) - OCTETS_MIN + 1
    mots = np.zeros(longueur, dtype=np.uint64)
    for rang in range(OCTETS_MIN):
        mots |= suite[rang : rang + longueur].astype(np.uint64) << np.uint64(8 * rang)
    with np.errstate(over="ignore"):
        return (mots * MELANGE) >> np.uint64(64 - BITS)


def _voisins(unes: list[int], autres: list[int]) -> bool:
    if not unes or not autres:
        return False
    tries = np.sort(np.asarray(autres))
    ou = np.searchsorted(tries, np.asarray(unes) - FENETRE)
    suivants = tries[np.minimum(ou, len(tries) - 1)]
    return bool((np.abs(suivants - np.asarray(unes)) <= FENETRE).any())


def depouiller(octets: bytes, profondeur: int = PROFONDEUR) -> Iterator[bytes]:
    """The bytes, then everything that can be taken out of them."""
    yield octets
    if profondeur:
        for dedans in _ouvrir(octets):
            yield from depouiller(dedans, profondeur - 1)


def _ouvrir(octets: bytes) -> Iterator[bytes]:
    if octets.startswith(b"\x1f\x8b"):
        yield gzip.decompress(octets)
    elif octets.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            yield from (nom.encode() for nom in archive.namelist())
            yield from (archive.read(nom) for nom in archive.namelist())
    elif octets.startswith(b"SQLite format 3\0"):
        yield from _base(octets)
    elif octets.startswith(b"%PDF-"):
        yield from _document(octets)
    elif octets[:2] in (b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
        yield zlib.decompressobj().decompress(octets)


def _base(octets: bytes) -> Iterator[bytes]:
    """Values one by one: a long one is cut by the pages of the file."""
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(octets)
        base.text_factory = bytes
        tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for ligne in base.execute(f'SELECT * FROM "{table.decode()}"'):
                yield from (v for v in ligne if isinstance(v, bytes))
    finally:
        base.close()


def _document(octets: bytes) -> Iterator[bytes]:
    lecteur = pypdf.PdfReader(io.BytesIO(octets))
    yield repr(dict(lecteur.metadata or {})).encode()
    for page in lecteur.pages:
        yield page.extract_text().encode()
    for numero in range(1, len(lecteur.xref_objStm) + sum(map(len, lecteur.xref.values())) + 1):
        objet = lecteur.get_object(pypdf.generic.IndirectObject(numero, 0, lecteur))
        if isinstance(objet, pypdf.generic.StreamObject):
            yield objet.get_data()
        elif objet is not None:
            yield repr(objet).encode()


def courriel(octets: bytes) -> Iterator[bytes]:
    """A mail as it travels, then as it is read: subject, addresses, each part."""
    yield octets
    message = message_from_bytes(octets, policy=policy.default)
    yield from (f"{nom}: {valeur}".encode() for nom, valeur in message.items())
    for partie in message.walk():
        contenu = partie.get_payload(decode=True)
        if isinstance(contenu, bytes):
            yield contenu
