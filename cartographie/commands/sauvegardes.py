"""Backing up and bringing back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from cartographie import sauvegardes
from cartographie.commands.socle import engine, main, open_base
from cartographie.config import Settings
from cartographie.errors import SauvegardeError
from cartographie.referentiel import Referentiel
from cartographie.sauvegardes import Plan, moment_fr

# Counted for a person; the other tables are compared all the same.
MONTREES = (
    ("acteur", "fiches"),
    ("revision", "révisions"),
    ("releve", "chiffres du protocole"),
    ("proposition", "propositions"),
    ("utilisateur", "comptes"),
)


@main.command("backup", help="Écrit une sauvegarde chiffrée et retire celles de plus de 30 jours.")
@click.option("--nouvelle-cle", is_flag=True, help="Tire une clé et l’affiche, sans sauvegarder.")
@click.pass_obj
def backup_command(settings: Settings, nouvelle_cle: bool) -> None:
    """Make a backup while the site answers."""
    if nouvelle_cle:
        click.echo(sauvegardes.new_key())
        return
    try:
        faite = sauvegardes.save(open_base(settings), settings, datetime.now(UTC))
    except OSError as erreur:
        raise SauvegardeError(
            f"La sauvegarde n’a pas pu être écrite ({erreur.strerror}) ; les précédentes sont là."
        ) from erreur
    click.echo(
        f"{faite.fichier} : {faite.octets:,} octets.".replace(",", "\N{NARROW NO-BREAK SPACE}")
    )
    if faite.retirees:
        click.echo(f"{faite.retirees} sauvegardes de plus de 30 jours retirées.")


@main.command("restore", help="Montre ce qu’une sauvegarde remettrait en place, ou l’y remet.")
@click.argument("fichier", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applique", is_flag=True, help="Remet en place ce qui est montré.")
@click.option(
    "--remplacer", is_flag=True, help="Même si la base présente contient des écritures en plus."
)
@click.pass_obj
def restore_command(settings: Settings, fichier: Path, applique: bool, remplacer: bool) -> None:
    """Check a backup, compare it with what is there, put it in place when asked."""
    base = engine(settings)
    plan = sauvegardes.plan_restore(base, settings, fichier)
    _show(plan)
    if not applique:
        click.echo("Rien n’est écrit : ajoutez --apply pour remettre cette sauvegarde en place.")
        return
    referentiel = Referentiel.load(settings.data)
    bilan = sauvegardes.restore(
        base, settings, plan, referentiel, datetime.now(UTC), remplacer=remplacer
    )
    click.echo(
        f"Remis en place : {sum(bilan.tables.values())} lignes de {len(bilan.tables)} tables,"
        " comparées une à une à la sauvegarde."
    )
    for slug in bilan.reduites:
        click.echo(f"Diffusion réduite à nouveau, à relire : {slug}")
    if bilan.cle_changee:
        click.echo("La clé des sessions est celle de la sauvegarde : redémarrez le site.")
    click.echo(
        "Toutes les sessions sont fermées ; les liens d’ouverture de compte ne servent plus."
    )


def _show(plan: Plan) -> None:
    entete, tables = plan.contenu.entete, plan.contenu.tables
    nombres = ", ".join(f"{tables[nom][0]} {mot}" for nom, mot in MONTREES if nom in tables)
    click.echo(f"Sauvegarde du {moment_fr(entete.quand)} : {nombres}.")
    if plan.presente is None:
        click.echo("Aucune base à remplacer.")
    elif plan.perd:
        ecart = plan.presente - entete.version
        click.echo(f"La base présente a {ecart} écritures de plus : elles seraient perdues.")
    else:
        click.echo("La base présente n’a pas d’écriture de plus.")
    for slug in plan.effacements:
        click.echo(f"Réduite depuis, le sera à nouveau : {slug}")
