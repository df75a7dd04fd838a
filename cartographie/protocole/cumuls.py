"""Figures put together, never further than they go: same thing, same unit, same place, same year.

Percentages and changes are never added; neither are two years, since places that exist are the
same places the year after. A figure for the whole is never added to those of its parts, nor that
of a porteur to those of its services.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cartographie.protocole.valeurs import Action, Cible, Nature, Objectif, Releve
from cartographie.texte import fold

PAR_AN = "par an"
# What a unit of a share holds.
PARTS = ("%", "pour cent", "points")
PRECISIONS = ("exacte", "plus de", "environ")


@dataclass(frozen=True, slots=True)
class Cle:
    """What two figures must share to be added: everything but whose they are."""

    objectif: int | None
    action: str
    indicateur: str
    unite: str
    territoire: str
    nature: Nature
    annee: int | None
    periode: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of figures of acteurs; `precision` is that of the least exact."""

    cle: Cle
    valeur: float
    precision: str
    releves: tuple[Releve, ...]


class Etat(StrEnum):
    """Where a target stands in a year."""

    ATTEINTE = "atteinte"
    NON_ATTEINTE = "non atteinte"
    INCONNUE = "à vérifier"


@dataclass(frozen=True, slots=True)
class Comparaison:
    """A target beside what was measured of the very same thing in a year."""

    action: str
    cible: Cible
    annee: int
    valeur: float
    precision: str
    etat: Etat
    releves: tuple[Releve, ...]


def totaux(releves: Iterable[Releve], porteurs: Mapping[str, str]) -> tuple[Total, ...]:
    """Add the figures of acteurs that may be: two or more, and no figure of the whole.

    `porteurs`: slug of a service → slug of its porteur.
    """
    par_cle: defaultdict[Cle, list[Releve]] = defaultdict(list)
    for releve in releves:
        par_cle[cle(releve)].append(releve)
    return tuple(
        Total(commune, sum(r.valeur for r in parts), _precision(parts), tuple(parts))
        for commune, groupe in par_cle.items()
        if len(parts := _parts(groupe, porteurs)) > 1 and _additive(commune)
    )


def comparer(
    objectif: Objectif, releves: Iterable[Releve], porteurs: Mapping[str, str]
) -> tuple[Comparaison, ...]:
    """Every year of every action whose target and measures speak of the same thing.

    The unit and the indicator must be those of the action, the target be yearly, the year one of
    its own. Anything else is read side by side, without a verdict.
    """
    connus = tuple(releves)
    mesures = [Total(cle(r), r.valeur, r.precision, (r,)) for r in connus if not r.acteur]
    mesures += totaux(connus, porteurs)
    return tuple(
        Comparaison(
            action=action.id,
            cible=action.cible,
            annee=mesure.cle.annee,
            valeur=mesure.valeur,
            precision=mesure.precision,
            etat=_etat(mesure.valeur, mesure.precision, action.cible),
            releves=mesure.releves,
        )
        for action in objectif.actions
        for mesure in sorted(mesures, key=lambda m: m.cle.annee or 0)
        if action.cible is not None
        and mesure.cle.annee is not None
        and _meme_chose(objectif, action, action.cible, mesure.cle)
    )


def cle(releve: Releve) -> Cle:
    """What a figure is about, written alike however it was typed."""
    return Cle(
        objectif=releve.objectif,
        action=releve.action,
        indicateur=fold(releve.indicateur),
        unite=_unite(releve.unite),
        territoire=fold(releve.territoire),
        nature=releve.nature,
        annee=releve.annee,
        periode=releve.periode,
    )


def _parts(groupe: list[Releve], porteurs: Mapping[str, str]) -> list[Releve]:
    """Figures of acteurs, each door once: a service is in its porteur's figure already."""
    if any(not releve.acteur for releve in groupe):
        return []
    presents = {releve.acteur for releve in groupe}
    return [r for r in groupe if not presents.intersection(_au_dessus(r.acteur, porteurs))]


def _au_dessus(slug: str, porteurs: Mapping[str, str]) -> set[str]:
    vus: set[str] = set()
    while (slug := porteurs.get(slug, "")) and slug not in vus:
        vus.add(slug)
    return vus


def _additive(commune: Cle) -> bool:
    """A share or a change over years is not a quantity of something."""
    return not any(part in commune.unite for part in PARTS) and commune.periode is None


def _unite(unite: str) -> str:
    """A unit written alike; signs are kept: « % » is one."""
    return " ".join(unite.casefold().split())


def _precision(releves: list[Releve]) -> str:
    return max((r.precision for r in releves), key=_rang)


def _rang(precision: str) -> int:
    return PRECISIONS.index(precision) if precision in PRECISIONS else len(PRECISIONS)


def _meme_chose(objectif: Objectif, action: Action, cible: Cible, commune: Cle) -> bool:
    debut, fin = action.echeance
    return (
        commune.nature is Nature.MESURE
        and commune.periode is None
        and commune.annee is not None
        and debut <= commune.annee <= fin
        and cible.periodicite == PAR_AN
        and not cible.objet
        and commune.unite == _unite(cible.unite)
        and commune.indicateur == fold(action.indicateur)
        and commune.action in _actions_mesurees(objectif, action)
    )


def _actions_mesurees(objectif: Objectif, action: Action) -> tuple[str, ...]:
    """Codes under which its figures stand: none at all will do when its indicator is its own."""
    indicateur = fold(action.indicateur)
    partage = sum(fold(autre.indicateur) == indicateur for autre in objectif.actions) > 1
    return (action.id,) if partage else (action.id, "")


def _etat(valeur: float, precision: str, cible: Cible) -> Etat:
    """`plus de 90` may be 100 or not: below the target, only an exact figure tells."""
    if precision == "environ":
        return Etat.INCONNUE
    if valeur >= cible.valeur:
        return Etat.ATTEINTE
    return Etat.NON_ATTEINTE if precision == "exacte" else Etat.INCONNUE
