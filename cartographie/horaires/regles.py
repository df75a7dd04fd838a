"""The hours as rules that can be evaluated, or nothing when that would not be faithful."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from opening_hours import (  # type: ignore[attr-defined]  # ParserError is not in its stub
    OpeningHours,
    ParserError,
    State,
)

from cartographie.acteurs import Fermeture

PARIS = ZoneInfo("Europe/Paris")
INCONNUS = "horaires inconnus, appelez"
FERIE = "jour férié, horaires à confirmer : appelez"
LONGUEUR_MAX = 500
HORIZON = timedelta(days=366)

COMMENT = re.compile(r'"[^"]*"')
# School holidays are ignored by the library, sun times need a place, an open end has no end, and a
# fallback (`||`) is not applied inside a day that has hours: better unknown than wrong.
_UNFAITHFUL = re.compile(r"\bSH\b|sunrise|sunset|dawn|dusk|:\d\d\s*\+|\|\|", re.IGNORECASE)
_STATE_SAID = re.compile(r"\d:\d\d|24/7|\b(?:off|closed|open|unknown)\b", re.IGNORECASE)


class Etat(StrEnum):
    """Whether one can go now."""

    OUVERT = "ouvert"
    FERME = "ferme"
    INCONNU = "inconnu"


@dataclass(frozen=True, slots=True)
class Regles:
    """Hours that can be evaluated, as typed and with every public holiday closed."""

    typed: OpeningHours
    prudent: OpeningHours
    permanent: bool

    def state(self, now: datetime) -> tuple[Etat, str]:
        """Return the state and its comment; unknown on a holiday of which nothing is said."""
        typed, comment = self.typed.state(now)
        if typed != self.prudent.state(now)[0]:
            return Etat.INCONNU, FERIE
        if typed == State.UNKNOWN:
            return Etat.INCONNU, f"horaires à confirmer ({comment})" if comment else INCONNUS
        return (Etat.OUVERT if typed == State.OPEN else Etat.FERME), comment


@lru_cache(maxsize=4096)
def regles_of(texte: str) -> Regles | None:
    """Return the rules of a stripped text, None when it cannot be evaluated."""
    bare = COMMENT.sub("", texte)
    if not texte or len(texte) > LONGUEUR_MAX or _UNFAITHFUL.search(bare):
        return None
    expression = explicit(texte)
    try:
        typed = OpeningHours(expression, timezone=PARIS, country="FR")
        permanent = str(typed.normalize()).startswith("24/7")
        # Nothing tells whether « lundi à vendredi » holds on 14 July, unless the text says so.
        silent = not permanent and "PH" not in bare.upper()
        prudent = OpeningHours(f"{expression}; PH off", timezone=PARIS, country="FR")
    except ParserError:
        return None
    return Regles(typed, prudent if silent else typed, permanent)


def explicit(texte: str) -> str:
    """Say `unknown` in the rules that are only a comment: the library would call them open."""
    rules = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', texte)
    return ";".join(
        rule if _STATE_SAID.search(COMMENT.sub("", rule)) else rule.replace('"', 'unknown "', 1)
        for rule in rules
    )


def closure_of(fermetures: Sequence[Fermeture], jour: date) -> Fermeture | None:
    """Return the closure of this day, joined to those that follow it without a day between."""
    here = next((f for f in fermetures if f.debut <= jour <= f.fin), None)
    if here is None:
        return None
    fin, motifs = here.fin, {here.motif}
    for other in sorted(fermetures, key=lambda f: f.debut):
        if (other.debut - fin).days <= 1 and other.fin > fin:
            fin = other.fin
            motifs.add(other.motif)
    return Fermeture(here.debut, fin, here.motif if len(motifs) == 1 else "")


def next_opening(
    regles: Regles, depuis: datetime, fermetures: Sequence[Fermeture]
) -> datetime | None:
    """Return the first opening from `depuis`, within a year and outside the closures."""
    for debut, fin in _openings(regles, depuis):
        moment = debut
        while moment < fin and (closed := closure_of(fermetures, moment.date())):
            moment = day_after(closed)
        if moment < fin:
            return moment
    return None


def next_closing(regles: Regles, now: datetime, fermetures: Sequence[Fermeture]) -> datetime | None:
    """Return when what is open at `now` closes, within a year."""
    closings = [fin for debut, fin in islice(_openings(regles, now), 1) if debut <= now]
    closings += [midnight(f.debut) for f in fermetures if f.debut > now.date()]
    return min((fin for fin in closings if fin < now + HORIZON), default=None)


def _openings(regles: Regles, depuis: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the openings of the coming year, joined where only the comment changes."""
    current: tuple[datetime, datetime] | None = None
    for debut, fin, state, _ in regles.prudent.intervals(depuis, on_the_clock(depuis + HORIZON)):
        if state != State.OPEN:
            continue
        if current and current[1] == debut:
            current = (current[0], fin)
            continue
        if current:
            yield current
        current = (debut, fin)
    if current:
        yield current


def day_after(fermeture: Fermeture) -> datetime:
    """Return the first midnight after a closure, which somebody may have set in the year 9999."""
    return midnight(min(fermeture.fin, date.max - timedelta(days=1)) + timedelta(days=1))


def midnight(jour: date) -> datetime:
    """Return the beginning of a day."""
    return datetime.combine(jour, time(), PARIS)


def on_the_clock(moment: datetime) -> datetime:
    """Return an aware moment as the clocks of Paris show it.

    A sum may fall into the hour that does not exist, the last Sunday of March: the library refuses
    such a time.
    """
    return moment.astimezone(UTC).astimezone(PARIS)
