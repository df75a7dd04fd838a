"""Free text is found as people type it."""

import pytest

from cartographie.texte import Index, fold, mots

DOCUMENTS = [
    ("Solidarité Femmes Miléna", "SFM", "Grenoble"),
    ("Planning familial 38 – centre de santé sexuelle Villefontaine", "PF 38", "Villefontaine"),
    ("Œuvre de Saint-Joseph (OSJ) – siège", "OSJ", "Pont-Évêque"),
]


@pytest.mark.parametrize(
    ("tape", "plie"),
    [
        ("L’Étoile du Berger", "l etoile du berger"),
        ("Œuvre de Saint-Joseph", "oeuvre de saint joseph"),
        ("  PONT-ÉVÊQUE ", "pont eveque"),
        ("…", ""),
    ],
)
def test_folding_forgets_accents_case_ligatures_and_punctuation(tape: str, plie: str) -> None:
    assert fold(tape) == plie


def test_words_too_common_are_not_asked_of_a_record() -> None:
    assert mots("La maison de la justice et du droit") == ("maison", "justice", "droit")


@pytest.mark.parametrize(
    ("question", "trouves"),
    [
        ("milena", {0}),
        ("solidarite", {0}),
        ("planing familial", {1}),
        ("villefontiane", {1}),
        ("santé sexuelle villefontaine", {1}),
        ("oeuvre pont-évêque", {2}),
        ("sfm villefontaine", set()),
        ("zzzzzz", set()),
        ("de la", set()),
    ],
)
def test_every_word_is_found_as_a_beginning_or_with_one_typo(
    question: str, trouves: set[int]
) -> None:
    assert set(Index.de(DOCUMENTS).chercher(question).nonzero()[0]) == trouves


def test_a_short_word_forgives_nothing() -> None:
    assert not Index.de(DOCUMENTS).chercher("sfn").any()
