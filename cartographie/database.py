"""Engine, sessions and column types, the same on SQLite and on PostgreSQL.

    with transaction(engine) as session:   # writes: all or nothing, on disk when it returns
    with reading(engine) as session:       # reads: one state of the database, whatever happens

SQLite keeps its rollback journal: Debian 12's SQLite 3.40.1 has the WAL-reset corruption defect.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    LargeBinary,
    MetaData,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from cartographie.errors import ConfigurationError, EcritureImpossible

ATTENTE_VERROU_MS = 30_000
# Journal pages go to disk before and after the commit (EXTRA), erased bytes are overwritten.
PRAGMAS = (
    # First: the next ones may find the file locked.
    f"PRAGMA busy_timeout={ATTENTE_VERROU_MS}",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)
# A disk that is full, read-only, failing, or where the journal cannot be made.
DISQUE_SQLITE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
    }
)
# disk_full, read_only_sql_transaction, io_error
DISQUE_POSTGRESQL = frozenset({"53100", "25006", "58030"})
DISQUE = (
    "Le serveur ne peut plus rien enregistrer : son disque est plein, ou en lecture seule."
    " Rien n’a été enregistré. Prévenez la personne qui tient le serveur, puis réessayez."
)
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table; constraints are named so that a migration and an error can name them."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Horodatage(TypeDecorator[datetime]):
    """A moment, always aware and in UTC: SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime, turn the others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Geometrie(TypeDecorator[BaseGeometry]):
    """A shapely geometry as WKB, EPSG:4326, longitude before latitude."""

    impl = LargeBinary
    cache_ok = True

    @override
    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> bytes | None:
        """Write WKB, little-endian on every machine."""
        return None if value is None else shapely.to_wkb(value, byte_order=1)

    @override
    def process_result_value(self, value: bytes | None, dialect: Dialect) -> BaseGeometry | None:
        """Read WKB."""
        return None if value is None else shapely.from_wkb(bytes(value))


class Json(TypeDecorator[Any]):
    """JSON as text with sorted keys: the same bytes in both databases, so CHECKs can compare."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write compact, unescaped JSON; None is SQL's NULL."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it back."""
        return None if value is None else json.loads(value)


pk = Annotated[int, mapped_column(primary_key=True)]
horodatage = Annotated[datetime, mapped_column(Horodatage)]
geometrie = Annotated[BaseGeometry, mapped_column(Geometrie)]
liste = Annotated[list[str], mapped_column(Json)]
json_objet = Annotated[dict[str, Any], mapped_column(Json)]


def choix(enum: type[StrEnum], nom: str = "") -> Enum:
    """A checked string: the values of a StrEnum, held by a CHECK called after `nom`."""
    return Enum(
        enum,
        values_callable=lambda membres: [membre.value for membre in membres],
        native_enum=False,
        create_constraint=True,
        name=nom or enum.__name__.lower(),
        length=32,
    )


def make_engine(adresse: str) -> Engine:
    """Open the database. Raises ConfigurationError when the address cannot be understood."""
    try:
        url = make_url(adresse)
    except ArgumentError as erreur:
        raise ConfigurationError("CARTO_DATABASE_URL : adresse de base illisible.") from erreur
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _make_sqlite(url)
    if backend == "postgresql":
        return create_engine(
            url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True
        )
    raise ConfigurationError(f"CARTO_DATABASE_URL : {backend} n’est ni SQLite ni PostgreSQL.")


def _make_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ConfigurationError("CARTO_DATABASE_URL : il faut un fichier, rien n’y survivrait.")
    Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # An error must not carry the record it is about into a log.
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401
    # The driver would begin transactions late and commit before DDL: we say BEGIN ourselves.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A transaction that reads first and writes later could not be upgraded when another one
    # writes meanwhile: writers take their lock at once and wait for each other.
    ecrit = connection.get_execution_options().get("ecriture", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if ecrit else "BEGIN")


def writing_engine(engine: Engine) -> Engine:
    """The same engine, its transactions begun as writers."""
    return engine.execution_options(ecriture=True)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that commits when the block ends well, and leaves nothing when it does not.

    Raises EcritureImpossible when the disk takes nothing any more.
    """
    try:
        with Session(writing_engine(engine), expire_on_commit=False) as session, session.begin():
            yield session
    except DBAPIError as erreur:
        if _refused_by_the_disk(erreur):
            raise EcritureImpossible(DISQUE) from erreur
        raise


def _refused_by_the_disk(erreur: DBAPIError) -> bool:
    origine = erreur.orig
    if isinstance(origine, sqlite3.Error):
        # The low byte is the error, the others say where it was met.
        return getattr(origine, "sqlite_errorcode", 0) & 0xFF in DISQUE_SQLITE
    return getattr(origine, "sqlstate", None) in DISQUE_POSTGRESQL


class _Lectures(threading.local):
    """The readings that this thread has open."""

    def __init__(self) -> None:
        self.ouvertes: dict[Engine, Session] = {}


_LECTURES = _Lectures()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one committed state from its first query to its end.

    Inside another reading of the same thread it is that one. Two connections would be a trap: on
    SQLite a writer waits for the first to end, and the second waits for that writer.
    """
    dehors = _LECTURES.ouvertes.get(engine)
    if dehors is not None:
        yield dehors
        return
    options = engine
    if engine.dialect.name == "postgresql":
        options = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    with Session(options, autoflush=False) as session:
        _LECTURES.ouvertes[engine] = session
        try:
            yield session
        finally:
            del _LECTURES.ouvertes[engine]


def compact(engine: Engine, tables: Iterable[str]) -> bool:
    """Write tables again without what was erased from them; False when somebody was in the way.

    SQLite overwrites what it erases already; PostgreSQL keeps old rows until then, and its log
    (WAL) until it is recycled. Copies of the disk and backups are out of reach of both.
    """
    try:
        if engine.dialect.name == "sqlite":
            _vacuum_sqlite(engine)
        else:
            with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {', '.join(tables)}")
                # Values of each column are kept as samples for the planner, old ones too.
                connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
    except (DBAPIError, sqlite3.Error):
        return False
    return True


def _vacuum_sqlite(engine: Engine) -> None:
    # Below SQLAlchemy, whose connections say BEGIN: SQLite refuses to VACUUM inside of one.
    brute = engine.raw_connection()
    try:
        brute.cursor().execute("VACUUM")
    finally:
        brute.close()
