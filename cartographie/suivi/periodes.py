"""Months and quarters, each told by its first day; and from when one may be published."""

from __future__ import annotations

from datetime import date, timedelta

# A counter waits a few seconds in the process that made it; a whole day is more than enough.
DELAI = timedelta(days=1)


def mois_de(jour: date) -> date:
    """The first day of its month."""
    return jour.replace(day=1)


def trimestre_de(jour: date) -> date:
    """The first day of its quarter."""
    return date(jour.year, jour.month - (jour.month - 1) % 3, 1)


def avance(mois: date, nombre: int) -> date:
    """The first day of the month so many months later, or earlier."""
    rang = mois.year * 12 + mois.month - 1 + nombre
    return date(rang // 12, rang % 12 + 1, 1)


def mois_du_trimestre(trimestre: date) -> tuple[date, date, date]:
    """Its three months."""
    return trimestre, avance(trimestre, 1), avance(trimestre, 2)


def mois_ouvert(aujourdhui: date) -> date:
    """The first month that is not published yet: nothing may be added to those before."""
    return mois_de(aujourdhui - DELAI)


def mois_publies(aujourdhui: date, nombre: int) -> tuple[date, ...]:
    """The last months that may be published, oldest first."""
    ouvert = mois_ouvert(aujourdhui)
    return tuple(avance(ouvert, -n) for n in range(nombre, 0, -1))
