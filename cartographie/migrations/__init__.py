"""The history of the tables (Alembic), run by `init-db` and by nothing else.

A migration is one transaction and a lock: two starts at once do the work once. Whether the tables
are those expected is asked at each start, without Alembic: importing it takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from cartographie.database import writing_engine

if TYPE_CHECKING:
    from alembic.config import Config

VERROU_POSTGRESQL = 4_120_385
ICI = Path(__file__).parent
TABLE = "alembic_version"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`; nothing happens when they are there."""
    from alembic import command

    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to `revision` (`base`: no table)."""
    from alembic import command

    _run(engine, lambda config: command.downgrade(config, revision))


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to `revision` inside the transaction of this connection."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the tables are those that this version of the software expects."""
    with engine.connect() as connection:
        return current_revision(connection) == revisions()[0]


def current_revision(connection: Connection) -> str | None:
    """The revision of the tables; None when there are none."""
    if not inspect(connection).has_table(TABLE):
        return None
    revision: str | None = connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608
    return revision


def is_known(revision: str) -> bool:
    """Whether this version of the software has had that revision."""
    return revision in revisions()


def revisions() -> tuple[str, ...]:
    """Every revision of the tables, latest first: each file begins with the number of its own."""
    fichiers = (ICI / "versions").glob("[0-9]*_*.py")
    return tuple(sorted((fichier.name.partition("_")[0] for fichier in fichiers), reverse=True))


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ICI).replace("%", "%%"))
    return config


def _run(engine: Engine, action: Callable[[Config], None]) -> None:
    config = _config()
    with writing_engine(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({VERROU_POSTGRESQL})"))
        config.attributes["connection"] = connection
        action(config)
