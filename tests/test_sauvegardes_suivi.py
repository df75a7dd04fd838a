"""How long backups are kept, where they go, and who is told when there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie import sauvegardes
from cartographie.acteurs import Diffusion
from cartographie.config import Settings
from cartographie.database import make_engine, transaction
from cartographie.errors import SauvegardeError
from cartographie.referentiel import Referentiel
from cartographie.sauvegardes import dossier, memoire
from tests import bases
from tests.commande import run
from tests.comptes import Gestion, Navigateur, connecter
from tests.sauvegardes import CLE, SLUG, SQLITE, BaseVide, abaisser, ajouter, maintenant


def test_thirty_days_are_kept_and_always_the_last(tmp_path: Path) -> None:
    jour = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    for age in (0, 1, 29, 31, 90):
        (tmp_path / dossier.file_name(jour - timedelta(days=age))).touch()
    (tmp_path / "autre.txt").touch()
    assert [dossier.moment_of(f) for f in dossier.prune(tmp_path, jour)] == [
        jour - timedelta(days=31),
        jour - timedelta(days=90),
    ]
    assert len(dossier.prune(tmp_path, jour + timedelta(days=400))) == 2
    assert sorted(f.name for f in tmp_path.iterdir()) == ["autre.txt", dossier.file_name(jour)]


def test_forty_eight_hours_without_a_backup_are_said(tmp_path: Path) -> None:
    jour = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    absent = tmp_path / "absent"
    assert sauvegardes.alert(absent, None, jour) == ""
    assert sauvegardes.alert(absent, jour - timedelta(hours=47), jour) == ""
    assert "jamais" in sauvegardes.alert(absent, jour - timedelta(hours=49), jour)
    (tmp_path / dossier.file_name(jour)).touch()
    vieux = jour - timedelta(days=400)
    assert sauvegardes.alert(tmp_path, vieux, jour + timedelta(hours=48)) == ""
    assert "22/11/2026 à 04:00" in sauvegardes.alert(tmp_path, vieux, jour + timedelta(hours=49))


def test_one_command_on_an_empty_machine(
    tmp_path: Path, chargee_sqlite: Path, referentiel: Referentiel
) -> None:
    environ = {"CARTO_SAUVEGARDE_CLE": run("backup", "--nouvelle-cle").output.strip()}
    avant, apres = tmp_path / "avant", tmp_path / "apres"
    avant.mkdir()
    (avant / "cartographie.sqlite").write_bytes(chargee_sqlite.read_bytes())
    assert "octets" in run("backup", CARTO_INSTANCE=str(avant), **environ).output
    (fichier,) = avant.glob("sauvegardes/*.sauvegarde")
    environ["CARTO_INSTANCE"] = str(apres)
    essai = run("restore", fichier, **environ)
    assert essai.exit_code == 0
    assert "139 fiches" in essai.output
    assert "Rien n’est écrit" in essai.output
    depart = datetime.now(UTC)
    fait = run("restore", fichier, "--apply", **environ)
    duree = (datetime.now(UTC) - depart).total_seconds()
    print(f"139 records brought back in {duree:.1f} s")
    assert fait.exit_code == 0
    assert "comparées une à une" in fait.output
    assert duree < 60
    assert (apres / "secret-key").read_text() == (avant / "secret-key").read_text()
    assert run("check", **environ).exit_code == 0
    # What was brought back is older than what is there: its own backup says so.
    refus = run("restore", fichier, "--apply", **environ)
    assert (refus.exit_code, "--remplacer" in refus.stderr) == (1, True)


def test_a_folder_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, base_chargee: Engine
) -> None:
    (tmp_path / "sauvegardes").write_text("not a folder")
    dit = run(
        "backup",
        CARTO_INSTANCE=str(tmp_path),
        CARTO_DATABASE_URL=bases.adresse(base_chargee),
        CARTO_SAUVEGARDE_CLE=CLE,
    )
    assert dit.exit_code == 1
    assert dit.stderr.startswith("La sauvegarde n’a pas pu être écrite")


def test_check_says_that_there_is_no_backup(tmp_path: Path, chargee_sqlite: Path) -> None:
    environ = {"CARTO_INSTANCE": str(tmp_path), "CARTO_SAUVEGARDE_CLE": CLE}
    vieille = dossier.file_name(maintenant() - timedelta(hours=49))
    (tmp_path / "sauvegardes").mkdir()
    (tmp_path / "sauvegardes" / vieille).touch()
    (tmp_path / "cartographie.sqlite").write_bytes(chargee_sqlite.read_bytes())
    dit = run("check", **environ)
    assert (dit.exit_code, dit.stderr[:28]) == (1, "Aucune sauvegarde depuis le ")
    assert run("backup", **environ).exit_code == 0
    assert run("check", **environ).exit_code == 0


@SQLITE
def test_the_home_of_administrators_and_one_mail_a_day_say_it(
    gestion: Gestion, editeur: Navigateur, administrateur: Navigateur
) -> None:
    ajouter(gestion.engine)
    reglages = gestion.app.extensions["cartographie"].settings
    reglages = replace(reglages, courriel_ddfe="ddfe@exemple.gouv.fr")
    assert "sauvegarde" not in administrateur.get("/gestion").text
    gestion.horloge.maintenant = maintenant() + timedelta(hours=49)
    for client in (editeur, administrateur):
        connecter(client.client, "editeur" if client is editeur else "administrateur")
    assert "Aucune sauvegarde n’a jamais été faite" in administrateur.get("/gestion").text
    assert "sauvegarde" not in editeur.get("/gestion").text
    jours = [gestion.horloge() + timedelta(hours=n) for n in (0, 1, 25)]
    with transaction(gestion.engine) as session:
        dits = [sauvegardes.warn(session, reglages, jour) for jour in jours]
    assert dits == [True, False, True]


@SQLITE
def test_a_lowering_is_noted_beside_the_backups_at_once(
    engine: Engine, tmp_path: Path, referentiel: Referentiel
) -> None:
    adresse = engine.url.render_as_string(hide_password=False)
    reglages = Settings(database_url=adresse, instance=tmp_path / "instance", sauvegarde_cle=CLE)
    ajouter(engine)
    ecrite = memoire.read(reglages.dossier_sauvegardes, CLE)
    assert ecrite.effacements == frozenset()
    abaisser(engine, referentiel)
    sauvegardes.keep(engine, reglages)
    (trace,) = memoire.read(reglages.dossier_sauvegardes, CLE).effacements
    assert (trace.slug, trace.diffusion) == (SLUG, Diffusion.ZONE)
    assert "contacts" in trace.champs


@SQLITE
def test_without_what_was_erased_nothing_is_brought_back_on_an_empty_machine(
    engine: Engine, reglages: Settings, base_vide: BaseVide, referentiel: Referentiel
) -> None:
    ajouter(engine)
    faite = sauvegardes.save(engine, reglages, maintenant())
    # The key was changed since: the ledger beside is sealed by the new one.
    sauvegardes.keep(engine, replace(reglages, sauvegarde_cle="n" * 40))
    neuve = make_engine(base_vide("sqlite"))
    with pytest.raises(SauvegardeError, match=r"effacements\.scelle"):
        sauvegardes.plan_restore(neuve, reglages, faite.fichier)
    # The present database knows what was erased.
    assert sauvegardes.plan_restore(engine, reglages, faite.fichier).presente is not None
    neuve.dispose()
