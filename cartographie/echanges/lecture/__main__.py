"""The process that reads a file: bytes in, JSON out, and no more time or memory than told."""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import sys
import time
from io import BytesIO

from cartographie.echanges import Lot
from cartographie.echanges.lecture import csv, geojson
from cartographie.echanges.lecture.transport import CPU_S, DEPARTS_MAX, MEMOIRE_OCTETS, lot_to_json


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
    # Starting is the measure of this machine at this moment: a file that takes longer than so
    # many of it is not read to its end. The signal ends the process.
    signal.setitimer(signal.ITIMER_PROF, DEPARTS_MAX * time.process_time())
    lot = _read(sys.argv[1], sys.stdin.buffer.read())
    json.dump(lot_to_json(lot), sys.stdout, ensure_ascii=True)


def _read(forme: str, contenu: bytes) -> Lot:
    if forme == "csv":
        return csv.read(contenu)
    if forme == "geojson":
        return geojson.read(BytesIO(contenu))
    # Half a second of openpyxl, for who needs it only.
    from cartographie.echanges.lecture import xlsx

    return xlsx.read(contenu)


if __name__ == "__main__":
    main()
