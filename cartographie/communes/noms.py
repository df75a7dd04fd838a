"""Names as people type them: folded, without article, begun, or with one letter wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from cartographie.texte import fold

ARTICLES = frozenset({"le", "la", "les", "l"})
ABREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
TYPO_LENGTH = 5
BEGINNING_LENGTH = 3
NEAR_SIMILARITY = 0.6

# « s/ » is written for three words; all are tried.
_SLASH = re.compile(r"\bs\s*/\s*", re.IGNORECASE)
_SLASH_WORDS = ("sur ", "saint ", "sainte ")


class Named(Protocol):
    """Anything that has a name."""

    @property
    def nom(self) -> str: ...


_T = TypeVar("_T", bound=Named)


@dataclass(frozen=True, slots=True)
class Form:
    """A name folded into words. Keys have no space: hyphens and spaces are never a mistake."""

    words: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return `lamure`."""
        return "".join(self.words)

    @property
    def bare(self) -> str:
        """Return `mure`: without the article, when something stands after it."""
        return "".join(self.without_article)

    @property
    def without_article(self) -> tuple[str, ...]:
        """Return the words without a leading article, when something stands after it."""
        return self.words[1:] if len(self.words) > 1 and self.words[0] in ARTICLES else self.words


def forms(texte: str) -> tuple[Form, ...]:
    """Return the readings of a typed name: one, or three when it holds `s/`; none when empty."""
    variants = (
        [_SLASH.sub(word, texte) for word in _SLASH_WORDS] if _SLASH.search(texte) else [texte]
    )
    return tuple(form for form in (_form(variant) for variant in variants) if form.words)


def _form(texte: str) -> Form:
    return Form(tuple(ABREVIATIONS.get(word, word) for word in fold(texte).split()))


class Names(Generic[_T]):
    """Named things, found by their name. Every answer is in the order of the things given."""

    def __init__(self, things: Sequence[_T]) -> None:
        self._order = {id(thing): rank for rank, thing in enumerate(things)}
        self._by_key: defaultdict[str, list[_T]] = defaultdict(list)
        self._by_bare: defaultdict[str, list[_T]] = defaultdict(list)
        self._by_begun: defaultdict[str, list[_T]] = defaultdict(list)
        for thing in things:
            form = _form(thing.nom)
            self._by_key[form.key].append(thing)
            self._by_bare[form.bare].append(thing)
            for begun in {*_begun(form.words), *_begun(form.without_article)}:
                self._by_begun[begun].append(thing)

    def exact(self, typed: Iterable[Form]) -> list[_T]:
        """Return the things of this name; the article may be missing or be there for nothing."""
        typed = tuple(typed)
        found = [thing for form in typed for thing in self._by_key.get(form.key, ())]
        return self._sorted(
            found or [thing for form in typed for thing in self._by_bare.get(form.bare, ())]
        )

    def begun(self, typed: Iterable[Form]) -> list[_T]:
        """Return the things whose first words are these, whole words only."""
        return self._sorted(
            thing
            for form in typed
            for thing in self._by_begun.get(form.key) or self._by_begun.get(form.bare) or ()
        )

    def cut(self, typed: Iterable[Form]) -> list[_T]:
        """Return the things whose name begins with these letters."""
        keys = tuple(form.key for form in typed if len(form.key) >= BEGINNING_LENGTH)
        return self._sorted(
            thing
            for table in (self._by_key, self._by_bare)
            for key, things in table.items()
            if keys and key.startswith(keys)
            for thing in things
        )

    def misspelt(self, typed: Iterable[Form]) -> list[_T]:
        """Return the things one letter more, less, other or swapped away; short names never."""
        typed = tuple(typed)
        found = [thing for form in typed for thing in _close(form.key, self._by_key)]
        # « la murre » is La Mure; only without its article would it also be Eurre.
        return self._sorted(
            found or [thing for form in typed for thing in _close(form.bare, self._by_bare)]
        )

    def near(self, typed: Iterable[Form], limit: int) -> list[_T]:
        """Return the things whose names look most like this one, the likest first."""
        found: dict[int, _T] = {}
        for form in typed:
            close = process.extract(
                form.bare,
                list(self._by_bare),
                scorer=OSA.normalized_similarity,
                score_cutoff=NEAR_SIMILARITY,
                limit=limit,
            )
            found |= {id(thing): thing for match, *_ in close for thing in self._by_bare[match]}
        return list(found.values())[:limit]

    def _sorted(self, things: Iterable[_T]) -> list[_T]:
        distinct = {id(thing): thing for thing in things}
        return sorted(distinct.values(), key=lambda thing: self._order[id(thing)])


def _close(key: str, table: Mapping[str, list[_T]]) -> list[_T]:
    close = process.extract(key, table.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
    return [thing for match, *_ in close if len(match) >= TYPO_LENGTH for thing in table[match]]


def _begun(words: tuple[str, ...]) -> set[str]:
    """Return the keys of the first words; an article alone is no beginning."""
    starts = range(2 if words[0] in ARTICLES else 1, len(words))
    return {"".join(words[:count]) for count in starts}


class Ailleurs:
    """The names of all other communes of France: only whether one exists, typed in full."""

    def __init__(self, rows: tuple[tuple[str, str], ...]) -> None:
        self._rows = rows

    def find(self, typed: Iterable[Form], departement: str = "") -> str:
        """Return the name as it is written, or "" when no commune (of this département) has it."""
        for form in typed:
            ranks = self._ranks.get(form.key) or self._ranks.get(form.bare) or ()
            for rank in ranks:
                nom, here = self._rows[rank]
                if not departement or here == departement:
                    return nom
        return ""

    @cached_property
    def _ranks(self) -> dict[str, list[int]]:
        # Folded in one go, at the first name that is nowhere near: ten times faster than one by
        # one. No name holds a digit, so a lone 0 stands between two.
        folded = fold("\n0\n".join(nom for nom, _ in self._rows)).split(" 0 ")
        ranks: dict[str, list[int]] = {}
        for rank, name in enumerate(folded):
            form = Form(tuple(name.split()))
            for key in {form.key, form.bare}:
                ranks.setdefault(key, []).append(rank)
        return ranks
