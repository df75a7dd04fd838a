"""The controlled words: types, missions, publics, besoins, acces, and the national numbers.

Loaded from `data/vocabulaire.json` and `data/numeros.json`; the order of the files is the order
on screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from cartographie.acteurs import Acces, ContactKind, Destinataire
from cartographie.datafiles import Node, one_of, read_json


@dataclass(frozen=True, slots=True)
class Terme:
    """A code and what people read in its place."""

    code: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of acteur; `exhaustif` when every one of Isère is known to be in the directory."""

    code: str
    libelle: str
    exhaustif: bool


@dataclass(frozen=True, slots=True)
class Besoin:
    """A large button: a set of missions. Without missions, the national numbers alone."""

    code: str
    libelle: str
    missions: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Numero:
    """A national number: a line of the answer that is no acteur. `horaires` in OSM syntax."""

    numero: str
    libelle: str
    description: str
    kind: ContactKind
    horaires: str
    besoins: tuple[str, ...]
    destinataires: tuple[Destinataire, ...]
    urgence: bool


class Coded(Protocol):
    """Anything of the vocabulary: a code and what people read in its place."""

    @property
    def code(self) -> str: ...

    @property
    def libelle(self) -> str: ...


_C = TypeVar("_C", bound=Coded)


@dataclass(frozen=True, slots=True)
class Vocabulaire:
    """Every controlled word by its code, in the order of the file."""

    types: Mapping[str, Type]
    missions: Mapping[str, Terme]
    publics: Mapping[str, Terme]
    besoins: Mapping[str, Besoin]
    acces: Mapping[str, Terme]

    @classmethod
    def load(cls, path: Path) -> Vocabulaire:
        """Read `vocabulaire.json`; `DonneesError` for a code that is double or unknown."""
        racine = read_json(path)
        missions = _by_code(racine.get("missions"), _terme)
        besoins = racine.get("besoins")
        vocabulaire = cls(
            types=_by_code(racine.get("types"), _type),
            missions=missions,
            publics=_by_code(racine.get("publics"), _terme),
            besoins=_by_code(besoins, _besoin),
            acces=_by_code(racine.get("acces"), _terme),
        )
        for mission in (m for besoin in besoins.items() for m in besoin.get("missions").items()):
            if mission.value not in missions:
                raise mission.fault(f"« {mission.value} » n’est pas une mission.")
        if set(vocabulaire.acces) != set(Acces):
            raise racine.get("acces").fault(f"les codes attendus sont {', '.join(Acces)}.")
        return vocabulaire


def load_numeros(path: Path) -> tuple[Numero, ...]:
    """Read `numeros.json` (a list, in order); `DonneesError` when an entry cannot be used."""
    return tuple(_numero(node) for node in read_json(path).items())


def libelles(termes: Mapping[str, Coded], codes: Iterable[str]) -> tuple[str, ...]:
    """Return what people read for these codes; an unknown code stands for itself."""
    return tuple(termes[code].libelle if code in termes else code for code in codes)


def _by_code(liste: Node, read: Callable[[Node], _C]) -> Mapping[str, _C]:
    termes: dict[str, _C] = {}
    for node in liste.items():
        terme = read(node)
        if terme.code in termes:
            raise node.fault(f"le code « {terme.code} » est déjà pris.")
        termes[terme.code] = terme
    if not termes:
        raise liste.fault("la liste est vide.")
    return MappingProxyType(termes)


def _terme(node: Node) -> Terme:
    return Terme(node.get("code").filled(), node.get("libelle").filled())


def _type(node: Node) -> Type:
    exhaustif = node.get("exhaustif").boolean()
    return Type(node.get("code").filled(), node.get("libelle").filled(), exhaustif)


def _besoin(node: Node) -> Besoin:
    note = node.get("note").text() if node.has("note") else ""
    missions = node.get("missions").texts()
    return Besoin(node.get("code").filled(), node.get("libelle").filled(), missions, note)


def _numero(node: Node) -> Numero:
    return Numero(
        numero=node.get("numero").filled(),
        libelle=node.get("libelle").filled(),
        description=node.get("description").filled(),
        kind=one_of(ContactKind, node.get("kind")),
        horaires=node.get("horaires").text(),
        besoins=node.get("besoins").texts(),
        destinataires=tuple(one_of(Destinataire, d) for d in node.get("destinataires").items()),
        urgence=node.get("urgence").boolean(),
    )
