"""The server as it is shipped, over the real records, with an upstream of tiles on this machine.

A plugin of pytest, named by the test modules that need it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cartographie.config import RACINE
from tests import enfants
from tests.amont import Servi, amont


@pytest.fixture
def servi(vierge: Callable[..., str], tmp_path: Path) -> Iterator[Servi]:
    with socket.socket() as essai, amont() as source:
        essai.bind(("127.0.0.1", 0))
        port = essai.getsockname()[1]
        essai.close()
        environ = os.environ | {
            "CARTO_INSTANCE": str(tmp_path),
            "CARTO_DATABASE_URL": vierge(tmp_path, "cartographie"),
            "CARTO_TUILES_URL": source.modele,
            "CARTO_GEOCODEUR": "communes",
        }
        commande = [sys.executable, "-m", "cartographie"]
        subprocess.run([*commande, "init-db"], cwd=RACINE, env=environ, check=True)
        ici = Servi(f"http://127.0.0.1:{port}", tmp_path, source)
        with subprocess.Popen(
            enfants.commande("serve", "--port", str(port)),
            cwd=RACINE,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as serveur:
            try:
                attendre_port(port)
                yield ici
            finally:
                # One that did not start in time is not waited for.
                serveur.send_signal(signal.SIGTERM)
            dit, _ = serveur.communicate(timeout=20)
        # Whatever was asked, its address is all that it says.
        assert dit == f"{ici.adresse}/\n"


def attendre_port(port: int) -> None:
    fin = time.monotonic() + 90
    while time.monotonic() < fin:
        with socket.socket() as essai:
            if essai.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start")
