"""Figures entered in /gestion: beside their objective at once, never written over, with a past."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select, text

from cartographie import registre
from cartographie.acteurs import Diffusion
from cartographie.database import reading, transaction
from cartographie.models import Effacement
from cartographie.periodes import releve_history, releves_tenus
from cartographie.reduction import TEXTES, Demande
from cartographie.referentiel import Referentiel
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil, refuge
from tests.site import lire, par_id, texte

LISTE = "/gestion/objectifs/2022-2024"
NOUVEAU: dict[str, str] = {
    "objectif": "1",
    "action": "1.1",
    "indicateur": "Nombre de personnes formées",
    "annee": "2023",
    "valeur": "1 120,5",
    "unite": "professionnels formés",
    "territoire": "Isère",
    "source": "bilan 2023",
    "precision": "exacte",
    "nature": "mesure",
}


def create(gestion: Gestion, *saisies: Any) -> None:  # noqa: ANN401
    with transaction(gestion.engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="essai", moyen="essai")


def page(gestion: Gestion, adresse: str = "/objectifs/2022-2024/1") -> str:
    return texte(lire(gestion.app.test_client().get(adresse).text))


def test_a_figure_is_entered_and_held_against_its_target_at_once(
    gestion: Gestion, editeur: Navigateur
) -> None:
    assert "cible atteinte" not in page(gestion)
    reponse = editeur.poster(f"{LISTE}/nouveau", NOUVEAU)
    assert reponse.status_code == 303
    vue = page(gestion)
    assert "1 120,5 professionnels formés pour 100 par an : cible atteinte" in vue
    assert "Source : bilan 2023." in vue
    assert "R079" in editeur.get(LISTE).text


def test_every_fault_is_said_beside_its_field_and_what_was_typed_stays(
    editeur: Navigateur,
) -> None:
    faux = {
        "objectif": "99",
        "valeur": "beaucoup",
        "annee": "23",
        "nature": "rêve",
        "note": "à lire",
    }
    reponse = editeur.poster(f"{LISTE}/nouveau", faux)
    assert reponse.status_code == 422
    vue = lire(reponse.text)
    for champ in ("objectif", "indicateur", "valeur", "annee", "nature", "source"):
        assert texte(par_id(vue, f"{champ}-erreur"))
        assert par_id(vue, champ).get("aria-invalid") == "true"
    assert par_id(vue, "note").get("value") == "à lire"


def test_the_same_figure_twice_is_refused_and_the_first_is_named(editeur: Navigateur) -> None:
    editeur.poster(f"{LISTE}/nouveau", NOUVEAU)
    reponse = editeur.poster(f"{LISTE}/nouveau", {**NOUVEAU, "valeur": "7"})
    assert reponse.status_code == 422
    assert "déjà saisi sous R079" in reponse.text


def test_a_correction_keeps_its_past_and_a_stale_one_sees_both(
    gestion: Gestion, editeur: Navigateur
) -> None:
    editeur.poster(f"{LISTE}/nouveau", NOUVEAU)
    corrige = {**NOUVEAU, "valeur": "130", "revision": "1"}
    assert editeur.poster(f"{LISTE}/R079", corrige).status_code == 303
    perime = editeur.poster(f"{LISTE}/R079", {**NOUVEAU, "valeur": "140", "revision": "1"})
    assert perime.status_code == 409
    vue = lire(perime.text)
    assert par_id(vue, "valeur").get("value") == "140"
    assert "Enregistré entre-temps : 130" in texte(vue)
    with reading(gestion.engine) as session:
        dernier, premier = releve_history(session, "2022-2024", "R079")
    assert (premier.avant, premier.apres["valeur"]) == (None, 1120.5)
    assert dernier.avant == premier.apres
    assert (dernier.apres["valeur"], dernier.par) == (130, "editeur@exemple.fr")


def test_a_figure_of_the_text_is_corrected_with_the_text_as_its_past(
    gestion: Gestion, editeur: Navigateur
) -> None:
    formulaire = lire(editeur.get(f"{LISTE}/R010").text)
    champs = {e.get("name", ""): e.get("value", "") for e in formulaire.iter("input")}
    choisis = {
        select.get("name", ""): next(
            (o.get("value", "") for o in select.iter("option") if "selected" in o.keys()),  # noqa: SIM118
            "",
        )
        for select in formulaire.iter("select")
    }
    champs |= choisis
    champs.pop("retire")
    inchange = editeur.poster(f"{LISTE}/R010", champs)
    assert "pareil" in inchange.headers["Location"]
    editeur.poster(f"{LISTE}/R010", {**champs, "retire": "1"})
    assert "Professionnels formés dans les réseaux" not in page(gestion)
    with reading(gestion.engine) as session:
        (ecriture,) = releve_history(session, "2022-2024", "R010")
    assert ecriture.avant is not None
    assert (ecriture.avant["retire"], ecriture.apres["retire"]) == (False, True)


def test_a_file_is_taken_whole_or_not_at_all(gestion: Gestion, editeur: Navigateur) -> None:
    entete = "objectif;indicateur;annee;valeur;unite;territoire;source"
    bonne = "1;Nombre de personnes formées;2022;80;professionnels formés;Isère;bilan"
    fausse = "77;;2022;x;professionnels;Isère;"
    refus = envoyer(editeur, f"{entete}\n{bonne}\n{fausse}\n".encode())
    assert refus.status_code == 422
    rangees = [[texte(c) for c in tr][:3] for tr in lire(refus.text).iter("tr")]
    for champ, ecrit in (("objectif", "77"), ("indicateur", "rien"), ("valeur", "x")):
        assert ["3", champ, ecrit] in rangees
    assert nombre(gestion) == 78
    # As a spreadsheet saves it here, and sent twice: the second time adds nothing.
    for attendu in (1, 0):
        reponse = envoyer(editeur, f"{entete}\r\n{bonne}\r\n".encode("cp1252"))
        assert reponse.headers["Location"].endswith(f"lus={attendu}")
    assert nombre(gestion) == 79
    autre = envoyer(editeur, f"{entete}\n{bonne.replace('80', '81')}\n".encode())
    assert "déjà saisi sous R079" in autre.text


def test_the_file_that_is_given_is_one_that_is_taken(gestion: Gestion, editeur: Navigateur) -> None:
    donne = editeur.get(f"{LISTE}/chiffres.csv")
    assert donne.headers["Content-Disposition"] == 'attachment; filename="chiffres-2022-2024.csv"'
    assert envoyer(editeur, donne.data).headers["Location"].endswith("lus=0")
    assert nombre(gestion) == 78


@pytest.mark.parametrize(
    "contenu", [b"", b"a;b\n1;2\n", b"\x00\x01", b"indicateur;valeur;source\n"]
)
def test_what_is_no_file_of_figures_is_refused_in_a_sentence(
    editeur: Navigateur, contenu: bytes
) -> None:
    assert envoyer(editeur, contenu).status_code == 422


def test_figures_of_services_are_theirs_and_added_once(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(
        gestion, accueil("un"), accueil("deux", nom="Deux"),
        accueil("service", nom="Service", porteur="un"),
    )  # fmt: skip
    for slug, valeur in (("un", "60"), ("deux", "50"), ("service", "30")):
        chiffre = {**NOUVEAU, "acteur": slug, "valeur": valeur}
        assert editeur.poster(f"{LISTE}/nouveau", chiffre).status_code == 303
    vue = page(gestion)
    assert "110 professionnels formés pour 100 par an : cible atteinte" in vue
    assert "(somme de 2 chiffres)" in vue
    assert "Chiffre de Deux" in vue


def test_what_is_hidden_has_no_figure_and_keeps_none_in_public(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(gestion, refuge(), accueil("un"), accueil("interne", diffusion=Diffusion.INTERNE))
    for slug in ("hebergement-grenoble", "interne", "absent"):
        reponse = editeur.poster(f"{LISTE}/nouveau", {**NOUVEAU, "acteur": slug})
        assert reponse.status_code == 422
        assert "Aucun service public de la carte" in reponse.text
    sans = page(gestion)
    editeur.poster(f"{LISTE}/nouveau", {**NOUVEAU, "acteur": "un"})
    assert "Chiffre de" in page(gestion)
    with transaction(gestion.engine) as session:
        saisie, revision = registre.get_saisie(session, "un")
        archive = accueil("un", statut="archive")
        assert saisie != archive
        registre.update_acteur(
            session, "un", archive, revision_lue=revision, par="essai", moyen="essai"
        )
    assert "bilan 2023" not in page(gestion)
    assert page(gestion) == sans


def test_lowering_a_record_erases_its_figures_and_their_past(
    gestion: Gestion, editeur: Navigateur, referentiel: Referentiel
) -> None:
    create(gestion, accueil("un"), accueil("deux", nom="Deux"))
    avant = nombre(gestion)
    for slug in ("un", "deux"):
        chiffre = {**NOUVEAU, "acteur": slug, "note": f"reçues chez {slug}"}
        assert editeur.poster(f"{LISTE}/nouveau", chiffre).status_code == 303
    with transaction(gestion.engine) as session:
        _, revision = registre.get_saisie(session, "un")
        textes = {**dict.fromkeys(TEXTES, ""), "nom": "Service"}
        demande = Demande(Diffusion.INTERNE, textes=textes)
        registre.lower(session, "un", demande, referentiel, revision_lue=revision, par="essai")
    with reading(gestion.engine) as session:
        passe = session.execute(text("SELECT apres FROM revision_releve")).scalars().all()
        champs = session.execute(select(Effacement.champs)).scalar_one()
    assert nombre(gestion) == avant + 1
    assert "chez un" not in str(passe)
    assert "chez deux" in str(passe)
    assert "releves" in champs


def envoyer(editeur: Navigateur, contenu: bytes) -> Any:  # noqa: ANN401
    fichier = (io.BytesIO(contenu), "chiffres.csv")
    return editeur.poster(
        f"{LISTE}/chiffres.csv", {"fichier": fichier}, content_type="multipart/form-data"
    )


def nombre(gestion: Gestion) -> int:
    with reading(gestion.engine) as session:
        return len(releves_tenus(session, "2022-2024"))
