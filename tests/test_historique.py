"""What was written is read again, brought back or undone together. On both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Contact, ContactKind, Diffusion, Saisie, Statut
from cartographie.database import reading, transaction
from cartographie.errors import ConflitError, IntrouvableError, SaisieError
from cartographie.referentiel import Referentiel
from cartographie.registre import Annulation
from tests.fabrique import accueil, refuge

AVANT = datetime(2020, 1, 1, tzinfo=UTC)
APRES = datetime.now(UTC) + timedelta(days=1)
LIGNE = Contact(ContactKind.TELEPHONE, "04 76 30 00 09", "Nouvelle ligne")


def create(engine: Engine, *saisies: Saisie, par: str = "camille@exemple.fr") -> None:
    with transaction(engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par=par, moyen="formulaire")


def write(engine: Engine, saisie: Saisie, revision: int, par: str = "dominique@exemple.fr") -> None:
    with transaction(engine) as session:
        registre.update_acteur(
            session, saisie.slug, saisie, revision_lue=revision, par=par, moyen="formulaire"
        )


def read(engine: Engine, slug: str) -> tuple[Saisie, int]:
    with reading(engine) as session:
        return registre.get_saisie(session, slug)


def restore(engine: Engine, referentiel: Referentiel, slug: str, numero: int, lue: int) -> bool:
    with transaction(engine) as session:
        return registre.restore(
            session, slug, numero, referentiel, revision_lue=lue, par="camille@exemple.fr"
        )


def plan(engine: Engine, referentiel: Referentiel, compte: str, depuis: datetime) -> Annulation:
    with reading(engine) as session:
        return registre.plan_undo(session, compte, depuis, referentiel)


def undo(engine: Engine, referentiel: Referentiel, compte: str, vues: dict[str, int]) -> Annulation:
    with transaction(engine) as session:
        return registre.undo(session, compte, AVANT, vues, referentiel, par="admin@exemple.fr")


def test_the_history_says_who_when_through_what_before_and_after(engine: Engine) -> None:
    create(engine, accueil())
    write(engine, accueil(contacts=(LIGNE,)), 1)
    with reading(engine) as session:
        seconde, premiere = registre.history(session, "accueil-la-mure")
        assert registre.last_write(session, "accueil-la-mure") == seconde
    assert (premiere.numero, premiere.par, premiere.avant) == (1, "camille@exemple.fr", None)
    assert (seconde.numero, seconde.par, seconde.moyen) == (
        2,
        "dominique@exemple.fr",
        "formulaire",
    )
    assert (seconde.avant, seconde.apres) == (accueil(), accueil(contacts=(LIGNE,)))
    assert premiere.quand <= seconde.quand


def test_a_record_that_does_not_exist_has_no_history(engine: Engine) -> None:
    for lire in (registre.history, registre.last_write):
        with reading(engine) as session, pytest.raises(IntrouvableError):
            lire(session, "personne")


def test_restoring_brings_the_old_number_back_as_a_new_revision(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil())
    write(engine, accueil(contacts=(LIGNE,)), 1)
    assert restore(engine, referentiel, "accueil-la-mure", 1, 2)
    assert read(engine, "accueil-la-mure") == (accueil(), 3)
    with reading(engine) as session:
        derniere = registre.history(session, "accueil-la-mure")[0]
    assert derniere.moyen == "restauration de la révision 1"
    assert derniere.avant == accueil(contacts=(LIGNE,))


def test_restoring_the_present_state_writes_nothing(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil())
    assert not restore(engine, referentiel, "accueil-la-mure", 1, 1)
    assert read(engine, "accueil-la-mure")[1] == 1


def test_restoring_over_somebody_elses_write_is_refused(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil())
    write(engine, accueil(nom="Deux"), 1)
    with pytest.raises(ConflitError):
        restore(engine, referentiel, "accueil-la-mure", 1, 1)
    assert read(engine, "accueil-la-mure")[0].nom == "Deux"


def test_an_absent_revision_is_said_so(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    with pytest.raises(IntrouvableError):
        restore(engine, referentiel, "accueil-la-mure", 7, 1)


def test_a_state_that_rules_refuse_today_does_not_come_back(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil(type="N-EXISTE-PLUS"))
    write(engine, accueil(), 1)
    with pytest.raises(SaisieError, match="Ce type n’existe pas"):
        restore(engine, referentiel, "accueil-la-mure", 1, 2)


# ── undoing what an account wrote ──


def test_an_accounts_writes_are_undone_together(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil(), refuge())
    write(engine, accueil(nom="Détourné"), 1)
    write(engine, accueil(nom="Détourné encore"), 2)
    write(engine, replace(refuge(), frais="Inventés"), 1)
    essai = plan(engine, referentiel, "dominique@exemple.fr", AVANT)
    assert [(a.slug, a.revision, a.ecritures) for a in essai.annulables] == [
        ("accueil-la-mure", 3, 2),
        ("hebergement-grenoble", 2, 1),
    ]
    assert read(engine, "accueil-la-mure")[0].nom == "Détourné encore"
    fait = undo(
        engine, referentiel, "dominique@exemple.fr", {a.slug: a.revision for a in essai.annulables}
    )
    assert len(fait.annulables) == 2
    assert read(engine, "accueil-la-mure") == (accueil(), 4)
    assert read(engine, "hebergement-grenoble") == (refuge(), 3)
    with reading(engine) as session:
        derniere = registre.history(session, "accueil-la-mure")[0]
    assert (derniere.par, derniere.moyen) == (
        "admin@exemple.fr",
        "annulation des écritures de dominique@exemple.fr",
    )


def test_undoing_twice_changes_nothing_more(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    write(engine, accueil(nom="Détourné"), 1)
    undo(engine, referentiel, "dominique@exemple.fr", {"accueil-la-mure": 2})
    encore = plan(engine, referentiel, "dominique@exemple.fr", AVANT)
    assert encore == Annulation((), ())


def test_what_somebody_wrote_after_is_taken_up_by_hand(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil())
    write(engine, accueil(nom="Détourné"), 1)
    write(engine, accueil(nom="Détourné", frais="10 €"), 2, par="camille@exemple.fr")
    essai = plan(engine, referentiel, "dominique@exemple.fr", AVANT)
    assert essai.annulables == ()
    assert [(a.slug, a.raison) for a in essai.a_reprendre] == [
        ("accueil-la-mure", "camille@exemple.fr a écrit depuis (révision 3).")
    ]


def test_only_what_was_shown_and_did_not_move_is_undone(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil(), refuge())
    write(engine, accueil(nom="Détourné"), 1)
    write(engine, replace(refuge(), frais="Inventés"), 1)
    fait = undo(engine, referentiel, "dominique@exemple.fr", {"accueil-la-mure": 1})
    assert fait.annulables == ()
    assert [a.slug for a in fait.a_reprendre] == ["accueil-la-mure"]
    assert read(engine, "hebergement-grenoble")[1] == 2


def test_what_was_written_before_the_moment_stays(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    write(engine, accueil(nom="Voulu"), 1)
    assert plan(engine, referentiel, "dominique@exemple.fr", APRES) == Annulation((), ())


def test_a_record_that_the_account_made_is_archived_not_deleted(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil(), par="dominique@exemple.fr")
    (annulable,) = plan(engine, referentiel, "dominique@exemple.fr", AVANT).annulables
    assert annulable.creee
    undo(engine, referentiel, "dominique@exemple.fr", {"accueil-la-mure": 1})
    assert read(engine, "accueil-la-mure") == (accueil(statut=Statut.ARCHIVE), 2)


# ── « vérifié aujourd’hui » ──


def test_a_selection_is_verified_in_one_go_and_stale_ones_are_refused_by_name(
    engine: Engine,
) -> None:
    create(engine, accueil(), refuge())
    write(engine, accueil(nom="Renommé"), 1)
    jour = date(2026, 3, 10)
    with transaction(engine) as session:
        faites, refus = registre.confirm(
            session,
            [("accueil-la-mure", 1), ("hebergement-grenoble", 1), ("personne", 1)],
            jour=jour,
            verifie_par="Camille",
            par="camille@exemple.fr",
        )
    assert faites == 1
    assert [(r.slug, r.nom) for r in refus] == [
        ("accueil-la-mure", "Renommé"),
        ("personne", "personne"),
    ]
    saisie, revision = read(engine, "hebergement-grenoble")
    assert (saisie.verifie_le, saisie.verifie_par, revision) == (jour, "Camille", 2)
    assert saisie.diffusion is Diffusion.ZONE
    assert read(engine, "accueil-la-mure")[0].verifie_le == accueil().verifie_le
