"""Tables as lines of JSON, the same whichever engine they come from or go to.

A `Forme` travels in the backup: old tables are read back without the models of their time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    select,
)
from sqlalchemy.types import TypeEngine

from cartographie.database import Base, Geometrie, Horodatage

PAR_LOT = 500
MODULO = 1 << 256


@dataclass(frozen=True, slots=True)
class Sorte:
    """A kind of column: its SQL type here, how a value becomes JSON and comes back."""

    sql: TypeEngine[Any]
    ecrire: Callable[[Any], Any] = lambda valeur: valeur
    lire: Callable[[Any], Any] = lambda valeur: valeur


SORTES: Mapping[str, Sorte] = {
    "moment": Sorte(Horodatage(), datetime.isoformat, datetime.fromisoformat),
    "jour": Sorte(Date(), date.isoformat, date.fromisoformat),
    "octets": Sorte(LargeBinary(), lambda valeur: bytes(valeur).hex(), bytes.fromhex),
    "oui_non": Sorte(Boolean()),
    "entier": Sorte(Integer()),
    "reel": Sorte(Float()),
    # JSON and choices are texts in both engines, and stay the very same ones.
    "texte": Sorte(String()),
}
# The first that fits decides.
TYPES: tuple[tuple[type[TypeEngine[Any]] | type[Any], str], ...] = (
    (Horodatage, "moment"),
    (Geometrie, "octets"),
    (Date, "jour"),
    (Boolean, "oui_non"),
    (Integer, "entier"),
    (Float, "reel"),
)


@dataclass(frozen=True, slots=True)
class Forme:
    """A table: columns with their kinds, those that point to rows of the table itself, its key."""

    nom: str
    colonnes: tuple[tuple[str, str], ...]
    renvois: tuple[str, ...]
    cle: tuple[str, ...]

    def table(self) -> Table:
        """The same for SQLAlchemy, without constraints."""
        colonnes = (Column(nom, SORTES[sorte].sql) for nom, sorte in self.colonnes)
        return Table(self.nom, MetaData(), *colonnes)


def formes() -> tuple[Forme, ...]:
    """Every table of this version, those that others point to first."""
    return tuple(
        Forme(
            table.name,
            tuple((colonne.name, _sorte(colonne.type)) for colonne in table.columns),
            tuple(
                colonne.name
                for colonne in table.columns
                if any(cle.column.table is table for cle in colonne.foreign_keys)
            ),
            tuple(colonne.name for colonne in table.primary_key.columns),
        )
        for table in Base.metadata.sorted_tables
    )


def read_lines(connection: Connection, forme: Forme) -> Iterator[bytes]:
    """Every row as a line, by key, without its end."""
    table = forme.table()
    ecrire = [SORTES[sorte].ecrire for _, sorte in forme.colonnes]
    ordre = [table.c[nom] for nom in forme.cle]
    resultat = connection.execute(
        select(table).order_by(*ordre), execution_options={"yield_per": PAR_LOT}
    )
    for rangee in resultat:
        valeurs = [
            None if valeur is None else convertir(valeur)
            for valeur, convertir in zip(rangee, ecrire, strict=True)
        ]
        yield to_line(valeurs)


def write_lines(connection: Connection, forme: Forme, lignes: Iterable[bytes]) -> None:
    """Insert rows; what points to other rows of the table is set once they are all there."""
    table, renvoyees = forme.table(), []
    noms = [nom for nom, _ in forme.colonnes]
    lire = [SORTES[sorte].lire for _, sorte in forme.colonnes]
    lot: list[dict[str, Any]] = []
    for ligne in lignes:
        rangee = {
            nom: None if valeur is None else convertir(valeur)
            for nom, valeur, convertir in zip(noms, json.loads(ligne), lire, strict=True)
        }
        for renvoi in forme.renvois:
            if rangee[renvoi] is not None:
                renvoyees.append((renvoi, rangee[renvoi], {nom: rangee[nom] for nom in forme.cle}))
                rangee[renvoi] = None
        lot.append(rangee)
        if len(lot) == PAR_LOT:
            connection.execute(table.insert(), lot)
            lot = []
    if lot:
        connection.execute(table.insert(), lot)
    for renvoi, vers, cle in renvoyees:
        condition = [table.c[nom] == valeur for nom, valeur in cle.items()]
        connection.execute(table.update().where(*condition).values({renvoi: vers}))


def to_line(objet: object) -> bytes:
    """Compact JSON."""
    return json.dumps(objet, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(slots=True)
class Empreinte:
    """Number and digest of lines in any order: PostgreSQL sorts texts otherwise than SQLite."""

    lignes: int = 0
    somme: int = 0

    def add(self, ligne: bytes) -> None:
        """Take one more line into account."""
        self.lignes += 1
        self.somme = (self.somme + int.from_bytes(sha256(ligne).digest(), "big")) % MODULO

    @property
    def hex(self) -> str:
        """The digest, 64 hexadecimal digits."""
        return f"{self.somme:064x}"


def _sorte(type_: TypeEngine[Any]) -> str:
    return next((sorte for classe, sorte in TYPES if isinstance(type_, classe)), "texte")
