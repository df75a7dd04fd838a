"""The breaks of `make casser` still find what they break: a line that moved would prove nothing."""

from __future__ import annotations

import pytest

from cartographie.config import RACINE
from scripts.cassures import CASSURES, Cassure


@pytest.mark.parametrize("cassure", CASSURES, ids=lambda cassure: cassure.nom)
def test_a_break_finds_its_line_once_and_its_tests(cassure: Cassure) -> None:
    texte = (RACINE / cassure.fichier).read_text("utf-8")
    assert texte.count(cassure.avant) == 1
    assert cassure.avant != cassure.apres
    for essai in cassure.essais:
        assert (RACINE / essai).exists(), essai
