"""Step `ailleurs`: the names of the communes of France that are neither in Isère nor around it.

Whoever types « Brest » is told that it is outside Isère, not that it does not exist.
"""

from __future__ import annotations

from pathlib import Path

from scripts.make_data.communes import DEPARTEMENT, VOISINS
from scripts.make_data.files import write_table
from scripts.make_data.packages import read_decoupage


def rows() -> list[tuple[str, str]]:
    """Return (nom, departement) of each commune of today, sorted by name then département."""
    return sorted(
        (commune["nom"], commune["departement"])
        for commune in read_decoupage("communes")
        if commune["type"] == "commune-actuelle"
        and commune["departement"] not in (DEPARTEMENT, *VOISINS)
    )


def build(folder: Path) -> None:
    """Write `ailleurs.csv`."""
    write_table(folder / "ailleurs.csv", ("nom", "departement"), rows())
