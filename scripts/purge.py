"""Keep of the design system's sheet the rules that our pages can use: a tenth of it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from scripts.css import Rule, rules, selectors

MOT = re.compile(r"\bfr-[a-z0-9_-]+")
CLASSE = re.compile(r"\.(fr-[a-z0-9_-]+)")
# What a selector does not want does not have to be there.
SAUF = re.compile(r":not\([^()]*(?:\([^()]*\)[^()]*)*\)")


def named_classes(sources: Iterable[Path]) -> frozenset[str]:
    """Every `fr-…` word of templates and scripts; one that ends with `-` stands for all it begins.

    A template may write `fr-alert--{{ niveau }}`.
    """
    return frozenset(
        mot for source in sources for mot in MOT.findall(source.read_text(encoding="utf-8"))
    )


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
