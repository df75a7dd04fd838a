"""The process that makes a PDF: JSON in, bytes out, and no more time or memory than told."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

import typst

from cartographie.impression.caracteres import MONTRABLES, SURS, rendre_imprimable

CPU_S = 18
MEMOIRE_OCTETS = 1_500_000_000
GABARITS = Path(__file__).resolve().parents[2] / "templates" / "pdf"
# Its version decides what a valid document is.
NORME: Final = "ua-1"


def main() -> None:
    """Make the document that the standard input asks for."""
    for quoi, combien in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMOIRE_OCTETS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        # Not every system knows each of them; the parent's clock holds on all.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(quoi, (combien, combien))
    demande = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(make_pdf(demande["gabarit"], demande["donnees"]))


def make_pdf(gabarit: str, donnees: dict[str, Any]) -> bytes:
    """Lay the values out; with plainer letters when typst stumbles on those it was given."""
    try:
        return compile_pdf(gabarit, rendre_imprimable(donnees, MONTRABLES))
    # Some texts make typst panic, which is no Exception of Python's.
    except BaseException:
        return compile_pdf(gabarit, rendre_imprimable(donnees, SURS))


def compile_pdf(gabarit: str, donnees: dict[str, Any]) -> bytes:
    """The bytes of the document. Values are read by the layout from one input, as JSON."""
    return typst.compile(
        GABARITS / f"{gabarit}.typ",
        root=GABARITS,
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"donnees": json.dumps(donnees)},
        pdf_standards=NORME,
    )


if __name__ == "__main__":
    main()
