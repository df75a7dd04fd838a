"""Days and hours in French words, as they follow "ouvre" and "ferme"."""

from __future__ import annotations

from datetime import date, datetime, time

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def day_words(jour: date, now: datetime) -> str:
    """Return "", "demain ", "lundi " (within a week) or "le 3 mai ", to stand before "à 9 h"."""
    days = (jour - now.date()).days
    if days <= 1:
        return "demain " if days == 1 else ""
    return f"{JOURS[jour.weekday()]} " if days < 7 else f"le {date_words(jour, now.date())} "


def date_words(jour: date, today: date) -> str:
    """Return `3 mai`, with its year when it is another one."""
    numero = "1er" if jour.day == 1 else str(jour.day)
    annee = f" {jour.year}" if jour.year != today.year else ""
    return f"{numero} {MOIS[jour.month - 1]}{annee}"


def hour_words(moment: datetime) -> str:
    """Return `9 h` or `9 h 05`."""
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"


def range_words(debut: datetime, fin: datetime) -> str:
    """Return `9 h – 17 h 30`."""
    return f"{hour_words(debut)} – {hour_words(fin) if fin.time() != time() else 'minuit'}"
