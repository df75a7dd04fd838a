"""Figures ready to be read: a table, its bars, its CSV. One shape for all pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response

from cartographie.web.protocoles import nombre_fr

MASQUE = "s"
Cellule = str | int | None


@dataclass(frozen=True, slots=True)
class Trait:
    """A bar of a chart: what it stands for, its count, its length in hundredths of the longest."""

    libelle: str
    valeur: Cellule
    longueur: float


@dataclass(frozen=True, slots=True)
class Tableau:
    """Texts first (`textes` columns), then counts; None is a hidden one.

    `traits` draws a part of it, called `legende`: lying bars, or standing ones (`debout`).
    """

    nom: str
    titre: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[Cellule, ...], ...]
    textes: int = 1
    legende: str = ""
    traits: tuple[Trait, ...] = ()
    debout: bool = False


def build_traits(
    paires: Iterable[tuple[str, Cellule]], maximum: int | None = None
) -> tuple[Trait, ...]:
    """Measure bars by the largest, or by `maximum`. A hidden count has no length."""
    valeurs = tuple(paires)
    nombres = [valeur for _, valeur in valeurs if isinstance(valeur, int)]
    plus_grand = maximum or max([1, *nombres])
    return tuple(
        Trait(libelle, valeur, round(100 * valeur / plus_grand, 2) if type(valeur) is int else 0.0)
        for libelle, valeur in valeurs
    )


def cellule_fr(valeur: Cellule) -> str:
    """A cell as it is read: thousands apart, hidden counts by their letter."""
    if valeur is None:
        return MASQUE
    return nombre_fr(valeur) if isinstance(valeur, int) else valeur


def csv_response(tableau: Tableau) -> Response:
    """The same table for a spreadsheet set to French: BOM, semicolons."""
    flux = io.StringIO(newline="")
    ecrivain = csv.writer(flux, delimiter=";")
    ecrivain.writerow(tableau.entetes)
    ecrivain.writerows(_ligne(ligne) for ligne in tableau.lignes)
    response = Response("\ufeff" + flux.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{tableau.nom}.csv"'
    return response


def _ligne(ligne: Sequence[Cellule]) -> list[str | int]:
    return [MASQUE if valeur is None else valeur for valeur in ligne]
