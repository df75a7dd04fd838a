"""The command line of `make data`."""

from __future__ import annotations

import sys

from scripts.make_data import acteurs, ailleurs, communes
from scripts.make_data.files import DATA

ETAPES = ("communes", "ailleurs", "acteurs")


def main(demandees: list[str]) -> int:
    """Run the steps asked for, all of them when none is; return the exit code."""
    inconnues = [etape for etape in demandees if etape not in ETAPES]
    if inconnues:
        print(f"Étape inconnue : {', '.join(inconnues)}. Étapes : {', '.join(ETAPES)}.")
        return 2
    etapes = demandees or list(ETAPES)
    if "communes" in etapes:
        communes.build(DATA / "communes_isere")
    if "ailleurs" in etapes:
        ailleurs.build(DATA / "communes_isere")
    if "acteurs" in etapes:
        acteurs.build(DATA, DATA / "acteurs.geojson")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
