"""Suggestions while a commune is being typed: of Isère only, the most populated first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartographie.communes.noms import BEGINNING_LENGTH, Form, Names, forms
from cartographie.communes.typed import read
from cartographie.communes.valeurs import Commune

_DIGITS = re.compile(r"\d{1,5}")


class Completion:
    """The communes of Isère, by the beginning of what they are called or numbered."""

    def __init__(self, communes: Sequence[Commune]) -> None:
        self._names = Names(communes)
        self._communes = [(commune, forms(commune.nom)[0]) for commune in communes]

    def complete(self, texte: str, limite: int) -> tuple[Commune, ...]:
        """Return at most `limite` communes: by name, then by a later word, then with one typo."""
        typed = read(texte)
        digits = "".join(texte.split())
        if _DIGITS.fullmatch(digits):
            return self._best([[c for c, _ in self._communes if _has_code(c, digits)]], limite)
        keys = tuple(form.key for form in typed.forms)
        bare = tuple(form.bare for form in typed.forms if len(form.bare) >= BEGINNING_LENGTH)
        ranks = [
            self._names.exact(typed.forms),
            [c for c, form in self._communes if _begins(form, keys)],
            [c for c, form in self._communes if _begins(form, bare)],
            [c for c, form in self._communes if _has_word(form, keys)],
        ]
        if not any(ranks):
            ranks = [self._names.misspelt(typed.forms)]
        return self._best(
            [[c for c in rank if not typed.code or _has_code(c, typed.code)] for rank in ranks],
            limite,
        )

    @staticmethod
    def _best(ranks: Sequence[Sequence[Commune]], limite: int) -> tuple[Commune, ...]:
        ordered = (c for rank in ranks for c in sorted(rank, key=lambda c: (-c.population, c.nom)))
        return tuple({commune.code_insee: commune for commune in ordered}.values())[:limite]


def _has_code(commune: Commune, digits: str) -> bool:
    return commune.code_insee == digits or any(
        code.startswith(digits) for code in commune.codes_postaux
    )


def _begins(form: Form, keys: tuple[str, ...]) -> bool:
    return form.key.startswith(keys) or form.bare.startswith(keys)


def _has_word(form: Form, keys: tuple[str, ...]) -> bool:
    ends = ("".join(form.words[start:]) for start in range(1, len(form.words)))
    return any(end.startswith(keys) for end in ends)
