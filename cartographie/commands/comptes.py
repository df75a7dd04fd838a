"""Opening accounts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from cartographie.commands.socle import REFUS, main, open_base
from cartographie.config import Settings
from cartographie.invitations import CHEMIN, open_account, renew_link
from cartographie.utilisateurs import RoleCompte


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
    engine, maintenant = open_base(settings), datetime.now(UTC)
    if nouveau_lien:
        jeton = renew_link(engine, courriel, maintenant)
        if jeton is None:
            click.echo("Aucun compte n’a cette adresse.", err=True)
            sys.exit(REFUS)
    else:
        jeton = open_account(engine, courriel, nom, RoleCompte(role), maintenant)
    click.echo(f"{settings.url_publique or 'http://127.0.0.1:8000'}{CHEMIN}{jeton}")
    click.echo("Ce lien sert une fois, pendant 7 jours. Transmettez-le par un moyen sûr.", err=True)
