"""Sessions that end: on the server too, whatever was copied; each seen and closed by its owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from cartographie import comptes
from cartographie.comptes import Compte, ouvertes
from cartographie.database import reading, transaction
from tests.comptes import MOT_DE_PASSE, Gestion, Navigateur, champ_cache, connecter, entrer
from tests.site import lire, par_id, texte
from tests.test_disque import sur_chaque_connexion

SORTIE = "/gestion/deconnexion"
TEMOIN = "Écrit juste avant la fin."


def copie(gestion: Gestion, de: Navigateur) -> Navigateur:
    """Another browser that was given the cookie of the first."""
    temoin = de.client.get_cookie("carto")
    assert temoin is not None
    autre = gestion.client()
    autre.client.set_cookie("carto", temoin.value)
    return autre


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(
    gestion: Gestion, eve: Compte
) -> None:
    bureau, telephone = gestion.client(), gestion.client()
    entrer(bureau)
    entrer(telephone)
    volee = copie(gestion, bureau)
    assert volee.get("/gestion/profil").status_code == 200
    dehors = bureau.poster(SORTIE)
    assert (dehors.status_code, dehors.location) == (
        303,
        "/gestion/connexion?fait=deconnexion",
    )
    assert dehors.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert bureau.client.get_cookie("carto") is None
    assert volee.get("/gestion/profil").status_code == 303
    assert volee.client.get_cookie("carto") is None
    assert telephone.get("/gestion/profil").status_code == 200
    with reading(gestion.engine) as base:
        assert len(ouvertes.sessions_of(base, eve.id, "")) == 1


def test_what_was_typed_in_a_session_closed_from_elsewhere_comes_back(
    gestion: Gestion, eve: Compte
) -> None:
    qui = gestion.client()
    entrer(qui)
    autre = copie(gestion, qui)
    autre.poster(SORTIE)
    page = qui.client.post("/gestion/acteurs/nouveau", data={"nom": TEMOIN})
    assert page.status_code == 401
    reprise = champ_cache(page.text, "reprise")
    assert TEMOIN in entrer(qui, reprise=reprise).text


def test_signing_in_again_and_another_password_give_another_secret(
    gestion: Gestion, eve: Compte
) -> None:
    qui = gestion.client()
    entrer(qui)
    avant = copie(gestion, qui)
    entrer(qui)
    assert avant.get("/gestion/profil").status_code == 303
    avant = copie(gestion, qui)
    mots = {"mot_de_passe_nouveau": "orage citron lampe", "mot_de_passe_bis": "orage citron lampe"}
    gestion.horloge.avance(minutes=50)
    qui.poster("/gestion/profil/mot-de-passe", {"mot_de_passe": MOT_DE_PASSE} | mots)
    assert qui.get("/gestion/profil").status_code == 200
    assert avant.get("/gestion/profil").status_code == 303
    with reading(gestion.engine) as base:
        (seule,) = ouvertes.sessions_of(base, eve.id, "")
    # The life of the session is not longer for that.
    assert gestion.horloge() - seule.ouverte_le == timedelta(minutes=50)


def test_one_sees_one_s_own_sessions_and_closes_those_that_are_not_known(
    gestion: Gestion, eve: Compte
) -> None:
    bureau = gestion.client()
    entrer(bureau)
    assert par_id_absent(bureau.get("/gestion/profil").text)
    gestion.horloge.avance(minutes=30)
    inconnue = gestion.client()
    entrer(inconnue)
    autre = connecter(gestion.client().client, "editeur", "autre@exemple.fr")
    page = bureau.get("/gestion/profil").text
    assert "Celle-ci est ouverte depuis le 10 mars 2026 à 10 h 30." in texte(lire(page))
    cases = [c for c in lire(page).iter("input") if c.get("name") == "connexion"]
    assert len(cases) == 1
    numero = cases[0].get("value", "")
    dit = texte(lire(page))
    assert "Ouverte le 10 mars 2026 à 11 h 00" in dit
    assert "Se ferme au plus tard le 10 mars 2026 à 23 h 00" in dit

    chemin = "/gestion/profil/connexions"
    rien = bureau.poster(chemin, {"mot_de_passe": MOT_DE_PASSE})
    assert rien.status_code == 422
    assert "Cochez au moins une connexion." in texte(par_id(lire(rien.text), "connexions-erreur"))
    faux = bureau.poster(chemin, {"connexion": numero, "mot_de_passe": "faux"})
    assert faux.status_code == 422
    assert f'value="{numero}" checked' in faux.text
    assert inconnue.get("/gestion/profil").status_code == 200
    with reading(gestion.engine) as base:
        (d_une_autre,) = ouvertes.sessions_of(base, autre.id, "")
    for cochee in (str(d_une_autre.id), "x", "9" * 30, "-1"):
        bureau.poster(chemin, {"connexion": cochee, "mot_de_passe": MOT_DE_PASSE})
    with reading(gestion.engine) as base:
        assert len(ouvertes.sessions_of(base, autre.id, "")) == 1
    fait = bureau.poster(chemin, {"connexion": numero, "mot_de_passe": MOT_DE_PASSE})
    assert fait.status_code == 303
    assert inconnue.get("/gestion/profil").status_code == 303
    assert par_id_absent(bureau.get("/gestion/profil").text)


def par_id_absent(page: str) -> bool:
    return "mot_de_passe_connexions" not in page


def test_the_session_is_asked_for_with_the_account_in_one_question(
    gestion: Gestion, editeur: Navigateur
) -> None:
    vues: list[str] = []
    event.listen(gestion.engine, "before_cursor_execute", lambda *a: vues.append(a[2]))
    # A page that shows nothing of the directory: the guard alone asks.
    assert editeur.get("/gestion/connexion").status_code == 200
    assert len([vue for vue in vues if "FROM" in vue]) == 1
    assert "session_ouverte" in vues[-1]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_when_nothing_can_be_written_one_leaves_this_device_and_is_told(
    gestion: Gestion, eve: Compte
) -> None:
    qui = gestion.client()
    entrer(qui)
    jeton = champ_cache(qui.get("/gestion/profil").text, "csrf_token")
    with sur_chaque_connexion(gestion.engine, "PRAGMA query_only=ON"):
        dehors = qui.client.post(SORTIE, data={"csrf_token": jeton})
        assert dehors.status_code == 303
        assert "n’a pas pu l’enregistrer" in qui.get(dehors.location).text
    assert qui.client.get_cookie("carto") is None


def test_a_life_that_is_over_leaves_no_row(gestion: Gestion, eve: Compte) -> None:
    entrer(gestion.client())
    gestion.horloge.avance(hours=11, minutes=59)
    entrer(gestion.client())
    gestion.horloge.avance(minutes=1)
    entrer(gestion.client())
    with transaction(gestion.engine) as base:
        assert len(ouvertes.sessions_of(base, eve.id, "")) == 2
        comptes.revoke(base, eve.id, gestion.horloge())
        assert ouvertes.sessions_of(base, eve.id, "") == ()
