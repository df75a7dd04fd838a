"""Backups: sealed, consistent, brought back on either engine; what was erased stays erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, func, select

from cartographie import comptes, propositions, registre, sauvegardes
from cartographie.acteurs import Diffusion, Statut
from cartographie.comptes import ouvertes
from cartographie.config import Settings
from cartographie.database import make_engine, reading, transaction
from cartographie.depots import Depot, MotifDepot, OrigineDepot
from cartographie.errors import ConfigurationError, SauvegardeError
from cartographie.models import Acteur, Revision, Version
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from cartographie.utilisateurs import RoleCompte
from tests.comptes import Gestion, Navigateur
from tests.fabrique import refuge
from tests.moteurs import MOTEURS
from tests.sauvegardes import (
    CLE,
    SECRET,
    SLUG,
    SQLITE,
    BaseVide,
    abaisser,
    ajouter,
    maintenant,
    octets,
    remettre,
)


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
@pytest.mark.parametrize("perdue", [False, True])
def test_a_message_that_was_erased_does_not_come_back(
    gestion: Gestion,
    administrateur: Navigateur,
    referentiel: Referentiel,
    base_vide: BaseVide,
    perdue: bool,
) -> None:
    site = gestion.app.extensions["cartographie"]
    reglages = replace(site.settings, sauvegarde_cle=CLE)
    gestion.app.extensions["cartographie"] = replace(site, settings=reglages)
    ajouter(gestion.engine)
    with transaction(gestion.engine) as session:
        for texte in ("À garder.", SECRET):
            depot = Depot(SLUG, OrigineDepot.PUBLIC, MotifDepot.AUTRE, texte)
            numero = propositions.submit(session, depot, referentiel, maintenant=maintenant())
    faite = sauvegardes.save(gestion.engine, reglages, maintenant())
    page = f"/gestion/propositions/{numero}/effacer"
    assert administrateur.poster(page, {"confirme": "oui"}).status_code == 303
    base = make_engine(base_vide("sqlite")) if perdue else gestion.engine
    remettre(base, reglages, faite.fichier, referentiel, remplacer=True)
    with reading(base) as session:
        assert [p.texte for p in propositions.pending(session)] == ["À garder."]
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
    with transaction(engine) as session:
        secret = ouvertes.open_session(session, eve.id, maintenant())
    faite = sauvegardes.save(engine, reglages, maintenant())
    with transaction(engine) as session:
        comptes.revoke(session, paul.id, maintenant())
    remettre(engine, reglages, faite.fichier, referentiel, remplacer=True)
    with reading(engine) as session:
        assert comptes.find_by_session(session, secret) is None
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
