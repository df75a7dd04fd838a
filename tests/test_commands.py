"""The command: what it does, what it says, its exit codes. Real files, real servers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text, update

from cartographie import registre
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.commands import main
from cartographie.config import RACINE
from cartographie.database import make_engine, reading, transaction
from cartographie.echanges import geojson
from cartographie.models import Acteur, Action, Objectif, Releve, Revision
from cartographie.referentiel import Referentiel
from tests.conftest import MOTEURS
from tests.fabrique import accueil, refuge

BaseVide = Callable[[str], str]
DATA = RACINE / "data"


@pytest.fixture
def installation(tmp_path: Path, base_chargee: object, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, with a copy of the real records."""
    source = Path(str(base_chargee.url.database))  # type: ignore[attr-defined]
    shutil.copy(source, tmp_path / "cartographie.sqlite")
    monkeypatch.setenv("CARTO_INSTANCE", str(tmp_path))
    return tmp_path


def run(*arguments: str | Path, **environ: str) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], env=environ)


def saisies(installation: Path) -> dict[str, Saisie]:
    engine = make_engine(f"sqlite:///{installation / 'cartographie.sqlite'}")
    with reading(engine) as session:
        toutes = {saisie.slug: saisie for saisie in registre.saisies(session)}
    engine.dispose()
    return toutes


def ecrit(dossier: Path, referentiel: Referentiel, *a_ecrire: Saisie) -> Path:
    fichier = dossier / "lot.geojson"
    fichier.write_bytes(geojson.write_complet(a_ecrire, referentiel.communes))
    return fichier


# ── init-db ──


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


# ── export, import ──


def test_a_complete_export_imports_without_a_change(installation: Path) -> None:
    fichier = installation / "tout.geojson"
    assert run("export", "--complet", fichier).exit_code == 0
    assert fichier.stat().st_mode & 0o777 == 0o600
    avant = saisies(installation)
    for _ in range(2):
        resultat = run("import", fichier, "--apply")
        assert resultat.exit_code == 0
        assert "0 à créer, 0 à changer, 139 inchangées, 0 fautes." in resultat.output
    assert saisies(installation) == avant


def test_the_public_export_holds_128_records_and_no_secret(installation: Path) -> None:
    engine = make_engine(f"sqlite:///{installation / 'cartographie.sqlite'}")
    with transaction(engine) as session:
        for champ in ("notes_internes", "source", "verifie_par"):
            session.execute(update(Acteur).values({champ: "SECRET"}))
    engine.dispose()
    resultat = run("export", "-")
    features = json.loads(resultat.stdout)["features"]
    assert len(features) == 128
    assert "SECRET" not in resultat.stdout
    fichier = installation / "public.geojson"
    run("export", fichier)
    assert fichier.read_text(encoding="utf-8") == resultat.stdout
    assert [f.name for f in installation.iterdir() if f.name.startswith(".")] == []


def test_an_import_shows_before_it_writes(installation: Path, referentiel: Referentiel) -> None:
    nouvelle = accueil("accueil-mens", nom="Accueil de Mens")
    changee = replace(saisies(installation)["caf-isere"], nom="CAF")
    fichier = ecrit(installation, referentiel, nouvelle, changee)
    avant = saisies(installation)
    essai = run("import", fichier)
    assert essai.exit_code == 0
    assert "+ accueil-mens (publique)" in essai.output
    assert "~ caf-isere : nom" in essai.output
    assert "1 à créer, 1 à changer, 0 inchangées, 0 fautes." in essai.output
    assert saisies(installation) == avant
    assert run("import", fichier, "--apply").exit_code == 0
    assert saisies(installation) == avant | {"accueil-mens": nouvelle, "caf-isere": changee}
    assert "0 à créer, 0 à changer, 2 inchangées" in run("import", fichier, "--apply").output


def test_an_import_with_a_fault_writes_nothing_at_all(
    installation: Path, referentiel: Referentiel
) -> None:
    fichier = ecrit(installation, referentiel, accueil("bonne"), accueil("mauvaise", type="CAFE"))
    avant = saisies(installation)
    resultat = run("import", fichier, "--apply")
    assert resultat.exit_code == 1
    assert "mauvaise type : Ce type n’existe pas. (« CAFE »)" in resultat.stderr
    assert "Rien n’a été écrit." in resultat.stderr
    assert saisies(installation) == avant


def test_an_import_never_archives_hides_or_shows(
    installation: Path, referentiel: Referentiel
) -> None:
    existante = saisies(installation)["caf-isere"]
    fichier = ecrit(
        installation,
        referentiel,
        replace(existante, statut=Statut.ARCHIVE, diffusion=Diffusion.INTERNE, nom="CAF"),
    )
    assert run("import", fichier, "--apply").exit_code == 0
    assert saisies(installation)["caf-isere"] == replace(existante, nom="CAF")


def test_a_new_record_of_a_place_to_hide_cannot_bring_its_address(installation: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {
            "slug": "refuge",
            "nom": "Refuge",
            "type": "HEBERGEMENT",
            "acces": "orientation",
            "implantations": [
                {
                    "longitude": 5.73,
                    "latitude": 45.18,
                    "precision": "adresse",
                    "adresse": "1 rue X",
                    "code_insee": "38185",
                }
            ],
        },
    }
    fichier = installation / "refuge.geojson"
    fichier.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    resultat = run("import", fichier, "--apply")
    assert resultat.exit_code == 1
    assert "implantations.0.adresse" in resultat.stderr
    assert "implantations.0.precision" in resultat.stderr
    assert "refuge" not in saisies(installation)


def test_a_porteur_and_its_service_may_come_in_one_file(
    installation: Path, referentiel: Referentiel
) -> None:
    fichier = ecrit(
        installation,
        referentiel,
        accueil("a-service", porteur="z-association"),
        accueil("z-association", porteur="y-groupement"),
        refuge("y-groupement"),
    )
    assert run("import", fichier, "--apply").exit_code == 0
    assert saisies(installation)["a-service"].porteur == "z-association"


# ── check ──


def test_check_says_what_is_to_be_known(installation: Path) -> None:
    resultat = run("check")
    assert resultat.exit_code == 0
    assert "Mission que personne n’assure : Transport et mobilité (mobilite)." in resultat.stdout
    assert "Rien à réparer." in resultat.stdout


def test_check_finds_labels_that_lead_nowhere(installation: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    table = data / "correspondances.csv"
    lignes = table.read_text(encoding="utf-8").splitlines()
    retiree = next(ligne for ligne in lignes if ligne.startswith("missions,115,"))
    lignes.remove(retiree)
    lignes += ["missions,nouvelle,,mission-inconnue,", "publics,vide,,,"]
    table.write_text("\n".join(lignes), encoding="utf-8")
    resultat = run("check", CARTO_DATA=str(data))
    assert resultat.exit_code == 1
    assert "« 115 » (missions) n’est pas dans correspondances.csv." in resultat.stderr
    assert "mission-inconnue n’existe pas." in resultat.stderr
    assert "vide ne mène nulle part." in resultat.stderr


def test_check_finds_a_record_that_breaks_a_rule(installation: Path) -> None:
    engine = make_engine(f"sqlite:///{installation / 'cartographie.sqlite'}")
    with transaction(engine) as session:
        session.execute(update(Acteur).where(Acteur.slug == "caf-isere").values(type="CAFE"))
    engine.dispose()
    resultat = run("check")
    assert (resultat.exit_code, resultat.stderr) == (
        1,
        "caf-isere, type : Ce type n’existe pas.\n",
    )


def test_check_finds_a_damaged_database(installation: Path) -> None:
    engine = make_engine(f"sqlite:///{installation / 'cartographie.sqlite'}")
    with engine.connect() as connection:
        connection.execute(text("ROLLBACK"))
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.execute(text("UPDATE acteur SET porteur_id = 99999 WHERE slug = 'caf-isere'"))
    engine.dispose()
    resultat = run("check")
    assert resultat.exit_code == 1
    assert "Base abîmée : acteur" in resultat.stderr


def test_check_without_tables_says_so(tmp_path: Path) -> None:
    resultat = run("check", CARTO_INSTANCE=str(tmp_path))
    assert resultat.exit_code == 1
    assert "cartographie init-db" in resultat.stderr


# ── serve ──


def _free_port() -> int:
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        port: int = essai.getsockname()[1]
    return port


def test_the_server_answers_keeps_no_trace_and_stops_cleanly(installation: Path) -> None:
    port = _free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "cartographie", "serve", "--port", str(port), "--workers", "2"],
        cwd=RACINE,
        env=os.environ | {"CARTO_INSTANCE": str(installation)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as serveur:
        adresse = f"http://127.0.0.1:{port}"
        _wait(f"{adresse}/sante")
        with urllib.request.urlopen(f"{adresse}/proches?lieu=38269&q=TEXTE-CHERCHE") as reponse:
            assert reponse.status == 200
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{adresse}/proches?lieu=LIEU-INCONNU")
        serveur.send_signal(signal.SIGTERM)
        dit, _ = serveur.communicate(timeout=20)
    assert serveur.returncode == 0
    assert dit == f"{adresse}/\n"


def _wait(adresse: str) -> None:
    limite = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(adresse):
                return
        except urllib.error.URLError:
            if time.monotonic() > limite:
                raise
            time.sleep(0.1)


def test_a_port_already_taken_is_a_sentence(installation: Path) -> None:
    with socket.socket() as occupe:
        occupe.bind(("127.0.0.1", 0))
        occupe.listen()
        port = occupe.getsockname()[1]
        resultat = run("serve", "--port", str(port))
    assert resultat.exit_code == 2
    assert resultat.stderr.startswith(f"127.0.0.1:{port} ne peut pas être ouvert")
