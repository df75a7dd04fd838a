"""How the database is opened, read and written, on both engines."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import StatementError

from cartographie import registre
from cartographie.database import make_engine, reading, transaction
from cartographie.errors import ConfigurationError, SaisieError
from cartographie.models import (
    Acteur,
    Revision,
    Version,
)
from tests.fabrique import accueil


def test_sqlite_is_set_for_durability_and_erasure(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'neuve' / 'base.sqlite'}")
    with engine.connect() as connection:
        lus = {
            nom: connection.execute(text(f"PRAGMA {nom}")).scalar_one()
            for nom in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert lus == {
        "journal_mode": "delete",
        "synchronous": 3,
        "foreign_keys": 1,
        "secure_delete": 1,
    }
    assert (tmp_path / "neuve").stat().st_mode & 0o777 == 0o700


def version(engine: Engine) -> int:
    with reading(engine) as session:
        return session.execute(select(Version.n)).scalar_one()


def test_a_block_that_fails_leaves_nothing(engine: Engine) -> None:
    avant = version(engine)
    with pytest.raises(SaisieError):
        _ecrire_deux_fois(engine)
    with reading(engine) as session:
        assert registre.is_empty(session)
    assert version(engine) == avant


def test_moments_come_back_aware_and_in_utc(engine: Engine) -> None:
    midi = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with transaction(engine) as session:
        registre.create_acteur(session, accueil(), par="essai", moyen="essai")
        session.execute(update(Revision).values(quand=midi))
    with reading(engine) as session:
        quand = session.execute(select(Revision.quand)).scalar_one()
    assert quand == midi
    assert quand.tzinfo is UTC
    with pytest.raises(StatementError, match="without a time zone"), transaction(engine) as session:
        session.execute(update(Revision).values(quand=datetime(2026, 7, 1)))  # noqa: DTZ001


def test_a_reading_inside_another_waits_for_no_writer(engine: Engine) -> None:
    """A page reads the protocol while it reads a record, and counts are written meanwhile."""
    fini = threading.Event()

    def finir() -> None:
        _ecrire(engine)
        fini.set()

    ecrivain = threading.Thread(target=finir)
    with reading(engine) as dehors:
        avant = dehors.execute(select(Version.n)).scalar_one()
        ecrivain.start()
        fini.wait(0.3)  # on SQLite it waits for us, and no new reader may come in
        debut = time.monotonic()
        assert version(engine) == avant
        assert time.monotonic() - debut < 5
    ecrivain.join()
    assert version(engine) == avant + 1


def test_a_reader_sees_one_state_while_writers_go_on(engine: Engine) -> None:
    """On PostgreSQL: on SQLite a writer waits for readers, which is the same promise."""
    if engine.dialect.name == "sqlite":
        with reading(engine) as session:
            avant = session.execute(select(Version.n)).scalar_one()
            ecrivain = threading.Thread(target=_ecrire, args=(engine,))
            ecrivain.start()
            assert session.execute(select(Version.n)).scalar_one() == avant
        ecrivain.join()
    else:
        with reading(engine) as session:
            avant = session.execute(select(Version.n)).scalar_one()
            _ecrire(engine)
            assert registre.is_empty(session)
            assert session.execute(select(Version.n)).scalar_one() == avant
    with reading(engine) as session:
        assert not registre.is_empty(session)


def _ecrire_deux_fois(engine: Engine) -> None:
    with transaction(engine) as session:
        for _ in range(2):
            registre.create_acteur(session, accueil(), par="essai", moyen="essai")


def _ecrire(engine: Engine) -> None:
    with transaction(engine) as session:
        registre.create_acteur(session, accueil(), par="essai", moyen="essai")


def test_writers_wait_for_each_other_and_lose_no_version(engine: Engine) -> None:
    def ecrire(numero: int) -> None:
        for tour in range(4):
            with transaction(engine) as session:
                saisie = accueil(f"accueil-{numero}-{tour}")
                registre.create_acteur(session, saisie, par="essai", moyen="essai")

    avant = version(engine)
    fils = [threading.Thread(target=ecrire, args=(numero,)) for numero in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    with reading(engine) as session:
        marques = session.execute(select(Acteur.version_modification)).scalars().all()
    assert version(engine) == avant + 16
    assert sorted(marques) == list(range(avant + 1, avant + 17))


@pytest.mark.parametrize("adresse", ["sqlite://", "mysql://localhost/x", "n’importe quoi"])
def test_an_address_that_cannot_serve_is_refused_in_a_sentence(adresse: str) -> None:
    with pytest.raises(ConfigurationError, match="CARTO_DATABASE_URL"):
        make_engine(adresse)
