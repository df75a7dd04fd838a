"""What a reader of rounded and hidden counts works out by writing down every sum of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

# The words of a line, then of its column.
Cellule = tuple[str, ...]


def contraintes(cellules: dict[str, dict[Cellule, str]]) -> Iterator[tuple[object, list[object]]]:
    """Every sum that a reader may write down: (total, parts), as named cells."""
    mois = {c[0] for c in cellules["consultations"]}
    genres = {c[1] for c in cellules["canaux"]}
    for m in mois:
        for genre in genres:
            parts = [("canaux", c) for c in cellules["canaux"] if c[:2] == (m, genre)]
            yield ("consultations", (m, genre)), parts  # type: ignore[misc]
        for nom in ("besoins", "territoires"):
            parts = [(nom, c) for c in cellules[nom] if c[1] == m]
            yield ("consultations", (m, "Recherches")), parts  # type: ignore[misc]
    du_trimestre = ("octobre 2025", "novembre 2025", "décembre 2025")
    croises = [c for c in cellules["territoires-besoins"] if c[0] == "4e trimestre 2025"]
    for axe, nom in ((1, "territoires"), (2, "besoins")):
        for mot in {c[axe] for c in croises}:
            somme = ("somme", nom, mot)
            yield somme, [("territoires-besoins", c) for c in croises if c[axe] == mot]
            yield somme, [(nom, (mot, m)) for m in du_trimestre]


def attaquer(cellules: dict[str, dict[Cellule, str]]) -> dict[object, tuple[float, float]]:
    """Bounds of every cell: from its rounding, then from every sum, until nothing moves."""
    bornes: defaultdict[object, tuple[float, float]] = defaultdict(lambda: (0.0, float("inf")))
    for nom, table in cellules.items():
        for cellule, valeur in table.items():
            if valeur == "s":
                bornes[nom, cellule] = (1, float("inf"))
            else:
                plancher = 0 if valeur == "0" else max(5, int(valeur) - 2)
                bornes[nom, cellule] = (plancher, int(valeur) + 2 if valeur != "0" else 0)
    sommes = list(contraintes(cellules))
    change = True
    while change:
        change = False
        for total, parts in sommes:
            for un in (total, *parts):
                ancien = bornes[un]
                bas, haut = _deduire(un, total, parts, bornes)
                nouveau = (max(ancien[0], bas), min(ancien[1], haut))
                assert nouveau[0] <= nouveau[1]
                if nouveau != ancien:
                    bornes[un], change = nouveau, True
    return bornes


def _deduire(
    un: object,
    total: object,
    parts: list[object],
    bornes: dict[object, tuple[float, float]],
) -> tuple[float, float]:
    if un == total:
        return sum(bornes[p][0] for p in parts), sum(bornes[p][1] for p in parts)
    autres = [bornes[p] for p in parts if p != un]
    bas, haut = bornes[total]
    return bas - sum(h for _, h in autres), haut - sum(b for b, _ in autres)
