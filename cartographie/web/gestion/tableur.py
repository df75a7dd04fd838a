"""The list of /gestion as CSV for a French spreadsheet: UTF-8 with its mark, semicolons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from cartographie.entretien import LIBELLES, Examen
from cartographie.libelles import TERMES
from cartographie.vocabulaire import Vocabulaire

COLONNES = (
    "Identifiant", "Nom", "Sorte de service", "Communes", "État", "Diffusion", "Téléphone",
    "Vérifiée le", "Vérifiée par", "À soigner", "Doute",
)  # fmt: skip
BOM = "\ufeff"
# A cell that begins like this is a formula for a spreadsheet, whoever typed it.
FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(examens: Iterable[Examen], vocabulaire: Vocabulaire) -> bytes:
    """One line for each record, no cell of which can be computed."""
    flux = io.StringIO()
    lignes = csv.writer(flux, delimiter=";", lineterminator="\r\n")
    lignes.writerow(COLONNES)
    for examen in examens:
        lignes.writerow([neutralise(cellule) for cellule in _cellules(examen, vocabulaire)])
    return (BOM + flux.getvalue()).encode()


def neutralise(cellule: str) -> str:
    """The same text, which no spreadsheet takes for a formula."""
    return f"'{cellule}" if cellule.startswith(FORMULE) else cellule


def _cellules(examen: Examen, vocabulaire: Vocabulaire) -> tuple[str, ...]:
    saisie = examen.saisie
    type_connu = vocabulaire.types.get(saisie.type)
    return (
        saisie.slug,
        saisie.nom,
        type_connu.libelle if type_connu else saisie.type,
        ", ".join(examen.communes),
        TERMES[saisie.statut],
        TERMES[saisie.diffusion],
        examen.telephone,
        saisie.verifie_le.isoformat() if saisie.verifie_le else "",
        saisie.verifie_par,
        ", ".join(LIBELLES[soin] for soin in examen.soins),
        examen.doute,
    )
