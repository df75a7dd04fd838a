"""Hours as they are typed: a table, a sentence of OSM, what cannot be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartographie.saisies.semaine import Tableau, ecrire_osm, lire_horaires, tableau_de
from tests.fabrique import PORTE, accueil
from tests.lectures import Lire, messages

pytest_plugins = ("tests.relecture",)


@pytest.mark.parametrize(
    "osm",
    [
        "24/7",
        "Mo-Fr 09:00-17:00",
        "Mo,Fr 09:30-17:00",
        "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off",
        "Mo,Tu,Th,Fr 09:00-12:00; PH 10:00-12:00",
        "Fr 22:00-02:00",
    ],
)
def test_the_table_holds_plain_weeks(osm: str) -> None:
    tableau = tableau_de(osm)
    assert tableau is not None
    assert ecrire_osm(tableau) == osm


PLAGES = st.sampled_from(
    ((), ((540, 720),), ((540, 720), (840, 1020)), ((600, 1440),), ((1320, 120),))
)
TABLEAUX = st.builds(Tableau, st.tuples(*[PLAGES] * 7), st.one_of(st.none(), PLAGES))


@given(tableau=TABLEAUX)
def test_any_table_is_written_and_read_back(tableau: Tableau) -> None:
    assert (tableau_de(ecrire_osm(tableau)) or Tableau()) == tableau


def test_hours_typed_anyhow_are_understood(relire: Lire) -> None:
    changes = {f"contacts.0.semaine.{j}.{i}": "" for j in ("Tu", "We", "Th", "Fr") for i in (0, 1)}
    changes |= {"contacts.0.semaine.Mo.0": "9h", "contacts.0.semaine.Mo.1": "midi"}
    changes |= {"contacts.0.semaine.Mo.2": "13 h 30", "contacts.0.semaine.Mo.3": "1730"}
    changes |= {"contacts.0.feries": "ferme"}
    saisie = relire(accueil(), **changes).saisie
    assert saisie.contacts[0].horaires == "Mo 09:00-12:00,13:30-17:30; PH off"
    assert saisie.implantations == (PORTE,)


@pytest.mark.parametrize(
    ("changes", "champ"),
    [
        ({"semaine.Mo.0": "neuf heures"}, "semaine.Mo.0"),
        ({"semaine.Mo.0": "14:00", "semaine.Mo.1": "12:00"}, "semaine.Mo.1"),
        ({"semaine.Mo.2": "11:00", "semaine.Mo.3": "13:00"}, "semaine.Mo.2"),
        ({"feries": "ouvert"}, "semaine.PH.0"),
        ({"semaine.PH.0": "9", "semaine.PH.1": "12"}, "feries"),
        ({"permanent": "1"}, "permanent"),
        ({"horaires": "n’importe quoi"}, "horaires"),
        ({"horaires": "24/7", "semaine.Mo.0": "8:00"}, "horaires"),
    ],
)
def test_hours_that_cannot_be_told_are_refused_where_they_were_typed(
    relire: Lire, changes: dict[str, str], champ: str
) -> None:
    voulus = {f"contacts.0.{nom}": valeur for nom, valeur in changes.items()}
    assert f"contacts.0.{champ}" in messages(relire(accueil(), **voulus))


def test_osm_hours_may_be_typed_when_the_table_cannot_hold_them() -> None:
    saison = "Jan-Mar Mo 09:00-12:00"
    champs = {"x.horaires": [saison]}
    assert lire_horaires(champs, "x", "", []) == saison
    assert lire_horaires({"x.horaires": [""]}, "x", saison, []) == ""
    tableau = {"x.horaires": [saison], "x.semaine.Mo.0": ["9"], "x.semaine.Mo.1": ["12"]}
    assert lire_horaires(tableau, "x", saison, []) == "Mo 09:00-12:00"


def test_hours_just_written_are_of_today(relire: Lire) -> None:
    changes = {"implantations.0.semaine.Sa.0": "9", "implantations.0.semaine.Sa.1": "12"}
    (porte,) = relire(accueil(), **changes).saisie.implantations
    assert porte.horaires_date == "2026-03-10"
