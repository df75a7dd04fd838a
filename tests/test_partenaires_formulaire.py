"""A partner's form becomes a proposal; nothing that is not theirs to change is looked at."""

from __future__ import annotations

from html import unescape

from sqlalchemy import select

from cartographie import courrier, relances
from cartographie.database import reading, transaction
from cartographie.models import Rappel
from cartographie.rappels import Suivi
from tests.comptes import Gestion
from tests.fabrique import refuge
from tests.partenaire import (
    SLUG,
    ancienne,
    contexte,
    creer,
    en_attente,
    envoyer,
    exact,
    formulaire,
    rappeler,
    repondre,
    revision,
    saisie,
)
from tests.poste import Poste, lien

pytest_plugins = ["tests.bureau"]

# ── the form ──


def test_changes_become_a_proposal_and_the_record_stays(bureau: Gestion, recu: str) -> None:
    avant = saisie(bureau.engine)
    corps = formulaire(
        bureau, recu, conditions="Sur rendez-vous.", contacts__0__valeur="0476300099"
    )
    corps |= {"implantations.0.semaine.Sa.0": ["9:00"], "implantations.0.semaine.Sa.1": ["12:00"]}
    corps["remarque"] = ["Nous ouvrons le samedi."]
    reponse = repondre(bureau, recu, corps)
    assert (reponse.status_code, reponse.location) == (
        303,
        "/partenaires/merci?reponse=proposition",
    )
    (recue,) = en_attente(bureau.engine)
    assert (recue.slug, str(recue.origine), recue.revision) == (SLUG, "partenaire", 1)
    assert recue.texte == "Nous ouvrons le samedi."
    assert set(recue.changements) == {"conditions", "contacts", "implantations"}
    assert recue.changements["contacts"][0]["valeur"] == "0476300099"
    (porte,) = recue.changements["implantations"]
    assert porte["horaires"] == "Mo-Fr 09:00-17:00; Sa 09:00-12:00"
    assert (porte["adresse"], porte["precision"]) == ("12 rue des Alpes", "adresse")
    assert saisie(bureau.engine) == avant
    assert repondre(bureau, recu, corps).status_code == 410


def test_what_a_partner_may_not_change_is_not_even_looked_at(bureau: Gestion, recu: str) -> None:
    corps = formulaire(bureau, recu, frais="10 euros")
    corps |= {
        "nom": ["Autre nom"],
        "diffusion": ["interne"],
        "statut": ["archive"],
        "notes_internes": ["x"],
        "verifie_aujourdhui": ["1"],
        "participations.0.cible": ["2022-2024/3"],
        "participations.0.role": ["pilote"],
        "implantations.0.longitude": ["5,9"],
        "implantations.0.latitude": ["45,1"],
        "contacts.0.visibilite": ["interne"],
        "territoire": ["departement"],
    }
    assert repondre(bureau, recu, corps).status_code == 303
    (recue,) = en_attente(bureau.engine)
    assert dict(recue.changements) == {"frais": "10 euros"}


def test_the_page_of_the_form_shows_nothing_internal(bureau: Gestion, recu: str) -> None:
    for chemin in (recu, f"{recu}?modifier=1"):
        page = bureau.app.test_client().get(chemin).text
        for interne in ("NOTE-SECRETE", "interne@exemple.fr", "exemple.fr/contact", "BAN 0,92"):
            assert interne not in page


def test_a_fault_gives_everything_back_and_uses_nothing_up(bureau: Gestion, recu: str) -> None:
    corps = formulaire(bureau, recu, description="Accueil le jeudi.")
    corps["implantations.0.semaine.Sa.0"] = ["midi"]
    reponse = repondre(bureau, recu, corps)
    assert reponse.status_code == 422
    page = unescape(reponse.text)
    assert "Accueil le jeudi." in page
    assert 'value="midi"' in page
    assert en_attente(bureau.engine) == ()
    vide = repondre(bureau, recu, formulaire(bureau, recu))
    assert (vide.status_code, "Rien n’a été modifié" in vide.text) == (422, True)
    assert exact(bureau, recu).status_code == 303


def test_a_block_is_added_without_javascript_and_uses_nothing_up(
    bureau: Gestion, recu: str
) -> None:
    corps = formulaire(bureau, recu, description="En cours de frappe.")
    corps["geste"] = ["ajouter.contacts"]
    reponse = repondre(bureau, recu, corps)
    assert reponse.status_code == 200
    assert 'name="contacts.1.valeur"' in reponse.text
    assert "En cours de frappe." in unescape(reponse.text)
    assert bureau.app.test_client().get(recu).status_code == 200


def test_a_text_that_says_where_a_hidden_place_is_is_refused(bureau: Gestion, poste: Poste) -> None:
    creer(bureau, refuge())
    with transaction(bureau.engine) as session:
        courrier.set_suivi(session, "hebergement-grenoble", Suivi(None, "porteur@exemple.fr"))
    rappeler(bureau)
    envoyer(bureau)
    chemin = lien(poste.recus[0])
    corps = {
        "revision": revision(bureau, chemin),
        "geste": "proposer",
        "fin": "1",
        "missions": "hebergement-urgence",
        "conditions": "Sonner au 3 rue Lesdiguières",
    }
    reponse = repondre(bureau, chemin, corps)
    assert reponse.status_code == 422
    assert en_attente(bureau.engine) == ()
    with reading(bureau.engine) as session:
        assert session.execute(select(Rappel.repondu_le)).scalar_one() is None


def test_a_silent_partner_is_written_to_twice_then_called(bureau: Gestion, poste: Poste) -> None:
    creer(bureau, ancienne())
    situations = []
    for _ in range(4):
        rappeler(bureau)
        envoyer(bureau)
        with reading(bureau.engine) as session:
            veille = relances.veille_de(session, SLUG, contexte(bureau))
        assert veille is not None
        situations.append(veille.situation.value)
        bureau.horloge.avance(days=30)
    assert situations == ["ecrit", "ecrit", "muet", "muet"]
    assert len(poste.recus) == 2
    # Both links may still answer: the second one does, and the first keeps its own answer.
    bureau.horloge.avance(days=-31)
    assert exact(bureau, lien(poste.recus[1])).status_code == 303
    with reading(bureau.engine) as session:
        veille = relances.veille_de(session, SLUG, contexte(bureau))
    assert veille is not None
    assert veille.situation.value == "a-jour"
