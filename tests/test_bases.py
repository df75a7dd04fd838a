"""Tests share a database on PostgreSQL one after the other: none sees anything of another."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from cartographie import registre
from cartographie.database import make_engine, reading, transaction
from tests import bases
from tests.fabrique import accueil


@pytest.fixture(scope="module")
def reserve(serveur_postgresql: str, modele_postgresql: str) -> bases.Reserve:
    """One of this module, so that the names of its databases are its own."""
    return bases.Reserve(serveur_postgresql, modele_postgresql)


def etat(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table, and where the counters stand."""
    demandes = {
        nom: f'SELECT t::text FROM "{nom}" t ORDER BY 1' for nom in lignes(engine, bases.TABLES)
    }
    demandes["compteurs"] = "SELECT sequencename || last_value FROM pg_sequences ORDER BY 1"
    demandes["échantillons"] = "SELECT starelid::text FROM pg_statistic WHERE starelid > 16384"
    return {nom: lignes(engine, demande) for nom, demande in demandes.items()}


def lignes(engine: Engine, demande: str) -> list[str]:
    with reading(engine) as session:
        return [str(valeur) for valeur in session.execute(text(demande)).scalars()]


def test_what_one_wrote_the_next_does_not_find(reserve: bases.Reserve) -> None:
    premiere = make_engine(reserve.prendre("essai_premiere"))
    avant = etat(premiere)
    with transaction(premiere) as session:
        registre.create_acteur(session, accueil("a"), par="essai", moyen="essai")
        session.execute(text("DELETE FROM releve"))
    with premiere.connect() as connexion:
        connexion.execute(text("ANALYZE acteur"))
        connexion.commit()
    assert etat(premiere) != avant
    reserve.rendre()
    seconde = make_engine(reserve.prendre("essai_seconde"))
    assert etat(seconde) == avant
    # A thread that the first left behind writes to nothing.
    premiere.dispose()
    with pytest.raises(OperationalError, match="essai_premiere"):
        premiere.connect()
    seconde.dispose()
    reserve.rendre()


def test_a_copy_of_a_database_that_is_open_is_a_database_of_its_own(
    engine: Engine, tmp_path: Path
) -> None:
    bases.figer(engine)
    with reading(engine) as ouverte:
        assert registre.is_empty(ouverte)
        copie = make_engine(bases.copier(engine, tmp_path))
        with transaction(copie) as session:
            assert session.execute(text("SELECT count(*) FROM releve")).scalar_one() > 0
            registre.create_acteur(session, accueil(), par="essai", moyen="essai")
    with reading(engine) as session:
        assert registre.is_empty(session)
    copie.dispose()


@pytest.mark.parametrize(
    "ordre",
    [
        "ALTER TABLE acteur ALTER COLUMN nom DROP NOT NULL",
        "CREATE INDEX autre ON acteur (nom)",
        "ALTER DATABASE essai_changee SET work_mem = '64MB'",
    ],
)
def test_a_database_whose_tables_changed_serves_nobody_else(
    reserve: bases.Reserve, ordre: str
) -> None:
    engine = make_engine(reserve.prendre("essai_changee"))
    avant = etat(engine)
    with engine.begin() as connexion:
        connexion.execute(text(ordre))
    # Somebody is still there: sent away like the others.
    engine.connect()
    reserve.rendre()
    engine.dispose()
    assert reserve.nom == ""
    neuve = make_engine(reserve.prendre("essai_neuve"))
    assert etat(neuve) == avant
    neuve.dispose()
    reserve.jeter()
