"""What one cell holds: how a value is written in it and read back, as a spreadsheet may leave it.

A spreadsheet rewrites what it takes for a number or a date: `03/05/2026` for 2026-05-03, 1053 for
01053, 476405010 for a telephone. Such forms are read as what they were. What `lire` gives is JSON
as `serialisation` takes it: a value that it cannot understand goes through as it was typed, and
meets the sentence of that field there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# What a spreadsheet computes, when a cell begins with it.
FORMULES = ("=", "+", "-", "@", "\t", "\r", "\n")
# … but a number or a telephone, which it would at worst show otherwise.
NOMBRES = re.compile(r"[+-]\d[\d  .,]*")
SEPARATEUR = " | "
MOIS = ("janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec")
JOUR_FRANCAIS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
MOIS_EN_CHIFFRES = re.compile(r"(\d{1,2})/(\d{4})")
MOIS_FRANCAIS = re.compile(r"([a-zéû]+)\.?[- ](\d{2}|\d{4})")
ALPHABET = "Cette valeur contient une lettre d’un autre alphabet, ou invisible : retapez-la."

Ecrite = str | int | float


@dataclass(frozen=True, slots=True)
class Cellule:
    """How one kind of value is written and read. `lire` may raise ValueError with a sentence."""

    ecrire: Callable[[Any], Ecrite]
    lire: Callable[[str], Any]


def proteger(texte: str, *, formules: bool) -> str:
    """Put an apostrophe before what would not come back as it is; a telephone is left alone.

    `formules`: the file has no types, so that a spreadsheet would compute `=…`.
    """
    perdu = texte == "-" or texte.startswith("'") or texte != texte.strip()
    calcule = formules and texte.startswith(FORMULES) and not NOMBRES.fullmatch(texte)
    return f"'{texte}" if perdu or calcule else texte


def liberer(texte: str) -> str:
    """The text as it was before `proteger`; blanks around the others do not count."""
    suite = texte[1:]
    if texte.startswith("'") and (suite.startswith((*FORMULES, "'")) or suite != suite.strip()):
        return suite
    return texte.strip()


def nombre_ecrit(nombre: float) -> str:
    """A number as a French spreadsheet shows it, with every digit."""
    return repr(nombre).replace(".", ",")


def _texte(valeur: str | None) -> str:
    return valeur or ""


def _tel_quel(texte: str) -> str:
    return texte


def _code(texte: str) -> str:
    """One of a few words: their case does not matter, their letters do."""
    if not texte.isascii():
        raise ValueError(ALPHABET)
    return texte.strip().lower()


def _joindre(valeurs: list[str]) -> str:
    return SEPARATEUR.join(valeurs)


def _codes(texte: str) -> list[str]:
    if not texte.isascii():
        raise ValueError(ALPHABET)
    return [code.strip() for code in re.split(r"[|,;\n]", texte) if code.strip()]


def _a_cinq(texte: str) -> str:
    """A code whose first zero a spreadsheet took away."""
    return texte.zfill(5) if texte.isascii() and texte.isdigit() and len(texte) == 4 else texte


def _numero(texte: str) -> str:
    """A telephone that a spreadsheet took for a number."""
    if re.fullmatch(r"[1-9]\d{8}", texte):
        return f"0{texte}"
    return f"+{texte}" if re.fullmatch(r"33[1-9]\d{8}", texte) else texte


def _nombre(texte: str) -> float:
    try:
        return float(texte.replace(",", ".") if texte.isascii() else "")
    except ValueError:
        # Said here: half a point is of no use later, and its other half would not be read.
        raise ValueError("Il faut un nombre.") from None


def _entier(texte: str) -> int | str:
    entier = re.sub(r"[.,]0+$", "", texte)
    return int(entier) if re.fullmatch(r"-?\d{1,9}", entier) and entier.isascii() else texte


def _jour(texte: str) -> str:
    """`03/05/2026` → `2026-05-03`."""
    trouve = JOUR_FRANCAIS.fullmatch(texte)
    if trouve is None:
        return texte
    return f"{trouve[3]}-{int(trouve[2]):02}-{int(trouve[1]):02}"


def _date_coupee(texte: str) -> str:
    """The same, and `03/2026` or `mars-26` → `2026-03`."""
    chiffres = MOIS_EN_CHIFFRES.fullmatch(texte)
    if chiffres:
        return f"{chiffres[2]}-{int(chiffres[1]):02}"
    trouve = MOIS_FRANCAIS.fullmatch(texte.lower())
    mois = trouve[1].translate(str.maketrans("éû", "eu")) if trouve else ""
    for numero, debut in enumerate(MOIS, start=1):
        if trouve and mois.startswith(debut):
            return f"{'20' if len(trouve[2]) == 2 else ''}{trouve[2]}-{numero:02}"
    return _jour(texte)


def _oui_non(texte: str) -> bool | str:
    dits = {"oui": True, "vrai": True, "true": True, "1": True}
    dits |= {"non": False, "faux": False, "false": False, "0": False}
    return dits.get(_code(texte), texte)


TEXTE = Cellule(_texte, _tel_quel)
CODE = Cellule(_texte, _code)
CODES = Cellule(_joindre, _codes)
CODES_INSEE = Cellule(_joindre, lambda texte: [_a_cinq(code) for code in _codes(texte)])
CODE_A_CINQ = Cellule(_texte, _a_cinq)
NUMERO = Cellule(_texte, _numero)
NOMBRE = Cellule(lambda nombre: "" if nombre is None else nombre, _nombre)
ENTIER = Cellule(lambda nombre: "" if nombre is None else nombre, _entier)
JOUR = Cellule(_texte, _jour)
DATE_COUPEE = Cellule(_texte, _date_coupee)
OUI_NON = Cellule(lambda vrai: "oui" if vrai else "non", _oui_non)
