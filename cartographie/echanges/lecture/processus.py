"""A file read by another process, under limits: whatever is in it, nobody else waits for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from cartographie.echanges import Lot, refus
from cartographie.echanges.lecture.transport import lot_from_json

OCTETS_MAX = 8_000_000
ATTENTE_S = 15.0
# Two at once in a process: the others are asked to come back, visitors keep the machine.
PLACES = BoundedSemaphore(2)
RACINE = Path(__file__).resolve().parents[3]
# Nothing of ours but where the code is: no setting, no secret.
MILIEU = {"OPENPYXL_LXML": "False", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
TROP_GROS = f"Ce fichier est trop gros : {OCTETS_MAX // 1_000_000} Mo au plus."
TROP_LONG = "Ce fichier demande trop de calcul : il n’a pas été lu. Découpez-le, ou simplifiez-le."
OCCUPE = "D’autres fichiers sont en cours de lecture : réessayez dans un instant."


def read_file(contenu: bytes, forme: str) -> Lot:
    """What a file of a format (`csv`, `xlsx`, `geojson`) says; a refusal in a sentence, always."""
    if len(contenu) > OCTETS_MAX:
        return refus(TROP_GROS)
    if not contenu.strip():
        return refus("Ce fichier est vide.")
    if not PLACES.acquire(blocking=False):
        return refus(OCCUPE)
    try:
        fait = subprocess.run(
            [sys.executable, "-m", "cartographie.echanges.lecture", forme],
            input=contenu,
            capture_output=True,
            cwd=RACINE,
            env=MILIEU,
            timeout=ATTENTE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return refus(TROP_LONG)
    finally:
        PLACES.release()
    if fait.returncode != 0:
        # Killed by its limits, or out of memory: its errors may repeat the file, they go nowhere.
        return refus(TROP_LONG)
    return lot_from_json(json.loads(fait.stdout))
