"""Where the files are, how they are read, and how they are written: beside, then renamed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[2]
DATA = RACINE / "data"


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a CSV table with a header; cells are stripped of surrounding spaces."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            {column: (cell or "").strip() for column, cell in row.items()}
            for row in csv.DictReader(stream, strict=True)
        ]


def split(cell: str) -> list[str]:
    """Split a `;`-separated cell, without empty items."""
    return [item.strip() for item in cell.split(";") if item.strip()]


def write_text(path: Path, text: str) -> None:
    """Write a file beside its place, then rename it: a stopped run leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def write_table(path: Path, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a CSV table with a header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    beside.replace(path)


def write_json(path: Path, value: object) -> None:
    """Write JSON that a person can read in a diff."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def write_features_compact(path: Path, features: Iterable[Mapping[str, Any]]) -> None:
    """Write a GeoJSON collection without spaces, one feature per line for readable diffs."""
    lines = (json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    body = ",\n".join(lines)
    write_text(path, '{"type":"FeatureCollection","features":[\n' + body + "\n]}\n")
