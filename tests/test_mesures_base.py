"""From a gesture to the database: hidden slugs left out, a crash, a clean stop, a whole dump."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, text

from cartographie import registre
from cartographie.acteurs import Diffusion, Statut
from cartographie.compteur import Compteur
from cartographie.config import RACINE
from cartographie.database import make_engine, reading, transaction
from cartographie.models import Consultation
from cartographie.suivi import Genre
from tests.commande import run
from tests.comptes import Gestion
from tests.enfants import commande
from tests.fabrique import accueil

NAVIGATEUR = "Mozilla/5.0 (TEMOIN-AGENT) Chrome/140.0"


def comptes(gestion: Gestion) -> list[tuple[Genre, str, int]]:
    compteur: Compteur = gestion.app.extensions["mesures"]
    assert compteur.flush()
    with reading(gestion.engine) as session:
        c = Consultation
        lignes = session.execute(select(c.genre, c.acteur, c.nombre).order_by(c.genre, c.acteur))
        return [(ligne.genre, ligne.acteur, ligne.nombre) for ligne in lignes]


def test_hidden_and_absent_slugs_are_answered_alike_and_not_stored(gestion: Gestion) -> None:
    with transaction(gestion.engine) as session:
        for slug, statut, diffusion in (
            ("ouvert", Statut.PUBLIE, Diffusion.PUBLIQUE),
            ("cache", Statut.PUBLIE, Diffusion.INTERNE),
            ("brouillon", Statut.BROUILLON, Diffusion.PUBLIQUE),
        ):
            saisie = accueil(slug, statut=statut, diffusion=diffusion)
            registre.create_acteur(session, saisie, par="essai", moyen="essai")
    client = gestion.app.test_client()
    reponses = set()
    for slug in ("ouvert", "cache", "brouillon", "absent"):
        response = client.post("/mesures", data={"evenement": "numero", "acteur": slug})
        reponses.add((response.status_code, tuple(response.headers), response.data))
    assert len(reponses) == 1
    assert comptes(gestion) == [(Genre.NUMERO, "ouvert", 1)]


def test_a_dump_holds_nothing_of_who_asked(gestion: Gestion) -> None:
    with transaction(gestion.engine) as session:
        registre.create_acteur(session, accueil("ouvert"), par="essai", moyen="essai")
    client = gestion.app.test_client()
    entetes = {"User-Agent": NAVIGATEUR, "Referer": "https://exemple.fr/page-TEMOIN?qui=TEMOIN"}
    reseau = {"environ_base": {"REMOTE_ADDR": "203.0.113.77"}, "headers": entetes}
    client.get("/?lieu=Villard-Reculas&q=TEMOIN", **reseau)
    client.get("/acteurs/ouvert?TEMOIN=1", **reseau)
    client.post("/proches", json={"adresse": "3 rue TEMOIN, 38114 Villard-Reculas"}, **reseau)
    champs = {"evenement": "numero", "acteur": "ouvert", "hote": "x.fr/TEMOIN", "texte": "TEMOIN"}
    client.post("/mesures", data=champs, **reseau)
    assert {genre for genre, _, _ in comptes(gestion)} == {
        "fiche",
        "numero",
        "recherche",
        "isolement",
    }
    with reading(gestion.engine) as session:
        decharge = "\n".join(
            str(ligne)
            for table in ("consultation", "debit", "versement")
            for ligne in session.execute(text(f"SELECT * FROM {table}"))
        )
    # 38550 and 38114 are the codes of the commune; an hour is beside no question.
    for trace in ("TEMOIN", "203.0", "Villard", "38550", "38114", "Chrome", "exemple.fr", "rue"):
        assert trace not in decharge
    assert all(re.search(r"10:\d\d", ligne) is None for ligne in decharge.split("\n")[:-1])


@pytest.fixture
def instance(vierge: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of an installation that commands, and servers started here, see."""
    monkeypatch.setenv("CARTO_DATABASE_URL", vierge(tmp_path))
    assert run("init-db", CARTO_INSTANCE=str(tmp_path)).exit_code == 0
    return tmp_path


@contextmanager
def servir(instance: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The shipped server, two processes, alone in its group; nothing of it stays."""
    with subprocess.Popen(
        commande("serve", "--port", str(port), "--workers", "2"),
        cwd=RACINE,
        env=os.environ | {"CARTO_INSTANCE": str(instance), "CARTO_TUILES_URL": ""},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as serveur:
        try:
            _attendre(f"http://127.0.0.1:{port}/sante")
            yield serveur
        finally:
            with suppress(ProcessLookupError):
                os.killpg(serveur.pid, signal.SIGKILL)


def _attendre(adresse: str) -> None:
    limite = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(adresse):
                return
        except OSError:  # refused, or cut while the server starts
            assert time.monotonic() < limite
            time.sleep(0.1)


def consulter(port: int, fois: int) -> None:
    corps = urlencode({"evenement": "numero", "acteur": "aiv-grenoble"}).encode()
    for _ in range(fois):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/mesures", corps) as reponse:
            assert reponse.status == 204
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/acteurs/aiv-grenoble"):
            pass


def sommes() -> dict[str, int]:
    engine = make_engine(os.environ["CARTO_DATABASE_URL"])
    with engine.connect() as connection:
        ordre = text("SELECT genre, SUM(nombre) FROM consultation GROUP BY genre")
        lues = {genre: int(nombre) for genre, nombre in connection.execute(ordre)}
    engine.dispose()
    return lues


def test_a_crash_loses_at_most_five_seconds_and_a_clean_stop_nothing(instance: Path) -> None:
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        port = essai.getsockname()[1]
    with servir(instance, port) as serveur:
        consulter(port, 20)
        time.sleep(5)
        os.killpg(serveur.pid, signal.SIGKILL)
        serveur.wait(20)
    assert sommes() == {"numero": 20, "fiche": 20}
    with servir(instance, port) as serveur:
        consulter(port, 20)
        serveur.send_signal(signal.SIGTERM)
        assert serveur.wait(30) == 0
    assert sommes() == {"numero": 40, "fiche": 40}
