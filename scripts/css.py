"""Cut a style sheet into its rules, just enough to sort them: values are never looked into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What may hold a brace, a comma or a semicolon that means nothing: taken whole.
OPAQUE = re.compile(
    r"""/\*.*?\*/ | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | url\((?!\s*["'])[^)]*\)""",
    re.DOTALL | re.VERBOSE,
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
GROUPS = ("@media", "@supports", "@-moz-document", "@layer")


class CssError(ValueError):
    """The text is not a style sheet that can be cut into rules."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`prelude { body }`; `body` is None for a statement such as `@charset "UTF-8"`."""

    prelude: str
    body: str | None

    @property
    def is_group(self) -> bool:
        """Whether the body holds rules, not declarations."""
        return self.prelude.startswith(GROUPS)

    def __str__(self) -> str:
        return f"{self.prelude};" if self.body is None else f"{self.prelude}{{{self.body}}}"


def rules(css: str) -> Iterator[Rule]:
    """The rules of one level, in order, without their comments."""
    css = strip_comments(css)
    start = 0
    while (end := _find(css, "{;", start)) is not None:
        prelude = css[start:end].strip()
        if css[end] == ";":
            yield Rule(prelude, None)
        else:
            close = _closing_brace(css, end)
            yield Rule(prelude, css[end + 1 : close].strip())
            end = close
        start = end + 1
    if css[start:].strip():
        raise CssError(f"texte sans règle à la fin de la feuille : {css[start:].strip()[:60]!r}")


def selectors(prelude: str) -> list[str]:
    """The selectors of a list: commas inside `:is(…)` or a string do not separate."""
    return _split(prelude, ",")


def declarations(body: str) -> list[str]:
    """The declarations of a rule that is no group, each as `property:value`."""
    return [one for one in _split(body, ";") if one]


def _split(text: str, separator: str) -> list[str]:
    parts: list[str] = []
    start = 0
    while (end := _find(text, separator, start)) is not None:
        parts.append(text[start:end].strip())
        start = end + 1
    return [*parts, text[start:].strip()]


def strip_comments(css: str) -> str:
    """The sheet without its comments; what looks like one inside a string or a URL stays."""
    return OPAQUE.sub(lambda found: "" if COMMENT.fullmatch(found[0]) else found[0], css)


def _find(css: str, wanted: str, start: int) -> int | None:
    """The first of the `wanted` characters outside strings, URLs and parentheses."""
    depth, position = 0, start
    while position < len(css):
        if opaque := OPAQUE.match(css, position):
            position = opaque.end()
            continue
        character = css[position]
        if character in wanted and depth == 0:
            return position
        depth += (character in "([") - (character in ")]")
        position += 1
    return None


def _closing_brace(css: str, opening: int) -> int:
    depth, position = 0, opening
    while position < len(css):
        if opaque := OPAQUE.match(css, position):
            position = opaque.end()
            continue
        depth += (css[position] == "{") - (css[position] == "}")
        if depth == 0:
            return position
        position += 1
    raise CssError(f"accolade jamais refermée après {css[:opening][-60:].strip()!r}")
