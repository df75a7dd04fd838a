"""The server as it is shipped, over a database that is given, and what it said while it ran."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryFile

from cartographie.config import RACINE
from tests import enfants
from tests.servi import attendre_port
from tests.site import CLE


@dataclass(slots=True)
class Serveur:
    """One process that listens; `dit` is what it printed, known once it has ended."""

    port: int
    instance: Path
    dit: bytes = b""
    reglages: dict[str, str] = field(default_factory=dict)

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def joindre(self) -> HTTPConnection:
        """A connection that stays open."""
        liaison = HTTPConnection("127.0.0.1", self.port, timeout=60)
        liaison.connect()
        assert liaison.sock is not None
        liaison.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return liaison


@contextmanager
def servir(adresse: str, instance: Path, **reglages: str) -> Iterator[Serveur]:
    """`cartographie serve` over a database, until the block ends. `reglages`: its environment."""
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        port = essai.getsockname()[1]
    instance.mkdir(parents=True, exist_ok=True)
    environ = os.environ | {
        "CARTO_DATABASE_URL": adresse,
        "CARTO_INSTANCE": str(instance),
        "CARTO_SECRET_KEY": CLE,
        "CARTO_TUILES_URL": "",
        "CARTO_GEOCODEUR": "communes",
        **reglages,
    }
    ici = Serveur(port, instance, reglages=dict(reglages))
    # A pipe that nobody reads while it runs fills with its journal, and then it waits.
    with (
        TemporaryFile() as journal,
        subprocess.Popen(
            enfants.commande("serve", "--port", str(port)),
            cwd=RACINE,
            env=environ,
            stdout=journal,
            stderr=subprocess.STDOUT,
        ) as processus,
    ):
        try:
            attendre_port(port)
            yield ici
        finally:
            processus.send_signal(signal.SIGTERM)
            processus.wait(timeout=20)
            journal.seek(0)
            ici.dit = journal.read()
