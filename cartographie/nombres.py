"""Whole numbers as a form, an address or a file writes them."""

from __future__ import annotations

CHIFFRES = 9  # enough for any number of ours, and any such number fits in the databases


def entier(texte: str, chiffres: int = CHIFFRES) -> int | None:
    """Read ASCII digits, at most so many, without a sign or a blank; None for anything else.

    `int` alone is an error for whoever asked: it refuses what `isdigit` takes (`²`), and any text
    of more than 4,300 digits.
    """
    if not (texte.isascii() and texte.isdecimal() and len(texte) <= chiffres):
        return None
    return int(texte)
