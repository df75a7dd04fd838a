"""Serving the site, and waiting for it."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pkgutil import resolve_name
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import click
from sqlalchemy import Engine

from cartographie import cycles
from cartographie.cartes import Cartes
from cartographie.cles import load_secret_key
from cartographie.commands.socle import REFUS, main, open_base
from cartographie.config import Settings
from cartographie.errors import ConfigurationError
from cartographie.invitations import CHEMIN, first_link, is_loopback
from cartographie.referentiel import Referentiel
from cartographie.tuiles import LECTEURS_MAX

# Python computes one thing at a time: more threads would only wait for each other. Those that may
# wait for a tile come on top, so that a slow upstream leaves pages theirs.
FILS_PAR_PROCESSUS = 4 + LECTEURS_MAX
PAS_ATTENTE_S = 0.2
ESSAI_ATTENTE_S = 10.0
PORTS = click.IntRange(1, 65535)


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
    with cycles.without_search(), _drawn_apart(settings) as cartes:
        # What would stop every worker, said once and before any starts.
        embarque = Referentiel.load(settings.data)
        load_secret_key(settings)
        base = open_base(settings)
        _require_port(host, port)
        racine = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        click.echo(f"{racine}/")
        if premier_compte and is_loopback(host):
            _show_first_link(base, racine)
        # A worker begins as a copy of this process: what is there is read and imported once.
        import_module("cartographie.web")
        assembler = partial(_assemble, settings=settings, embarque=embarque, cartes=cartes())
        cycles.leave_out()
    _serve(assembler, host, port, workers)


@contextmanager
def _drawn_apart(settings: Settings) -> Iterator[Callable[[], Cartes | None]]:
    """Have the maps drawn by a process that ends with folium and all that it brings.

    Inside the block, waits for them; None when that process failed: each worker draws its own.
    """
    recoit, envoie = Pipe(duplex=False)
    dessinateur = Process(target=_draw, args=(envoie, settings.mention_du_fond), daemon=True)
    dessinateur.start()
    envoie.close()

    def cartes() -> Cartes | None:
        try:
            recues: Cartes = recoit.recv()
        except EOFError:
            return None
        return recues

    try:
        yield cartes
    finally:
        recoit.close()
        dessinateur.terminate()
        dessinateur.join()


def _draw(envoie: Connection, mention: str) -> None:
    from cartographie.carte import build_cartes

    envoie.send(build_cartes(mention))


def _serve(assembler: Callable[[str], Any], host: str, port: int, workers: int) -> None:
    from cartographie.serveur import Serveur

    Serveur(
        target="cartographie:create_app",
        address=host,
        port=port,
        workers=workers,
        blocking_threads=FILS_PAR_PROCESSUS,
    ).serve(target_loader=assembler)


def _assemble(
    cible: str, *, settings: Settings, embarque: Referentiel, cartes: Cartes | None
) -> Any:  # noqa: ANN401
    """Make the application of one worker, which lives as long as the worker does."""
    with cycles.without_search():
        application = resolve_name(cible)(settings, embarque=embarque, cartes=cartes)
        cycles.leave_out()
    return application


@main.command(help="Attend qu’un processus réponde ; code 1 s’il ne répond pas à temps.")
@click.option("--port", default=8000, envvar="PORT", show_default=True, type=PORTS)
@click.option(
    "--delai", default=60.0, show_default=True, type=click.FloatRange(0), help="En secondes."
)
@click.pass_obj
def attendre(settings: Settings, port: int, delai: float) -> None:
    """Wait for a process of this machine: ready when there is a token for that, else alive."""
    chemin = "/pret" if settings.pret_jeton else "/sante"
    demande = Request(f"http://127.0.0.1:{port}{chemin}")
    demande.add_header("Authorization", f"Bearer {settings.pret_jeton}")
    fin = time.monotonic() + delai
    while not _answers(demande):
        if time.monotonic() >= fin:
            click.echo(f"Rien ne répond sur le port {port} après {delai:g} s.", err=True)
            sys.exit(REFUS)
        time.sleep(PAS_ATTENTE_S)


def _answers(demande: Request) -> bool:
    # This machine is never behind its own proxy.
    try:
        with build_opener(ProxyHandler({})).open(demande, timeout=ESSAI_ATTENTE_S):
            return True
    except OSError:
        return False


def _show_first_link(engine: Engine, racine: str) -> None:
    jeton = first_link(engine, datetime.now(UTC))
    if jeton:
        click.echo(f"Premier compte administrateur : {racine}{CHEMIN}{jeton}")


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
