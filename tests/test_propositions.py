"""Proposals in the database: what they may say, who decides, and what stays of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from cartographie import propositions, registre
from cartographie.acteurs import Contact, ContactKind, Diffusion, Saisie, Statut, Visibilite
from cartographie.database import compact, reading, transaction
from cartographie.depots import (
    CHANGEMENTS_MAX,
    PROPOSABLES,
    Decision,
    Depot,
    MotifDepot,
    Proposition,
    appliquer,
)
from cartographie.errors import ConflitError, IntrouvableError, SaisieError
from cartographie.propositions import Verdict
from cartographie.reduction import Demande
from cartographie.referentiel import Referentiel
from cartographie.serialisation import ORDRE, to_json
from tests.comptes import en_parallele
from tests.fabrique import LE_115, accueil, refuge
from tests.mondes.traces import SECRETS, SLUG, contenu, lieu_secret, traces

QUAND = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
LA_MURE = "accueil-la-mure"
NOUVEAU = {"conditions": "Sur rendez-vous.", "frais": "2 €"}
FUYANTS = ("Au 12 rue des Alpes.", "Appelez le 04 76 30 00 09.", "Code postal 38350.")


def depot(slug: str = LA_MURE, **valeurs: Any) -> Depot:  # noqa: ANN401
    return replace(Depot(slug, "partenaire", "mise-a-jour"), **valeurs)


def create(engine: Engine, *saisies: Saisie) -> None:
    with transaction(engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="camille", moyen="essai")


def submit(engine: Engine, un: Depot, referentiel: Referentiel, quand: datetime = QUAND) -> int:
    with transaction(engine) as session:
        return propositions.submit(session, un, referentiel, maintenant=quand)


def decide(engine: Engine, numero: int, verdict: Verdict, quand: datetime = QUAND) -> bool:
    with transaction(engine) as session:
        return propositions.decide(session, numero, verdict, maintenant=quand)


def pending(engine: Engine) -> list[Proposition]:
    with reading(engine) as session:
        return list(propositions.pending(session))


def fautes(engine: Engine, un: Depot, referentiel: Referentiel) -> set[str]:
    with pytest.raises(SaisieError) as refus:
        submit(engine, un, referentiel)
    return {faute.champ for faute in refus.value.fautes}


def test_a_proposal_is_kept_beside_a_record_that_does_not_move(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil())
    avant = etat(engine)
    texte = "<b>Fermé</b> le lundi\r\n\x07\u202e"
    numero = submit(engine, depot(texte=texte, changements=NOUVEAU), referentiel)
    assert etat(engine) == avant
    (une,) = pending(engine)
    assert (une.id, une.slug, une.revision, une.changements) == (numero, LA_MURE, 1, NOUVEAU)
    assert une.texte == "<b>Fermé</b> le lundi"


def etat(engine: Engine) -> tuple[Saisie, int, int]:
    with transaction(engine) as session:
        return *registre.get_saisie(session, LA_MURE), registre.lock(session)


def test_every_fault_of_a_proposal_is_told(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    interdits = {nom: to_json(getattr(accueil(), nom)) for nom in ORDRE if nom not in PROPOSABLES}
    assert {"slug", "statut", "diffusion", "notes_internes", "participations"} <= set(interdits)
    un = depot(origine="ami", motif="bruit", texte="a" * 501, changements=interdits | {"zut": 1})
    vues = fautes(engine, replace(un, precisions={"nom": "Ève"}), referentiel)
    assert vues == {*interdits, "zut", "origine", "motif", "texte", "nom"}
    faux = depot(changements={"contacts": [{"kind": "telephone", "valeur": "04 76"}]})
    assert fautes(engine, faux, referentiel) == {"contacts.0.valeur"}
    assert fautes(engine, depot(changements={"frais": ["2 €"]}), referentiel) == {"frais"}
    long = depot(changements={"description": "a" * CHANGEMENTS_MAX})
    assert "" in fautes(engine, long, referentiel)
    with pytest.raises(IntrouvableError):
        submit(engine, depot("absent"), referentiel)
    assert pending(engine) == []


def test_inner_contacts_are_neither_proposed_nor_lost(
    engine: Engine, referentiel: Referentiel
) -> None:
    interne = Contact(ContactKind.TELEPHONE, "04 76 30 00 77", visibilite=Visibilite.INTERNE)
    base = accueil(contacts=(interne, *accueil().contacts))
    neuf = to_json((Contact(ContactKind.TELEPHONE, "04 76 30 00 55"),))
    apres = appliquer(base, {"contacts": neuf})
    assert [c.valeur for c in apres.contacts] == [
        "04 76 30 00 77", "04 76 30 00 55", "interne@exemple.fr",
    ]  # fmt: skip
    create(engine, base)
    force = depot(changements={"contacts": to_json((interne,))})
    assert fautes(engine, force, referentiel) == {"contacts.0.visibilite"}


@pytest.mark.parametrize("texte", FUYANTS)
def test_of_a_zone_nothing_that_tells_the_place_is_kept(
    engine: Engine, referentiel: Referentiel, texte: str
) -> None:
    create(engine, refuge())
    slug = refuge().slug
    portes = to_json(accueil().implantations)
    assert fautes(engine, depot(slug, texte=texte), referentiel) == {"texte"}
    lieu = depot(slug, changements={"implantations": portes, "site_web": "https://x.fr"})
    assert fautes(engine, lieu, referentiel) == {"implantations", "site_web"}
    assert fautes(engine, depot(slug, precisions={"adresse": "x"}), referentiel) == {"adresse"}
    assert texte.encode() not in contenu(engine)
    submit(engine, depot(slug, texte="La ligne ne répond plus."), referentiel)


def test_the_public_proposes_about_what_it_sees_only(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil(statut=Statut.BROUILLON), accueil("cachee", diffusion=Diffusion.INTERNE))
    for slug in (LA_MURE, "cachee"):
        with pytest.raises(IntrouvableError):
            submit(engine, depot(slug, origine="public", motif="ferme"), referentiel)
        submit(engine, depot(slug), referentiel)


def test_one_sending_is_kept_once(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    un = depot(texte="Fermé.", envoi="abc")

    def envoyer(session: Any, _n: int) -> int:  # noqa: ANN401
        return propositions.submit(session, un, referentiel, maintenant=QUAND)

    assert len(set(en_parallele(engine, 4, envoyer))) == 1
    assert submit(engine, replace(un, envoi="abd"), referentiel) == pending(engine)[1].id


def test_danger_comes_first_then_the_oldest(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    for minute, motif in enumerate(("ferme", "autre", "danger", "demenage", "danger")):
        quand = QUAND + timedelta(minutes=minute)
        submit(engine, depot(origine="public", motif=motif), referentiel, quand)
    assert [str(p.motif) for p in pending(engine)] == [
        "danger", "danger", "ferme", "autre", "demenage",
    ]  # fmt: skip
    with reading(engine) as session:
        assert propositions.count(session) == (5, 2)


def test_a_decision_and_its_write_are_one(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    numero = submit(engine, depot(changements=NOUVEAU), referentiel)
    apres = appliquer(accueil(), NOUVEAU)
    verdict = Verdict(Decision.ACCEPTEE, "camille", "Merci.", apres, revision_lue=1)
    with pytest.raises(ConflitError):
        decide(engine, numero, replace(verdict, revision_lue=7))
    with pytest.raises(SaisieError):
        decide(engine, numero, replace(verdict, mot="a" * 501))
    assert pending(engine)[0].decision is None
    assert decide(engine, numero, verdict) is True
    assert decide(engine, numero, replace(verdict, decision=Decision.REFUSEE)) is False
    with reading(engine) as session:
        derniere = registre.history(session, LA_MURE)[0]
        decidee = propositions.get(session, numero)
    assert (derniere.moyen, derniere.numero, derniere.apres) == ("proposition", 2, apres)
    assert (decidee.decision, decidee.mot, decidee.decidee_par) == (
        Decision.ACCEPTEE, "Merci.", "camille",
    )  # fmt: skip


def test_two_moderators_at_once_decide_once(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    numero = submit(engine, depot(changements=NOUVEAU), referentiel)

    def trancher(session: Any, n: int) -> bool:  # noqa: ANN401
        verdict = Verdict(Decision.REFUSEE, f"m{n}")
        return propositions.decide(session, numero, verdict, maintenant=QUAND)

    assert sorted(en_parallele(engine, 4, trancher)) == [False, False, False, True]
    assert counts(engine) == [(date(2026, 3, 10), "mise-a-jour", "refusee", 1)]


def counts(engine: Engine) -> list[tuple[date, MotifDepot, Decision, int]]:
    with reading(engine) as session:
        return list(propositions.decisions(session))


def test_ninety_days_later_only_a_count_is_left(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    mot = "zirconium"
    for _ in range(2):
        un = depot(texte=mot, changements={"frais": mot}, precisions={"depuis": mot})
        numero = submit(engine, un, referentiel)
        decide(engine, numero, Verdict(Decision.REFUSEE, "camille", mot))
    attend = submit(engine, depot(texte="encore là"), referentiel)
    with transaction(engine) as session:
        assert propositions.purge(session, QUAND + timedelta(days=90)) == 0
        assert propositions.purge(session, QUAND + timedelta(days=90, seconds=1)) == 2
    compact(engine, propositions.TABLES)
    assert mot.encode() not in contenu(engine)
    assert counts(engine) == [(date(2026, 3, 10), "mise-a-jour", "refusee", 2)]
    assert [p.id for p in pending(engine)] == [attend]


@pytest.mark.parametrize("decidee", [False, True])
def test_an_erased_message_leaves_no_trace(
    engine: Engine, referentiel: Referentiel, decidee: bool
) -> None:
    create(engine, accueil())
    mot = "zirconium"
    numero = submit(engine, depot(texte=mot, precisions={"depuis": mot}), referentiel)
    assert mot.encode() in contenu(engine)
    if decidee:
        decide(engine, numero, Verdict(Decision.REFUSEE, "camille", mot))
    with transaction(engine) as session:
        propositions.erase(session, numero)
    assert compact(engine, propositions.TABLES)
    assert mot.encode() not in contenu(engine)
    assert (pending(engine), counts(engine)) == ([], [])


def test_lowering_a_record_erases_what_was_proposed_about_it(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret(), refuge())
    for motif in ("demenage", "danger", "autre"):
        un = depot(SLUG, origine="public", motif=motif, texte=" ; ".join(SECRETS))
        portes = {"implantations": to_json(lieu_secret().implantations)}
        submit(engine, replace(un, changements=portes), referentiel)
    decide(engine, pending(engine)[-1].id, Verdict(Decision.REFUSEE, "camille", SECRETS[0]))
    autre = submit(engine, depot(refuge().slug, texte="Rien à voir."), referentiel)
    with transaction(engine) as session:
        effaces = registre.lower(
            session, SLUG, Demande(Diffusion.ZONE, LE_115), referentiel, revision_lue=1, par="c"
        )
    assert effaces[-1] == "propositions"
    registre.compact(engine)
    assert traces(contenu(engine)) == []
    danger, reste = pending(engine)
    assert (danger.motif, danger.texte, danger.changements) == (MotifDepot.DANGER, "", {})
    assert reste.id == autre
