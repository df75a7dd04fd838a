"""The only writer: revisions, conflicts, and what it refuses. On both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from cartographie import registre
from cartographie.acteurs import Acces, Diffusion, Saisie, Statut
from cartographie.database import reading, transaction
from cartographie.errors import ConflitError, IntrouvableError, SaisieError
from cartographie.models import Acteur, Implantation, Revision, Version
from cartographie.referentiel import Referentiel
from cartographie.serialisation import to_dict
from tests.fabrique import accueil, refuge


def create(engine: Engine, *saisies: Saisie) -> None:
    with transaction(engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="Camille", moyen="formulaire")


def update(engine: Engine, slug: str, saisie: Saisie, revision_lue: int) -> bool:
    with transaction(engine) as session:
        return registre.update_acteur(
            session, slug, saisie, revision_lue=revision_lue, par="Dominique", moyen="formulaire"
        )


def read(engine: Engine, slug: str) -> tuple[Saisie, int]:
    with reading(engine) as session:
        return registre.get_saisie(session, slug)


def version(engine: Engine) -> int:
    with reading(engine) as session:
        return session.execute(select(Version.n)).scalar_one()


@pytest.mark.parametrize("saisie", [accueil(), refuge(), accueil(territoire=None, porteur="")])
def test_a_record_comes_back_as_it_entered(engine: Engine, saisie: Saisie) -> None:
    create(engine, saisie)
    assert read(engine, saisie.slug) == (saisie, 1)


def test_each_write_keeps_the_whole_record_before_and_after(engine: Engine) -> None:
    create(engine, accueil())
    apres = accueil(nom="Accueil de la Matheysine", implantations=(), porteur="")
    assert update(engine, "accueil-la-mure", apres, 1)
    with reading(engine) as session:
        premiere, seconde = session.scalars(select(Revision).order_by(Revision.numero))
    assert (premiere.avant, premiere.apres) == (None, to_dict(accueil()))
    assert (seconde.avant, seconde.apres) == (to_dict(accueil()), to_dict(apres))
    assert (premiere.par, seconde.par, seconde.moyen) == ("Camille", "Dominique", "formulaire")
    assert premiere.quand <= seconde.quand


def test_an_update_replaces_doors_and_leaves_none_behind(engine: Engine) -> None:
    create(engine, accueil())
    update(engine, "accueil-la-mure", accueil(implantations=()), 1)
    assert read(engine, "accueil-la-mure") == (accueil(implantations=()), 2)
    with reading(engine) as session:
        assert session.scalars(select(Implantation)).all() == []


def test_an_update_that_changes_nothing_writes_nothing(engine: Engine) -> None:
    create(engine, accueil())
    avant = version(engine)
    assert not update(engine, "accueil-la-mure", accueil(), 1)
    assert read(engine, "accueil-la-mure")[1] == 1
    assert version(engine) == avant


def test_a_stale_edit_is_refused_and_nothing_is_lost(engine: Engine) -> None:
    create(engine, accueil())
    update(engine, "accueil-la-mure", accueil(nom="Première"), 1)
    avant = version(engine)
    with pytest.raises(ConflitError) as conflit:
        update(engine, "accueil-la-mure", accueil(nom="Seconde"), 1)
    assert (conflit.value.lue, conflit.value.actuelle) == (1, 2)
    assert read(engine, "accueil-la-mure")[0].nom == "Première"
    assert version(engine) == avant


def test_every_write_moves_the_version_and_marks_the_record(engine: Engine) -> None:
    avant = version(engine)
    create(engine, accueil(), refuge())
    update(engine, "accueil-la-mure", accueil(nom="Autre"), 1)
    with reading(engine) as session:
        marques = {
            ligne.slug: ligne.version_modification
            for ligne in session.execute(select(Acteur.slug, Acteur.version_modification))
        }
    assert marques == {"accueil-la-mure": avant + 3, "hebergement-grenoble": avant + 2}
    assert version(engine) == avant + 3


def test_archived_is_not_deleted(engine: Engine) -> None:
    create(engine, accueil())
    update(engine, "accueil-la-mure", accueil(statut=Statut.ARCHIVE), 1)
    assert read(engine, "accueil-la-mure") == (accueil(statut=Statut.ARCHIVE), 2)


def test_a_slug_is_taken_once(engine: Engine) -> None:
    create(engine, accueil())
    with pytest.raises(SaisieError, match="déjà pris"):
        create(engine, accueil(nom="Homonyme"))


def test_a_slug_never_changes(engine: Engine) -> None:
    create(engine, accueil())
    with pytest.raises(SaisieError, match="ne change jamais"):
        update(engine, "accueil-la-mure", accueil("autre-slug"), 1)


def test_a_porteur_must_exist(engine: Engine) -> None:
    with pytest.raises(SaisieError, match="porteur"):
        create(engine, accueil(porteur="personne"))


@pytest.mark.parametrize("saisie", [accueil(), refuge()])
@pytest.mark.parametrize("vers", Diffusion)
def test_a_plain_update_never_changes_the_diffusion(
    engine: Engine, saisie: Saisie, vers: Diffusion
) -> None:
    create(engine, saisie)
    change = replace(saisie, nom="Autre", diffusion=vers)
    if vers is saisie.diffusion:
        assert update(engine, saisie.slug, change, 1)
        return
    with pytest.raises(SaisieError, match="a sa page"):
        update(engine, saisie.slug, change, 1)
    assert read(engine, saisie.slug) == (saisie, 1)


def test_the_database_is_the_last_guard_and_its_refusal_says_nothing_of_the_record(
    engine: Engine,
) -> None:
    with pytest.raises(SaisieError) as refus:
        create(engine, refuge(acces=Acces.DIRECT, site_web="https://adresse-secrete.fr"))
    assert refus.value.__suppress_context__
    assert "secrete" not in str(refus.value)
    with pytest.raises(IntrouvableError):
        read(engine, "hebergement-grenoble")


def test_absent_is_said_so(engine: Engine) -> None:
    with pytest.raises(IntrouvableError):
        read(engine, "personne")
    with pytest.raises(IntrouvableError):
        update(engine, "personne", accueil("personne"), 1)


def test_every_record_is_listed_in_the_order_of_slugs(engine: Engine) -> None:
    create(engine, refuge(), accueil(diffusion=Diffusion.INTERNE, statut=Statut.BROUILLON))
    with reading(engine) as session:
        assert [s.slug for s in registre.saisies(session)] == [
            "accueil-la-mure",
            "hebergement-grenoble",
        ]
        assert registre.revisions(session) == {"accueil-la-mure": 1, "hebergement-grenoble": 1}


def test_porteurs_come_before_their_services() -> None:
    chaine = [accueil("a", porteur="b"), accueil("b", porteur="c"), accueil("c"), accueil("d")]
    assert [s.slug for s in registre.porteurs_first(chaine)] == ["c", "d", "b", "a"]


def test_a_preview_is_what_publishing_would_show(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil("porteur", nom="Association"))
    brouillon = accueil(statut=Statut.BROUILLON, porteur="porteur")
    with reading(engine) as session:
        fiche = registre.preview(session, brouillon, referentiel.communes)
        cachee = registre.preview(
            session, accueil(diffusion=Diffusion.INTERNE), referentiel.communes
        )
    assert fiche is not None
    assert fiche.porteur is not None
    assert fiche.porteur.nom == "Association"
    assert cachee is None
