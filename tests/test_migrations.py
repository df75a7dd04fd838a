"""The history of the tables: up, down, up, on both engines, and never twice at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, MetaData, inspect, select

from cartographie import comptes, courrier, registre
from cartographie.acteurs import Diffusion
from cartographie.config import RACINE
from cartographie.database import Base, make_engine, reading, transaction
from cartographie.lettres import Motif
from cartographie.migrations import downgrade, is_current, revisions, upgrade
from cartographie.models import Acteur, Version
from cartographie.protocole_db import add_protocole
from cartographie.reduction import TEXTES, Demande
from cartographie.referentiel import Referentiel
from cartographie.utilisateurs import RoleCompte
from tests.fabrique import LE_115, accueil, refuge
from tests.moteurs import MOTEURS

BaseVide = Callable[[str], str]
Lignes = dict[str, list[dict[str, object]]]


def test_the_names_of_the_files_are_the_history_that_alembic_follows() -> None:
    """A start asks the names, so that it needs no Alembic."""
    config = Config()
    config.set_main_option("script_location", str(RACINE / "cartographie" / "migrations"))
    suivies = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(revisions()) == suivies


@pytest.mark.parametrize("moteur", MOTEURS)
def test_up_down_up(base_vide: BaseVide, moteur: str, referentiel: Referentiel) -> None:
    engine = make_engine(base_vide(moteur))
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    with transaction(engine) as session:
        add_protocole(session, referentiel.protocoles[0])
        registre.create_acteur(session, accueil(), par="essai", moyen="essai")
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    with reading(engine) as session:
        assert registre.is_empty(session)
        assert session.execute(select(Version.n)).scalar_one() == 0
    engine.dispose()


@pytest.mark.parametrize("moteur", MOTEURS)
def test_the_migrations_make_the_tables_of_the_models(base_vide: BaseVide, moteur: str) -> None:
    engine = make_engine(base_vide(moteur))
    upgrade(engine)
    with engine.connect() as connection:
        contexte = MigrationContext.configure(connection)
        assert compare_metadata(contexte, Base.metadata) == []
        inspecteur = inspect(connection)
        for table in Base.metadata.sorted_tables:
            faits = {c["name"] for c in inspecteur.get_check_constraints(table.name)}
            voulus = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
            assert faits == voulus
    engine.dispose()


@pytest.mark.parametrize("moteur", MOTEURS)
def test_two_starts_at_once_do_the_work_once(base_vide: BaseVide, moteur: str) -> None:
    adresse = base_vide(moteur)
    barriere = threading.Barrier(3)
    echecs: list[BaseException] = []

    def demarrer() -> None:
        engine = make_engine(adresse)
        barriere.wait()
        try:
            upgrade(engine)
        except BaseException as echec:
            echecs.append(echec)
        engine.dispose()

    fils = [threading.Thread(target=demarrer) for _ in range(3)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert echecs == []
    engine = make_engine(adresse)
    assert is_current(engine)
    engine.dispose()


@pytest.mark.parametrize("moteur", MOTEURS)
def test_an_upgrade_keeps_the_records(
    base_vide: BaseVide, moteur: str, referentiel: Referentiel
) -> None:
    engine = make_engine(base_vide(moteur))
    upgrade(engine)
    with transaction(engine) as session:
        add_protocole(session, referentiel.protocoles[0])
        registre.create_acteur(session, accueil(), par="essai", moyen="essai")
    upgrade(engine)
    with reading(engine) as session:
        assert session.execute(select(Acteur.slug)).scalars().all() == ["accueil-la-mure"]
    engine.dispose()


@pytest.mark.parametrize("moteur", MOTEURS)
def test_each_step_down_and_up_keeps_what_its_tables_hold(
    base_vide: BaseVide, moteur: str, referentiel: Referentiel
) -> None:
    engine = make_engine(base_vide(moteur))
    upgrade(engine)
    fill(engine, referentiel)
    au_sommet = lignes(engine)
    remplies = {nom for nom, contenu in au_sommet.items() if contenu}
    assert remplies >= {"acteur", "revision", "effacement", "utilisateur", "courrier", "releve"}
    # Columns that no step has taken away yet: these must hold what they held.
    gardees = {nom: set(contenu[0]) for nom, contenu in au_sommet.items() if contenu}
    scripts = revisions()
    for avant in scripts[1:]:
        downgrade(engine, avant)
        assert not is_current(engine)
        ici = colonnes(engine)
        gardees = {nom: noms & ici[nom] for nom, noms in gardees.items() if nom in ici}
        assert_kept(gardees, au_sommet, lignes(engine))
    assert {"acteur", "implantation", "revision", "participation", "releve"} <= set(gardees)
    for apres in reversed(scripts[:-1]):
        upgrade(engine, apres)
        assert_kept(gardees, au_sommet, lignes(engine))
    assert is_current(engine)
    # Down to the first tables and back: records and protocol are there, and can be written.
    assert lignes(engine)["acteur"] == au_sommet["acteur"]
    with transaction(engine) as session:
        registre.create_acteur(session, accueil("accueil-mens"), par="essai", moyen="essai")
    engine.dispose()


def fill(engine: Engine, referentiel: Referentiel) -> None:
    """Records with their history and a lowering, the protocol, an account, a mail."""
    maintenant = datetime.now(UTC)
    with transaction(engine) as session:
        add_protocole(session, referentiel.protocoles[0])
        for slug in ("accueil-la-mure", "ecoute-isere"):
            registre.create_acteur(session, accueil(slug), par="essai", moyen="essai")
        registre.create_acteur(session, refuge(), par="essai", moyen="essai")
        textes = dict.fromkeys(TEXTES, "") | {"nom": "Écoute"}
        registre.lower(
            session,
            "ecoute-isere",
            Demande(Diffusion.ZONE, LE_115, textes=textes),
            referentiel,
            revision_lue=1,
            par="essai",
        )
        comptes.create_compte(session, "eve@exemple.fr", "Ève", RoleCompte.EDITEUR, maintenant)
        courrier.queue(
            session,
            a="eve@exemple.fr",
            sujet="Essai",
            corps="Essai",
            motif=Motif.ALERTE,
            maintenant=maintenant,
        )


def lignes(engine: Engine) -> Lignes:
    """Every row of every table as it is now, by table."""
    tables = MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        return {
            nom: sorted(
                (dict(rangee._mapping) for rangee in connection.execute(select(table))), key=repr
            )
            for nom, table in tables.tables.items()
            if nom != "alembic_version"
        }


def colonnes(engine: Engine) -> dict[str, set[str]]:
    inspecteur = inspect(engine)
    return {
        nom: {colonne["name"] for colonne in inspecteur.get_columns(nom)}
        for nom in inspecteur.get_table_names()
    }


def assert_kept(gardees: Mapping[str, set[str]], au_sommet: Lignes, ici: Lignes) -> None:
    for nom, noms in gardees.items():
        assert projete(ici[nom], noms) == projete(au_sommet[nom], noms), nom


def projete(contenu: list[dict[str, object]], colonnes: set[str]) -> list[str]:
    noms = sorted(colonnes)
    return sorted(repr([rangee[nom] for nom in noms]) for rangee in contenu)
