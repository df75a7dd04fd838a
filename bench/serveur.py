"""Servers under measure: the product's own command, or the bare floor, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cartographie.config import RACINE

PLAFOND_DEMARRAGE_S = 300.0
NU = (
    "from granian import Granian; from granian.constants import Interfaces; import sys; "
    "Granian('bench.nu:create_app', factory=True, interface=Interfaces.WSGI, "
    "port=int(sys.argv[1]), websockets=False, log_access=False).serve()"
)


@dataclass(frozen=True, slots=True)
class Serveur:
    """A running server. `demarrage_s`: from the command to the first answer, in seconds."""

    port: int
    pid: int
    demarrage_s: float

    @property
    def memoire_worker_mo(self) -> float:
        """Resident memory of the largest process below the command, in MB (10⁶ bytes)."""
        pids = {self.pid}
        for _ in range(3):
            pids |= {enfant for pid in pids for enfant in _enfants(pid)}
        return max(_residente(pid) for pid in pids) / 1e6


@contextmanager
def servir(dossier: Path, *, adresse: str = "", racine: Path = RACINE) -> Iterator[Serveur]:
    """Start the product of `racine` over a database, or the bare floor without one; then stop it.

    `dossier` holds what the server writes beside its database.
    """
    port = _port_libre()
    env = {
        **os.environ,
        "PYTHONPATH": str(racine),
        "CARTO_DATABASE_URL": adresse,
        "CARTO_INSTANCE": str(dossier / "instance"),
        "CARTO_SECRET_KEY": "une clé pour mesurer, jamais pour servir",
    }
    carto = [sys.executable, "-m", "cartographie"]
    if adresse:
        subprocess.run(
            [*carto, "init-db"], env=env, cwd=racine, check=True, stdout=subprocess.DEVNULL
        )
    commande = [*carto, "serve", "--port", str(port)]
    if not adresse:
        commande = [sys.executable, "-c", NU, str(port)]
    depart = time.perf_counter()
    processus = subprocess.Popen(
        commande,
        env=env,
        cwd=racine if adresse else RACINE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _attendre(port, processus)
        yield Serveur(port, processus.pid, time.perf_counter() - depart)
    finally:
        processus.terminate()
        processus.wait(timeout=20)


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _attendre(port: int, processus: subprocess.Popen[bytes]) -> None:
    fin = time.perf_counter() + PLAFOND_DEMARRAGE_S
    while time.perf_counter() < fin:
        if processus.poll() is not None:
            raise RuntimeError("le serveur s’est arrêté")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as prise:
                prise.settimeout(PLAFOND_DEMARRAGE_S)
                prise.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if prise.recv(16).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError("le serveur n’a pas répondu")


def _enfants(pid: int) -> list[int]:
    try:
        texte = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(enfant) for enfant in texte.split()]


def _residente(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
