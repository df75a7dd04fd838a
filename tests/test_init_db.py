"""The first load: whole or not at all, once, on both engines; a broken file stops it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from cartographie import registre
from cartographie.acteurs import Statut
from cartographie.config import RACINE
from cartographie.database import make_engine, reading, transaction
from cartographie.models import Acteur, Action, Objectif, Releve, Revision
from tests.commande import run
from tests.moteurs import MOTEURS

BaseVide = Callable[[str], str]
DATA = RACINE / "data"


@pytest.mark.parametrize("moteur", MOTEURS)
def test_the_first_start_loads_everything_and_the_second_nothing(
    tmp_path: Path, base_vide: BaseVide, moteur: str
) -> None:
    environ = {"CARTO_INSTANCE": str(tmp_path), "CARTO_DATABASE_URL": base_vide(moteur)}
    premier = run("init-db", **environ)
    assert (premier.exit_code, premier.output) == (
        0,
        "Protocole 2022-2024 chargé.\n139 fiches chargées.\n",
    )
    engine = make_engine(environ["CARTO_DATABASE_URL"])
    with transaction(engine) as session:
        statuts = session.execute(select(Acteur.statut)).scalars().all()
        assert (statuts.count(Statut.PUBLIE), statuts.count(Statut.BROUILLON)) == (128, 11)
        assert len(session.scalars(select(Revision)).all()) == 139
        assert [len(session.scalars(select(m)).all()) for m in (Objectif, Action, Releve)] == [
            25,
            53,
            78,
        ]
        session.execute(update(Acteur).values(nom="Écrit depuis"))
    second = run("init-db", **environ)
    assert second.exit_code == 0
    assert "rien n’a été chargé" in second.output
    with reading(engine) as session:
        assert set(session.execute(select(Acteur.nom)).scalars()) == {"Écrit depuis"}
    engine.dispose()


PAUSE = """
import os, sys, time
from sqlalchemy import Engine, event
from cartographie.commands import main
comptees = []
@event.listens_for(Engine, "after_cursor_execute")
def compter(c, cursor, statement, *a):
    if statement.startswith("INSERT INTO acteur"):
        comptees.append(1)
        if len(comptees) == 70:
            print("au milieu", flush=True)
            time.sleep(60)
main(["init-db"])
"""


@pytest.mark.parametrize("moteur", MOTEURS)
def test_a_load_killed_in_its_middle_leaves_an_empty_database(
    tmp_path: Path, base_vide: BaseVide, moteur: str
) -> None:
    environ = {"CARTO_INSTANCE": str(tmp_path), "CARTO_DATABASE_URL": base_vide(moteur)}
    with subprocess.Popen(
        [sys.executable, "-c", PAUSE],
        cwd=RACINE,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        text=True,
    ) as chargement:
        assert chargement.stdout is not None
        assert chargement.stdout.readline() == "au milieu\n"
        chargement.send_signal(signal.SIGKILL)
    engine = make_engine(environ["CARTO_DATABASE_URL"])
    with reading(engine) as session:
        assert registre.is_empty(session)
        assert session.scalars(select(Objectif)).all() == []
    engine.dispose()
    assert "139 fiches chargées" in run("init-db", **environ).output


@pytest.mark.parametrize("moteur", MOTEURS)
def test_two_first_starts_at_once_load_once(
    tmp_path: Path, base_vide: BaseVide, moteur: str
) -> None:
    environ = {"CARTO_INSTANCE": str(tmp_path), "CARTO_DATABASE_URL": base_vide(moteur)}
    departs = [
        subprocess.Popen(
            [sys.executable, "-m", "cartographie", "init-db"],
            cwd=RACINE,
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    dits = [depart.communicate()[0] for depart in departs]
    assert [depart.returncode for depart in departs] == [0, 0], dits
    assert sorted("139 fiches chargées" in dit for dit in dits) == [False, True]
    engine = make_engine(environ["CARTO_DATABASE_URL"])
    with reading(engine) as session:
        assert len(session.execute(select(Acteur.id)).all()) == 139
    engine.dispose()


@pytest.mark.parametrize(
    ("fichier", "avant", "apres"),
    [
        ("acteurs.geojson", '"slug": "caf-isere"', '"slug": caf'),
        ("acteurs.geojson", '"statut": "publie"', '"statut": "perdu"'),
        ("acteurs.geojson", '"acces": "direct"', '"acces": "directe"'),
        ("acteurs.geojson", '"type": "LEAO"', '"type": "CAFE"'),
        ("vocabulaire.json", '"types"', "types"),
        ("numeros.json", "[", "{"),
        ("protocole-2022-2024.json", '"numero": 3', '"numero": "trois"'),
        ("communes_isere/communes.geojson", '"population":', '"peuple":'),
        ("communes_isere/voisines.csv", "code_insee", "code"),
    ],
)
def test_a_broken_file_stops_the_start_in_a_sentence(
    tmp_path: Path, fichier: str, avant: str, apres: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("sources"))
    texte = (data / fichier).read_text(encoding="utf-8")
    assert avant in texte
    (data / fichier).write_text(texte.replace(avant, apres, 1), encoding="utf-8")
    resultat = run("init-db", CARTO_DATA=str(data), CARTO_INSTANCE=str(tmp_path / "instance"))
    assert resultat.exit_code == 2
    assert fichier in resultat.stderr
    assert ", ligne " in resultat.stderr
    assert "Traceback" not in resultat.output
    assert resultat.stdout == ""


def test_a_missing_file_stops_the_start_in_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("sources"))
    (data / "acteurs.geojson").unlink()
    resultat = run("init-db", CARTO_DATA=str(data), CARTO_INSTANCE=str(tmp_path / "instance"))
    assert resultat.exit_code == 2
    assert "acteurs.geojson" in resultat.stderr


@pytest.mark.parametrize("commande", [("serve",), ("export", "-"), ("import", str(__file__))])
def test_without_tables_a_sentence_says_what_to_do(
    tmp_path: Path, commande: tuple[str, ...]
) -> None:
    resultat = run(*commande, CARTO_INSTANCE=str(tmp_path))
    assert resultat.exit_code == 2
    assert "cartographie init-db" in resultat.stderr


def test_a_wrong_setting_is_a_sentence(tmp_path: Path) -> None:
    resultat = run("init-db", CARTO_INSTANCE=str(tmp_path), CARTO_GEOCODEUR="google")
    assert (resultat.exit_code, resultat.stdout) == (2, "")
    assert resultat.stderr == "CARTO_GEOCODEUR : il faut ban ou communes.\n"


def test_a_server_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    adresse = f"postgresql://personne@/base?host={tmp_path}"
    resultat = run("check", CARTO_INSTANCE=str(tmp_path), CARTO_DATABASE_URL=adresse)
    assert resultat.exit_code == 2
    assert resultat.stderr.count("\n") == 1
    assert resultat.stderr.startswith("La base ne répond pas comme il faut : ")
