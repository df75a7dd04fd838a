"""What is printed of a directory: plain words, from which a page and a PDF are both made."""

from __future__ import annotations

from dataclasses import dataclass

from cartographie.plan import Plan


@dataclass(frozen=True, slots=True)
class Joindre:
    """A number or an address to write to, what it is, its hours in words."""

    valeur: str
    libelle: str
    horaires: str


@dataclass(frozen=True, slots=True)
class Endroit:
    """A door in words; `adresse` says so when it is not known, or not told."""

    libelle: str
    adresse: str
    horaires: str
    fermetures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entree:
    """One line of the directory, under the number that it has on the map."""

    numero: int
    nom: str
    type: str
    missions: str
    distance: str
    joindre: tuple[Joindre, ...]
    endroits: tuple[Endroit, ...]
    acces: str
    faits: tuple[tuple[str, str], ...]
    confirmation: str


@dataclass(frozen=True, slots=True)
class Section:
    """A group of the answer."""

    libelle: str
    entrees: tuple[Entree, ...]


@dataclass(frozen=True, slots=True)
class Annuaire:
    """Everything that is printed. `adresse` is the live selection, `svg_qr` leads to it.

    A discreet one has no map, no code, no mission, and neutral names.
    """

    discret: bool
    criteres: tuple[str, ...]
    jour: str
    iso: str
    urgences: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    total: int
    plans: tuple[Plan, ...]
    notes: tuple[str, ...]
    adresse: str
    svg_qr: str
