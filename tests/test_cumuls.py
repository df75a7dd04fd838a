"""Figures are added or compared only when they speak of the same thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cartographie.protocole import Action, Cible, Nature, Objectif, Releve
from cartographie.protocole.cumuls import Etat, comparer, totaux

FORMES = Releve(
    id="R900",
    objectif=1,
    objectifs_lies=(),
    indicateur="Nombre de personnes formées",
    annee=2026,
    valeur=60,
    unite="professionnels formés",
    territoire="Isère",
    source="bilan 2026",
    nature=Nature.MESURE,
    precision="exacte",
    note="",
    annee_deduite=False,
    acteur="aiv-grenoble",
)
AUTRE = replace(FORMES, id="R901", valeur=50, acteur="sos-vienne")


def action(ident: str, **valeurs: Any) -> Action:  # noqa: ANN401
    voulue = Action(
        id=ident,
        libelle="Former",
        cible=Cible(100, "professionnels formés", "par an"),
        cibles_complementaires=(),
        pilotes=(),
        autres_acteurs=(),
        financeurs=(),
        echeance=(2026, 2028),
        indicateur="Nombre de personnes formées",
    )
    return replace(voulue, **valeurs)


def objectif(*actions: Action) -> Objectif:
    return Objectif(1, "Former", 1, None, actions, (), ())


def test_figures_of_two_acteurs_of_one_kind_are_added() -> None:
    (total,) = totaux((FORMES, AUTRE), {})
    assert total.valeur == 110
    assert {r.acteur for r in total.releves} == {"aiv-grenoble", "sos-vienne"}


@pytest.mark.parametrize(
    "change",
    [
        {"unite": "femmes"},
        {"territoire": "Isère – zone police"},
        {"nature": Nature.CONTEXTE},
        {"annee": 2027},
        {"indicateur": "Nombre de formations"},
        {"action": "1.2"},
        {"objectif": 2},
        {"periode": (2025, 2026)},
    ],
)
def test_figures_that_differ_in_kind_are_never_added(change: dict[str, Any]) -> None:
    assert totaux((FORMES, replace(AUTRE, **change)), {}) == ()


def test_shares_and_changes_are_never_added() -> None:
    deux = (replace(FORMES, unite="%"), replace(AUTRE, unite="%"))
    assert totaux(deux, {}) == ()
    deux = (replace(FORMES, periode=(2025, 2026)), replace(AUTRE, periode=(2025, 2026)))
    assert totaux(deux, {}) == ()


def test_a_figure_of_the_whole_is_not_added_to_those_of_its_parts() -> None:
    assert totaux((FORMES, AUTRE, replace(FORMES, acteur="", valeur=110)), {}) == ()


def test_a_service_is_counted_in_its_porteur_once() -> None:
    service = replace(FORMES, id="R902", acteur="service", valeur=30)
    (total,) = totaux((FORMES, AUTRE, service), {"service": "aiv-grenoble"})
    assert total.valeur == 110
    assert totaux((FORMES, service), {"service": "aiv-grenoble"}) == ()


def test_a_sum_is_as_exact_as_its_least_exact_part() -> None:
    (total,) = totaux((FORMES, replace(AUTRE, precision="plus de")), {})
    assert total.precision == "plus de"


@pytest.mark.parametrize(
    ("valeur", "precision", "etat"),
    [
        (100, "exacte", Etat.ATTEINTE),
        (99, "exacte", Etat.NON_ATTEINTE),
        (100, "plus de", Etat.ATTEINTE),
        (90, "plus de", Etat.INCONNUE),
        (100, "environ", Etat.INCONNUE),
    ],
)
def test_a_target_is_compared_with_what_was_reached(
    valeur: float, precision: str, etat: Etat
) -> None:
    mesure = replace(FORMES, acteur="", valeur=valeur, precision=precision)
    (comparaison,) = comparer(objectif(action("1.1")), (mesure,), {})
    assert (comparaison.annee, comparaison.valeur, comparaison.etat) == (2026, valeur, etat)


def test_the_sum_of_the_acteurs_is_compared_too() -> None:
    (comparaison,) = comparer(objectif(action("1.1")), (FORMES, AUTRE), {})
    assert (comparaison.valeur, comparaison.etat) == (110, Etat.ATTEINTE)


@pytest.mark.parametrize(
    "change",
    [
        {"unite": "formations"},
        {"indicateur": "Nombre de formations"},
        {"nature": Nature.CALCUL},
        {"annee": 2025},
        {"annee": None},
        {"action": "9.9"},
    ],
)
def test_a_figure_of_something_else_is_not_compared(change: dict[str, Any]) -> None:
    mesure = replace(FORMES, acteur="", **change)
    assert comparer(objectif(action("1.1")), (mesure,), {}) == ()


def test_two_actions_with_one_indicator_need_to_be_told_apart() -> None:
    deux = objectif(action("1.1"), action("1.2"))
    mesure = replace(FORMES, acteur="")
    assert comparer(deux, (mesure,), {}) == ()
    (comparaison,) = comparer(deux, (replace(mesure, action="1.2"),), {})
    assert comparaison.action == "1.2"


@pytest.mark.parametrize("cible", [None, Cible(100, "professionnels formés", "total")])
def test_only_a_yearly_target_is_compared_with_a_year(cible: Cible | None) -> None:
    mesure = replace(FORMES, acteur="")
    assert comparer(objectif(action("1.1", cible=cible)), (mesure,), {}) == ()
