"""Ready, and stopping: `/pret` for who supervises, no request cut by an orderly stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie import create_app
from cartographie.config import RACINE, Settings
from cartographie.migrations import downgrade
from cartographie.serveur import ARRET_S, Arrets
from tests import bases
from tests.amont import TUILE, amont
from tests.edition import attendre
from tests.enfants import commande

JETON = "jeton-de-supervision-de-quarante-caracteres"
CLE = {"Authorization": f"Bearer {JETON}"}
# Longer than the stop would take if it waited for nobody, shorter than readers of tiles wait.
RETARD_S = 1.2


@pytest.fixture
def reglages(engine: Engine, tmp_path: Path) -> Settings:
    adresse = engine.url.render_as_string(hide_password=False)
    return Settings(database_url=adresse, instance=tmp_path / "instance", pret_jeton=JETON)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_ready_is_said_to_who_has_the_token(reglages: Settings, engine: Engine) -> None:
    client = create_app(reglages).test_client()
    assert client.get("/pret", headers=CLE).text == "prêt\n"
    autres = [
        client.get("/pret"),
        client.get("/pret", headers={"Authorization": "Bearer autre"}),
        create_app(replace(reglages, pret_jeton="")).test_client().get("/pret", headers=CLE),
        create_app(replace(reglages, pret_jeton=""))
        .test_client()
        .get("/pret", headers={"Authorization": "Bearer "}),
        client.get("/jamais"),
    ]
    assert {(autre.status_code, autre.data) for autre in autres} == {(404, autres[-1].data)}
    downgrade(engine, "0009")
    retard = client.get("/pret", headers=CLE)
    assert (retard.status_code, retard.text[:23]) == (503, "pas prêt : tables à met")
    assert client.get("/sante").status_code == 200


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_database_that_cannot_be_read_is_not_ready(reglages: Settings, engine: Engine) -> None:
    client = create_app(reglages).test_client()
    engine.dispose()
    Path(str(engine.url.database)).write_bytes(b"no database" * 500)
    assert client.get("/pret", headers=CLE).text == "pas prêt : base injoignable\n"
    assert client.get("/sante").text == "en vie\n"
    # A page that says it in French, with whom to call meanwhile.
    page = client.get("/")
    assert page.status_code == 500
    assert "Une erreur est survenue de notre côté" in page.text
    assert "3919" in page.text


def test_an_orderly_stop_cuts_no_request(tmp_path: Path, modele: Engine) -> None:
    base = bases.copier(modele, tmp_path)
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    adresse = f"http://127.0.0.1:{port}"
    with amont() as source, ThreadPoolExecutor(4) as lecteurs:
        environ = {**os.environ, "CARTO_INSTANCE": str(tmp_path), "CARTO_DATABASE_URL": base}
        environ["CARTO_TUILES_URL"] = source.modele
        with subprocess.Popen(
            commande("serve", "--port", str(port)), cwd=RACINE, env=environ,
            stdout=subprocess.DEVNULL,
        ) as serveur:  # fmt: skip
            attendre(adresse)
            source.retard_s = RETARD_S
            tuiles = [f"{adresse}/tuiles/9/{x}/183.png" for x in (262, 263, 264)]
            demandes = [lecteurs.submit(lire, tuile) for tuile in tuiles]
            fin = time.monotonic() + 20
            while len(source.demandes) < len(tuiles) and time.monotonic() < fin:
                time.sleep(0.01)
            depart = time.monotonic()
            serveur.send_signal(signal.SIGTERM)
            recues = [demande.result(20) for demande in demandes]
            assert serveur.wait(20) == 0
            duree = time.monotonic() - depart
    assert recues == [TUILE] * len(tuiles)
    print(f"stopped in {duree:.2f} s, {len(tuiles)} requests of {RETARD_S} s answered whole")
    assert duree <= ARRET_S + RETARD_S


@pytest.mark.parametrize(("secondes", "dit"), [(0.2, False), (ARRET_S + 0.1, True)])
def test_a_worker_is_said_killed_only_if_it_had_its_time(secondes: float, dit: bool) -> None:
    heure = [100.0]
    arrets = Arrets(lambda: heure[0])
    tue, autre = (
        logging.makeLogRecord({"msg": f"{phrase} worker-1"})
        for phrase in ("Killing", "Unexpected exit from")
    )
    arrets.begin()
    heure[0] += secondes
    assert (arrets.filter(tue), arrets.filter(autre)) == (dit, True)


def lire(adresse: str) -> bytes:
    with urllib.request.urlopen(adresse, timeout=30) as reponse:
        corps: bytes = reponse.read()
    return corps
