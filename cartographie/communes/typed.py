"""What was typed where a place is asked for, taken apart: a name, a code, a département."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cartographie.communes.noms import Form, forms
from cartographie.communes.valeurs import HORS_ISERE
from cartographie.errors import ParametreError
from cartographie.texte import fold

LONGUEUR_MAX = 120
CODE = re.compile(r"(?<!\d)(\d{2})[ .\u00a0\u202f]?(\d{3})(?!\d)")

# « (38) », « (hors Isère) », « , France ».
_AROUND = re.compile(r"\(([^()]*)\)\s*$|,\s*(is[eè]re|france)\s*$", re.IGNORECASE)
_ISERE = re.compile(r"\s+is[eè]re\s*$", re.IGNORECASE)
_CEDEX = re.compile(r"\bcedex\b(?:\s+\d{1,2}(?!\d))?", re.IGNORECASE)
_DEPARTEMENT = re.compile(r"\d{2,3}|2[ab]", re.IGNORECASE)
# Postal codes of France: the mainland, Corsica (20), overseas.
_FRENCH = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5])\d{3}|97[1-8]\d\d|98[6-8]\d\d")


@dataclass(frozen=True, slots=True)
class Typed:
    """A question about a place. `forms` are the readings of the name, none without a name."""

    texte: str
    forms: tuple[Form, ...]
    code: str = ""
    departement: str = ""
    hors_isere: bool = False


def read(texte: str) -> Typed:
    """Take a text apart; `ParametreError` when it is too long to be a place."""
    texte = texte.strip()
    if len(texte) > LONGUEUR_MAX:
        message = f"Le lieu est trop long : {LONGUEUR_MAX} caractères au plus."
        raise ParametreError("lieu", texte[:LONGUEUR_MAX], message)
    rest, departement, hors_isere = texte, "", False
    if around := _AROUND.search(texte):
        word = (around[1] or "").strip()
        hors_isere = word.casefold() == HORS_ISERE.casefold()
        departement = word.upper() if _DEPARTEMENT.fullmatch(word) else ""
        if hors_isere or departement or around[2] or fold(word) == "isere":
            rest = texte[: around.start()]
    code = CODE.search(rest)
    if code:
        rest = f"{rest[: code.start()]} {rest[code.end() :]}"
    rest = _CEDEX.sub(" ", rest)
    return Typed(
        texte,
        # « Vif Isère » is Vif, but « Saint-Quentin-sur-Isère » is all one name.
        tuple(dict.fromkeys((*forms(rest), *forms(_ISERE.sub("", rest))))),
        code=code[1] + code[2] if code else "",
        departement=departement,
        hors_isere=hors_isere,
    )


def is_french(code: str) -> bool:
    """Tell whether five digits may be a French postal code."""
    return _FRENCH.fullmatch(code) is not None


def departement_of(code_postal: str) -> str:
    """Return the département of a postal code: `29`, `2A`, `974`."""
    if code_postal.startswith("20"):
        return "2A" if code_postal < "20200" else "2B"
    return code_postal[: 3 if code_postal[:2] in {"97", "98"} else 2]
