"""`/gestion/propositions`: read first what cannot wait, decide field by field, erase for good."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from cartographie import courrier, propositions, registre
from cartographie.acteurs import Saisie
from cartographie.comptes import Compte
from cartographie.database import reading, transaction
from cartographie.depots import Decision, Depot
from cartographie.lettres import EtatCourrier
from cartographie.serialisation import to_json
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil
from tests.formulaires import champs
from tests.mondes.traces import SECRETS, contenu, lieu_secret
from tests.signalements import HOSTILES, SLUG, create, deposer, en_attente, envoyer
from tests.site import avec_classe, lire
from tests.site import texte as mots

LISTE = "/gestion/propositions"
CHANGES = {"conditions": "Sur rendez-vous.", "frais": "2 €"}


@pytest.fixture
def ici(gestion: Gestion) -> Gestion:
    """One public record."""
    create(gestion, accueil())
    return gestion


def proposer(gestion: Gestion, **valeurs: Any) -> str:  # noqa: ANN401
    """A partner's proposal; its page."""
    depot = Depot(SLUG, "partenaire", "mise-a-jour", changements=CHANGES)
    return f"{LISTE}/{deposer(gestion, replace(depot, **valeurs))}"


def champ(page: TestResponse, nom: str) -> str:
    return next(e.get("value", "") for e in lire(page.text).iter("input") if e.get("name") == nom)


def decider(
    qui: Navigateur, page: str, geste: str, revision: str = "", **autres: str
) -> TestResponse:
    """Press a button of the page as it is now."""
    revision = revision or champ(qui.get(page), "revision")
    return qui.poster(page, {"revision": revision, "geste": geste, **autres})


def actuelle(gestion: Gestion) -> Saisie:
    with reading(gestion.engine) as session:
        return registre.get_saisie(session, SLUG)[0]


def lignes(page: TestResponse) -> list[str]:
    corps = next(e for e in lire(page.text).iter("tbody"))
    return [mots(ligne) for ligne in corps.iter("tr")]


def test_the_list_and_the_home_say_what_waits(ici: Gestion, editeur: Navigateur) -> None:
    assert "Rien n’attend." in editeur.get(LISTE).text
    assert "à lire" not in editeur.get("/gestion").text
    proposer(ici)
    envoyer(ici, motif="ferme")
    envoyer(ici, motif="danger", texte="Vite.")
    noms = [mots(e) for e in avec_classe(lire(editeur.get(LISTE).text), "proposition__faits")]
    assert [nom.split(" 10 mars")[0] for nom in noms] == [
        "Cette fiche met quelqu’un en danger", "Mise à jour", "Service fermé",
    ]  # fmt: skip
    assert "3 propositions à lire : 1 dit" in mots(
        next(avec_classe(lire(editeur.get("/gestion").text), "fr-alert--error"))
    )


def test_one_field_of_two_is_accepted_and_public_and_in_the_history(
    ici: Gestion, editeur: Navigateur, eve: Compte
) -> None:
    page = proposer(ici)
    assert lignes(editeur.get(page)) == [
        "Accepter : Conditions Ouvert à tous.Sur rendez-vous.",
        "Accepter : Frais Gratuit2 €",
    ]
    assert decider(editeur, page, "choix", champ="frais").status_code == 303
    assert actuelle(ici) == accueil(frais="2 €")
    assert "2 €" in ici.client().get(f"/acteurs/{SLUG}").text
    historique = editeur.get(f"/gestion/acteurs/{SLUG}/historique").text
    assert "(proposition)" in historique
    decidee = editeur.get(page)
    assert "acceptée en partie" in decidee.text
    assert "par Ève Martin." in mots(lire(decidee.text))
    assert "Sur rendez-vous." in decidee.text
    assert eve.courriel not in decidee.text


@pytest.mark.parametrize(
    ("geste", "decision", "change"),
    [
        ("tout", Decision.ACCEPTEE, CHANGES),
        ("rien", Decision.REFUSEE, {}),
        ("traitee", Decision.TRAITEE, {}),
        ("zut", Decision.REFUSEE, {}),
    ],
)
def test_all_none_or_done_by_hand(
    ici: Gestion, editeur: Navigateur, geste: str, decision: Decision, change: dict[str, str]
) -> None:
    page = proposer(ici)
    assert decider(editeur, page, geste).status_code == 303
    assert actuelle(ici) == accueil(**change)
    with reading(ici.engine) as session:
        assert propositions.get(session, int(page.rpartition("/")[2])).decision is decision


def test_nothing_ticked_is_said(ici: Gestion, editeur: Navigateur) -> None:
    page = proposer(ici)
    refus = decider(editeur, page, "choix", mot="Merci d’avoir écrit.")
    assert refus.status_code == 422
    assert "Cochez au moins une ligne" in refus.text
    assert "Merci d’avoir écrit." in refus.text
    assert decider(editeur, page, "choix", champ="statut").status_code == 422


def test_what_the_rules_refuse_today_is_not_written(ici: Gestion, editeur: Navigateur) -> None:
    page = proposer(ici, changements={"contacts": to_json(accueil().contacts[:1])})
    # A rule that came later: the proposal was valid when it came.
    valeurs = {"c": json.dumps({"contacts": [{"kind": "telephone", "valeur": "04 76"}]})}
    with transaction(ici.engine) as session:
        session.execute(text("UPDATE proposition SET changements = :c"), valeurs)
    refus = decider(editeur, page, "tout")
    assert refus.status_code == 422
    assert "Il faut un numéro" in refus.text
    assert (actuelle(ici), len(en_attente(ici))) == (accueil(), 1)


def test_a_stale_one_shows_what_changed_since(ici: Gestion, editeur: Navigateur) -> None:
    page = proposer(ici)
    with transaction(ici.engine) as session:
        registre.update_acteur(
            session, SLUG, accueil(frais="5 €", sigle="MLM"), revision_lue=1, par="c", moyen="e"
        )
    vue = editeur.get(page)
    assert "La fiche a changé depuis cette proposition (2)" in vue.text
    assert "changé entre-temps" in vue.text
    assert decider(editeur, page, "tout").status_code == 303
    assert actuelle(ici) == accueil(sigle="MLM", **CHANGES)


def test_a_record_that_moves_under_the_moderator_is_read_again(
    ici: Gestion, editeur: Navigateur
) -> None:
    page = proposer(ici)
    vieille = champ(editeur.get(page), "revision")
    with transaction(ici.engine) as session:
        registre.update_acteur(
            session, SLUG, accueil(frais="5 €"), revision_lue=1, par="c", moyen="e"
        )
    conflit = decider(editeur, page, "tout", vieille, mot="Un mot à garder.")
    assert conflit.status_code == 409
    assert "Un mot à garder." in conflit.text
    assert actuelle(ici).frais == "5 €"
    assert decider(editeur, page, "tout", "faux").status_code == 400


def test_a_second_decision_changes_nothing(ici: Gestion, editeur: Navigateur) -> None:
    page = proposer(ici)
    revision = champ(editeur.get(page), "revision")
    assert decider(editeur, page, "rien", revision).status_code == 303
    encore = decider(editeur, page, "tout", revision)
    assert encore.status_code == 409
    assert "décidé avant vous" in encore.text
    assert actuelle(ici) == accueil()


def test_a_word_goes_to_a_partner_and_to_nobody_else(ici: Gestion, editeur: Navigateur) -> None:
    page = proposer(ici)
    assert "par courriel à interne@exemple.fr" in editeur.get(page).text
    decider(editeur, page, "rien", mot="Merci, c’était déjà juste.")
    envoyer(ici, motif="ferme")
    public = f"{LISTE}/{en_attente(ici)[0].id}"
    assert "Le public ne laisse pas d’adresse" in editeur.get(public).text
    decider(editeur, public, "rien", mot="Pour les collègues.")
    with transaction(ici.engine) as session:
        assert courrier.summary(session)[EtatCourrier.ATTENTE] == 1
        lettre = courrier.claim(session, ici.horloge())
    assert lettre is not None
    assert (lettre.a, "déjà juste" in lettre.corps) == ("interne@exemple.fr", True)
    assert "Pour les collègues." in editeur.get(public).text


def test_a_text_is_read_beside_the_form(ici: Gestion, editeur: Navigateur) -> None:
    envoyer(ici, motif="autre", texte="On y parle aussi portugais.")
    numero = en_attente(ici)[0].id
    fiche = f"/gestion/acteurs/{SLUG}"
    page = editeur.get(f"{fiche}?proposition={numero}")
    assert "On y parle aussi portugais." in page.text
    tapes: dict[str, Any] = {**champs(page.text), "langues": ["fr", "pt"]}
    assert tapes["proposition"] == [str(numero)]
    apercu = editeur.poster(fiche, {**tapes, "geste": "apercu"})
    assert champ(apercu, "proposition") == str(numero)
    garde = editeur.poster(fiche, {**tapes, "geste": "enregistrer"})
    assert f"proposition={numero}" in garde.headers["Location"]
    for autre in ("", "999", "zut", "9" * 30):
        assert "saisie__proposition" not in editeur.get(f"{fiche}?proposition={autre}").text


def test_erasing_asks_once_then_leaves_nothing(ici: Gestion, editeur: Navigateur) -> None:
    page = proposer(ici, texte="zirconium", changements={"frais": "zirconium"})
    demande = editeur.poster(f"{page}/effacer")
    assert "Effacer pour de bon" in demande.text
    assert len(en_attente(ici)) == 1
    fait = editeur.poster(f"{page}/effacer", {"confirme": "oui"})
    assert fait.headers["Location"] == f"{LISTE}?fait=effacee"
    assert b"zirconium" not in contenu(ici.engine)
    assert editeur.get(page).status_code == 404
    assert editeur.poster(f"{page}/effacer", {"confirme": "oui"}).status_code == 404


def test_the_page_that_hides_a_record_lists_its_messages(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(gestion, lieu_secret())
    depot = Depot(lieu_secret().slug, "public", "danger", f"On lit {SECRETS[0]} !")
    numero = deposer(gestion, depot)
    page = editeur.get(f"/gestion/acteurs/{depot.slug}/diffusion?vers=zone").text
    assert f'href="{LISTE}/{numero}"' in page
    assert "Les messages reçus disparaissent aussi" in page
    assert (
        "messages reçus"
        not in editeur.get(f"/gestion/acteurs/{depot.slug}/diffusion?vers=publique").text
    )


def test_hostile_texts_stay_texts_for_whoever_moderates(ici: Gestion, editeur: Navigateur) -> None:
    scripts = len(list(lire(editeur.get(LISTE).text).iter("script")))
    for hostile in HOSTILES:
        changements = {"conditions": hostile, "frais": hostile[:100]}
        if any(signe in hostile for signe in "\u202e"):
            changements = {}
        page = proposer(ici, texte=hostile, changements=changements)
        for adresse in (page, LISTE, f"/gestion/acteurs/{SLUG}?proposition={page[-1]}"):
            arbre = lire(editeur.get(adresse).text)
            attendus = scripts if adresse != LISTE and "acteurs" not in adresse else None
            assert attendus in (None, len(list(arbre.iter("script"))))
            assert not [e for e in arbre.iter() if any(nom.startswith("on") for nom in e.attrib)]
        message = mots(next(avec_classe(lire(editeur.get(page).text), "proposition__texte")))
        assert message == " ".join(hostile.replace("\u202e", "").split())
        decider(editeur, page, "tout", mot=hostile)
    public = lire(ici.client().get(f"/acteurs/{SLUG}").text)
    assert HOSTILES[-1] in mots(public)


def test_a_big_body_is_refused(ici: Gestion, editeur: Navigateur) -> None:
    page = proposer(ici)
    assert decider(editeur, page, "rien", mot="a" * 600_000).status_code == 413
    assert len(en_attente(ici)) == 1


def test_the_counts_outlive_the_messages(ici: Gestion, editeur: Navigateur) -> None:
    vieille = proposer(ici)
    decider(editeur, vieille, "rien")
    ici.horloge.avance(days=91)
    neuve = Navigateur(ici.app)
    assert neuve.get(LISTE).status_code == 303
    page = proposer(ici)
    with transaction(ici.engine) as session:
        numero = int(page.rpartition("/")[2])
        verdict = propositions.Verdict(Decision.TRAITEE, "c")
        propositions.decide(session, numero, verdict, maintenant=ici.horloge() + timedelta(hours=1))
    with reading(ici.engine) as session:
        assert [p.id for p in propositions.decided(session)] == [numero]
        assert sum(n for *_, n in propositions.decisions(session)) == 2
