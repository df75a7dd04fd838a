"""Texts as the fonts of the PDF can show them: a missing letter would make the document invalid.

The ranges are those of the fonts that come with typst, found by trying each letter; combining
marks, marks of direction and invisible characters are left out, since some of them stop typst.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

ABSENT = "\ufffd"
# Latin, Greek, Cyrillic, Arabic letters, punctuation, currencies, letter-like signs, arrows.
MONTRABLES = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u0391-\u03a1\u03a3-\u03e1\u0400-\u0482"
    "\u048a-\u04ff\u0621-\u063a\u0641-\u064a\u1e00-\u1eff\u2000-\u200a\u2010-\u2027\u202f-\u203e"
    "\u20a0-\u20bf\u2116\u2122\u2190-\u2199\u2248\u2260\u2264\u2265\ufffd]"
)
# What is sure whatever stands beside it: French and its neighbours.
SURS = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u2013\u2014\u2019\u201c\u201d\u2026\u202f\u20ac]"
)
# Longer than any word or address that is meant to be read.
MOT_SANS_FIN = re.compile(r"\S{41,}")
MORCEAU = 20
INVISIBLES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Me", "Mc"})


def imprimable(texte: str, permis: re.Pattern[str] = MONTRABLES) -> str:
    """The same text with what can be shown; lines become spaces, invisible marks go away."""
    compose = unicodedata.normalize("NFC", texte)
    lignes = re.sub("[\n\r\t\v\f\x85\u2028\u2029]+", " ", compose)
    visible = "".join(c for c in lignes if unicodedata.category(c) not in INVISIBLES)
    return permis.sub(ABSENT if permis is MONTRABLES else "?", visible)


def secable(texte: str) -> str:
    """The same with places where a word longer than a line may be cut: paper has an edge."""

    def couper(trouve: re.Match[str]) -> str:
        mot = trouve[0]
        return "\u200b".join(mot[i : i + MORCEAU] for i in range(0, len(mot), MORCEAU))

    return MOT_SANS_FIN.sub(couper, texte)


def rendre_imprimable(valeur: Any, permis: re.Pattern[str] = MONTRABLES) -> Any:  # noqa: ANN401
    """Every text inside lists and objects; drawings (keys `svg`…) are ours and stay."""
    if isinstance(valeur, str):
        return secable(imprimable(valeur, permis))
    if isinstance(valeur, list):
        return [rendre_imprimable(un, permis) for un in valeur]
    if isinstance(valeur, dict):
        return {
            nom: un if nom.startswith("svg") else rendre_imprimable(un, permis)
            for nom, un in valeur.items()
        }
    return valeur
