"""Setting up and checking: the tables, the data, the records."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from sqlalchemy import Engine

from cartographie import sauvegardes
from cartographie.commands.socle import REFUS, engine, main
from cartographie.config import Settings
from cartographie.controle import check
from cartographie.database import reading
from cartographie.initialisation import init_db
from cartographie.migrations import is_current
from cartographie.referentiel import Referentiel


@main.command("init-db", help="Crée les tables ; charge data/ si la base est vide.")
@click.pass_obj
def init_db_command(settings: Settings) -> None:
    """Make the tables, load the first records."""
    referentiel = Referentiel.load(settings.data)
    bilan = init_db(engine(settings), referentiel, settings.data / "acteurs.geojson")
    for periode in bilan.periodes:
        click.echo(f"Protocole {periode} chargé.")
    if bilan.acteurs:
        click.echo(f"{bilan.acteurs} fiches chargées.")
    else:
        click.echo("La base contient déjà des fiches : rien n’a été chargé.")


@main.command("check", help="Contrôle les données et la base ; code 1 s’il y a à réparer.")
@click.pass_obj
def check_command(settings: Settings) -> None:
    """Print what is to be known and what is to be mended."""
    referentiel = Referentiel.load(settings.data)
    base = engine(settings)
    controle = check(base, referentiel, settings.data)
    fautes = (*controle.fautes, *_sauvegarde(base, settings))
    for remarque in controle.remarques:
        click.echo(remarque)
    for faute in fautes:
        click.echo(faute, err=True)
    if fautes:
        sys.exit(REFUS)
    click.echo("Rien à réparer.")


def _sauvegarde(base: Engine, settings: Settings) -> tuple[str, ...]:
    """What is wrong with the backups; nothing to say of a database without its tables."""
    if not is_current(base):
        return ()
    with reading(base) as session:
        alerte = sauvegardes.overdue(session, settings, datetime.now(UTC))
    return (alerte,) if alerte else ()
