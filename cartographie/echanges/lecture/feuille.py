"""Rows of a sheet of a workbook as they are in the file, with openpyxl's own parser.

Its iteration makes a million rows of one that stands far away, and a text kept in its cell costs
it as much as ten others: both are read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from typing_extensions import override

TEXTE = f"{{{SHEET_MAIN_NS}}}t"
PHONETIQUE = f"{{{SHEET_MAIN_NS}}}rPh"


class _Parseur(WorkSheetParser):
    @override
    def parse_cell(self, element: Element) -> dict[str, Any]:
        """A cell; the one that holds its own text is read at once."""
        coordonnee = element.get("r")
        if element.get("t") != "inlineStr" or not coordonnee:
            cellule: dict[str, Any] = super().parse_cell(element)
            return cellule
        rangee, self.col_counter = coordinate_to_tuple(coordonnee)
        return {
            "row": rangee,
            "column": self.col_counter,
            "value": "".join(_textes(element)) or None,
            "data_type": "s",
            "style_id": 0,
        }


def rows(classeur: Any, nom: str) -> Iterator[tuple[int, list[dict[str, Any]]]]:  # noqa: ANN401
    """Give (number, cells) of each row of a sheet."""
    feuille = classeur[nom]
    with feuille._get_source() as source:
        parseur = _Parseur(
            source,
            feuille._shared_strings,
            data_only=False,
            epoch=classeur.epoch,
            date_formats=classeur._date_formats,
            timedelta_formats=classeur._timedelta_formats,
        )
        yield from parseur.parse()


def skip_sizes() -> None:
    """Let openpyxl open a workbook without reading each sheet to its end for its size."""
    feuilles: Any = ReadOnlyWorksheet
    feuilles._get_size = lambda _: None


def _textes(element: Element) -> Iterator[str]:
    """The pieces of a text, without how it is pronounced."""
    for enfant in element:
        if enfant.tag == TEXTE:
            yield enfant.text or ""
        elif enfant.tag != PHONETIQUE:
            yield from _textes(enfant)
