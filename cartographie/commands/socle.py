"""What every command stands on: the group, how it says its errors, how it opens the database."""

from __future__ import annotations

import os
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from cartographie.config import Settings
from cartographie.database import make_engine
from cartographie.errors import CartographieError, ConfigurationError
from cartographie.migrations import is_current

REFUS = 1
ARRET = 2
PAS_PRETE = "La base n’est pas prête : lancez d’abord « cartographie init-db »."


class Groupe(click.Group):
    """Says every expected error in a sentence, never a traceback."""

    @override
    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CartographieError as erreur:
            click.echo(str(erreur), err=True)
            ctx.exit(ARRET if isinstance(erreur, ConfigurationError) else REFUS)
        except DBAPIError as erreur:
            # The first line alone: the others may hold what was being written.
            raison = str(erreur.orig).partition("\n")[0]
            click.echo(f"La base ne répond pas comme il faut : {raison}", err=True)
            ctx.exit(ARRET)


@click.group(cls=Groupe, help="La carte des acteurs : installer, servir, échanger, contrôler.")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Read the settings once for every command."""
    ctx.obj = Settings.from_env(os.environ)


def engine(settings: Settings) -> Engine:
    """The database, closed with the command."""
    ouverte = make_engine(settings.adresse_base)
    click.get_current_context().call_on_close(ouverte.dispose)
    return ouverte


def open_base(settings: Settings) -> Engine:
    """The database with its tables."""
    ouverte = engine(settings)
    _require_tables(ouverte)
    return ouverte


def _require_tables(engine: Engine) -> None:
    if not is_current(engine):
        raise ConfigurationError(PAS_PRETE)
