"""docs/securite.md: each requirement of levels 1 and 2 of the ASVS 5.0.0, once, with real tests."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

from cartographie.config import RACINE

# Requirements by section: those of level 1, then those of level 2. Level 3 is not told.
SECTIONS: dict[str, tuple[str, str]] = {
    "1.1": ("", "1 2"), "1.2": ("1 2 3 4 5", "6 7 8 9"), "1.3": ("1 2", "3 4 5 6 7 8 9 10 11"),
    "1.4": ("", "1 2 3"), "1.5": ("1", "2"),
    "2.1": ("1", "2 3"), "2.2": ("1 2", "3"), "2.3": ("1", "2 3 4"), "2.4": ("", "1"),
    "3.2": ("1 2", ""), "3.3": ("1", "2 3 4"), "3.4": ("1 2", "3 4 5 6"), "3.5": ("1 2 3", "4 5"),
    "3.7": ("", "1 2"),
    "4.1": ("1", "2 3"), "4.2": ("", "1"), "4.3": ("", "1 2"), "4.4": ("1", "2 3 4"),
    "5.1": ("", "1"), "5.2": ("1 2", "3"), "5.3": ("1 2", ""), "5.4": ("", "1 2 3"),
    "6.1": ("1", "2 3"), "6.2": ("1 2 3 4 5 6 7 8", "9 10 11 12"), "6.3": ("1 2", "3 4"),
    "6.4": ("1 2", "3 4"), "6.5": ("", "1 2 3 4 5"), "6.6": ("", "1 2 3"), "6.8": ("", "1 2 3 4"),
    "7.1": ("", "1 2 3"), "7.2": ("1 2 3 4", ""), "7.3": ("", "1 2"), "7.4": ("1 2", "3 4 5"),
    "7.5": ("", "1 2"), "7.6": ("", "1 2"),
    "8.1": ("1", "2"), "8.2": ("1 2", "3"), "8.3": ("1", ""), "8.4": ("", "1"),
    "9.1": ("1 2 3", ""), "9.2": ("1", "2 3 4"),
    "10.1": ("", "1 2"), "10.2": ("", "1 2"), "10.3": ("", "1 2 3 4"),
    "10.4": ("1 2 3 4 5", "6 7 8 9 10 11"), "10.5": ("", "1 2 3 4 5"), "10.6": ("", "1 2"),
    "10.7": ("", "1 2 3"),
    "11.1": ("", "1 2"), "11.2": ("", "1 2 3"), "11.3": ("1 2", "3"), "11.4": ("1", "2 3 4"),
    "11.5": ("", "1"), "11.6": ("", "1"),
    "12.1": ("1", "2 3"), "12.2": ("1 2", ""), "12.3": ("", "1 2 3 4"),
    "13.1": ("", "1"), "13.2": ("", "1 2 3 4 5"), "13.3": ("", "1 2"), "13.4": ("1", "2 3 4 5"),
    "14.1": ("", "1 2"), "14.2": ("1", "2 3 4"), "14.3": ("1", "2 3"),
    "15.1": ("1", "2 3"), "15.2": ("1", "2 3"), "15.3": ("1", "2 3 4 5 6 7"),
    "16.1": ("", "1"), "16.2": ("", "1 2 3 4 5"), "16.3": ("", "1 2 3 4"), "16.4": ("", "1 2 3"),
    "16.5": ("", "1 2 3"),
    "17.1": ("", "1"), "17.2": ("", "1 2 3 4"), "17.3": ("", "1 2"),
}  # fmt: skip
NIVEAUX = (70, 183)
ETATS = ("tenu", "en partie", "non tenu", "sans objet")
DOCUMENT = (RACINE / "docs" / "securite.md").read_text("utf-8")
LIGNE = re.compile(r"^\| V([\d.]+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
LIGNES: list[tuple[str, ...]] = LIGNE.findall(DOCUMENT)
ESSAI = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
FICHIER = re.compile(r"`((?:docs|deploy|cartographie|templates)/[\w./-]+|README\.md)`")


@cache
def fonctions(fichier: str) -> frozenset[str]:
    arbre = ast.parse((RACINE / fichier).read_text("utf-8"))
    return frozenset(n.name for n in arbre.body if isinstance(n, ast.FunctionDef))


def test_each_requirement_of_both_levels_is_there_once_in_order() -> None:
    voulues = [
        (f"{section}.{numero}", str(niveau))
        for section, niveaux in SECTIONS.items()
        for niveau, numeros in enumerate(niveaux, 1)
        for numero in numeros.split()
    ]
    comptes = Counter(niveau for _, niveau in voulues)
    assert (comptes["1"], comptes["2"]) == NIVEAUX
    assert [(ligne[0], ligne[1]) for ligne in LIGNES] == voulues


def test_each_test_and_file_named_exists() -> None:
    cites = ESSAI.findall(DOCUMENT)
    assert len(cites) > 150
    for fichier, nom in cites:
        assert (RACINE / fichier).is_file(), fichier
        assert not nom or nom in fonctions(fichier), f"{fichier}::{nom}"
    for fichier in FICHIER.findall(DOCUMENT):
        assert (RACINE / fichier).exists(), fichier


def test_what_is_held_names_its_proof_and_the_rest_its_reason() -> None:
    for numero, _, mots, etat, preuve in LIGNES:
        assert etat in ETATS, numero
        assert mots.strip()
        assert len(preuve) > 6, numero
        if etat == "non tenu":
            assert not preuve.lstrip().startswith("`tests/"), numero


def test_the_counts_are_those_of_the_table() -> None:
    par_etat = Counter((ligne[3], ligne[1]) for ligne in LIGNES)
    for etat in ETATS:
        assert f"| {etat} | {par_etat[etat, '1']} | {par_etat[etat, '2']} |" in DOCUMENT


def test_it_is_honest() -> None:
    etats = Counter(ligne[3] for ligne in LIGNES)
    assert etats["non tenu"] >= 1
    assert etats["en partie"] >= 10
    sans_preuve = [n for n, _, _, e, p in LIGNES if e == "tenu" and not ESSAI.search(p)]
    # Held by what is written or set, not by a test: few.
    assert len(sans_preuve) < len(LIGNES) / 6, sans_preuve
