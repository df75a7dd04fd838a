"""Reading an Excel workbook, row by row: what is hostile is found before anything is unpacked."""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from cartographie.echanges import Lot, refus
from cartographie.echanges.lecture.tableau import COLONNES_MAX, LIGNES_MAX, Rangee, read_rangees

MEMBRES_MAX = 200
OCTETS_MAX = 30_000_000
# Rows and tags that may stand in one part: beyond, reading it would take more than a moment.
RANGEES_MAX = 4 * LIGNES_MAX
BALISES_MAX = 1_500_000
FEUILLE = "Fiches"
ECHAPPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
PAS_UN_CLASSEUR = "Ce fichier n’est pas un classeur Excel (.xlsx)."
TROP_LONG = f"Ce classeur est trop long : {LIGNES_MAX} lignes au plus, vides comprises."
TROP_GROS = "Ce classeur est trop gros une fois décompressé."


class _Trop(Exception):
    """More rows than a table of records has."""


def read(contenu: bytes) -> Lot:
    """Read the sheet « Fiches », or the first one."""
    faute = _suspect(contenu)
    if faute:
        return refus(faute)
    # openpyxl would bring it along for types of cells that no table of ours has.
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    from openpyxl import load_workbook

    from cartographie.echanges.lecture.feuille import rows, skip_sizes

    skip_sizes()
    try:
        with warnings.catch_warnings(action="ignore"):
            classeur = load_workbook(io.BytesIO(contenu), read_only=True, keep_links=False)
            nom = FEUILLE if FEUILLE in classeur.sheetnames else classeur.sheetnames[0]
            return read_rangees(_rangees(rows(classeur, nom)))
    except _Trop:
        return refus(TROP_LONG)
    except MemoryError:
        raise
    except Exception:  # whatever a broken workbook makes openpyxl raise
        return refus(PAS_UN_CLASSEUR)


def _suspect(contenu: bytes) -> str:
    """Why this is not even opened, or nothing: sizes are those that the archive declares.

    They bind: no member gives more than it declares.
    """
    try:
        with ZipFile(io.BytesIO(contenu)) as archive:
            membres = archive.infolist()
            if len(membres) > MEMBRES_MAX:
                return "Ce classeur a trop de parties."
            if sum(membre.file_size for membre in membres) > OCTETS_MAX:
                return TROP_GROS
            if any(membre.flag_bits & 1 for membre in membres):
                return "Ce classeur est protégé par un mot de passe : retirez-le."
            for membre in membres:
                if membre.filename.endswith((".xml", ".rels")):
                    xml = archive.read(membre)
                    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml:
                        return PAS_UN_CLASSEUR
                    if xml.count(b"<row") > RANGEES_MAX or xml.count(b"<") > BALISES_MAX:
                        return TROP_LONG
    except (BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError):
        return PAS_UN_CLASSEUR
    return ""


def _rangees(rangees: Iterable[tuple[int, list[dict[str, Any]]]]) -> Iterator[Rangee]:
    for lues, (numero, rangee) in enumerate(rangees):
        if lues > LIGNES_MAX or numero > 10 * LIGNES_MAX:
            raise _Trop
        yield numero, _cellules(rangee)


def _cellules(rangee: list[dict[str, Any]]) -> list[str]:
    cellules: list[str] = []
    for cellule in rangee:
        rang = min(cellule["column"] - 1, COLONNES_MAX)
        cellules.extend([""] * (rang + 1 - len(cellules)))
        cellules[rang] = _texte(cellule["value"], cellule["data_type"])
    return cellules


def _texte(valeur: Any, genre: str) -> str:  # noqa: ANN401
    """A cell as a CSV of the same table would have it."""
    if valeur is None or genre == "e":
        return "" if valeur is None else str(valeur)
    if genre == "f":
        return f"={valeur}"[:80]
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float) and valeur.is_integer() and abs(valeur) < 1e15:
        return str(int(valeur))
    if isinstance(valeur, datetime):
        return valeur.date().isoformat() if not valeur.time().hour else valeur.isoformat()
    if not isinstance(valeur, str):
        return str(valeur)
    texte = ECHAPPE.sub(lambda trouve: chr(int(trouve[1], 16)), valeur)
    # A text, whatever it looks like: as a CSV it would have its apostrophe.
    return f"'{texte}" if texte.startswith("=") else texte
