"""What the proofs tried and what they found, as one table at the end of their run.

A proof asks for the fixture `preuve` and says what it did: `preuve("requêtes comparées", 4000,
"différences", 0)`. Lines of one name are added up, also those of other processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pytest

CLE = "preuve"

Preuve = Callable[[str, int, str, int], None]


@pytest.fixture
def preuve(request: pytest.FixtureRequest) -> Preuve:
    """Write down what was tried, how many times, what would be a failure, how many of them."""

    def dire(essai: str, essais: int, faute: str, fautes: int) -> None:
        request.node.user_properties.append((CLE, (essai, essais, faute, fautes)))

    return dire


def lignes(proprietes: Iterable[tuple[str, object]]) -> list[tuple[str, int, str, int]]:
    """Add up what the proofs said, in the order in which they said it first."""
    sommes: dict[tuple[str, str], list[int]] = {}
    for cle, valeur in proprietes:
        if cle != CLE or not isinstance(valeur, Sequence):
            continue
        essai, essais, faute, fautes = valeur
        somme = sommes.setdefault((essai, faute), [0, 0])
        somme[0] += essais
        somme[1] += fautes
    return [(essai, n, faute, fautes) for (essai, faute), (n, fautes) in sommes.items()]


def tableau(proprietes: Iterable[tuple[str, object]]) -> list[str]:
    """Return the table as lines of text, none when nothing was proven."""
    faites = lignes(proprietes)
    if not faites:
        return []
    textes = [
        (e, f"{n:,}".replace(",", " "), f, f"{k:,}".replace(",", " ")) for e, n, f, k in faites
    ]
    largeurs = [max(map(len, colonne)) for colonne in zip(*textes, strict=True)]
    return [
        f"{essai:<{largeurs[0]}}  {n:>{largeurs[1]}}   {faute:<{largeurs[2]}}  {k:>{largeurs[3]}}"
        for essai, n, faute, k in textes
    ]


def milliers(nombre: int) -> str:
    """Write a whole number with its thousands apart."""
    return f"{nombre:,}".replace(",", " ")
