"""Exchange, check and serve: what the command says, its exit codes. Real files, real server."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text, update

from cartographie import registre
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.config import RACINE
from cartographie.database import make_engine, reading, transaction
from cartographie.echanges import geojson
from cartographie.models import Acteur
from cartographie.referentiel import Referentiel
from tests import bases
from tests.commande import run
from tests.enfants import commande
from tests.fabrique import accueil, refuge

BaseVide = Callable[[str], str]
DATA = RACINE / "data"


@pytest.fixture
def installation(tmp_path: Path, base_chargee: Engine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, with a copy of the real records."""
    monkeypatch.setenv("CARTO_INSTANCE", str(tmp_path))
    monkeypatch.setenv("CARTO_DATABASE_URL", bases.copier(base_chargee, tmp_path, "cartographie"))
    return tmp_path


def saisies(installation: Path) -> dict[str, Saisie]:
    engine = make_engine(os.environ["CARTO_DATABASE_URL"])
    with reading(engine) as session:
        toutes = {saisie.slug: saisie for saisie in registre.saisies(session)}
    engine.dispose()
    return toutes


def ecrit(dossier: Path, referentiel: Referentiel, *a_ecrire: Saisie) -> Path:
    fichier = dossier / "lot.geojson"
    fichier.write_bytes(geojson.write_complet(a_ecrire, referentiel.communes))
    return fichier


# ── export, import ──


@pytest.mark.parametrize("forme", ["csv", "xlsx", "geojson"])
def test_a_complete_export_imports_without_a_change(installation: Path, forme: str) -> None:
    fichier = installation / f"tout.{forme}"
    assert run("export", "--complet", fichier).exit_code == 0
    assert fichier.stat().st_mode & 0o777 == 0o600
    avant = saisies(installation)
    for _ in range(2):
        resultat = run("import", fichier, "--apply")
        assert resultat.exit_code == 0
        assert "0 à créer, 0 à changer, 139 inchangées, 0 fautes." in resultat.output
    assert saisies(installation) == avant


def test_the_public_export_holds_128_records_and_no_secret(installation: Path) -> None:
    engine = make_engine(os.environ["CARTO_DATABASE_URL"])
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
    # The same name at the same place: a person says that both are meant.
    doute = run("import", fichier, "--apply")
    assert doute.exit_code == 1
    assert "? z-association ressemble à a-service (même nom et même numéro" in doute.output
    assert "a-service" not in saisies(installation)
    assert run("import", fichier, "--apply", "--douteuses", "creer").exit_code == 0
    assert saisies(installation)["a-service"].porteur == "z-association"
    assert "3 inchangées, 0 fautes" in run("import", fichier, "--apply").output


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
    engine = make_engine(os.environ["CARTO_DATABASE_URL"])
    with transaction(engine) as session:
        session.execute(update(Acteur).where(Acteur.slug == "caf-isere").values(type="CAFE"))
    engine.dispose()
    resultat = run("check")
    assert (resultat.exit_code, resultat.stderr) == (
        1,
        "caf-isere, type : Ce type n’existe pas.\n",
    )


def test_check_finds_a_damaged_database(
    tmp_path: Path, chargee_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the file of SQLite, which keeps foreign keys for those alone who ask for it."""
    shutil.copy(chargee_sqlite, tmp_path / "base.sqlite")
    monkeypatch.setenv("CARTO_INSTANCE", str(tmp_path))
    monkeypatch.setenv("CARTO_DATABASE_URL", f"sqlite:///{tmp_path / 'base.sqlite'}")
    engine = make_engine(os.environ["CARTO_DATABASE_URL"])
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
        commande("serve", "--port", str(port)),
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
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{adresse}/gestion/invitation?jeton=JETON-FAUX")
        serveur.send_signal(signal.SIGTERM)
        dit, _ = serveur.communicate(timeout=20)
    assert serveur.returncode == 0
    premiere, refus = dit.splitlines()
    assert premiere == f"{adresse}/"
    # The journal of security, as systemd keeps it; of visitors there is nothing.
    assert json.loads(refus)["fait"] == "lien-refuse"
    assert "JETON-FAUX" not in refus


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
