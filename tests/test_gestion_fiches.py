"""The form of a record over a real site: saved, refused, sent with more than it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.comptes import Navigateur
from tests.fabrique import accueil, refuge
from tests.formulaires import (
    NUMERO,
    SLUG,
    champs,
    envoyer,
    gardee,
    ouvrir,
    revisions,
)
from tests.site import MARDI, avec_classe, lire, par_id, texte

pytest_plugins = ("tests.mure",)


# ── save ──


def test_a_form_sent_back_as_it_came_writes_nothing(mure: Flask, editeur: Navigateur) -> None:
    for slug in (SLUG, "hebergement-grenoble"):
        reponse = envoyer(editeur, slug, ouvrir(editeur, slug))
        assert reponse.status_code == 303
        assert len(revisions(mure, slug)) == 1


def test_a_number_that_is_changed_is_public_at_once(mure: Flask, editeur: Navigateur) -> None:
    reponse = envoyer(editeur, SLUG, ouvrir(editeur, SLUG), **{"contacts.0.valeur": NUMERO})
    assert reponse.status_code == 303
    assert NUMERO in editeur.get(f"/acteurs/{SLUG}").text
    assert revisions(mure)[0] == (2, "editeur@exemple.fr", "formulaire")
    page = editeur.get(reponse.headers["Location"])
    assert "C’est enregistré" in page.text
    assert gardee(mure, SLUG)[0] == replace(
        accueil(), contacts=(replace(accueil().contacts[0], valeur=NUMERO), accueil().contacts[1])
    )


def test_every_fault_stands_beside_its_field_and_in_the_summary(
    mure: Flask, editeur: Navigateur
) -> None:
    fautes = {"nom": "", "contacts.0.valeur": "zéro", "implantations.0.commune": "Zzz"}
    reponse = envoyer(
        editeur, SLUG, ouvrir(editeur, SLUG), notes_internes="gardée", frais="2 €", **fautes
    )
    assert reponse.status_code == 422
    arbre = lire(reponse.text)
    resume = par_id(arbre, "erreurs")
    liens = [a.get("href", "") for a in resume.iter("a")]
    assert liens == ["#nom", "#implantations-0-commune", "#contacts-0-valeur"]
    for lien in liens:
        champ = par_id(arbre, lien[1:])
        assert champ.get("aria-invalid") == "true"
        assert texte(par_id(arbre, champ.get("aria-describedby", "")))
    # Everything that was typed is still there, right or wrong.
    revenus = champs(reponse.text)
    assert revenus["notes_internes"] == ["gardée"]
    assert revenus["frais"] == ["2 €"]
    assert [revenus[nom] for nom in fautes] == [[valeur] for valeur in fautes.values()]
    assert len(revisions(mure)) == 1


def test_pressing_twice_and_coming_back_to_send_again_are_harmless(
    mure: Flask, editeur: Navigateur
) -> None:
    tapes = ouvrir(editeur, SLUG)
    for _ in range(3):
        assert envoyer(editeur, SLUG, tapes, frais="2 €").status_code == 303
    assert [numero for numero, _, _ in revisions(mure)] == [2, 1]
    # An old form in which nothing was changed has nothing to lose.
    assert envoyer(editeur, SLUG, tapes).status_code == 303
    assert gardee(mure, SLUG)[0].frais == "2 €"


def test_one_more_block_comes_from_the_server_with_everything_typed(
    mure: Flask, editeur: Navigateur
) -> None:
    tapes = ouvrir(editeur, SLUG)
    page = envoyer(editeur, SLUG, tapes, "ajouter.contacts", nom="", frais="2 €")
    assert page.status_code == 200
    revenus = champs(page.text)
    assert (revenus["nom"], revenus["frais"]) == ([""], ["2 €"])
    assert revenus["contacts.2.valeur"] == [""]
    reponse = envoyer(editeur, SLUG, revenus, nom="Accueil", **{"contacts.2.valeur": NUMERO})
    assert reponse.status_code == 303
    assert gardee(mure, SLUG)[0].contacts[2].valeur == NUMERO
    page = envoyer(editeur, SLUG, tapes, "ajouter.implantations.0.fermetures")
    assert "implantations.0.fermetures.1.debut" in champs(page.text)


def test_the_box_says_who_verified_today(mure: Flask, editeur: Navigateur) -> None:
    envoyer(editeur, SLUG, ouvrir(editeur, SLUG), verifie_aujourdhui="1")
    saisie, _ = gardee(mure, SLUG)
    assert (saisie.verifie_le, saisie.verifie_par) == (MARDI.date(), "Ève Martin")


def test_the_drawing_alone_is_given_to_the_script(mure: Flask, editeur: Navigateur) -> None:
    tapes = ouvrir(editeur, SLUG)
    partie = {nom: tapes[nom] for nom in ("revision", "territoire", "territoire.epci")}
    dessin = envoyer(editeur, SLUG, partie, "croquis")
    assert dessin.status_code == 200
    assert dessin.text.count("<svg") == 1
    assert "<form" not in dessin.text
    assert "<svg" not in envoyer(editeur, SLUG, partie, "croquis", territoire="inconnu").text
    assert len(revisions(mure)) == 1


def test_a_date_that_cannot_be_read_is_asked_for_as_the_hint_writes_it(
    mure: Flask, editeur: Navigateur
) -> None:
    page = envoyer(editeur, SLUG, ouvrir(editeur, SLUG), source_date="au printemps").text
    assert "Il faut une date, comme 05/10/2021, 10/2021 ou 2021." in page


def test_the_form_leads_to_the_other_pages_of_its_record(mure: Flask, editeur: Navigateur) -> None:
    (onglets,) = avec_classe(lire(editeur.get(f"/gestion/acteurs/{SLUG}").text), "gestion-onglets")
    liens = {texte(a): a.get("href", "") for a in onglets.iter("a")}
    assert list(liens) == ["Fiche", "Diffusion", "Rappels", "Historique"]
    assert [a.get("aria-current") for a in onglets.iter("a")] == ["page", None, None, None]
    for lien in liens.values():
        assert [*avec_classe(lire(editeur.get(lien).text), "gestion-onglets")]


def test_every_field_has_a_hint(mure: Flask, editeur: Navigateur) -> None:
    for slug in (SLUG, "hebergement-grenoble"):
        page = lire(editeur.get(f"/gestion/acteurs/{slug}").text)
        formulaire = next(f for f in page.iter("form") if "data-fiche" in f.attrib)
        aides = {
            label.get("for")
            for label in formulaire.iter("label")
            if next(avec_classe(label, "fr-hint-text"), None) is not None
        }
        saisies = {"fr-input", "fr-select"}
        champs_tapes = [
            str(e.get("id"))
            for e in formulaire.iter()
            if saisies.intersection(e.get("class", "").split())
        ]
        assert champs_tapes
        # The cells of a week share the hint of their table.
        assert [i for i in champs_tapes if i not in aides and "-semaine-" not in i] == []


# ── what may not be sent ──


@pytest.mark.parametrize("jeton", ["", "1", "99", "null", "WyJhdXRyZSIsMV0.x"])
def test_a_revision_that_we_did_not_sign_is_refused(
    mure: Flask, editeur: Navigateur, jeton: str
) -> None:
    tapes = ouvrir(editeur, SLUG)
    assert envoyer(editeur, SLUG, tapes, revision=jeton, frais="2 €").status_code == 400
    d_une_autre = ouvrir(editeur, "hebergement-grenoble")["revision"]
    assert envoyer(editeur, SLUG, tapes, revision=d_une_autre, frais="2 €").status_code == 400
    assert gardee(mure, SLUG) == (accueil(), 1)


def test_fields_that_are_not_of_the_form_change_nothing(mure: Flask, editeur: Navigateur) -> None:
    forges = {"slug": "autre", "statut": "archive", "diffusion": "interne", "role": "admin"}
    forges |= {"porteur_id": "1", "verifie_par": "Moi", "numero": "9", "revision_vue": "x"}
    reponse = envoyer(editeur, SLUG, ouvrir(editeur, SLUG), frais="2 €", **forges)
    assert reponse.status_code == 303
    assert gardee(mure, SLUG) == (replace(accueil(), frais="2 €"), 2)
    forges = {
        "diffusion": "publique",
        "implantations.0.adresse": "1 rue X",
        "site_web": "https://x.fr",
    }
    envoyer(editeur, "hebergement-grenoble", ouvrir(editeur, "hebergement-grenoble"), **forges)
    assert gardee(mure, "hebergement-grenoble") == (refuge(), 1)


def test_a_form_of_a_record_that_does_not_exist_is_not_found(
    mure: Flask, editeur: Navigateur
) -> None:
    assert editeur.get("/gestion/acteurs/absent").status_code == 404
    assert editeur.poster("/gestion/acteurs/absent", {"revision": "x"}).status_code == 400


def test_a_zone_form_asks_for_nothing_that_it_may_not_hold(
    mure: Flask, editeur: Navigateur
) -> None:
    tapes = ouvrir(editeur, "hebergement-grenoble")
    interdits = ("adresse", "longitude", "telephone", "site_web", "horaires_date", "contacts")
    assert [n for n in tapes if n.split(".")[-1] in interdits or n.startswith("contacts")] == [
        "relais.telephone"
    ]
    assert "doit rester secret" in editeur.get("/gestion/acteurs/hebergement-grenoble").text
