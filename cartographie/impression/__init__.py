"""Documents for paper: plain values → a tagged PDF (PDF/UA-1), made by another process.

A layout is a file of `templates/pdf/`; what it shows comes as JSON and is never part of its text,
so that nothing of a record can be read as an order. The same values give the same bytes: no clock,
no font of the machine, no network.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

from cartographie.errors import ImpressionError

ATTENTE_S = 20.0
# Two at once in a process, and a short queue: visitors keep the machine.
PLACES = BoundedSemaphore(2)
FILE_S = 10.0
OCTETS_MAX = 24 * 1024 * 1024
RACINE = Path(__file__).resolve().parents[2]
# Nothing of ours but where the code is: no setting, no secret. Threads cost more than they bring.
MILIEU = {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "RAYON_NUM_THREADS": "1"}
RATE = "Ce document n’a pas pu être préparé. Imprimez la page elle-même, ou réduisez la liste."
OCCUPE = "D’autres documents sont en préparation : réessayez dans un instant."


class _Faits:
    """The last documents made, by what they were made of."""

    def __init__(self) -> None:
        self._verrou = Lock()
        self._faits: OrderedDict[bytes, bytes] = OrderedDict()
        self._octets = 0

    def get(self, cle: bytes) -> bytes | None:
        with self._verrou:
            fait = self._faits.get(cle)
            if fait is not None:
                self._faits.move_to_end(cle)
            return fait

    def add(self, cle: bytes, pdf: bytes) -> None:
        with self._verrou:
            if cle in self._faits or len(pdf) > OCTETS_MAX // 4:
                return
            self._faits[cle] = pdf
            self._octets += len(pdf)
            while self._octets > OCTETS_MAX:
                self._octets -= len(self._faits.popitem(last=False)[1])


_FAITS = _Faits()


def imprimer(gabarit: str, donnees: Mapping[str, Any]) -> bytes:
    """The PDF of a layout with these values (texts, numbers, lists, SVG drawings of ours).

    Raises ImpressionError when it takes too long or cannot be made.
    """
    demande = json.dumps({"gabarit": gabarit, "donnees": donnees}, sort_keys=True).encode()
    cle = sha256(demande).digest()
    connu = _FAITS.get(cle)
    if connu is not None:
        return connu
    if not PLACES.acquire(timeout=FILE_S):
        raise ImpressionError(OCCUPE)
    try:
        pdf = compiler(demande)
    finally:
        PLACES.release()
    _FAITS.add(cle, pdf)
    return pdf


def compiler(demande: bytes) -> bytes:
    """Have a document made by a process of its own, and never from what is kept."""
    try:
        fait = subprocess.run(
            [sys.executable, "-m", "cartographie.impression"],
            input=demande,
            capture_output=True,
            cwd=RACINE,
            env=MILIEU,
            timeout=ATTENTE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise ImpressionError(RATE) from erreur
    if fait.returncode != 0 or not fait.stdout.startswith(b"%PDF"):
        # Its errors may repeat what it was given: they go nowhere.
        raise ImpressionError(RATE)
    return fait.stdout
