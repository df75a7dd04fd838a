"""Reading a backup: who has the key learns what is in it; every line is checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cartographie.errors import SauvegardeError
from cartographie.migrations import is_known
from cartographie.sauvegardes.coffre import ABIMEE, unseal
from cartographie.sauvegardes.formes import Empreinte, Forme

PLUS_RECENTE = (
    "Cette sauvegarde vient d’une version plus récente du logiciel : installez-la d’abord."
)
Charger = Callable[[Forme, Iterator[bytes]], None]


@dataclass(frozen=True, slots=True)
class Entete:
    """The moment of a backup, the revision of its tables, its version, the key it was made under.

    `secret` is the key that the software drew itself; empty when it came from the settings.
    """

    quand: datetime
    migration: str
    version: int
    secret: str


@dataclass(frozen=True, slots=True)
class Contenu:
    """What a backup holds: number and digest of the lines of each table."""

    entete: Entete
    tables: Mapping[str, tuple[int, str]]
    formes: tuple[Forme, ...]


def read_backup(fichier: Path, cle: str, charger: Charger | None = None) -> Contenu:
    """Read it all, and hand each table to `charger`. Raises SauvegardeError, OSError.

    Nothing that was handed over may be trusted before this returns: the end is checked last.
    """
    tables: dict[str, tuple[int, str]] = {}
    formes: list[Forme] = []
    with fichier.open("rb") as flux:
        lignes = unseal(flux, cle)
        entete = _entete(json.loads(next(lignes, b"null")))
        for objet in map(json.loads, lignes):
            if "fin" in objet:
                break
            forme = _forme(objet["table"])
            formes.append(forme)
            tables[forme.nom] = _table(forme, lignes, charger)
        else:
            raise SauvegardeError(ABIMEE)
        for _ in lignes:
            raise SauvegardeError(ABIMEE)
    return Contenu(entete, tables, tuple(formes))


def _table(forme: Forme, lignes: Iterator[bytes], charger: Charger | None) -> tuple[int, str]:
    empreinte, fin = Empreinte(), b""

    def rangees() -> Iterator[bytes]:
        nonlocal fin
        # A row is a list, what ends a table an object.
        for ligne in lignes:
            if ligne.startswith(b"{"):
                fin = ligne
                return
            empreinte.add(ligne)
            yield ligne

    reste = rangees()
    if charger is not None:
        charger(forme, reste)
    for _ in reste:
        pass
    annonce = json.loads(fin or b"{}")
    trouve = (empreinte.lignes, empreinte.hex)
    if trouve != (annonce.get("lignes"), annonce.get("somme")):
        raise SauvegardeError(ABIMEE)
    return trouve


def _entete(objet: Any) -> Entete:  # noqa: ANN401
    try:
        quand = datetime.fromisoformat(objet["quand"])
        entete = Entete(quand, objet["migration"], objet["version"], objet["secret"])
    except (KeyError, TypeError, ValueError) as erreur:
        raise SauvegardeError(ABIMEE) from erreur
    if not is_known(entete.migration):
        raise SauvegardeError(PLUS_RECENTE)
    return entete


def _forme(objet: Mapping[str, Any]) -> Forme:
    colonnes = tuple((nom, sorte) for nom, sorte in objet["colonnes"])
    return Forme(objet["nom"], colonnes, tuple(objet["renvois"]), tuple(objet["cle"]))
