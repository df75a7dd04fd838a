"""How the files of `data/` are read: every fault names the file, the line and the reason.

`read_json` returns a `Node`: a value that knows where it stands, so that a module which expects
a text and meets a number raises a `DonneesError` at the line where that number is written.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from cartographie.errors import DonneesError

_BLANKS = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()
_E = TypeVar("_E", bound=StrEnum)


def read_text(path: Path) -> str:
    """Return the text of a file; `DonneesError` when it is missing or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DonneesError(path, "le fichier manque.") from error
    except OSError as error:
        raise DonneesError(path, f"le fichier ne peut pas être lu ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise DonneesError(path, "le fichier n’est pas en UTF-8.") from error


def read_json(path: Path) -> Node:
    """Return the root of a JSON file."""
    text = read_text(path)
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"le JSON est mal formé ({error.msg}, colonne {error.colno})."
        raise DonneesError(path, reason, error.lineno) from error
    except RecursionError as error:
        raise DonneesError(path, "le JSON est trop imbriqué.") from error
    return Node(value, (), Source(path, text))


def as_node(value: object, name: str) -> Node:
    """Return JSON that came from elsewhere than a file; faults name it by `name`."""
    return Node(value, (), Source(Path(name), json.dumps(value, ensure_ascii=False, indent=1)))


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a CSV table that has these columns; other columns are ignored."""
    reader = csv.DictReader(read_text(path).splitlines(), strict=True)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise DonneesError(path, f"colonne absente : {', '.join(missing)}.", 1)
    try:
        for row in reader:
            if None in row or None in row.values():
                raise DonneesError(path, "le nombre de cellules est faux.", reader.line_num)
            yield reader.line_num, row
    except csv.Error as error:
        raise DonneesError(path, f"la ligne est mal formée ({error}).", reader.line_num) from error


@dataclass(frozen=True, slots=True)
class Source:
    """The file a node comes from, kept to find the line of a fault."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a JSON file and the way that leads to it.

    Each method returns the value in the type that its name says, or raises `DonneesError`.
    """

    value: object
    way: tuple[str | int, ...]
    source: Source

    def fault(self, reason: str) -> DonneesError:
        """Return the error that says `reason` at the line of this node."""
        where = ".".join(str(step) for step in self.way) or "fichier"
        return DonneesError(self.source.path, f"{where} : {reason}", _line(self.source, self.way))

    def has(self, key: str) -> bool:
        """Tell whether this object has a value, other than null, under `key`."""
        return self._object().get(key) is not None

    def get(self, key: str) -> Node:
        """Return what stands under `key`; a missing key is a fault."""
        content = self._object()
        if key not in content:
            raise self.fault(f"« {key} » manque.")
        return Node(content[key], (*self.way, key), self.source)

    def items(self) -> tuple[Node, ...]:
        """Return the items of this list."""
        if not isinstance(self.value, list):
            self._refuse("une liste")
        return tuple(Node(v, (*self.way, i), self.source) for i, v in enumerate(self.value))

    def entries(self) -> tuple[tuple[str, Node], ...]:
        """Return the keys of this object with what stands under them."""
        return tuple(
            (key, Node(v, (*self.way, key), self.source)) for key, v in self._object().items()
        )

    def filled(self) -> str:
        """Return this text, which may not be empty."""
        text = self.text()
        if not text.strip():
            raise self.fault("un texte non vide est attendu.")
        return text

    def text(self) -> str:
        """Return this text."""
        return self.value if isinstance(self.value, str) else self._refuse("un texte")

    def texts(self) -> tuple[str, ...]:
        """Return this list of texts."""
        return tuple(item.filled() for item in self.items())

    def integer(self) -> int:
        """Return this whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self._refuse("un nombre entier")
        return self.value

    def number(self) -> float:
        """Return this number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self._refuse("un nombre")
        return self.value

    def boolean(self) -> bool:
        """Return this true or false."""
        return self.value if isinstance(self.value, bool) else self._refuse("vrai ou faux")

    def _object(self) -> dict[str, object]:
        return self.value if isinstance(self.value, dict) else self._refuse("un objet")

    def _refuse(self, expected: str) -> NoReturn:
        raise self.fault(f"{expected} est attendu, pas {json.dumps(self.value)[:40]}.")


def one_of(values: type[_E], node: Node) -> _E:
    """Return the member of a closed list that this text names."""
    try:
        return values(node.text())
    except ValueError as error:
        raise node.fault(f"une valeur parmi {', '.join(values)} est attendue.") from error


def _line(source: Source, way: tuple[str | int, ...]) -> int:
    """Return the 1-based line of the value to which `way` leads: read again, faults only."""
    position = _skip(source.text, 0)
    for step in way:
        position = _enter(source.text, position, step)
    return source.text.count("\n", 0, position) + 1


def _enter(text: str, position: int, step: str | int) -> int:
    """Return where the value under `step` starts in the object or list that starts here."""
    count = 0
    position = _skip(text, position + 1)
    while True:
        key: str | int = count
        if isinstance(step, str):
            key, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        if key == step:
            return position
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
        count += 1


def _skip(text: str, position: int) -> int:
    blank = _BLANKS.match(text, position)
    return blank.end() if blank else position
