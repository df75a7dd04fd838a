"""The `cartographie` command. Each one says what it did in French, and its exit code:

0 done · 1 refused, or something to mend · 2 a setting or a file of data/ stops the start
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from cartographie import registre
from cartographie.config import RACINE, Settings, load_secret_key
from cartographie.controle import check
from cartographie.database import make_engine, reading, transaction
from cartographie.echanges import geojson
from cartographie.errors import CartographieError, ConfigurationError
from cartographie.fichiers import PRIVE, PUBLIC, write_file
from cartographie.imports import Plan, apply_import, plan_import
from cartographie.initialisation import init_db
from cartographie.invitations import CHEMIN, first_link, is_loopback, open_account, renew_link
from cartographie.migrations import is_current
from cartographie.ouverture import is_protocole, plan_periode
from cartographie.periodes import current_referentiel
from cartographie.protocole_db import add_protocole
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from cartographie.tuiles import LECTEURS_MAX
from cartographie.utilisateurs import RoleCompte

REFUS = 1
ARRET = 2
ARRET_SERVEUR_S = 10
# Python computes one thing at a time: more threads would only wait for each other. Those that may
# wait for a tile come on top, so that a slow upstream leaves pages theirs.
FILS_PAR_PROCESSUS = 4 + LECTEURS_MAX
PORTS = click.IntRange(1, 65535)
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


@main.command("init-db", help="Crée les tables ; charge data/ si la base est vide.")
@click.pass_obj
def init_db_command(settings: Settings) -> None:
    """Make the tables, load the first records."""
    referentiel = Referentiel.load(settings.data)
    engine = _engine(settings)
    bilan = init_db(engine, referentiel, settings.data / "acteurs.geojson")
    for periode in bilan.periodes:
        click.echo(f"Protocole {periode} chargé.")
    if bilan.acteurs:
        click.echo(f"{bilan.acteurs} fiches chargées.")
    else:
        click.echo("La base contient déjà des fiches : rien n’a été chargé.")


@main.command(help="Sert le site.")
@click.option("--host", default="127.0.0.1", envvar="HOST", show_default=True)
@click.option("--port", default=8000, envvar="PORT", show_default=True, type=PORTS)
@click.option(
    "--workers",
    default=1,
    envvar="WORKERS",
    show_default=True,
    type=click.IntRange(1, 64),
    help="Nombre de processus.",
)
@click.option(
    "--premier-compte",
    is_flag=True,
    help="Tant que personne n’a de mot de passe, affiche le lien d’un administrateur local.",
)
@click.pass_obj
def serve(settings: Settings, host: str, port: int, workers: int, premier_compte: bool) -> None:
    """Start the production server. It keeps no access log: searches leave no trace."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Said of every machine with few cores: those threads are meant, they wait for tiles.
    logging.getLogger("_granian").addFilter(lambda dit: "Python threads" not in dit.getMessage())
    # What would stop every worker, said once and before any starts.
    Referentiel.load(settings.data)
    load_secret_key(settings)
    engine = _open(settings)
    _require_port(host, port)
    racine = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    click.echo(f"{racine}/")
    if premier_compte and is_loopback(host):
        _show_first_link(engine, racine)
    Granian(
        "cartographie:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=FILS_PAR_PROCESSUS,
        working_dir=RACINE,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=ARRET_SERVEUR_S,
    ).serve()


@main.command(
    "import", help="Montre ce qu’un fichier (fiches, protocole) changerait, ou l’applique."
)
@click.argument("fichier", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applique", is_flag=True, help="Écrit, en une fois, ce qui est montré.")
@click.pass_obj
def import_command(settings: Settings, fichier: Path, applique: bool) -> None:
    """Plan an import and, when asked, write it in one transaction."""
    referentiel = Referentiel.load(settings.data)
    engine = _open(settings)
    if is_protocole(fichier):
        _import_protocole(engine, settings, fichier, applique)
        return
    with fichier.open("rb") as flux:
        lot = geojson.read(flux)
    with transaction(engine) if applique else reading(engine) as session:
        if applique:
            registre.lock(session)
        existantes = {saisie.slug: saisie for saisie in registre.saisies(session)}
        plan = plan_import(lot, existantes, current_referentiel(session, referentiel))
        _show(plan)
        if plan.erreurs:
            click.echo("Rien n’a été écrit.", err=True)
            sys.exit(REFUS)
        if applique:
            apply_import(session, plan, par="commande", moyen=f"import {fichier.name}")
    click.echo("Appliqué." if applique else "Rien n’est écrit : ajoutez --apply pour appliquer.")


@main.command("export", help="Écrit les fiches en GeoJSON ; « - » pour la sortie standard.")
@click.argument("fichier", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--complet", is_flag=True, help="Toutes les fiches, entières : à ne pas communiquer.")
@click.pass_obj
def export_command(settings: Settings, fichier: str, complet: bool) -> None:
    """Write the public records, or all of them."""
    referentiel = Referentiel.load(settings.data)
    with reading(_open(settings)) as session:
        if complet:
            contenu = geojson.write_complet(registre.saisies(session), referentiel.communes)
        else:
            catalogue = current_catalogue(session, referentiel)
            contenu = geojson.write(catalogue.fiches, referentiel.communes)
    if fichier == "-":
        click.echo(contenu, nl=False)
    else:
        write_file(Path(fichier), contenu, PRIVE if complet else PUBLIC)


@main.command(
    "create-utilisateur", help="Ouvre un compte et affiche le lien qui le met en service."
)
@click.argument("courriel")
@click.option(
    "--role",
    type=click.Choice([role.value for role in RoleCompte]),
    default=RoleCompte.EDITEUR.value,
    show_default=True,
)
@click.option("--nom", default="", help="Nom affiché dans l’historique des fiches.")
@click.option(
    "--nouveau-lien",
    is_flag=True,
    help="Pour un compte qui existe : nouveau lien, code à usage unique retiré, compte rouvert.",
)
@click.pass_obj
def create_utilisateur(
    settings: Settings, courriel: str, role: str, nom: str, nouveau_lien: bool
) -> None:
    """Print a link. Nobody but who receives it knows the password."""
    engine, maintenant = _open(settings), datetime.now(UTC)
    if nouveau_lien:
        jeton = renew_link(engine, courriel, maintenant)
        if jeton is None:
            click.echo("Aucun compte n’a cette adresse.", err=True)
            sys.exit(REFUS)
    else:
        jeton = open_account(engine, courriel, nom, RoleCompte(role), maintenant)
    click.echo(f"{settings.url_publique or 'http://127.0.0.1:8000'}{CHEMIN}{jeton}")
    click.echo("Ce lien sert une fois, pendant 7 jours. Transmettez-le par un moyen sûr.", err=True)


@main.command("check", help="Contrôle les données et la base ; code 1 s’il y a à réparer.")
@click.pass_obj
def check_command(settings: Settings) -> None:
    """Print what is to be known and what is to be mended."""
    referentiel = Referentiel.load(settings.data)
    controle = check(_engine(settings), referentiel, settings.data)
    for remarque in controle.remarques:
        click.echo(remarque)
    for faute in controle.fautes:
        click.echo(faute, err=True)
    if controle.fautes:
        sys.exit(REFUS)
    click.echo("Rien à réparer.")


def _import_protocole(engine: Engine, settings: Settings, fichier: Path, applique: bool) -> None:
    """Open a period, or say everything that is wrong with its file."""
    with transaction(engine) if applique else reading(engine) as session:
        plan = plan_periode(session, fichier, settings.data)
        for faute in plan.fautes:
            click.echo(faute, err=True)
        if plan.protocole is None:
            click.echo("Rien n’a été écrit.", err=True)
            sys.exit(REFUS)
        click.echo(plan.bilan)
        if applique:
            add_protocole(session, plan.protocole)
    click.echo("Ouvert." if applique else "Rien n’est écrit : ajoutez --apply pour l’ouvrir.")


def _show_first_link(engine: Engine, racine: str) -> None:
    jeton = first_link(engine, datetime.now(UTC))
    if jeton:
        click.echo(f"Premier compte administrateur : {racine}{CHEMIN}{jeton}")


def _engine(settings: Settings) -> Engine:
    """The database, closed with the command."""
    engine = make_engine(settings.adresse_base)
    click.get_current_context().call_on_close(engine.dispose)
    return engine


def _open(settings: Settings) -> Engine:
    """The database with its tables."""
    engine = _engine(settings)
    _require_tables(engine)
    return engine


def _require_tables(engine: Engine) -> None:
    if not is_current(engine):
        raise ConfigurationError(PAS_PRETE)


def _require_port(host: str, port: int) -> None:
    """Say it in a sentence; the server would say it in sixty lines."""
    famille = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((host, port))
        except OSError as erreur:
            raise ConfigurationError(
                f"{host}:{port} ne peut pas être ouvert ({erreur.strerror})."
            ) from erreur


def _show(plan: Plan) -> None:
    for saisie in plan.creees:
        click.echo(f"+ {saisie.slug} ({saisie.diffusion})")
    for changement in plan.changees:
        click.echo(f"~ {changement.avant.slug} : {', '.join(changement.champs)}")
    for erreur in plan.erreurs:
        click.echo(str(erreur), err=True)
    click.echo(
        f"{len(plan.creees)} à créer, {len(plan.changees)} à changer,"
        f" {plan.inchangees} inchangées, {len(plan.erreurs)} fautes."
    )
