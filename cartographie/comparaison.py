"""Records compared field by field: two for the history, three when two people wrote at once.

A record is laid out as paths and values (`nom`, `implantations.0.telephone`). The elements of a
list are compared one by one when every side has as many of them, else the list is one value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from cartographie.acteurs import Saisie
from cartographie.libelles import dire, nommer
from cartographie.referentiel import Referentiel

Valeurs = dict[str, Any]
OUVRABLES = ("implantations", "contacts")
ABSENT = Saisie("", "", "", acces="")  # type: ignore[arg-type]  # what a creation starts from


class Touche(StrEnum):
    """Who changed a field since both sides read it."""

    LEURS = "leurs"
    MIENS = "miens"
    DEUX = "deux"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not the same on two sides; values in words, a line each."""

    chemin: str
    libelle: str
    avant: tuple[str, ...]
    apres: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ecart:
    """A field that two people left different: before, theirs, mine, in words, a line each."""

    chemin: str
    libelle: str
    avant: tuple[str, ...]
    leurs: tuple[str, ...]
    miens: tuple[str, ...]
    touche: Touche


def differences(
    avant: Saisie | None, apres: Saisie, referentiel: Referentiel
) -> tuple[Difference, ...]:
    """Tell what changed, in the order of a record; everything that is filled for a creation."""
    gauche, droite = _aplatir(avant or ABSENT, apres)
    trouvees = (
        Difference(
            chemin,
            nommer(chemin),
            dire(chemin, gauche[chemin], referentiel) if avant else (),
            dire(chemin, droite[chemin], referentiel),
        )
        for chemin in gauche
        if gauche[chemin] != droite[chemin]
    )
    return tuple(d for d in trouvees if avant or d.apres)


def comparer(
    avant: Saisie, leurs: Saisie, miens: Saisie, referentiel: Referentiel
) -> tuple[Ecart, ...]:
    """Tell where `leurs` and `miens`, both made of `avant`, differ; and who changed what."""
    base, gauche, droite = _aplatir(avant, leurs, miens)
    return tuple(
        Ecart(
            chemin,
            nommer(chemin),
            dire(chemin, base[chemin], referentiel),
            dire(chemin, gauche[chemin], referentiel),
            dire(chemin, droite[chemin], referentiel),
            _touche(base[chemin], gauche[chemin], droite[chemin]),
        )
        for chemin in base
        if gauche[chemin] != droite[chemin]
    )


def fusionner(avant: Saisie, leurs: Saisie, miens: Saisie, choix: Mapping[str, str]) -> Saisie:
    """Join two records: `choix` (path → `leurs` | `miens`), else whoever alone changed the field.

    Where both changed it and nothing was chosen, theirs stays: it is what is saved.
    """
    base, gauche, droite = _aplatir(avant, leurs, miens)
    valeurs: Valeurs = {}
    for chemin in base:
        touche = _touche(base[chemin], gauche[chemin], droite[chemin])
        defaut = Touche.MIENS if touche is Touche.MIENS else Touche.LEURS
        mien = choix.get(chemin, defaut) == Touche.MIENS
        valeurs[chemin] = droite[chemin] if mien else gauche[chemin]
    return _rebatir(leurs, valeurs)


def _touche(base: Any, leur: Any, mien: Any) -> Touche:  # noqa: ANN401
    if base == leur:
        return Touche.MIENS
    return Touche.LEURS if base == mien else Touche.DEUX


def _aplatir(*saisies: Saisie) -> tuple[Valeurs, ...]:
    """Lay out records along the same paths."""
    ouvertes = {nom for nom in OUVRABLES if len({len(getattr(s, nom)) for s in saisies}) == 1}
    return tuple(_etaler(saisie, ouvertes) for saisie in saisies)


def _etaler(saisie: Saisie, ouvertes: set[str]) -> Valeurs:
    valeurs: Valeurs = {}
    for champ in fields(saisie):
        valeur = getattr(saisie, champ.name)
        if champ.name not in ouvertes:
            valeurs[champ.name] = valeur
            continue
        for rang, element in enumerate(valeur):
            for partie in fields(element):
                valeurs[f"{champ.name}.{rang}.{partie.name}"] = getattr(element, partie.name)
    return valeurs


def _rebatir(modele: Saisie, valeurs: Valeurs) -> Saisie:
    """Make a record of paths and values; `modele` has as many elements in its opened lists."""
    changements: dict[str, Any] = {}
    for chemin, valeur in valeurs.items():
        racine, *reste = chemin.split(".")
        if not reste:
            changements[racine] = valeur
            continue
        elements = list(changements.get(racine, getattr(modele, racine)))
        rang = int(reste[0])
        elements[rang] = replace(elements[rang], **{reste[1]: valeur})
        changements[racine] = tuple(elements)
    return replace(modele, **changements)
