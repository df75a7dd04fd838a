"""The pages of the history: differences in words, going back, undoing what an account wrote."""

from __future__ import annotations

from dataclasses import replace

from cartographie import comptes, registre
from cartographie.acteurs import Contact, ContactKind, Saisie
from cartographie.database import reading, transaction
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil, refuge
from tests.site import avec_classe, lire, par_id, texte

PAGE = "/gestion/acteurs/accueil-la-mure/historique"
LIGNE = Contact(ContactKind.TELEPHONE, "04 76 30 00 09", "Nouvelle ligne")


def create(gestion: Gestion, *saisies: Saisie) -> None:
    with transaction(gestion.engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="commande", moyen="init-db")


def write(gestion: Gestion, saisie: Saisie, revision: int, par: str = "editeur@exemple.fr") -> None:
    with transaction(gestion.engine) as session:
        registre.update_acteur(
            session, saisie.slug, saisie, revision_lue=revision, par=par, moyen="formulaire"
        )


def read(gestion: Gestion, slug: str = "accueil-la-mure") -> tuple[Saisie, int]:
    with reading(gestion.engine) as session:
        return registre.get_saisie(session, slug)


def revision(page: str) -> str:
    return next(e.get("value", "") for e in lire(page).iter("input") if e.get("name") == "revision")


def test_each_write_is_told_in_words(gestion: Gestion, editeur: Navigateur) -> None:
    create(gestion, accueil())
    write(gestion, accueil(frais="5 €", contacts=(LIGNE, accueil().contacts[1])), 1)
    page = lire(editeur.get(PAGE).text)
    seconde = par_id(page, "revision-2")
    assert "par Ève Martin (formulaire)" in texte(seconde)
    lignes = [tuple(texte(cellule) for cellule in ligne) for ligne in seconde.iter("tr")]
    assert ("Frais", "Gratuit", "5 €") in lignes
    assert ("Contact 1 : numéro ou adresse", "04 76 30 00 02", "04 76 30 00 09") in lignes
    assert "Fiche créée" in texte(par_id(page, "revision-1"))


def test_going_back_shows_what_it_changes_then_brings_the_old_number_back(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(gestion, accueil())
    write(gestion, accueil(contacts=(LIGNE,)), 1)
    public = gestion.client()
    assert "04 76 30 00 09" in public.get("/acteurs/accueil-la-mure").text
    page = editeur.get(f"{PAGE}/1")
    assert "04 76 30 00 02" in page.text
    assert read(gestion)[1] == 2
    reponse = editeur.poster(f"{PAGE}/1", {"revision": revision(page.text)})
    assert reponse.status_code == 303
    assert read(gestion) == (accueil(), 3)
    assert "04 76 30 00 02" in public.get("/acteurs/accueil-la-mure").text
    assert "04 76 30 00 09" not in public.get("/acteurs/accueil-la-mure").text


def test_going_back_over_somebody_elses_write_shows_it_first(
    gestion: Gestion, editeur: Navigateur
) -> None:
    create(gestion, accueil())
    write(gestion, accueil(nom="Deux"), 1)
    page = editeur.get(f"{PAGE}/1")
    write(gestion, accueil(nom="Trois"), 2)
    reponse = editeur.poster(f"{PAGE}/1", {"revision": revision(page.text)})
    assert reponse.status_code == 409
    assert "Trois" in reponse.text
    assert read(gestion)[0].nom == "Trois"


def test_a_state_refused_today_is_explained(gestion: Gestion, editeur: Navigateur) -> None:
    create(gestion, accueil(missions=("n-existe-plus",)))
    write(gestion, accueil(), 1)
    page = editeur.get(f"{PAGE}/1")
    reponse = editeur.poster(f"{PAGE}/1", {"revision": revision(page.text)})
    assert reponse.status_code == 422
    assert "serait refusé" in reponse.text
    assert read(gestion)[1] == 2


def test_a_long_history_comes_by_pages(gestion: Gestion, editeur: Navigateur) -> None:
    create(gestion, accueil())
    for numero in range(1, 23):
        write(gestion, accueil(frais=f"{numero} €"), numero)
    page = editeur.get(PAGE)
    assert len(list(avec_classe(lire(page.text), "suivi-revision"))) == 20
    suite = next(e for e in lire(page.text).iter("a") if "avant=" in e.get("href", ""))
    ancienne = editeur.get(suite.get("href", ""))
    assert len(list(avec_classe(lire(ancienne.text), "suivi-revision"))) == 3


def test_what_is_absent_is_not_found(gestion: Gestion, editeur: Navigateur) -> None:
    create(gestion, accueil())
    for chemin in ("/gestion/acteurs/personne/historique", f"{PAGE}/7"):
        assert editeur.get(chemin).status_code == 404
    assert editeur.poster(f"{PAGE}/1", {"revision": "1"}).status_code == 400


# ── undoing ──


def ecritures(gestion: Gestion, courriel: str = "editeur@exemple.fr") -> str:
    with reading(gestion.engine) as session:
        compte = comptes.find_by_courriel(session, courriel)
    assert compte is not None
    return f"/gestion/comptes/{compte.id}/ecritures"


def test_an_accounts_writes_are_shown_then_undone(
    gestion: Gestion, editeur: Navigateur, administrateur: Navigateur
) -> None:
    create(gestion, accueil(), refuge())
    debut = "2020-01-01T00:00"
    adresse = ecritures(gestion)
    write(gestion, accueil(nom="Détourné"), 1)
    write(gestion, replace(refuge(), frais="x"), 1)
    write(gestion, replace(refuge(), frais="y"), 2, par="camille@exemple.fr")
    essai = administrateur.get(f"{adresse}?depuis={debut}")
    assert "À reprendre à la main" in essai.text
    assert "camille@exemple.fr a écrit depuis (révision 3)." in essai.text
    assert read(gestion)[0].nom == "Détourné"
    fiches = [
        e.get("value", "") for e in lire(essai.text).iter("input") if e.get("name") == "fiche"
    ]
    assert fiches == ["accueil-la-mure:2"]
    fait = administrateur.poster(adresse, {"depuis": debut, "fiche": fiches})
    assert "1 fiche remise en l’état" in fait.text
    assert read(gestion) == (accueil(), 3)


def test_a_moment_that_cannot_be_read_is_said_beside_its_field(
    gestion: Gestion, editeur: Navigateur, administrateur: Navigateur
) -> None:
    adresse = ecritures(gestion)
    assert administrateur.get(adresse).status_code == 200
    page = administrateur.get(f"{adresse}?depuis=hier")
    assert page.status_code == 422
    assert "comme 2026-03-09T08:30" in texte(par_id(lire(page.text), "depuis-erreur"))
    assert administrateur.poster(adresse, {"depuis": "hier"}).status_code == 422


def test_undoing_is_for_administrators(gestion: Gestion, editeur: Navigateur) -> None:
    adresse = ecritures(gestion)
    assert editeur.get(adresse).status_code == 403
    assert editeur.poster(adresse, {"depuis": "2020-01-01T00:00"}).status_code == 403
