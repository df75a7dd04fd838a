"""Never overwrite: a stale form gets both versions, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask

from cartographie import registre
from cartographie.acteurs import Acces, Diffusion
from cartographie.database import transaction
from cartographie.reduction import Demande
from cartographie.referentiel import Referentiel
from tests.comptes import Navigateur
from tests.fabrique import GRENOBLE, LE_115, accueil, porte
from tests.formulaires import (
    ADRESSE,
    NUMERO,
    SLUG,
    ajouter,
    caches,
    champs,
    envoyer,
    gardee,
    ouvrir,
    revisions,
)
from tests.site import avec_classe, lire, texte

pytest_plugins = ("tests.mure",)


ABAISSEMENT = Demande(Diffusion.ZONE, LE_115, Acces.ORIENTATION)


def test_a_stale_form_gets_both_versions_and_writes_nothing(
    mure: Flask, editeur: Navigateur, collegue: Navigateur
) -> None:
    ancienne = ouvrir(editeur, SLUG)
    envoyer(collegue, SLUG, ouvrir(collegue, SLUG), nom="Le leur", sigle="LEUR")
    reponse = envoyer(editeur, SLUG, ancienne, nom="Le mien", frais="2 €")
    assert reponse.status_code == 409
    assert gardee(mure, SLUG) == (replace(accueil(), nom="Le leur", sigle="LEUR"), 2)
    (tableau,) = avec_classe(lire(reponse.text), "conflit")
    lignes = [texte(ligne) for ligne in list(tableau.iter("tr"))[1:]]
    assert len(lignes) == 3
    assert all(mot in lignes[0] for mot in ("Nom", "Accueil de La Mure", "Le leur", "Le mien"))
    # The colleague goes by the name that the history tells.
    assert "Ève Martin a enregistré cette fiche le" in reponse.text
    # What only one of us changed is chosen already; what both changed is not.
    envoi = caches(reponse.text, "conflit")
    assert (envoi["choix.sigle"], envoi["choix.frais"]) == (["leurs"], ["miens"])
    assert "choix.nom" not in envoi
    oubli = editeur.poster(f"{ADRESSE}/conflit", envoi)
    assert oubli.status_code == 409
    assert "Il reste 1 ligne" in oubli.text
    fini = editeur.poster(
        f"{ADRESSE}/conflit", {**caches(oubli.text, "conflit"), "choix.nom": "miens"}
    )
    assert fini.status_code == 303
    attendu = replace(accueil(), nom="Le mien", sigle="LEUR", frais="2 €")
    assert gardee(mure, SLUG) == (attendu, 3)


def test_a_third_edit_during_the_choice_is_a_conflict_again(
    mure: Flask, editeur: Navigateur, collegue: Navigateur
) -> None:
    ancienne = ouvrir(editeur, SLUG)
    envoyer(collegue, SLUG, ouvrir(collegue, SLUG), nom="Un")
    page = envoyer(editeur, SLUG, ancienne, nom="Mien")
    envoyer(collegue, SLUG, ouvrir(collegue, SLUG), nom="Deux")
    envoi = {**caches(page.text, "conflit"), "choix.nom": "miens"}
    encore = editeur.poster(f"{ADRESSE}/conflit", envoi)
    assert encore.status_code == 409
    assert "Deux" in encore.text
    assert gardee(mure, SLUG)[0].nom == "Deux"
    fini = editeur.poster(
        f"{ADRESSE}/conflit", {**caches(encore.text, "conflit"), "choix.nom": "miens"}
    )
    assert (fini.status_code, gardee(mure, SLUG)[0].nom) == (303, "Mien")


def test_the_same_edit_by_two_people_is_no_conflict(
    mure: Flask, editeur: Navigateur, collegue: Navigateur
) -> None:
    ancienne = ouvrir(editeur, SLUG)
    envoyer(collegue, SLUG, ouvrir(collegue, SLUG), frais="2 €")
    assert envoyer(editeur, SLUG, ancienne, frais="2 €").status_code == 303
    assert len(revisions(mure)) == 2


def test_joining_two_edits_into_a_faulty_record_gives_the_form_back(
    mure: Flask, editeur: Navigateur, collegue: Navigateur
) -> None:
    ancienne = ouvrir(editeur, SLUG)
    envoyer(collegue, SLUG, ouvrir(collegue, SLUG), **{"participations.0.retirer": "1"})
    page = envoyer(editeur, SLUG, ancienne, sigle="A", **{"contacts.0.valeur": NUMERO})
    envoi = caches(page.text, "conflit") | {"contacts.0.valeur": ["zéro"]}
    refuse = editeur.poster(f"{ADRESSE}/conflit", envoi)
    assert refuse.status_code == 422
    assert champs(refuse.text)["contacts.0.valeur"] == ["zéro"]
    assert gardee(mure, SLUG)[1] == 2


def test_a_form_opened_before_a_lowering_cannot_bring_the_address_back(
    mure: Flask, editeur: Navigateur, referentiel: Referentiel
) -> None:
    a_grenoble: dict[str, Any] = {
        "commune": "Grenoble",
        "code_insee": GRENOBLE,
        "code_postal": "38000",
    }
    a_grenoble |= {"longitude": 5.7245, "latitude": 45.1885, "code_epci": "200040715"}
    ouverte = accueil(slug="neutre", nom="Accueil", implantations=porte(accueil(), a_grenoble))
    ajouter(mure, ouverte)
    ancienne = ouvrir(editeur, "neutre")
    with transaction(mure.extensions["cartographie"].engine) as session:
        registre.lower(session, "neutre", ABAISSEMENT, referentiel, revision_lue=1, par="ddfe")
    reponse = envoyer(editeur, "neutre", ancienne, sigle="A")
    assert reponse.status_code in (303, 409, 422)
    saisie, _ = gardee(mure, "neutre")
    assert (saisie.diffusion, saisie.implantations[0].localisation.adresse) == (Diffusion.ZONE, "")
    assert "rue des Alpes" not in str(saisie)
