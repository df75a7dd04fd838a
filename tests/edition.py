"""`cartographie serve` over a directory that editors may write to."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cartographie import create_app, registre
from cartographie.config import RACINE, Settings
from cartographie.database import make_engine, transaction
from cartographie.initialisation import init_db
from cartographie.referentiel import Referentiel
from tests.comptes import creer_compte
from tests.enfants import commande
from tests.fabrique import accueil

SLUGS = ("accueil-la-mure", "accueil-de-mens")
PROCESSUS = 2


@contextmanager
def servir(dossier: Path, adresse_base: str, referentiel: Referentiel, gens: int) -> Iterator[str]:
    """`cartographie serve` over a directory with two records and these accounts."""
    engine = make_engine(adresse_base)
    init_db(engine, referentiel, RACINE / "data" / "acteurs.geojson")
    with transaction(engine) as session:
        for slug in SLUGS:
            registre.create_acteur(session, accueil(slug), par="essai", moyen="essai")
    engine.dispose()
    reglages = Settings(database_url=adresse_base, instance=dossier, geocodeur="communes")
    app = create_app(reglages)
    for n in range(gens):
        creer_compte(app, "editeur", f"e{n}@exemple.fr")
    app.extensions["cartographie"].engine.dispose()
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    environ = {**os.environ, "CARTO_INSTANCE": str(dossier), "CARTO_DATABASE_URL": adresse_base}
    environ["CARTO_GEOCODEUR"] = "communes"
    depart = commande("serve", "--workers", str(PROCESSUS), "--port", str(port))
    with subprocess.Popen(depart, cwd=RACINE, env=environ, stdout=subprocess.DEVNULL) as serveur:
        try:
            attendre(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            serveur.terminate()
            serveur.wait(30)


def attendre(adresse: str) -> None:
    """Until the server answers."""
    fin = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{adresse}/sante", timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < fin, "the server does not start"
            time.sleep(0.2)
