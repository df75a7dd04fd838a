"""Records and protocols as files: what would change, then the change; and out again."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from cartographie import registre
from cartographie.commands.depot import PAR, Depot
from cartographie.commands.socle import REFUS, main, open_base
from cartographie.config import Settings
from cartographie.database import reading, transaction
from cartographie.echanges.formats import FORMATS, format_de
from cartographie.echanges.lecture.processus import read_file
from cartographie.fichiers import PRIVE, PUBLIC, write_file
from cartographie.imports import Choix, Plan, apply_import
from cartographie.ouverture import is_protocole, plan_periode
from cartographie.protocole_db import add_protocole
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue


@main.command(
    "import", help="Montre ce qu’un fichier (fiches, protocole) changerait, ou l’applique."
)
@click.argument("fichier", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applique", is_flag=True, help="Écrit, en une fois, ce qui est montré.")
@click.option(
    "--adresses",
    is_flag=True,
    help="Cherche d’abord le point des adresses qui n’en ont pas ; reprend là où on s’est arrêté.",
)
@click.option("--creer", multiple=True, metavar="SLUG", help="Crée cette fiche douteuse.")
@click.option("--ignorer", multiple=True, metavar="SLUG", help="Laisse cette fiche douteuse.")
@click.option(
    "--douteuses",
    type=click.Choice([choix.value for choix in Choix]),
    help="Ce qu’il faut faire de toutes les autres fiches douteuses.",
)
@click.pass_obj
def import_command(
    settings: Settings,
    /,
    fichier: Path,
    applique: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Plan an import and, when asked, write it in one transaction."""
    referentiel = Referentiel.load(settings.data)
    base = open_base(settings)
    if fichier.suffix == ".json" and is_protocole(fichier):
        _import_protocole(base, settings, fichier, applique)
        return
    contenu = fichier.read_bytes()
    lot = read_file(contenu, format_de(fichier.name))
    depot = Depot(base, settings, referentiel, lot, fichier.name, sha256(contenu).hexdigest())
    if options["adresses"] and not lot.erreurs:
        depot.search()
    with transaction(base) if applique else reading(base) as session:
        if applique:
            registre.lock(session)
        plan = depot.plan(session, options)
        _show(plan)
        if plan.erreurs or plan.indecises:
            click.echo("Rien n’a été écrit.", err=True)
            sys.exit(REFUS)
        if applique:
            apply_import(session, plan, par=PAR, moyen=f"import {fichier.name}")
            depot.erase(session)
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
    for douteuse in plan.douteuses:
        semblables = " ; ".join(f"{s.slug} ({s.raison})" for s in douteuse.semblables)
        decision = f" → {douteuse.choix}" if douteuse.choix else ""
        click.echo(f"? {douteuse.saisie.slug} ressemble à {semblables}{decision}")
    for remarque in plan.remarques:
        click.echo(str(remarque))
    for erreur in plan.erreurs:
        click.echo(str(erreur), err=True)
    if plan.questions:
        click.echo(f"{len(plan.questions)} adresses sans point : --adresses les cherche.")
    if plan.indecises:
        click.echo("Décidez des fiches douteuses : --creer, --ignorer ou --douteuses.", err=True)
    doutes = f" {len(plan.indecises)} douteuses," if plan.indecises else ""
    click.echo(
        f"{len(plan.creees)} à créer, {len(plan.changees)} à changer,"
        f" {plan.inchangees} inchangées,{doutes} {len(plan.erreurs)} fautes."
    )
