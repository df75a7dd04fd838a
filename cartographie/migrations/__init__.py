"""The history of the tables (Alembic), run by `init-db` and by nothing else.

A migration is one transaction and a lock: two starts at once do the work once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from cartographie.database import writing_engine

VERROU_POSTGRESQL = 4_120_385


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`; nothing happens when they are there."""
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to `revision` (`base`: no table)."""
    _run(engine, lambda config: command.downgrade(config, revision))


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to `revision` inside the transaction of this connection."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the tables are those that this version of the software expects."""
    with engine.connect() as connection:
        return current_revision(connection) == _scripts().get_current_head()


def current_revision(connection: Connection) -> str | None:
    """The revision of the tables; None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this version of the software has had that revision."""
    return revision in revisions()


def revisions() -> tuple[str, ...]:
    """Every revision of the tables, latest first."""
    return tuple(script.revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _run(engine: Engine, action: Callable[[Config], None]) -> None:
    config = _config()
    with writing_engine(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({VERROU_POSTGRESQL})"))
        config.attributes["connection"] = connection
        action(config)
