"""Reminders to partners: what a timer runs every day."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime

import click
from sqlalchemy import Engine

from cartographie import courrier, propositions, relances, sauvegardes
from cartographie.cles import load_secret_key
from cartographie.commands.socle import REFUS, main, open_base
from cartographie.config import Settings
from cartographie.courrier import Bilan
from cartographie.database import reading, transaction
from cartographie.errors import ConfigurationError
from cartographie.horaires import PARIS
from cartographie.lettres import EtatCourrier
from cartographie.periodes import current_referentiel
from cartographie.rappels import Situation
from cartographie.referentiel import Referentiel
from cartographie.smtp import server_of

SANS_URL = "CARTO_URL_PUBLIQUE n’est pas réglé : le lien d’un courriel n’aurait pas d’adresse."
SANS_SERVEUR = (
    "CARTO_SMTP_URL et CARTO_COURRIEL_EXPEDITEUR ne sont pas réglés : les courriels attendent."
)
PLURIELS = {
    Situation.REVENU: "à appeler, courriel revenu ou refusé",
    Situation.MUET: "à appeler, deux rappels sans réponse",
    Situation.SANS_ADRESSE: "sans adresse",
    Situation.EN_ATTENTE: "dont le courriel attend de partir",
    Situation.ECRIT: "dont la réponse est attendue",
    Situation.A_JOUR: "à jour",
    Situation.JAMAIS: "sans rappel, par choix",
}


@main.command("remind", help="Montre à quels services un rappel est dû, ou les écrit et envoie.")
@click.option(
    "--apply", "applique", is_flag=True, help="Écrit les rappels et envoie ce qui attend."
)
@click.option(
    "--envoyer", "envoie", is_flag=True, help="Envoie ce qui attend, sans écrire de rappel."
)
@click.pass_obj
def remind_command(settings: Settings, applique: bool, envoie: bool) -> None:
    """Queue what is due, send what waits, erase what is old. Safe to run at any time, twice.

    `--envoyer` sends alone, and says nothing when nothing waits: a warning that a record endangers
    somebody is not for tomorrow morning.
    """
    engine = open_base(settings)
    if envoie and not applique:
        _deliver(engine, settings, muet=True)
        return
    contexte = _contexte(engine, settings)
    if not applique:
        _show(engine, contexte)
        click.echo("Rien n’est écrit : ajoutez --apply pour écrire et envoyer.")
        return
    if not settings.url_publique:
        raise ConfigurationError(SANS_URL)
    with transaction(engine) as session:
        courrier.purge(session, contexte.maintenant)
        propositions.purge(session, contexte.maintenant)
        ecrites = relances.remind(session, contexte)
        alerte = sauvegardes.warn(session, settings, contexte.maintenant)
    for veille in ecrites:
        click.echo(f"+ {veille.saisie.slug}")
    click.echo(f"{len(ecrites)} courriels écrits.")
    if alerte:
        click.echo("Aucune sauvegarde depuis deux jours : la DDFE est prévenue par courriel.")
    _deliver(engine, settings)


def _contexte(engine: Engine, settings: Settings) -> relances.Contexte:
    embarque = Referentiel.load(settings.data)
    with reading(engine) as session:
        referentiel = current_referentiel(session, embarque)
    return relances.Contexte(
        cle=load_secret_key(settings),
        url=settings.url_publique,
        usuelle_mois=settings.rappel_mois,
        referentiel=referentiel,
        maintenant=_maintenant(),
    )


def _show(engine: Engine, contexte: relances.Contexte) -> None:
    with reading(engine) as session:
        veilles = relances.veilles(session, contexte)
        attente = courrier.summary(session)[EtatCourrier.ATTENTE]
    for veille in veilles:
        if veille.situation is Situation.A_ECRIRE:
            click.echo(f"+ {veille.saisie.slug}")
    comptes = Counter(veille.situation for veille in veilles)
    click.echo(f"{comptes[Situation.A_ECRIRE]} courriels à écrire, {attente} attendent de partir.")
    for situation, mots in PLURIELS.items():
        if comptes[situation]:
            click.echo(f"{comptes[situation]} fiches {mots}.")


def _deliver(engine: Engine, settings: Settings, *, muet: bool = False) -> None:
    serveur = server_of(settings)
    if serveur is None:
        click.echo(SANS_SERVEUR, err=True)
        return
    total = bilan = courrier.deliver(engine, serveur, _maintenant)
    while bilan.envoyes and not bilan.panne:
        bilan = courrier.deliver(engine, serveur, _maintenant)
        total = total + bilan
    if not muet or total != Bilan():
        click.echo(f"{total.envoyes} envoyés, {total.refuses} refusés, {total.reportes} reportés.")
    if total.panne:
        click.echo(f"Le serveur de courriels ne répond pas comme il faut : {total.panne}", err=True)
        sys.exit(REFUS)


def _maintenant() -> datetime:
    return datetime.now(PARIS)
