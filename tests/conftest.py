"""What every test may ask for: the real data, the site over it, whoever is signed in there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie.catalogue import Catalogue
from cartographie.comptes import Compte
from cartographie.config import Settings
from cartographie.database import reading
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from cartographie.web.gestion import hachage
from tests import bases, preuves
from tests.comptes import EVE, Gestion, Horloge, Navigateur, creer_compte, sur_copie
from tests.preuves import preuve, tableau
from tests.sauvegardes import CLE
from tests.site import Gabarits, assembler, embarque, installation

pytest_plugins = ("tests.moteurs",)
__all__ = ["preuve"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what tells its figures as a proof."""
    for item in items:
        if preuves.CLE in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.preuve)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of the proofs, of those that failed too."""
    rapports = (r for rs in terminalreporter.stats.values() for r in rs)
    proprietes = [
        p
        for r in rapports
        if isinstance(r, pytest.TestReport) and r.when == "call"
        for p in r.user_properties
    ]
    lignes = tableau(proprietes)
    if lignes:
        terminalreporter.section("preuves")
    for ligne in lignes:
        terminalreporter.write_line(ligne)


@pytest.fixture(scope="session")
def referentiel() -> Referentiel:
    """The embedded data, as shipped."""
    return embarque()


@pytest.fixture
def reglages(engine: Engine, tmp_path: Path) -> Settings:
    """The settings of a site that is backed up, on each engine."""
    return Settings(
        database_url=bases.adresse(engine), instance=tmp_path / "instance", sauvegarde_cle=CLE
    )


@pytest.fixture(scope="session")
def catalogue_reel(base_chargee: Engine, referentiel: Referentiel) -> Catalogue:
    """What the public sees of the real records."""
    with reading(base_chargee) as session:
        return current_catalogue(session, referentiel)


@pytest.fixture(scope="session", autouse=True)
def mots_de_passe_rapides() -> None:
    """Hash passwords at the least cost: the real one is minutes of these tests.

    What it is in production is held by a test of its own; servers of other processes keep it.
    """
    hachage.ARGON2 = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def gabarits_compiles_une_fois() -> None:
    """Compile a template once for all the sites of a process, which are hundreds."""
    Flask.jinja_options = {"bytecode_cache": Gabarits()}


# ── web ──


@pytest.fixture(scope="session")
def app(base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site over the real records, on a Tuesday morning."""
    return installation(bases.adresse(base_chargee), tmp_path_factory.mktemp("instance"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of that site."""
    return app.test_client()


@pytest.fixture
def gestion(engine: Engine, tmp_path: Path) -> Iterator[Gestion]:
    """The site over an empty directory, on each engine."""
    horloge = Horloge()
    reglages = Settings(database_url=bases.adresse(engine), instance=tmp_path / "instance")
    app = assembler(reglages, horloge)
    base = app.extensions["cartographie"].engine
    yield Gestion(app, base, horloge)
    # Nothing is left to a thread that would look for a database that went.
    app.extensions["mesures"].flush()
    base.dispose()


@pytest.fixture(scope="module")
def ecriture(base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gestion]:
    """The site over the real records, in a copy that may be written to."""
    gestion = sur_copie(base_chargee, tmp_path_factory.mktemp("ecriture"))
    yield gestion
    gestion.engine.dispose()


@pytest.fixture
def editeur(gestion: Gestion) -> Navigateur:
    """Signed in as an editor."""
    return gestion.client("editeur")


@pytest.fixture
def administrateur(gestion: Gestion) -> Navigateur:
    """Signed in as an administrator."""
    return gestion.client("administrateur")


@pytest.fixture
def eve(gestion: Gestion) -> Compte:
    """The account of an editor who has a password."""
    return creer_compte(gestion.app, "editeur", EVE)
