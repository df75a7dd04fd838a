"""Records as a table for a French spreadsheet: UTF-8 with its mark, semicolons, CRLF.

No cell is a formula: what would be one begins with an apostrophe, which reading takes away. The
same records give the same bytes. `colonnes` says what the columns are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from cartographie.acteurs import Fiche, Saisie
from cartographie.echanges.cellules import nombre_ecrit, proteger
from cartographie.echanges.colonnes import Ecrite, Rangee, entete, write_rangee

BOM = "\ufeff"


def write(fiches: Iterable[Fiche]) -> bytes:
    """Write public records, sorted by slug."""
    return _table([write_rangee(fiche) for fiche in fiches], publique=True)


def write_complet(saisies: Iterable[Saisie]) -> bytes:
    """Write whole records, sorted by slug, losing nothing: not for the public."""
    return _table([write_rangee(saisie) for saisie in saisies], publique=False)


def write_modele(colonnes: Sequence[str], exemple: Rangee) -> bytes:
    """Write the header and one row to take as a model."""
    return _ecrire(colonnes, [exemple])


def _table(rangees: list[Rangee], *, publique: bool) -> bytes:
    triees = sorted(rangees, key=lambda rangee: str(rangee["slug"]))
    return _ecrire(entete(triees, publique=publique), triees)


def _ecrire(colonnes: Sequence[str], rangees: Iterable[Rangee]) -> bytes:
    flux = io.StringIO()
    graveur = csv.writer(flux, delimiter=";", lineterminator="\r\n")
    graveur.writerow(colonnes)
    for rangee in rangees:
        graveur.writerow([_cellule(rangee.get(nom, "")) for nom in colonnes])
    return (BOM + flux.getvalue()).encode()


def _cellule(valeur: Ecrite) -> str:
    if isinstance(valeur, float):
        return nombre_ecrit(valeur)
    return proteger(str(valeur), formules=True) if isinstance(valeur, str) else str(valeur)
