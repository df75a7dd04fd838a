"""What a form posts: names with one or several texts, and how one text is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from cartographie.errors import Faute
from cartographie.nombres import entier
from cartographie.serialisation import IMPOSSIBLES

Champs = Mapping[str, Sequence[str]]
E = TypeVar("E", bound=StrEnum)
# More blocks than any honest record has.
RANG_MAXIMUM = 200
_JOUR_FRANCAIS = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{1,2})\s*[/.]\s*(\d{4})")
_MOIS_FRANCAIS = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{4})")


def un(champs: Champs, nom: str) -> str:
    """The text of a field as it is compared: no blanks around, line breaks as `\\n`."""
    return net(next(iter(champs.get(nom, ())), ""))


def net(texte: str) -> str:
    """A text as it is compared; browsers send line breaks as `\\r\\n`."""
    return IMPOSSIBLES.sub("", texte.replace("\r\n", "\n").replace("\r", "\n")).strip()


def texte(champs: Champs, nom: str, base: str) -> str:
    """The text of a field; `base` itself, to the letter, when nothing was changed."""
    tape = un(champs, nom)
    return base if tape == net(base) else tape


def plusieurs(champs: Champs, nom: str, base: tuple[str, ...]) -> tuple[str, ...]:
    """The values that are ticked: those of `base` in its order, then the others."""
    cochees = [net(valeur) for valeur in champs.get(nom, ()) if net(valeur)]
    # A base may hold a value twice: the validator says so, the form does not mend it silently.
    gardees = tuple(valeur for valeur in base if valeur in cochees)
    return gardees + tuple(dict.fromkeys(v for v in cochees if v not in base))


def un_de(
    champs: Champs, nom: str, base: E, fautes: list[Faute], message: str = "Choisissez une réponse."
) -> E:
    """The choice of a list; a fault when it is not in the list."""
    tape = un(champs, nom)
    try:
        return type(base)(tape)
    except ValueError:
        fautes.append(Faute(nom, message, tape[:40]))
        return base


def rangs(champs: Iterable[str], prefixe: str) -> tuple[int, ...]:
    """Numbers of the blocks below a name: `contacts.0.valeur`, `contacts.2.valeur` → 0, 2."""
    trouves = set()
    for nom in champs:
        if nom.startswith(prefixe + "."):
            trouves.add(entier(nom[len(prefixe) + 1 :].partition(".")[0], 3))
    return tuple(sorted(n for n in trouves if n is not None and n < RANG_MAXIMUM))


def base_de(champs: Champs, bloc: str, taille: int) -> int | None:
    """Which element of the record a block was made of; None for a new one."""
    rang = entier(un(champs, f"{bloc}.base"), 3)
    return rang if rang is not None and rang < taille else None


def jour(tape: str) -> date | None:
    """A day as `2026-08-03` or `3/8/2026`; None when it is no date."""
    trouve = _JOUR_FRANCAIS.fullmatch(tape)
    try:
        if trouve:
            numero, mois, annee = (int(partie) for partie in trouve.groups())
            return date(annee, mois, numero)
        return date.fromisoformat(tape) if len(tape) == 10 else None
    except ValueError:
        return None


def date_coupee(tape: str) -> str:
    """A date that may be cut: `03/2026` → `2026-03`; what cannot be read is left as it is."""
    entier = jour(tape)
    if entier is not None:
        return entier.isoformat()
    trouve = _MOIS_FRANCAIS.fullmatch(tape)
    return f"{trouve.group(2)}-{int(trouve.group(1)):02d}" if trouve else tape
