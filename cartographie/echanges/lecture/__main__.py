"""The process that reads a file: bytes in, JSON out, and no more time or memory than told."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from io import BytesIO

from cartographie.echanges import Lot
from cartographie.echanges.lecture.transport import CPU_S, MEMOIRE_OCTETS, lot_to_json


def main() -> None:
    """Read a file of the format named, from the standard input."""
    for quoi, combien in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMOIRE_OCTETS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        # Not every system knows each of them; the parent's clock holds on all.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(quoi, (combien, combien))
    lot = _read(sys.argv[1], sys.stdin.buffer.read())
    json.dump(lot_to_json(lot), sys.stdout, ensure_ascii=True)


def _read(forme: str, contenu: bytes) -> Lot:
    # Each format brings what it needs, and only that.
    if forme == "csv":
        from cartographie.echanges.lecture import csv

        return csv.read(contenu)
    if forme == "xlsx":
        from cartographie.echanges.lecture import xlsx

        return xlsx.read(contenu)
    from cartographie.echanges.lecture import geojson

    return geojson.read(BytesIO(contenu))


if __name__ == "__main__":
    main()
