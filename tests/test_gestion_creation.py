"""Who else edits; a record that is made, copied, archived, published again."""

from __future__ import annotations

import pytest
from flask import Flask

from cartographie import presence
from cartographie.acteurs import Diffusion, Statut
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil
from tests.formulaires import (
    ADRESSE,
    SLUG,
    envoyer,
    gardee,
    ouvrir,
    revisions,
)
from tests.site import MARDI

pytest_plugins = ("tests.mure",)


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
