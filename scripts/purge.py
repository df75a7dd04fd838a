"""Keep of the design system's sheet the rules that our pages can use: a tenth of it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.css import Rule, declarations, rules, selectors

MOT = re.compile(r"\bfr-[a-z0-9_-]+")
CLASSE = re.compile(r"\.(fr-[a-z0-9_-]+)")
PROPRIETE = re.compile(r"--[a-zA-Z][\w-]*")
# Doubled where an attribute of the root was written: it weighs as much.
RACINE = re.compile(r"(:root)+")
LUE = re.compile(r"var\(\s*(--[\w-]+)")
# What a selector does not want does not have to be there.
SAUF = re.compile(r":not\([^()]*(?:\([^()]*\)[^()]*)*\)")


def named_classes(sources: Iterable[Path]) -> frozenset[str]:
    """Every `fr-…` word of templates and scripts; one that ends with `-` stands for all it begins.

    A template may write `fr-alert--{{ niveau }}`.
    """
    return frozenset(
        mot for source in sources for mot in MOT.findall(source.read_text(encoding="utf-8"))
    )


def named_properties(sources: Iterable[Path]) -> frozenset[str]:
    """Every custom property that files of ours read or write."""
    return frozenset(
        mot for source in sources for mot in PROPRIETE.findall(source.read_text(encoding="utf-8"))
    )


def keep_read(sheets: Sequence[str], named: frozenset[str]) -> list[str]:
    """The same sheets without the properties of `:root` that none of them nor of `named` reads.

    A property may be read by another alone: what is left out is looked for until nothing is.
    """
    while True:
        lues = named.union(*(LUE.findall(sheet) for sheet in sheets))
        gardees = ["".join(_read(sheet, lues)) for sheet in sheets]
        if gardees == sheets:
            return gardees
        sheets = gardees


def _read(css: str, lues: frozenset[str]) -> Iterable[str]:
    for rule in rules(css):
        if rule.is_group:
            yield str(Rule(rule.prelude, "".join(_read(rule.body or "", lues))))
        elif RACINE.fullmatch(rule.prelude):
            gardees = [
                une
                for une in declarations(rule.body or "")
                if not une.startswith("--") or une.split(":")[0].strip() in lues
            ]
            yield str(Rule(rule.prelude, ";".join(gardees)))
        else:
            yield str(rule)


def keep_used(css: str, named: frozenset[str]) -> str:
    """The same sheet without the selectors that no page can match."""
    debuts = tuple(mot for mot in named if mot.endswith("-"))
    return "".join(_kept(css, named, debuts))


def _kept(css: str, named: frozenset[str], debuts: tuple[str, ...]) -> Iterable[str]:
    for rule in rules(css):
        if rule.is_group:
            inside = "".join(_kept(rule.body or "", named, debuts))
            if inside:
                yield str(Rule(rule.prelude, inside))
        elif rule.prelude.startswith("@"):
            yield str(rule)
        else:
            wanted = [
                selector
                for selector in selectors(rule.prelude)
                if all(
                    classe in named or classe.startswith(debuts)
                    for classe in CLASSE.findall(SAUF.sub("", selector))
                )
            ]
            if wanted:
                yield str(Rule(",".join(wanted), rule.body))
