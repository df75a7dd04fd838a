"""The values of a protocol. Organisations are named by their code everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """What a figure is: measured here, a fact of context, or worked out from others."""

    MESURE = "mesure"
    CONTEXTE = "contexte"
    CALCUL = "calcul"


@dataclass(frozen=True, slots=True)
class Periode:
    """The years of a protocol, both included. `signature` is an ISO date cut (`2022-02`)."""

    code: str
    debut: int
    fin: int
    nom: str
    signature: str
    departement: str
    source: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A part of an axe. `numero` is None where the document does not number it."""

    numero: int | None
    titre: str
    objectifs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Axe:
    """A chapter of the protocol."""

    numero: int
    titre: str
    themes: tuple[Theme, ...]

    @property
    def objectifs(self) -> tuple[int, ...]:
        """Return the numbers of its objectives, in order."""
        return tuple(numero for theme in self.themes for numero in theme.objectifs)


@dataclass(frozen=True, slots=True)
class Cible:
    """The figure an action aims at: `20 places créées par an`; `objet` when it needs saying."""

    valeur: float
    unite: str
    periodicite: str
    objet: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What is to be done. Pilots, actors and funders are codes of organisations.

    `cible` is None for the actions that the document leaves without a figure; `echeance` is
    (first year, last year).
    """

    id: str
    libelle: str
    cible: Cible | None
    cibles_complementaires: tuple[Cible, ...]
    pilotes: tuple[str, ...]
    autres_acteurs: tuple[str, ...]
    financeurs: tuple[str, ...]
    echeance: tuple[int, int]
    indicateur: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Objectif:
    """A numbered objective. `calendrier`: (year, what the document plans for it)."""

    numero: int
    titre: str
    axe: int
    theme: int | None
    actions: tuple[Action, ...]
    calendrier: tuple[tuple[int, str], ...]
    acteurs_calendrier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who is named. `generique`: a category ("associations"), not one organisation."""

    code: str
    nom: str
    categorie: str
    generique: bool
    signataire: bool
    pilote: bool
    inclus_dans: tuple[str, ...]
    variantes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Releve:
    """A dated figure. `objectif` is None when it does not measure one objective alone.

    `action` is one of its objective, `acteur` the slug of whose figure it is; both may be empty.
    """

    id: str
    objectif: int | None
    objectifs_lies: tuple[int, ...]
    indicateur: str
    annee: int | None
    valeur: float
    unite: str
    territoire: str
    source: str
    nature: Nature
    precision: str
    note: str
    annee_deduite: bool
    periode: tuple[int, int] | None = None
    action: str = ""
    acteur: str = ""

    @property
    def lies(self) -> tuple[int, ...]:
        """Objectives that it throws light on without measuring them."""
        return tuple(numero for numero in self.objectifs_lies if numero != self.objectif)


@dataclass(frozen=True, slots=True)
class Protocole:
    """A whole period, as its file says it."""

    periode: Periode
    axes: tuple[Axe, ...]
    objectifs: tuple[Objectif, ...]
    organisations: tuple[Organisation, ...]
    releves: tuple[Releve, ...]

    def objectif(self, numero: int) -> Objectif | None:
        """Return an objective by its number."""
        return next((objectif for objectif in self.objectifs if objectif.numero == numero), None)

    def organisation(self, code: str) -> Organisation | None:
        """Return an organisation by its code."""
        return next((o for o in self.organisations if o.code == code), None)

    def releves_de(self, numero: int) -> tuple[Releve, ...]:
        """Return the figures that measure this objective, in the order of the file."""
        return tuple(releve for releve in self.releves if releve.objectif == numero)

    def releves_lies_a(self, numero: int) -> tuple[Releve, ...]:
        """Return the figures that throw light on this objective without measuring it."""
        return tuple(releve for releve in self.releves if numero in releve.lies)

    @property
    def contexte(self) -> tuple[Releve, ...]:
        """Return the figures that measure no objective alone: those of the whole period."""
        return tuple(releve for releve in self.releves if releve.objectif is None)
