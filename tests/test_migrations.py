"""The history of the tables: up, down, up, on both engines, and never twice at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select

from cartographie import registre
from cartographie.database import Base, make_engine, reading, transaction
from cartographie.migrations import downgrade, is_current, upgrade
from cartographie.models import Acteur, Version
from cartographie.protocole_db import add_protocole
from cartographie.referentiel import Referentiel
from tests.conftest import MOTEURS
from tests.fabrique import accueil

BaseVide = Callable[[str], str]


@pytest.mark.parametrize("moteur", MOTEURS)
def test_up_down_up(base_vide: BaseVide, moteur: str, referentiel: Referentiel) -> None:
    engine = make_engine(base_vide(moteur))
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    with transaction(engine) as session:
        add_protocole(session, referentiel.protocoles[0])
        registre.create_acteur(session, accueil(), par="essai", moyen="essai")
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    with reading(engine) as session:
        assert registre.is_empty(session)
        assert session.execute(select(Version.n)).scalar_one() == 0
    engine.dispose()


@pytest.mark.parametrize("moteur", MOTEURS)
def test_the_migrations_make_the_tables_of_the_models(base_vide: BaseVide, moteur: str) -> None:
    engine = make_engine(base_vide(moteur))
    upgrade(engine)
    with engine.connect() as connection:
        contexte = MigrationContext.configure(connection)
        assert compare_metadata(contexte, Base.metadata) == []
        inspecteur = inspect(connection)
        for table in Base.metadata.sorted_tables:
            faits = {c["name"] for c in inspecteur.get_check_constraints(table.name)}
            voulus = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
            assert faits == voulus
    engine.dispose()


@pytest.mark.parametrize("moteur", MOTEURS)
def test_two_starts_at_once_do_the_work_once(base_vide: BaseVide, moteur: str) -> None:
    adresse = base_vide(moteur)
    barriere = threading.Barrier(3)
    echecs: list[BaseException] = []

    def demarrer() -> None:
        engine = make_engine(adresse)
        barriere.wait()
        try:
            upgrade(engine)
        except BaseException as echec:
            echecs.append(echec)
        engine.dispose()

    fils = [threading.Thread(target=demarrer) for _ in range(3)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert echecs == []
    engine = make_engine(adresse)
    assert is_current(engine)
    engine.dispose()


@pytest.mark.parametrize("moteur", MOTEURS)
def test_an_upgrade_keeps_the_records(
    base_vide: BaseVide, moteur: str, referentiel: Referentiel
) -> None:
    engine = make_engine(base_vide(moteur))
    upgrade(engine)
    with transaction(engine) as session:
        add_protocole(session, referentiel.protocoles[0])
        registre.create_acteur(session, accueil(), par="essai", moyen="essai")
    upgrade(engine)
    with reading(engine) as session:
        assert session.execute(select(Acteur.slug)).scalars().all() == ["accueil-la-mure"]
    engine.dispose()
