"""What can be deduced of a hidden count: computed by us, and found again by brute force."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartographie.secret import (
    ETENDUE_MIN,
    Case,
    ImprotegeableError,
    arrondi,
    etendue,
    masquer,
    publier,
    sensible,
)

CROIX = ("a", "b"), ("x", "y")


@pytest.mark.parametrize(
    ("valeur", "ecrit"), [(0, 0), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1_002, 1_000)]
)
def test_counts_are_rounded_to_five(valeur: int, ecrit: int) -> None:
    assert publier(valeur, masquee=False) == ecrit


def croix(valeurs: tuple[int, int, int, int], *, figees: bool = False) -> tuple[Case, ...]:
    """A table of two lines and two columns with its margins and its total, all published."""
    (a, b), (x, y) = CROIX
    ax, ay, bx, by = valeurs
    sommes = {a: ax + ay, b: bx + by, x: ax + bx, y: ay + by}
    cellules = [Case((i, j), i, j, v) for (i, j), v in zip(product(*CROIX), valeurs, strict=True)]
    lignes = [Case(i, "t", i, sommes[i], figee=figees) for i in (a, b)]
    colonnes = [Case(j, j, "s", sommes[j], figee=figees) for j in (x, y)]
    return (Case("total", "s", "t", ax + ay + bx + by, figee=figees), *lignes, *colonnes, *cellules)


def possibles(cases: tuple[Case, ...], masquees: frozenset[object], nom: object) -> set[int]:
    """Every value of one cell in every table that would be published as this one: all are tried.

    Written without a word of what is tested: published numbers and sums, nothing else.
    """
    publies = {c.nom: None if c.nom in masquees else arrondi(c.valeur) for c in cases}

    def permis(un: object, valeur: int) -> bool:
        ecrit = publies[un]
        if ecrit is None:
            return valeur > 0
        return valeur == ecrit if ecrit == 0 else valeur >= 5 and abs(valeur - ecrit) <= 2

    portees = []
    for cellule in product(*CROIX):
        ecrit = publies[cellule]
        portees.append(range(1, 16) if ecrit is None else range(max(0, ecrit - 2), ecrit + 3))
    vues = set()
    for ax, ay, bx, by in product(*portees):
        sommes = {"a": ax + ay, "b": bx + by, "x": ax + bx, "y": ay + by}
        table = dict(zip(product(*CROIX), (ax, ay, bx, by), strict=True))
        tout = [*sommes.items(), *table.items(), ("total", ax + ay + bx + by)]
        if all(permis(un, valeur) for un, valeur in tout):
            vues.add(next(valeur for un, valeur in tout if un == nom))
    return vues


@settings(max_examples=25, deadline=None)
@given(valeurs=st.tuples(*[st.integers(0, 11)] * 4))
def test_brute_force_finds_no_small_count_again(valeurs: tuple[int, int, int, int]) -> None:
    cases = croix(valeurs)
    masquees = masquer(cases)
    for case in cases:
        if sensible(case.valeur):
            assert case.nom in masquees
            vues = possibles(cases, masquees, case.nom)
            assert case.valeur in vues
            assert len(vues) > ETENDUE_MIN, (case.nom, valeurs, masquees)


@settings(max_examples=25, deadline=None)
@given(valeurs=st.tuples(*[st.integers(0, 9)] * 4))
def test_what_we_compute_is_what_brute_force_finds(valeurs: tuple[int, int, int, int]) -> None:
    cases = croix(valeurs)
    # Hidden without complement, so that margins do give something away.
    masquees = frozenset(c.nom for c in cases if sensible(c.valeur))
    for case in cases:
        if sensible(case.valeur):
            bas, haut = etendue(cases, masquees, case.nom)
            vues = possibles(cases, masquees, case.nom)
            proches = {v for v in vues if abs(v - case.valeur) <= ETENDUE_MIN}
            assert (bas, haut) == (min(proches), max(proches))


def test_without_complement_a_subtraction_would_tell() -> None:
    # The proof must be able to fail: 3 hidden alone between margins of 5 leaves almost nothing.
    cases = croix((3, 0, 2, 0))
    seules = frozenset({("a", "x"), "a"})
    bas, haut = etendue(cases, seules, ("a", "x"))
    assert haut - bas < ETENDUE_MIN


def test_what_was_published_is_not_hidden_afterwards() -> None:
    cases = croix((6, 3, 8, 20), figees=True)
    assert not masquer(cases) & {"a", "b", "x", "y", "total"}


def test_what_cannot_be_protected_is_said() -> None:
    # Two counts of one line whose total stands published: 5 is 3 and 2, or 1 and 4, or 4 and 3…
    cases = (
        Case("total", "s", "t", 5, figee=True),
        Case("un", "t", "s", 1),
        Case("zero", "t", "s", 0),
        Case("quatre", "t", "s", 4, figee=True),
    )
    with pytest.raises(ImprotegeableError):
        masquer(cases)
