"""The opening table of a week, and the age that old hours say."""

from __future__ import annotations

from datetime import date

import pytest

from cartographie.horaires import Etat, ouverture, semaine
from cartographie.libelles import dire_horaires
from tests.test_horaires import BUREAU, at


def test_a_plain_week_is_a_table() -> None:
    tableau = semaine("Mo,Fr 09:30-12:00,14:00-17:00; Sa 10:00-12:00; PH off")
    assert tableau == (
        ("lundi", ("9 h 30 – 12 h", "14 h – 17 h")),
        ("mardi", ()),
        ("mercredi", ()),
        ("jeudi", ()),
        ("vendredi", ("9 h 30 – 12 h", "14 h – 17 h")),
        ("samedi", ("10 h – 12 h",)),
        ("dimanche", ()),
    )


def test_nights_full_days_and_comments_have_their_place_in_the_table() -> None:
    nuits = dict(semaine("Fr 22:00-02:00; Mo 20:00-24:00") or ())
    assert nuits["vendredi"] == ("22 h – 2 h",)
    assert nuits["lundi"] == ("20 h – minuit",)
    permanence = semaine("24/7")
    assert permanence is not None
    assert {heures for _, heures in permanence} == {("24 h sur 24",)}
    assert dict(semaine('Mo 09:00-12:00 "sur rendez-vous"') or ())["lundi"] == (
        "9 h – 12 h (sur rendez-vous)",
    )


@pytest.mark.parametrize(
    "horaires", ["", "Jan-Mar Mo 09:00-12:00", "Mo[1] 09:00-12:00", "week 1-20 Mo 09:00-12:00"]
)
def test_hours_that_change_with_the_season_are_no_table(horaires: str) -> None:
    assert semaine(horaires) is None


@pytest.mark.parametrize(
    ("horaires_date", "verifie_le", "expected"),
    [
        ("", None, "ouvert (horaire non daté)"),
        ("n’importe quoi", None, "ouvert (horaire non daté)"),
        ("2023-13", None, "ouvert (horaire non daté)"),
        ("2023-05", None, "ouvert d’après un horaire de mai 2023"),
        ("2023-10-04", None, "ouvert d’après un horaire d’octobre 2023"),
        ("2023", None, "ouvert d’après un horaire de 2023"),
        ("2023-05", date(2024, 4, 2), "ouvert d’après un horaire d’avril 2024"),
        ("2023-05", date(2025, 5, 17), "ouvert d’après un horaire de mai 2025"),
        ("2023-05", date(2025, 5, 18), "ouvert, ferme à 12 h"),
        ("2025-06", None, "ouvert, ferme à 12 h"),
        ("2026-05", date(2022, 1, 1), "ouvert, ferme à 12 h"),
    ],
)
def test_old_hours_say_their_age(
    horaires_date: str, verifie_le: date | None, expected: str
) -> None:
    answer = ouverture(
        BUREAU, at("2026-05-18T10:00"), horaires_date=horaires_date, verifie_le=verifie_le
    )
    assert answer.phrase == expected
    assert answer.etat is Etat.OUVERT


def test_old_hours_say_their_age_when_closed_too() -> None:
    moment = at("2026-05-18T18:00")
    assert ouverture(BUREAU, moment).phrase == "fermé, ouvre demain à 9 h (horaire non daté)"
    assert (
        ouverture(BUREAU, moment, horaires_date="2021-10").phrase
        == "fermé, ouvre demain à 9 h (horaire d’octobre 2021)"
    )


def test_twelve_months_from_a_29_february() -> None:
    fresh = ouverture(BUREAU, at("2028-02-29T10:00"), verifie_le=date(2027, 2, 28))
    assert fresh.phrase == "ouvert, ferme à 12 h"


@pytest.mark.parametrize(
    ("horaires", "dit"),
    [
        ("Mo-Tu 09:00-17:00", ("Lundi à mardi : 9 h – 17 h", "Mercredi à dimanche : fermé")),
        (
            'We 09:30-18:30; Sa 10:00-24:00 unknown "fin non connue"',
            ("Mercredi 9 h 30 – 18 h 30 ; samedi 10 h – 24 h (fin non connue)",),
        ),
        ("le mardi, 9h-17h", ("le mardi, 9h-17h",)),
    ],
)
def test_whoever_keeps_or_corrects_hours_reads_words(horaires: str, dit: tuple[str, ...]) -> None:
    assert dire_horaires(horaires) == dit
