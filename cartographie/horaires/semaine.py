"""Hours that repeat every week, as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from opening_hours import OpeningHours, State

from cartographie.horaires.mots import JOURS, range_words
from cartographie.horaires.regles import COMMENT, explicit, regles_of

_PLAIN_WEEK = re.compile(
    r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|24/7|off|closed|open|\d{1,2}:\d\d|[-,; ])+", re.IGNORECASE
)
# A Sunday to the Monday after next, without a public holiday: nights belong to their evening.
_WEEK_FROM, _WEEK_MONDAY, _WEEK_TO = date(2024, 6, 9), date(2024, 6, 10), date(2024, 6, 18)


def semaine(horaires: str) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """Return `("lundi", ("9 h – 12 h", "14 h – 17 h"))` for each day; a closed day has no hours.

    None when these hours change with the season, the date or the week of the month, or cannot be
    read. A night is written on its evening. Public holidays are not in the table.
    """
    texte = horaires.strip()
    if not regles_of(texte) or not _PLAIN_WEEK.fullmatch(COMMENT.sub("", texte)):
        return None
    tableau: dict[date, list[str]] = {_WEEK_MONDAY + timedelta(days=i): [] for i in range(7)}
    for debut, fin, comment in _week_openings(OpeningHours(explicit(texte))):
        if debut.date() in tableau:
            heures = "24 h sur 24" if fin - debut == timedelta(days=1) else range_words(debut, fin)
            tableau[debut.date()].append(f"{heures} ({comment})" if comment else heures)
    return tuple((JOURS[jour.weekday()], tuple(heures)) for jour, heures in tableau.items())


def _week_openings(hours: OpeningHours) -> Iterator[tuple[datetime, datetime, str]]:
    """Yield the openings of the reference week, cut at midnight when they last a day or more."""
    start, end = datetime.combine(_WEEK_FROM, time()), datetime.combine(_WEEK_TO, time())
    for debut, fin, state, comment in hours.intervals(start, end):
        if state != State.OPEN:
            continue
        while fin - debut >= timedelta(days=1):
            midnight = datetime.combine(debut.date() + timedelta(days=1), time())
            yield debut, midnight, comment
            debut = midnight
        if fin > debut:
            yield debut, fin, comment
