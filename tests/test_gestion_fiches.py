"""The form of a record over a real site: saved, refused, previewed, created, never overwritten."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from cartographie import presence, registre
from cartographie.acteurs import Acces, Diffusion, Localisation, Precision, Statut
from cartographie.database import reading, transaction
from cartographie.errors import GeocodeurInjoignable
from cartographie.geocodage import GeocodeurCommunes
from cartographie.reduction import Demande
from cartographie.referentiel import Referentiel
from tests.comptes import Gestion, Navigateur, connecter
from tests.fabrique import GRENOBLE, LE_115, accueil, porte, refuge
from tests.formulaires import (
    ajouter,
    caches,
    champs,
    envoyer,
    gardee,
    ouvrir,
    poser_geocodeur,
)
from tests.site import MARDI, avec_classe, lire, par_id, texte

SLUG = "accueil-la-mure"
ADRESSE = f"/gestion/acteurs/{SLUG}"
NUMERO = "04 76 99 99 99"
ABAISSEMENT = Demande(Diffusion.ZONE, LE_115, Acces.ORIENTATION)


@pytest.fixture
def mure(gestion: Gestion, referentiel: Referentiel) -> Flask:
    """A directory with a place of La Mure and a shelter, on each engine."""
    poser_geocodeur(gestion.app, GeocodeurCommunes(referentiel.communes))
    ajouter(gestion.app, accueil(), refuge())
    return gestion.app


@pytest.fixture
def collegue(gestion: Gestion) -> Navigateur:
    """A second editor."""
    navigateur = Navigateur(gestion.app)
    connecter(navigateur.client, "editeur", "collegue@exemple.fr")
    return navigateur


def revisions(app: Flask, slug: str = SLUG) -> list[tuple[int, str, str]]:
    with reading(app.extensions["cartographie"].engine) as session:
        return [(e.numero, e.par, e.moyen) for e in registre.history(session, slug)]


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
    assert set(liens) == {"#nom", "#contacts-0-valeur", "#implantations-0-commune"}
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


# ── addresses ──


class Muet:
    """A geocoder that does not answer, and says that it was asked."""

    def __init__(self) -> None:
        self.demandes = 0

    def geocoder(self, *_: str) -> Localisation:
        self.demandes += 1
        raise GeocodeurInjoignable("Le géocodeur ne répond pas ; réessayez plus tard.")


def test_without_an_answer_the_record_is_saved_and_says_what_is_left_to_do(
    mure: Flask, editeur: Navigateur
) -> None:
    poser_geocodeur(mure, Muet())
    tapes = ouvrir(editeur, SLUG)
    nouvelle = {"implantations.0.adresse": "3 rue Neuve"}
    apercu = envoyer(editeur, SLUG, tapes, "apercu", **nouvelle)
    assert "ne répond pas" in apercu.text
    reponse = envoyer(editeur, SLUG, tapes, **nouvelle)
    assert reponse.status_code == 303
    (porte,) = gardee(mure, SLUG)[0].implantations
    assert porte.localisation.precision is Precision.COMMUNE
    assert "géocodeur injoignable" in editeur.get(reponse.headers["Location"]).text


def test_a_hidden_place_is_never_asked_about(mure: Flask, editeur: Navigateur) -> None:
    muet = Muet()
    poser_geocodeur(mure, muet)
    for geste in ("geocoder.implantations.0", "apercu", "enregistrer"):
        tapes = ouvrir(editeur, "hebergement-grenoble")
        envoyer(
            editeur, "hebergement-grenoble", tapes, geste, **{"implantations.0.zone": "departement"}
        )
    assert muet.demandes == 0


# ── preview ──


def squelette(html: str) -> str:
    """The words and links of a fragment."""
    return re.sub(r"\s+", " ", html)


def test_the_preview_is_the_public_page_and_line_to_the_letter(
    mure: Flask, editeur: Navigateur
) -> None:
    for slug in (SLUG, "hebergement-grenoble"):
        tapes = ouvrir(editeur, slug)
        apercu = envoyer(editeur, slug, tapes, "apercu", description="Tout nouveau.").text
        assert "Tout nouveau." not in editeur.get(f"/acteurs/{slug}").text
        envoyer(editeur, slug, tapes, description="Tout nouveau.")
        public = editeur.get(f"/acteurs/{slug}").text
        fragment = squelette(public.split('<header class="fiche__tete">')[1].split("</article>")[0])
        assert fragment in squelette(apercu)
        liste = editeur.get("/?q=La+Mure" if slug == SLUG else "/?q=Hébergement").text
        ligne = f'<li class="resultat" data-slug="{slug}"'
        publique = ligne + liste.split(ligne)[1].split("</li>")[0]
        assert squelette(publique) in squelette(apercu)


def test_from_the_preview_one_saves_or_goes_back_without_losing_a_word(
    mure: Flask, editeur: Navigateur
) -> None:
    apercu = envoyer(editeur, SLUG, ouvrir(editeur, SLUG), "apercu", frais="2 €").text
    portes = caches(apercu, SLUG)
    retour = champs(envoyer(editeur, SLUG, portes, "corriger").text)
    assert retour["frais"] == ["2 €"]
    assert gardee(mure, SLUG)[1] == 1
    assert envoyer(editeur, SLUG, portes, "enregistrer").status_code == 303
    assert gardee(mure, SLUG) == (replace(accueil(), frais="2 €"), 2)


def test_an_internal_record_previews_as_nothing(gestion: Gestion, editeur: Navigateur) -> None:
    ajouter(gestion.app, accueil(diffusion=Diffusion.INTERNE))
    apercu = envoyer(editeur, SLUG, ouvrir(editeur, SLUG), "apercu")
    assert "le public n’en voit pas même le nom" in apercu.text
    assert list(avec_classe(lire(apercu.text), "apercu")) == []


# ── never overwrite ──


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
    assert "collegue@exemple.fr" in reponse.text
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


# ── hints, creation, copies, life ──


def test_who_else_is_editing_is_told(
    mure: Flask, gestion: Gestion, editeur: Navigateur, collegue: Navigateur
) -> None:
    assert "Modifications en cours" not in editeur.get(ADRESSE).text
    assert "Modifications en cours par Ève Martin" in collegue.get(ADRESSE).text
    envoyer(editeur, SLUG, ouvrir(editeur, SLUG), frais="2 €")
    assert "Modifications en cours" not in collegue.get(ADRESSE).text
    gestion.horloge.avance(minutes=20)
    assert "Modifications en cours" not in editeur.get(ADRESSE).text


def test_a_hint_that_cannot_be_written_stops_nobody(mure: Flask, editeur: Navigateur) -> None:
    dossier = mure.extensions["cartographie"].settings.instance / "presence"
    dossier.write_text("a file where the folder should be", encoding="utf-8")
    assert editeur.get(ADRESSE).status_code == 200
    assert presence.others(dossier.parent, SLUG, "x", MARDI) == ()


NOUVELLE = {"nom": "Permanence de Mens", "type": "LEAO", "diffusion": "publique"}


def test_a_new_record_is_a_draft_made_once(mure: Flask, editeur: Navigateur) -> None:
    assert editeur.get("/gestion/acteurs/nouveau").status_code == 200
    for _ in range(2):
        reponse = editeur.poster("/gestion/acteurs/nouveau", NOUVELLE)
        assert reponse.headers["Location"].endswith("/gestion/acteurs/permanence-de-mens")
    saisie, numero = gardee(mure, "permanence-de-mens")
    assert (saisie.statut, saisie.diffusion, numero) == (Statut.BROUILLON, Diffusion.PUBLIQUE, 1)
    assert editeur.get("/acteurs/permanence-de-mens").status_code == 404


def test_a_name_that_is_there_already_is_asked_about(mure: Flask, editeur: Navigateur) -> None:
    demande = {**NOUVELLE, "nom": "accueil de la mure"}
    reponse = editeur.poster("/gestion/acteurs/nouveau", demande)
    assert reponse.status_code == 422
    assert ADRESSE in reponse.text
    reponse = editeur.poster("/gestion/acteurs/nouveau", {**demande, "quand_meme": "1"})
    assert reponse.headers["Location"].endswith("/accueil-de-la-mure")


@pytest.mark.parametrize(
    ("demande", "champ"),
    [
        ({}, "nom"),
        ({**NOUVELLE, "nom": "a" * 300}, "nom"),
        ({**NOUVELLE, "type": "X"}, "type"),
        ({**NOUVELLE, "diffusion": "X"}, "diffusion"),
        ({**NOUVELLE, "type": "HEBERGEMENT"}, "diffusion"),
    ],
)
def test_a_creation_that_cannot_be_keeps_what_was_typed(
    mure: Flask, editeur: Navigateur, demande: dict[str, str], champ: str
) -> None:
    reponse = editeur.poster("/gestion/acteurs/nouveau", demande)
    assert reponse.status_code == 422
    assert f'href="#{champ}"' in reponse.text
    assert demande.get("nom", "") in reponse.text


def test_a_copy_is_a_draft_that_nobody_verified(mure: Flask, editeur: Navigateur) -> None:
    for _ in range(2):
        reponse = editeur.poster(f"{ADRESSE}/dupliquer")
        slug = reponse.headers["Location"].rpartition("/")[2]
        assert slug == "copie-de-accueil-de-la-mure"
    copie, _ = gardee(mure, slug)
    assert (copie.statut, copie.verifie_le, copie.capacites) == (Statut.BROUILLON, None, ())
    assert copie.implantations == accueil().implantations
    cachee = editeur.poster("/gestion/acteurs/hebergement-grenoble/dupliquer")
    assert "grenoble" not in cachee.headers["Location"]


def test_a_record_is_archived_and_published_again(mure: Flask, editeur: Navigateur) -> None:
    for voulu, public in (("archive", 404), ("publie", 200), ("brouillon", 404)):
        jeton = ouvrir(editeur, SLUG)["revision"]
        for _ in range(2):
            reponse = editeur.poster(f"{ADRESSE}/statut", {"statut": voulu, "revision": jeton})
            assert reponse.status_code == 303
        assert gardee(mure, SLUG)[0].statut == voulu
        assert editeur.get(f"/acteurs/{SLUG}").status_code == public
    assert [moyen for _, _, moyen in revisions(mure)][:3] == [
        "retour au brouillon",
        "publication",
        "archivage",
    ]
    assert (
        editeur.poster(f"{ADRESSE}/statut", {"statut": "x", "revision": jeton}).status_code == 400
    )


def test_archiving_what_somebody_just_edited_is_asked_again(
    mure: Flask, editeur: Navigateur, collegue: Navigateur
) -> None:
    jeton = ouvrir(editeur, SLUG)["revision"]
    envoyer(collegue, SLUG, ouvrir(collegue, SLUG), frais="2 €")
    reponse = editeur.poster(f"{ADRESSE}/statut", {"statut": "archive", "revision": jeton})
    assert reponse.status_code == 409
    assert gardee(mure, SLUG)[0].statut is Statut.PUBLIE
