"""What an annual review says, in words: one value, from which the page and the PDF are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionDite:
    """An action; `atteint` says what is known of its target that year, or that nothing is."""

    id: str
    libelle: str
    pilotes: str
    autres: str
    cible: str
    echeance: str
    atteint: str


@dataclass(frozen=True, slots=True)
class ChiffreDit:
    """A figure with its source."""

    indicateur: str
    annee: str
    valeur: str
    source: str


@dataclass(frozen=True, slots=True)
class ObjectifDit:
    """An objective; `au_titre`: (category, its records), of whom nobody is named."""

    numero: int
    titre: str
    actions: tuple[ActionDite, ...]
    nommes: tuple[str, ...]
    au_titre: tuple[tuple[str, tuple[str, ...]], ...]
    chiffres: tuple[ChiffreDit, ...]
    sans_chiffre: str


@dataclass(frozen=True, slots=True)
class AxeDit:
    """A chapter."""

    numero: int
    titre: str
    objectifs: tuple[ObjectifDit, ...]


@dataclass(frozen=True, slots=True)
class CarteDite:
    """Coverage for a besoin: sentences, the classes (words, inhabitants), the drawing."""

    nom: str
    phrases: tuple[str, ...]
    svg: str
    classes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Bilan:
    """The review of a year, as it is known on a day."""

    annee: int
    jour: str
    iso: str
    protocole: str
    echu: str
    arrete: str
    resume: tuple[tuple[str, str], ...]
    manques: tuple[tuple[str, str], ...]
    axes: tuple[AxeDit, ...]
    cartes: tuple[CarteDite, ...]
    consultations: tuple[tuple[str, str], ...]
    note_consultations: str
    ecritures: tuple[tuple[str, str], ...]
    source: str
