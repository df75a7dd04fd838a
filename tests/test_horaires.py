"""Opening hours at real moments: May 2026 has three public holidays, two of them on a weekday."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartographie.acteurs import Fermeture
from cartographie.config import RACINE
from cartographie.horaires import PARIS, Etat, lisible, ouverture, semaine
from cartographie.horaires.regles import on_the_clock
from cartographie.vocabulaire import load_numeros

BUREAU = "Mo-Fr 09:00-12:00,14:00-17:00"
LUNDI = date(2026, 5, 18)
CONFIRME = date(2026, 4, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def phrase(horaires: str, moment: str, *fermetures: Fermeture) -> str:
    return ouverture(horaires, at(moment), fermetures=fermetures, verifie_le=CONFIRME).phrase


@pytest.mark.parametrize(
    ("horaires", "moment", "expected"),
    [
        (BUREAU, "2026-05-18T10:00", "ouvert, ferme à 12 h"),
        (BUREAU, "2026-05-18T13:00", "fermé, ouvre à 14 h"),
        (BUREAU, "2026-05-18T17:00", "fermé, ouvre demain à 9 h"),
        (BUREAU, "2026-05-22T18:00", "fermé, ouvre mardi à 9 h"),
        (BUREAU, "2026-05-29T18:00", "fermé, ouvre lundi à 9 h"),
        ("We 09:30-18:30; Fr 15:00-18:30", "2026-05-14T12:00", "fermé, ouvre demain à 15 h"),
        ("We 09:30-18:30; Fr 15:00-18:30", "2026-05-16T12:00", "fermé, ouvre mercredi à 9 h 30"),
        ("Mo 09:05-10:00", "2026-05-18T10:30", "fermé, ouvre le 1er juin à 9 h 05"),
        ("2027 Jan 4 09:00-12:00", "2026-05-18T10:00", "fermé, ouvre le 4 janvier 2027 à 9 h"),
        ("24/7", "2026-05-01T03:00", "ouvert 24 h sur 24"),
        ('24/7 "gratuit"', "2026-05-01T03:00", "ouvert 24 h sur 24 (gratuit)"),
        ("Mo-Su 00:00-24:00", "2026-05-01T03:00", "ouvert 24 h sur 24"),
        ("Mo-Su 08:00-24:00", "2026-05-18T23:00", "ouvert, ferme à minuit"),
        ("Mo-Tu 00:00-24:00", "2026-05-18T23:00", "ouvert, ferme demain à minuit"),
        ("Mo 20:00-26:00", "2026-05-18T23:00", "ouvert, ferme demain à 2 h"),
        ("Mo 20:00-26:00", "2026-05-19T01:00", "ouvert, ferme à 2 h"),
        ("off", "2026-05-18T10:00", "fermé"),
        ('off "travaux"', "2026-05-18T10:00", "fermé (travaux)"),
        (
            'Mo-Fr 09:00-12:00 "sur rendez-vous"',
            "2026-05-18T10:00",
            "ouvert, ferme à 12 h (sur rendez-vous)",
        ),
        (
            'Mo 09:00-11:00 "accueil"; Mo 11:00-12:00 "urgences", Tu 09:00-10:00',
            "2026-05-19T09:30",
            "ouvert, ferme à 10 h",
        ),
        ("2020 Mo 09:00-12:00", "2026-05-18T10:00", "fermé"),
    ],
)
def test_state_and_next_change_read_as_a_person_says_them(
    horaires: str, moment: str, expected: str
) -> None:
    assert phrase(horaires, moment) == expected


def test_the_next_change_is_a_moment_in_paris() -> None:
    vendredi = ouverture(BUREAU, at("2026-05-29T18:00"), verifie_le=CONFIRME)
    assert vendredi.etat is Etat.FERME
    assert vendredi.prochain == at("2026-06-01T09:00")
    assert vendredi.prochain.tzinfo is PARIS
    assert ouverture("24/7", at("2026-05-29T18:00")).prochain is None


@pytest.mark.parametrize(
    "jour",
    [
        "2026-01-01",
        "2026-04-06",
        "2026-05-01",
        "2026-05-08",
        "2026-05-14",
        "2026-05-25",
        "2026-07-14",
        "2026-11-11",
        "2026-12-25",
    ],
)
def test_a_public_holiday_of_which_the_hours_say_nothing_is_unknown(jour: str) -> None:
    answer = ouverture(BUREAU, at(f"{jour}T10:00"), verifie_le=CONFIRME)
    assert answer.etat is Etat.INCONNU
    assert answer.phrase == "jour férié, horaires à confirmer : appelez"
    assert answer.prochain is not None
    assert answer.prochain.date() > date.fromisoformat(jour)


def test_a_public_holiday_is_closed_or_open_when_the_hours_say_so() -> None:
    assert phrase(f"{BUREAU}; PH off", "2026-05-14T10:00") == "fermé, ouvre demain à 9 h"
    assert phrase("Mo-Fr,PH 09:00-17:00", "2026-05-14T10:00") == "ouvert, ferme à 17 h"
    assert phrase("24/7; PH off", "2026-05-13T10:00") == "ouvert, ferme à minuit"


def test_the_night_of_a_public_holiday_is_closed_all_the_same() -> None:
    assert phrase(BUREAU, "2026-05-14T20:00") == "fermé, ouvre demain à 9 h"


def test_an_opening_is_never_promised_on_a_public_holiday() -> None:
    """Friday evening before Whit Monday: the next sure opening is on Tuesday."""
    assert phrase(BUREAU, "2026-05-22T18:00") == "fermé, ouvre mardi à 9 h"


def test_a_dated_closure_wins_over_the_hours() -> None:
    conges = Fermeture(date(2026, 5, 18), date(2026, 5, 20), "congés")
    assert phrase(BUREAU, "2026-05-18T10:00", conges) == "fermé jusqu’au 20 mai (congés)"
    assert phrase("24/7", "2026-05-20T23:00", conges) == "fermé aujourd’hui (congés)"
    assert phrase("", "2026-05-18T10:00", conges) == "fermé jusqu’au 20 mai (congés)"
    answer = ouverture(BUREAU, at("2026-05-18T10:00"), fermetures=(conges,))
    assert (answer.etat, answer.prochain) == (Etat.FERME, at("2026-05-21T09:00"))


def test_a_closure_to_come_stops_an_opening_and_moves_the_next() -> None:
    conges = Fermeture(date(2026, 5, 19), date(2026, 6, 5), "congés")
    assert phrase("24/7", "2026-05-18T10:00", conges) == "ouvert, ferme à minuit"
    assert phrase(BUREAU, "2026-05-18T18:00", conges) == "fermé, ouvre le 8 juin à 9 h"


def test_closures_that_follow_each_other_are_one() -> None:
    conges = Fermeture(date(2026, 5, 18), date(2026, 5, 20), "congés")
    travaux = Fermeture(date(2026, 5, 21), date(2027, 1, 3), "travaux")
    assert phrase(BUREAU, "2026-05-18T10:00", conges, travaux) == "fermé jusqu’au 3 janvier 2027"


@pytest.mark.parametrize("fin", [date.max, date(2030, 1, 1)])
def test_a_closure_without_a_near_end_has_no_next_opening(fin: date) -> None:
    answer = ouverture(
        BUREAU, at("2026-05-18T10:00"), fermetures=(Fermeture(LUNDI, fin),) * 2, verifie_le=LUNDI
    )
    assert (answer.etat, answer.prochain) == (Etat.FERME, None)


def test_no_hours_are_unknown_never_closed() -> None:
    answer = ouverture("  ", at("2026-05-18T10:00"))
    assert (answer.etat, answer.phrase) == (Etat.INCONNU, "horaires inconnus, appelez")
    assert answer.prochain is None


@pytest.mark.parametrize(
    "horaires",
    [
        "lundi et mardi, 9h-17h",
        "Mo-Fr 09:00-17:00; SH off",
        "SH Mo 10:00-12:00",
        "Mo-Fr 09:00+",
        "sunrise-sunset",
        'Mo-Fr 09:00-12:00 || "sur rendez-vous"',
        "Mo-Fr 09:00-12:00" + ";Mo off" * 200,
        "{{7*7}}",
    ],
)
def test_what_cannot_be_read_faithfully_is_unknown_and_shown_as_typed(horaires: str) -> None:
    answer = ouverture(f" {horaires} ", at("2026-05-18T10:00"))
    assert answer.etat is Etat.INCONNU
    assert answer.phrase == f"« {horaires} », à confirmer par téléphone"
    assert not lisible(horaires)
    assert semaine(horaires) is None


@pytest.mark.parametrize(
    ("horaires", "expected"),
    [
        ('"sur rendez-vous"', "horaires à confirmer (sur rendez-vous)"),
        ('Mo-Fr "sur rendez-vous"', "horaires à confirmer (sur rendez-vous)"),
        ('Sa 09:00-12:00; Mo "le ; soir"', "horaires à confirmer (le ; soir)"),
        ("unknown", "horaires inconnus, appelez"),
    ],
)
def test_a_comment_alone_promises_nothing(horaires: str, expected: str) -> None:
    answer = ouverture(horaires, at("2026-05-18T03:00"))
    assert (answer.etat, answer.phrase) == (Etat.INCONNU, expected)


def test_the_days_when_the_clocks_change() -> None:
    """29 March 2026 has 23 hours, 25 October 25: wall-clock hours hold on both."""
    assert phrase("Su 09:00-17:00", "2026-03-28T20:00") == "fermé, ouvre demain à 9 h"
    printemps = ouverture("Su 09:00-17:00", at("2026-03-29T01:59"), verifie_le=CONFIRME)
    assert printemps.phrase == "fermé, ouvre à 9 h"
    assert printemps.prochain is not None
    attente = printemps.prochain.astimezone(ZoneInfo("UTC")) - at("2026-03-29T01:59").astimezone(
        ZoneInfo("UTC")
    )
    assert attente == timedelta(hours=6, minutes=1)
    assert phrase("Su 01:00-04:00", "2026-03-29T03:30") == "ouvert, ferme à 4 h"
    for fold in (0, 1):
        nuit = at("2026-10-25T02:30").replace(fold=fold)
        answer = ouverture("Su 01:00-04:00", nuit, verifie_le=CONFIRME)
        assert answer.phrase == "ouvert, ferme à 4 h"


def test_the_moment_may_come_in_any_zone_but_not_in_none() -> None:
    new_york = at("2026-05-18T10:00").astimezone(ZoneInfo("America/New_York"))
    fixed = datetime.fromisoformat("2026-05-18T10:00+02:00")
    for moment in (new_york, fixed):
        assert ouverture(BUREAU, moment, verifie_le=CONFIRME).phrase == "ouvert, ferme à 12 h"
    with pytest.raises(ValueError, match="time zone"):
        ouverture(BUREAU, datetime(2026, 5, 18, 10))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "name"), [("America/New_York", "EST"), ("Asia/Tokyo", "JST"), ("Europe/Paris", "CET")]
)
def test_the_zone_of_the_server_changes_nothing(zone: str, name: str) -> None:
    script = (
        "from datetime import date, datetime; import time;"
        "from cartographie.horaires import ouverture, semaine, PARIS;"
        f"assert time.tzname[0] == {name!r};"
        f"o = ouverture({BUREAU!r}, datetime(2026, 5, 18, 10, tzinfo=PARIS),"
        "verifie_le=date(2026, 4, 1));"
        f"print(ascii([o.phrase, str(o.prochain), semaine({BUREAU!r})]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TZ": zone},
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=True,
    )
    here = ouverture(BUREAU, at("2026-05-18T10:00"), verifie_le=CONFIRME)
    assert result.stdout.strip() == ascii([here.phrase, str(here.prochain), semaine(BUREAU)])


def test_the_same_hours_are_read_from_several_threads() -> None:
    """The parsed rules are shared by the threads of the server."""
    answers: list[str] = []
    ouverture(BUREAU, at("2026-05-18T10:00"))
    threads = [
        threading.Thread(target=lambda: answers.append(phrase(BUREAU, "2026-05-18T10:00")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["ouvert, ferme à 12 h"] * 8


def test_the_hours_of_the_national_numbers_can_be_read() -> None:
    for numero in load_numeros(RACINE / "data" / "numeros.json"):
        assert not numero.horaires or lisible(numero.horaires), numero


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r'(Mo|PH|SH|Jan|24/7|[0-9]|[-:,; "|+/\[\]]|off){1,12}'))
def test_no_text_breaks_the_evaluation(horaires: str) -> None:
    answer = ouverture(horaires, at("2026-05-18T10:00"))
    assert answer.phrase
    assert lisible(horaires) or answer.etat is Etat.INCONNU
    semaine(horaires)


@settings(deadline=None)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    st.sampled_from([BUREAU, "Fr 22:00-26:00", "24/7; PH off", "Mo-Su 08:00-24:00"]),
)
def test_the_next_change_is_later_and_is_a_change(moment: datetime, horaires: str) -> None:
    now = on_the_clock(moment.replace(tzinfo=PARIS))
    answer = ouverture(horaires, now, verifie_le=now.date())
    assert answer.prochain is not None
    assert answer.prochain > now
    then = ouverture(horaires, answer.prochain, verifie_le=now.date())
    assert then.etat is not answer.etat


@pytest.mark.parametrize(
    "moment",
    ["2024-03-31T02:30", "2024-03-29T02:30", "2025-03-28T02:30", "2026-10-25T02:30"],
)
def test_the_hour_that_the_clocks_skip_or_repeat_breaks_nothing(moment: str) -> None:
    # A year later may be the hour of March that does not exist, and so may the moment itself.
    answer = ouverture(BUREAU, at(moment), verifie_le=date(2024, 1, 1))
    assert answer.etat is Etat.FERME
    assert answer.prochain is not None
    assert answer.prochain.hour == 9
