"""The published figures: counters of ended months, made secret where they are small.

A month is published once, when it has ended, and never changes; the cross of EPCI and besoins
when its quarter has. So whoever kept every earlier version knows no more than the last one says.

Inside a quarter, tables share their totals. They are one network (see `secret`):

    total ─▶ by canal ─▶ by EPCI ─▶ cross ─▶ by besoin ─▶ total      (one such ring a month)

Months are made secret first, by themselves; then the cross, which leaves them as published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from cartographie.secret import Case, ImprotegeableError, bornes, masquer, publier, sensible
from cartographie.suivi.evenements import HORS_ISERE, Canal, Genre, Ligne
from cartographie.suivi.periodes import mois_du_trimestre, trimestre_de

# ("total", month, genre) · ("canal", month, genre, canal) · ("besoin", month, besoin)
# · ("epci", month, epci) · ("croise", quarter, epci, besoin); besoins and EPCI are of searches.
Nom = Hashable
Chiffres = Mapping[Nom, int | None]


@dataclass(frozen=True, slots=True)
class Axes:
    """Every besoin and every EPCI, in order, those without any search too: a row that is missing
    would tell something."""

    besoins: tuple[str, ...]
    epci: tuple[str, ...]

    @classmethod
    def build(cls, besoins: Iterable[str], epci: Iterable[str]) -> Axes:
        """Add what searches may lack: a besoin, a place, a place in Isère."""
        return cls((*besoins, ""), (*epci, HORS_ISERE, ""))


def build_chiffres(lignes: Sequence[Ligne], mois: Sequence[date], axes: Axes) -> Chiffres:
    """What may be published of these months. A cell that is hidden is None."""
    chiffres: dict[Nom, int | None] = {}
    for trimestre in sorted({trimestre_de(m) for m in mois}):
        siens = tuple(m for m in mois_du_trimestre(trimestre) if m in mois)
        comptes = tuple(ligne for ligne in lignes if ligne.mois in siens)
        chiffres |= _trimestre(siens, comptes, axes)
    return chiffres


@lru_cache(maxsize=32)
def _trimestre(mois: tuple[date, ...], lignes: tuple[Ligne, ...], axes: Axes) -> Chiffres:
    chiffres: dict[Nom, int | None] = {}
    anneaux: list[Case] = []
    masquees: frozenset[Nom] = frozenset()
    for un in mois:
        sommes = _sommes(un, lignes, axes)
        isolement = _case_isolement(un, sommes)
        cases = [isolement, *_autres_genres(un, sommes), *_anneau(un, sommes, axes, isolement)]
        cachees = masquer(cases)
        chiffres |= {c.nom: publier(c.valeur, masquee=c.nom in cachees) for c in cases}
        masquees |= cachees
        anneaux += (
            replace(c, figee=True) for c in _anneau(un, sommes, axes, isolement, ouvert=True)
        )
    if len(mois) == 3:
        chiffres |= _croises(trimestre_de(mois[0]), lignes, axes, anneaux, masquees)
    return chiffres


def _croises(
    trimestre: date,
    lignes: Sequence[Ligne],
    axes: Axes,
    anneaux: Sequence[Case],
    masquees: frozenset[Nom],
) -> Chiffres:
    """The cross of a quarter; hidden as a whole when its parts cannot be made safe."""
    sommes: Counter[tuple[str, str]] = Counter()
    for ligne in lignes:
        if ligne.genre is Genre.RECHERCHE:
            sommes[_epci(ligne, axes), _besoin(ligne, axes)] += ligne.nombre
    cases = [
        Case(("croise", trimestre, e, b), ("e", e), ("b", b), sommes[e, b])
        for e in axes.epci
        for b in axes.besoins
    ]
    try:
        cachees = masquer((*anneaux, *cases), masquees)
    except ImprotegeableError:
        return dict.fromkeys((c.nom for c in cases), None)
    return {c.nom: publier(c.valeur, masquee=c.nom in cachees) for c in cases}


def _sommes(mois: date, lignes: Iterable[Ligne], axes: Axes) -> Counter[Nom]:
    """Every cell of a month that is not empty."""
    sommes: Counter[Nom] = Counter()
    for ligne in lignes:
        if ligne.mois != mois:
            continue
        sommes["total", mois, ligne.genre] += ligne.nombre
        sommes["canal", mois, ligne.genre, ligne.canal] += ligne.nombre
        if ligne.genre is Genre.RECHERCHE:
            sommes["epci", mois, _epci(ligne, axes)] += ligne.nombre
            sommes["besoin", mois, _besoin(ligne, axes)] += ligne.nombre
    return sommes


def _case_isolement(mois: date, sommes: Counter[Nom]) -> Case:
    """Stands by itself, and is no more than the searches: their total says so."""
    nom = ("total", mois, Genre.ISOLEMENT)
    return Case(nom, nom, nom, sommes[nom])


def _anneau(
    mois: date, sommes: Counter[Nom], axes: Axes, isolement: Case, *, ouvert: bool = False
) -> Iterator[Case]:
    """The searches of a month; `ouvert` where the cross of the quarter joins EPCI and besoins."""
    nom: Nom = ("total", mois, Genre.RECHERCHE)
    minimum = bornes(isolement, masquee=sensible(isolement.valeur))[0]
    yield Case(nom, (mois, 0), (mois, 1), sommes[nom], minimum=minimum)
    for canal in Canal:
        nom = ("canal", mois, Genre.RECHERCHE, canal)
        yield Case(nom, (mois, 1), (mois, 2), sommes[nom])
    for epci in axes.epci:
        nom = ("epci", mois, epci)
        yield Case(nom, (mois, 2), ("e", epci) if ouvert else (mois, 3), sommes[nom])
    for besoin in axes.besoins:
        nom = ("besoin", mois, besoin)
        yield Case(nom, ("b", besoin) if ouvert else (mois, 3), (mois, 0), sommes[nom])


def _autres_genres(mois: date, sommes: Counter[Nom]) -> Iterator[Case]:
    """The other kinds: a total and its canaux, linked to nothing else."""
    for genre in Genre:
        if genre in {Genre.RECHERCHE, Genre.ISOLEMENT}:
            continue
        nom: Nom = ("total", mois, genre)
        yield Case(nom, (genre, 0), (genre, 1), sommes[nom])
        for canal in Canal:
            nom = ("canal", mois, genre, canal)
            yield Case(nom, (genre, 1), (genre, 0), sommes[nom])


def _epci(ligne: Ligne, axes: Axes) -> str:
    return ligne.epci if ligne.epci in axes.epci else HORS_ISERE


def _besoin(ligne: Ligne, axes: Axes) -> str:
    return ligne.besoin if ligne.besoin in axes.besoins else ""
