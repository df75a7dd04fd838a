"""Whole numbers that somebody wrote: read, or nothing, and never an error."""

from __future__ import annotations

import pytest

from cartographie.nombres import entier


@pytest.mark.parametrize(("texte", "nombre"), [("0", 0), ("007", 7), ("999999999", 999_999_999)])
def test_digits_are_a_number(texte: str, nombre: int) -> None:
    assert entier(texte) == nombre


@pytest.mark.parametrize(
    "texte",
    ["", " 1", "1 ", "-1", "+1", "1_0", "1.0", "²", "٣", "１", "1e3", "1234567890", "9" * 5_000],
)
def test_anything_else_is_none(texte: str) -> None:
    assert entier(texte) is None


def test_no_more_digits_than_were_asked_for() -> None:
    assert entier("9999", 4) == 9999
    assert entier("09999", 4) is None
