"""The state of a door or a line at a moment, and the sentence that says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from cartographie.acteurs import Fermeture
from cartographie.horaires.mots import MOIS, date_words, day_words, hour_words
from cartographie.horaires.regles import (
    HORIZON,
    INCONNUS,
    Etat,
    closure_of,
    day_after,
    next_closing,
    next_opening,
    on_the_clock,
    regles_of,
)

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Ouverture:
    """A state, how it reads in French, and the next change (aware, Europe/Paris) when known."""

    etat: Etat
    phrase: str
    prochain: datetime | None


def ouverture(
    horaires: str,
    maintenant: datetime,
    *,
    fermetures: Sequence[Fermeture] = (),
    horaires_date: str = "",
    verifie_le: date | None = None,
) -> Ouverture:
    """Return the state of a door or a line at `maintenant` (aware, any zone).

    A dated closure wins over the hours. Hours that nobody dated, or that were confirmed more than
    twelve months ago (`horaires_date` may be `2023`, `2023-05` or `2023-05-12`), say so.
    """
    quand = a_la_minute(maintenant)
    return _ouverture(horaires.strip(), quand, tuple(fermetures), horaires_date, verifie_le)


def a_la_minute(maintenant: datetime) -> datetime:
    """The minute of a moment, in UTC; itself when it is that already, as for many lines at once."""
    if maintenant.tzinfo is UTC and not (maintenant.second or maintenant.microsecond):
        return maintenant
    if maintenant.tzinfo is None:
        raise ValueError("maintenant has no time zone")
    # In UTC: one hour of the year is shown twice by the clocks, and its two halves compare equal.
    return maintenant.replace(second=0, microsecond=0).astimezone(UTC)


# Hours are written to the minute: within one, the same hours are asked of many lines.
@lru_cache(maxsize=2_048)
def _ouverture(
    horaires: str,
    maintenant: datetime,
    fermetures: tuple[Fermeture, ...],
    horaires_date: str,
    verifie_le: date | None,
) -> Ouverture:
    now = on_the_clock(maintenant)
    regles = regles_of(horaires)
    closed = closure_of(fermetures, now.date())
    if closed:
        prochain = None
        if regles and closed.fin < now.date() + HORIZON:
            prochain = next_opening(regles, day_after(closed), fermetures)
        return Ouverture(Etat.FERME, _until(closed, now.date()), prochain)
    if regles is None:
        phrase = f"« {horaires} », à confirmer par téléphone" if horaires else INCONNUS
        return Ouverture(Etat.INCONNU, phrase, None)
    etat, comment = regles.state(now)
    age = _age(horaires_date, verifie_le, now.date())
    if etat is Etat.OUVERT:
        prochain = next_closing(regles, now, fermetures)
        return Ouverture(etat, _open(age, comment, prochain, now, regles.permanent), prochain)
    prochain = next_opening(regles, now, fermetures)
    if etat is Etat.INCONNU:
        return Ouverture(etat, comment, prochain)
    return Ouverture(etat, _closed(age, comment, prochain, now), prochain)


def lisible(horaires: str) -> bool:
    """Tell whether the state can be worked out from these hours."""
    return regles_of(horaires.strip()) is not None


def anciennete_fr(horaires_date: str, verifie_le: date | None, jour: date) -> str:
    """Tell hours that nobody dated or confirmed for a year: `horaire de mai 2023`; else nothing."""
    age = _age(horaires_date, verifie_le, jour)
    if age is None:
        return ""
    return f"horaire {age}" if age else "horaire non daté"


def _open(
    age: str | None, comment: str, fin: datetime | None, now: datetime, permanent: bool
) -> str:
    if age is not None:
        return f"ouvert d’après un horaire {age}" if age else "ouvert (horaire non daté)"
    precise = f" ({comment})" if comment else ""
    if fin is None:
        return ("ouvert 24 h sur 24" if permanent else "ouvert") + precise
    if fin.time() == time():
        return f"ouvert, ferme {day_words(fin.date() - timedelta(days=1), now)}à minuit{precise}"
    return f"ouvert, ferme {day_words(fin.date(), now)}à {hour_words(fin)}{precise}"


def _closed(age: str | None, comment: str, debut: datetime | None, now: datetime) -> str:
    phrase = f"fermé ({comment})" if comment else "fermé"
    if debut:
        phrase += f", ouvre {day_words(debut.date(), now)}à {hour_words(debut)}"
    if age is None:
        return phrase
    return f"{phrase} (horaire {age})" if age else f"{phrase} (horaire non daté)"


def _until(closed: Fermeture, today: date) -> str:
    motif = f" ({closed.motif})" if closed.motif else ""
    if closed.fin == today:
        return f"fermé aujourd’hui{motif}"
    return f"fermé jusqu’au {date_words(closed.fin, today)}{motif}"


def _age(horaires_date: str, verifie_le: date | None, today: date) -> str | None:
    """Return None for hours confirmed within twelve months, "" undated, else `de mai 2023`."""
    dated = _partial(horaires_date)
    confirmed = max((jour for jour in (dated, verifie_le) if jour), default=None)
    if confirmed is None:
        return ""
    if confirmed >= _a_year_before(today):
        return None
    if confirmed == dated and len(horaires_date.strip()) == 4:
        return f"de {confirmed.year}"
    mois = MOIS[confirmed.month - 1]
    return f"{'d’' if mois[0] in 'ao' else 'de '}{mois} {confirmed.year}"


def _partial(texte: str) -> date | None:
    """Return the first day of an ISO date that may be cut (`2023`, `2023-05`)."""
    found = _PARTIAL_DATE.fullmatch(texte.strip())
    if not found:
        return None
    try:
        return date(*(int(part or 1) for part in found.groups()))
    except ValueError:
        return None


def _a_year_before(jour: date) -> date:
    # 29 February has no year before: 28 February stands for it.
    return jour.replace(
        year=jour.year - 1, day=28 if (jour.month, jour.day) == (2, 29) else jour.day
    )
