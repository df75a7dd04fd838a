"""The reviewed tables of `data/`: what people decided about the rows of the source, and why.

A rule is found by slug first, then by type; a row that no rule knows stops the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.make_data.files import read_table, split


@dataclass(frozen=True, slots=True)
class Tables:
    """Every reviewed table, keyed as it is looked up."""

    correspondances: dict[tuple[str, str, str], list[str]]
    acces: dict[str, dict[str, str]]
    participations: dict[str, dict[str, str]]
    porteurs: dict[str, str]
    relais: dict[str, dict[str, str]]
    descriptions: dict[str, dict[str, str]]

    def codes(self, colonne: str, cell: str, type_: str) -> tuple[str, ...]:
        """Return the vocabulary codes of a cell of free labels, each once, in order of mention."""
        codes: dict[str, None] = {}
        for libelle in split(cell):
            codes.update(dict.fromkeys(self._codes_of(colonne, libelle, type_)))
        return tuple(codes)

    def _codes_of(self, colonne: str, libelle: str, type_: str) -> list[str]:
        # The same word is another mission elsewhere ("stages", "accompagnement"): type first.
        for key in ((colonne, libelle, type_), (colonne, libelle, "")):
            if key in self.correspondances:
                return self.correspondances[key]
        raise SystemExit(f"correspondances.csv : « {libelle} » ({colonne}, {type_}) manque.")


def rule(table: dict[str, dict[str, str]], slug: str, type_: str) -> dict[str, str]:
    """Return the rule of a slug, else that of its type."""
    found = table.get(slug) or table.get(type_)
    if found is None:
        raise SystemExit(f"Aucune règle pour {slug} ni pour {type_}.")
    return found


def load_tables(data: Path) -> Tables:
    """Read the reviewed tables."""
    return Tables(
        correspondances={
            (row["colonne"], row["libelle"], row["type"]): split(row["codes"])
            for row in read_table(data / "correspondances.csv")
        },
        acces={row["cible"]: row for row in read_table(data / "acces.csv")},
        participations={row["cible"]: row for row in read_table(data / "participations.csv")},
        porteurs={row["slug"]: row["porteur"] for row in read_table(data / "porteurs.csv")},
        relais={row["slug"]: row for row in read_table(data / "relais.csv")},
        descriptions={row["slug"]: row for row in read_table(data / "descriptions.csv")},
    )
