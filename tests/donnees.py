"""The embedded data as the tests of `data/` read it: once, as it is committed."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"


def read_json(name: str) -> Any:  # noqa: ANN401
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def read_csv(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def codes(section: str) -> set[str]:
    return {item["code"] for item in read_json("vocabulaire.json")[section]}


COMMUNES: dict[str, dict[str, Any]] = {
    f["id"]: f for f in read_json("communes_isere/communes.geojson")["features"]
}
EPCI: dict[str, dict[str, Any]] = {e["code"]: e for e in read_json("communes_isere/epci.json")}
VOISINES = {c["code_insee"]: c for c in read_csv("communes_isere/voisines.csv")}
SOURCE = {row["id_slug"]: row for row in read_csv("sources/acteurs_isere.csv")}
FEATURES: list[dict[str, Any]] = read_json("acteurs.geojson")["features"]
ACTEURS: dict[str, dict[str, Any]] = {f["id"]: f["properties"] for f in FEATURES}
