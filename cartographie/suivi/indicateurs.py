"""How fresh and how complete the directory is, from Fiches alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cartographie.acteurs import Fiche, Precision
from cartographie.suivi.periodes import avance

TOUTES = ""


@dataclass(frozen=True, slots=True)
class Etat:
    """Counts of records: confirmed under 6 months, from 6 to 12, before; complete in what."""

    fiches: int
    moins_de_6_mois: int
    de_6_a_12_mois: int
    plus_ancien: int
    jamais: int
    telephone: int
    horaires: int
    point: int


def build_etats(fiches: Iterable[Fiche], types: Iterable[str], jour: date) -> Mapping[str, Etat]:
    """By type, in the order given, those without a record left out; all together under `""`."""
    toutes = tuple(fiches)
    par_type = {code: [f for f in toutes if f.type == code] for code in types}
    etats = {code: _etat(siennes, jour) for code, siennes in par_type.items() if siennes}
    return {**etats, TOUTES: _etat(toutes, jour)}


def il_y_a(jour: date, mois: int) -> date:
    """The same day so many months ago; the last of that month when it is shorter."""
    premier = avance(jour.replace(day=1), -mois)
    dernier = (avance(premier, 1) - date.resolution).day
    return premier.replace(day=min(jour.day, dernier))


def _etat(fiches: Iterable[Fiche], jour: date) -> Etat:
    toutes = tuple(fiches)
    dates = [f.verifie_le for f in toutes if f.verifie_le]
    six, douze = il_y_a(jour, 6), il_y_a(jour, 12)
    return Etat(
        fiches=len(toutes),
        moins_de_6_mois=sum(d > six for d in dates),
        de_6_a_12_mois=sum(douze < d <= six for d in dates),
        plus_ancien=sum(d <= douze for d in dates),
        jamais=len(toutes) - len(dates),
        telephone=sum(bool(f.telephones) for f in toutes),
        horaires=sum(_a_des_horaires(f) for f in toutes),
        point=sum(_a_un_point(f) for f in toutes),
    )


def _a_des_horaires(fiche: Fiche) -> bool:
    return any(i.horaires for i in fiche.implantations) or any(c.horaires for c in fiche.contacts)


def _a_un_point(fiche: Fiche) -> bool:
    return any(i.localisation.precision is Precision.ADRESSE for i in fiche.implantations)
