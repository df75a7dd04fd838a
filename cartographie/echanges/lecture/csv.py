"""Reading a table as text, whatever spreadsheet saved it: encoding, separator, quotes by rule."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from cartographie.echanges import Lot, refus
from cartographie.echanges.lecture.tableau import CELLULE_MAX, COLONNES_MAX, Rangee, read_rangees

SEPARATEURS = ";\t,"
MARQUES = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A cell longer than this is a fault of its own; one much longer stops the reading.
CHAMP_MAX = 4 * CELLULE_MAX
RANGEES_MAX = 20_000
ILLISIBLE = "Ce fichier n’est pas un texte : enregistrez-le au format CSV."


class _Trop(Exception):
    """More rows than a table of records has, empty ones included."""


def read(contenu: bytes) -> Lot:
    """Read a CSV: by its mark, else UTF-8, else as Excel writes it in France (cp1252)."""
    texte = decoder(contenu)
    if texte is None or "\x00" in texte:
        return refus(ILLISIBLE)
    premiere, _, reste = texte.partition("\n")
    separateur = max(SEPARATEURS, key=premiere.count)
    if premiere.strip().lower().startswith("sep=") and len(premiere.strip()) == 5:
        # Excel's own line: it counts as a row of the sheet.
        separateur, texte = premiere.strip()[4], f"\r\n{reste}"
    csv.field_size_limit(CHAMP_MAX)
    try:
        return read_rangees(_rangees(texte, separateur))
    except _Trop:
        return refus(f"Ce fichier a plus de {RANGEES_MAX} lignes, vides comprises.")
    except csv.Error as erreur:
        if "field larger" in str(erreur):
            return refus(f"Une cellule est trop longue : {CELLULE_MAX} caractères au plus.")
        return refus("Ce CSV est mal formé : un guillemet n’est pas refermé.")


def decoder(contenu: bytes) -> str | None:
    """The text of a file; None when it is none."""
    for marque, codage in MARQUES:
        if contenu.startswith(marque):
            return _essayer(contenu, codage)
    if len(contenu) >= 4 and contenu[1] == 0 and contenu[3] == 0:
        return _essayer(contenu, "utf-16-le")
    texte = _essayer(contenu, "utf-8")
    return _essayer(contenu, "cp1252") if texte is None else texte


def _essayer(contenu: bytes, codage: str) -> str | None:
    try:
        return contenu.decode(codage)
    except UnicodeError:
        return None


def _rangees(texte: str, separateur: str) -> Iterator[Rangee]:
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    for numero, cellules in enumerate(lecteur, start=1):
        if numero > RANGEES_MAX:
            raise _Trop
        yield numero, cellules[: COLONNES_MAX + 1]
