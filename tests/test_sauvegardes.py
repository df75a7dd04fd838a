"""Backups: sealed, consistent, brought back on either engine; what was erased stays erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, func, select

from cartographie import comptes, registre, sauvegardes
from cartographie.acteurs import Diffusion, Statut
from cartographie.config import Settings
from cartographie.database import Base, make_engine, reading, transaction
from cartographie.errors import ConfigurationError, SauvegardeError
from cartographie.models import Acteur, Revision, Version
from cartographie.reduction import TEXTES, Demande
from cartographie.referentiel import Referentiel
from cartographie.sauvegardes import dossier, memoire
from cartographie.snapshot import current_catalogue
from cartographie.utilisateurs import RoleCompte
from tests.commande import run
from tests.comptes import Gestion, Navigateur, connecter
from tests.conftest import MOTEURS
from tests.fabrique import LE_115, accueil, refuge

BaseVide = Callable[[str], str]
CLE = "essai-de-cle-de-quarante-caracteres-0001"
SECRET = "12 rue des Alpes"
SLUG = "ecoute-isere"
# What does not depend on the engine is proven on one.
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def reglages(engine: Engine, tmp_path: Path) -> Settings:
    adresse = engine.url.render_as_string(hide_password=False)
    return Settings(database_url=adresse, instance=tmp_path / "instance", sauvegarde_cle=CLE)


def maintenant() -> datetime:
    return datetime.now(UTC)


def ajouter(engine: Engine, slug: str = SLUG) -> None:
    with transaction(engine) as session:
        registre.create_acteur(session, accueil(slug), par="eve@exemple.fr", moyen="formulaire")


def abaisser(engine: Engine, referentiel: Referentiel, vers: Diffusion = Diffusion.ZONE) -> None:
    textes = dict.fromkeys(TEXTES, "") | {"nom": "Accueil", "description": "Écoute."}
    demande = Demande(vers, LE_115, textes=textes)
    with transaction(engine) as session:
        _, lue = registre.get_saisie(session, SLUG)
        registre.lower(session, SLUG, demande, referentiel, revision_lue=lue, par="eve@exemple.fr")


def octets(engine: Engine) -> str:
    """Everything that the database says, as one text."""
    dits = []
    with reading(engine) as session:
        for table in Base.metadata.sorted_tables:
            dits += [repr(tuple(ligne)) for ligne in session.execute(select(table))]
    return "\n".join(dits)


def remettre(
    engine: Engine, reglages: Settings, fichier: Path, referentiel: Referentiel, **options: bool
) -> sauvegardes.Bilan:
    plan = sauvegardes.plan_restore(engine, reglages, fichier)
    return sauvegardes.restore(engine, reglages, plan, referentiel, maintenant(), **options)


@pytest.mark.parametrize("vers", MOTEURS)
def test_a_backup_comes_back_whole_on_either_engine(
    engine: Engine, reglages: Settings, base_vide: BaseVide, vers: str, referentiel: Referentiel
) -> None:
    ajouter(engine)
    with transaction(engine) as session:
        fille = replace(refuge(), porteur=SLUG)
        registre.create_acteur(session, fille, par="eve@exemple.fr", moyen="formulaire")
        comptes.create_compte(session, "eve@exemple.fr", "Ève", RoleCompte.EDITEUR, maintenant())
    with reading(engine) as session:
        avant = registre.saisies(session)
        version = session.execute(select(Version.n)).scalar_one()
    faite = sauvegardes.save(engine, reglages, maintenant())

    ailleurs = make_engine(base_vide(vers))
    autre = replace(reglages, database_url=str(ailleurs.url), instance=reglages.instance / "neuve")
    bilan = remettre(ailleurs, autre, faite.fichier, referentiel)
    assert bilan.tables["acteur"] == bilan.tables["revision"] == 2
    assert bilan.reduites == ()
    with reading(ailleurs) as session:
        assert registre.saisies(session) == avant
        assert session.execute(select(Version.n)).scalar_one() > version
    # The numbers of new rows go on from there.
    ajouter(ailleurs, "accueil-mens")
    with reading(ailleurs) as session:
        assert session.execute(select(func.count(Acteur.id))).scalar_one() == 3
    ailleurs.dispose()


@SQLITE
def test_nothing_can_be_read_in_the_folder_without_the_key(
    engine: Engine, reglages: Settings, referentiel: Referentiel
) -> None:
    ajouter(engine)
    faite = sauvegardes.save(engine, reglages, maintenant())
    assert faite.fichier.stat().st_mode & 0o777 == 0o600
    fichiers = list(reglages.dossier_sauvegardes.iterdir())
    assert sorted(f.suffix for f in fichiers) == [".sauvegarde", ".scelle"]
    for fichier in fichiers:
        contenu = fichier.read_bytes()
        for secret in (SECRET, SLUG, "La Mure", CLE):
            assert secret.encode() not in contenu
    with pytest.raises(SauvegardeError, match="la clé"):
        sauvegardes.plan_restore(engine, replace(reglages, sauvegarde_cle="x" * 40), faite.fichier)
    with pytest.raises(ConfigurationError, match="CARTO_SAUVEGARDE_CLE"):
        sauvegardes.save(engine, replace(reglages, sauvegarde_cle=""), maintenant())


@SQLITE
def test_a_damaged_backup_is_refused_and_nothing_changes(
    engine: Engine, reglages: Settings, referentiel: Referentiel
) -> None:
    ajouter(engine)
    faite = sauvegardes.save(engine, reglages, maintenant())
    bon = faite.fichier.read_bytes()
    avant = octets(engine)
    mauvais = [bon[:n] for n in (0, 10, 30, 50, len(bon) // 2, len(bon) - 1)]
    mauvais += [bon + b"\0", *(bon[:n] + bytes([bon[n] ^ 1]) + bon[n + 1 :] for n in (30, 44, 200))]
    for contenu in mauvais:
        faite.fichier.write_bytes(contenu)
        with pytest.raises(SauvegardeError):
            remettre(engine, reglages, faite.fichier, referentiel)
    assert octets(engine) == avant


@pytest.mark.parametrize(
    ("engine", "vers", "perdue"),
    [
        ("sqlite", Diffusion.ZONE, False),
        ("postgresql", Diffusion.ZONE, False),
        ("sqlite", Diffusion.INTERNE, False),
        ("sqlite", Diffusion.ZONE, True),
    ],
    indirect=["engine"],
)
def test_a_backup_from_before_a_lowering_brings_nothing_back(
    engine: Engine,
    reglages: Settings,
    base_vide: BaseVide,
    referentiel: Referentiel,
    vers: Diffusion,
    perdue: bool,
) -> None:
    ajouter(engine)
    faite = sauvegardes.save(engine, reglages, maintenant())
    abaisser(engine, referentiel, vers)
    sauvegardes.keep(engine, reglages)
    base = make_engine(base_vide("sqlite")) if perdue else engine
    bilan = remettre(base, reglages, faite.fichier, referentiel, remplacer=True)
    assert bilan.reduites == (SLUG,)
    with reading(base) as session:
        saisie, numero = registre.get_saisie(session, SLUG)
        assert numero == 2
        publies = {fiche.slug for fiche in current_catalogue(session, referentiel).fiches}
    assert publies == (set() if perdue or vers is Diffusion.INTERNE else {SLUG})
    # Without the database that was replaced nobody knows the texts read again: it waits.
    assert saisie.diffusion is (Diffusion.INTERNE if perdue else vers)
    assert saisie.statut is (Statut.BROUILLON if perdue else Statut.PUBLIE)
    assert (saisie.contacts, saisie.site_web, saisie.capacites) == ((), "", ())
    dit = octets(base)
    for secret in (SECRET, "04 76 30 00 01", "accueil.exemple.fr", "Accueil de La Mure"):
        assert secret not in dit
    # Backed up and brought back once more, the record is still hidden.
    seconde = sauvegardes.save(base, reglages, maintenant() + timedelta(seconds=2))
    remettre(base, reglages, seconde.fichier, referentiel, remplacer=True)
    assert SECRET not in octets(base)
    base.dispose()


@SQLITE
def test_a_newer_database_is_not_replaced_without_a_word(
    engine: Engine, reglages: Settings, referentiel: Referentiel
) -> None:
    ajouter(engine)
    with reading(engine) as session:
        ancien = current_catalogue(session, referentiel)
    faite = sauvegardes.save(engine, reglages, maintenant())
    ajouter(engine, "accueil-mens")
    with reading(engine) as session:
        recent = current_catalogue(session, referentiel)
        version = session.execute(select(Version.n)).scalar_one()
    with pytest.raises(SauvegardeError, match="--remplacer"):
        remettre(engine, reglages, faite.fichier, referentiel)
    remettre(engine, reglages, faite.fichier, referentiel, remplacer=True)
    with reading(engine) as session:
        # The same process serves what was brought back: a later number, one record less.
        rendu = current_catalogue(session, referentiel)
        assert session.execute(select(Version.n)).scalar_one() > version
    assert len(recent.fiches) == 2
    assert rendu.fiches == ancien.fiches


@SQLITE
def test_sessions_end_and_who_left_stays_out(
    engine: Engine, reglages: Settings, referentiel: Referentiel
) -> None:
    with transaction(engine) as session:
        for nom in ("eve", "paul", "anne"):
            comptes.create_compte(
                session, f"{nom}@exemple.fr", nom, RoleCompte.EDITEUR, maintenant()
            )
    with reading(engine) as session:
        eve = comptes.find_by_courriel(session, "eve@exemple.fr")
        paul = comptes.find_by_courriel(session, "paul@exemple.fr")
    assert eve is not None
    assert paul is not None
    faite = sauvegardes.save(engine, reglages, maintenant())
    with transaction(engine) as session:
        comptes.revoke(session, paul.id, maintenant())
    remettre(engine, reglages, faite.fichier, referentiel, remplacer=True)
    with reading(engine) as session:
        assert comptes.find_by_session(session, eve.uniquifier) is None
        rendus = {compte.courriel: compte for compte in comptes.comptes(session)}
    assert [c for c, compte in sorted(rendus.items()) if compte.revoque_le] == ["paul@exemple.fr"]


def test_a_backup_is_one_state_while_others_write(
    engine: Engine, reglages: Settings, referentiel: Referentiel, base_vide: BaseVide
) -> None:
    ajouter(engine)
    fini, ecrites = Event(), []

    def ecrire() -> None:
        while not fini.is_set():
            with transaction(engine) as session:
                saisie, lue = registre.get_saisie(session, SLUG)
                texte = replace(saisie, frais=f"Version {lue}")
                registre.update_acteur(
                    session, saisie.slug, texte, revision_lue=lue, par="e@e.fr", moyen="essai"
                )
            ecrites.append(1)

    fil = Thread(target=ecrire)
    fil.start()
    try:
        faites = [
            sauvegardes.save(engine, reglages, maintenant() + timedelta(seconds=n))
            for n in range(3)
        ]
    finally:
        fini.set()
        fil.join()
    assert ecrites
    neuve = make_engine(base_vide("sqlite"))
    for faite in faites:
        remettre(neuve, reglages, faite.fichier, referentiel, remplacer=True)
        with reading(neuve) as session:
            numero = session.execute(select(Acteur.revision)).scalar_one()
            assert session.execute(select(func.count(Revision.id))).scalar_one() == numero
    neuve.dispose()


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
    tmp_path: Path, base_chargee: Engine, referentiel: Referentiel
) -> None:
    environ = {"CARTO_SAUVEGARDE_CLE": run("backup", "--nouvelle-cle").output.strip()}
    avant, apres = tmp_path / "avant", tmp_path / "apres"
    avant.mkdir()
    (avant / "cartographie.sqlite").write_bytes(Path(str(base_chargee.url.database)).read_bytes())
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
        CARTO_DATABASE_URL=str(base_chargee.url),
        CARTO_SAUVEGARDE_CLE=CLE,
    )
    assert dit.exit_code == 1
    assert dit.stderr.startswith("La sauvegarde n’a pas pu être écrite")


def test_check_says_that_there_is_no_backup(tmp_path: Path, base_chargee: Engine) -> None:
    environ = {"CARTO_INSTANCE": str(tmp_path), "CARTO_SAUVEGARDE_CLE": CLE}
    vieille = dossier.file_name(maintenant() - timedelta(hours=49))
    (tmp_path / "sauvegardes").mkdir()
    (tmp_path / "sauvegardes" / vieille).touch()
    (tmp_path / "cartographie.sqlite").write_bytes(
        Path(str(base_chargee.url.database)).read_bytes()
    )
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
