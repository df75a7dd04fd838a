"""The values of the API: a collection, what its features are made of, what is asked of it.

Coordinates are degrees, longitude first: CRS84 of the standard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry

from cartographie.catalogue import Catalogue
from cartographie.communes import Lieu
from cartographie.referentiel import Referentiel

Schema = Mapping[str, Any]
# Begins, ends; None on a side that is open.
Intervalle = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Propriete:
    """A property of features. With `valeurs` or `motif` (the whole text) one may filter on it."""

    nom: str
    description: str
    schema: Schema
    valeurs: tuple[str, ...] = ()
    motif: str = ""

    @property
    def filtrable(self) -> bool:
        """Whether it is a parameter too."""
        return bool(self.valeurs or self.motif)


@dataclass(frozen=True, slots=True)
class Objet:
    """One feature. `dates` is when it holds, both ends included; None when it has no date."""

    id: str
    geometrie: BaseGeometry | None
    proprietes: Mapping[str, Any]
    dates: tuple[datetime, datetime] | None = None

    def vaut(self, nom: str, valeur: str) -> bool:
        """Whether a property is, or holds, what is asked, written as in an address."""
        trouve = self.proprietes[nom]
        return valeur in map(texte_de, trouve if isinstance(trouve, list) else (trouve,))


@dataclass(frozen=True, slots=True)
class Etat:
    """What features are made of: published records, embedded data, the code of the period."""

    catalogue: Catalogue
    referentiel: Referentiel
    periode: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A set of features of one kind; `proche` when it has doors, whose distance can be asked."""

    id: str
    titre: str
    description: str
    proprietes: tuple[Propriete, ...]
    objets: Callable[[Etat], tuple[Objet, ...]]
    proche: bool = False

    @property
    def filtres(self) -> tuple[Propriete, ...]:
        """The properties that are parameters."""
        return tuple(propriete for propriete in self.proprietes if propriete.filtrable)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a collection. `bbox` is a surface in degrees, longitude first."""

    limit: int
    offset: int = 0
    bbox: BaseGeometry | None = None
    intervalle: Intervalle | None = None
    filtres: Mapping[str, str] = field(default_factory=dict)
    depuis: Lieu | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the features that answer, in order; `total` is how many there are."""

    objets: tuple[Objet, ...]
    total: int


def texte_de(valeur: object) -> str:
    """Write a value as it is in an address: `true`, `12`, a text as it is."""
    return str(valeur).lower() if isinstance(valeur, bool) else str(valeur)
