"""Records and protocols as files: what would change, then the change; and out again."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import Engine

from cartographie import registre
from cartographie.commands.socle import REFUS, main, open_base
from cartographie.config import Settings
from cartographie.database import reading, transaction
from cartographie.echanges import geojson
from cartographie.echanges.formats import FORMATS, format_de
from cartographie.fichiers import PRIVE, PUBLIC, write_file
from cartographie.imports import Plan, apply_import, plan_import
from cartographie.ouverture import is_protocole, plan_periode
from cartographie.periodes import current_referentiel
from cartographie.protocole_db import add_protocole
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue


@main.command(
    "import", help="Montre ce qu’un fichier (fiches, protocole) changerait, ou l’applique."
)
@click.argument("fichier", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applique", is_flag=True, help="Écrit, en une fois, ce qui est montré.")
@click.pass_obj
def import_command(settings: Settings, fichier: Path, applique: bool) -> None:
    """Plan an import and, when asked, write it in one transaction."""
    referentiel = Referentiel.load(settings.data)
    engine = open_base(settings)
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


@main.command(
    "export",
    help="Écrit les fiches, en CSV, Excel ou GeoJSON selon le nom du fichier ; « - » : GeoJSON"
    " sur la sortie standard.",
)
@click.argument("fichier", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--complet", is_flag=True, help="Toutes les fiches, entières : à ne pas communiquer.")
@click.pass_obj
def export_command(settings: Settings, fichier: str, complet: bool) -> None:
    """Write the public records, or all of them."""
    forme = FORMATS["geojson" if fichier == "-" else format_de(fichier)]
    referentiel = Referentiel.load(settings.data)
    with reading(open_base(settings)) as session:
        if complet:
            contenu = forme.write_complet(registre.saisies(session), referentiel)
        else:
            contenu = forme.write(current_catalogue(session, referentiel).fiches, referentiel)
    if fichier == "-":
        click.echo(contenu, nl=False)
    else:
        write_file(Path(fichier), contenu, PRIVE if complet else PUBLIC)


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
