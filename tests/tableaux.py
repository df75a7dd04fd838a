"""Tables as somebody would type them: rows of cells, as a file or as what is read of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from cartographie.echanges import Lot
from cartographie.echanges.lecture.tableau import read_rangees


def texte(lignes: Sequence[Sequence[str]], delimiter: str = ";") -> bytes:
    """A CSV of these rows."""
    flux = io.StringIO()
    csv.writer(flux, delimiter=delimiter).writerows(lignes)
    return flux.getvalue().encode()


def classeur(lignes: Sequence[Sequence[str]]) -> bytes:
    """A workbook of these rows."""
    from openpyxl import Workbook

    livre = Workbook()
    for ligne in lignes:
        livre.active.append(list(ligne))  # type: ignore[union-attr]
    flux = io.BytesIO()
    livre.save(flux)
    return flux.getvalue()


def lu(*lignes: Sequence[str]) -> Lot:
    """What is read of these rows, the first of which is the titles."""
    return read_rangees(enumerate(lignes, start=1))
