"""The page of administrators: invite, close, open, change a role."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from cartographie import comptes
from cartographie.database import reading
from cartographie.utilisateurs import (
    RoleCompte,
)
from tests.comptes import MOT_DE_PASSE, Gestion, Navigateur, creer_compte
from tests.site import lire, par_id, texte

EDITEUR, ADMINISTRATEUR = RoleCompte.EDITEUR, RoleCompte.ADMINISTRATEUR


def lien(page: str) -> str:
    adresse = texte(par_id(lire(page), "lien"))
    return parse_qs(urlsplit(adresse).query)["jeton"][0]


def test_an_administrator_invites_and_the_link_opens_the_account(
    administrateur: Navigateur, gestion: Gestion
) -> None:
    invitee = {"courriel": "Eve@Exemple.fr", "nom": "Ève Martin", "role": "editeur"}
    reponse = administrateur.poster("/gestion/comptes", invitee)
    assert reponse.status_code == 200
    jeton = lien(reponse.text)
    assert "eve@exemple.fr" in administrateur.get("/gestion/comptes").text
    visiteuse = gestion.client()
    for _ in range(5):
        assert "Ève Martin" in visiteuse.get(f"/gestion/invitation?jeton={jeton}").text
    mots = {"jeton": jeton, "mot_de_passe": MOT_DE_PASSE, "mot_de_passe_bis": MOT_DE_PASSE}
    assert visiteuse.poster("/gestion/invitation", mots | {"role": "administrateur"}).status_code
    assert visiteuse.get(f"/gestion/invitation?jeton={jeton}").status_code == 404
    with reading(gestion.engine) as base:
        nouvelle = comptes.find_by_courriel(base, "eve@exemple.fr")
    assert nouvelle is not None
    assert nouvelle.role is EDITEUR


def test_a_faulty_invitation_is_shown_again_with_every_fault(administrateur: Navigateur) -> None:
    faux = {"courriel": "eve", "nom": "", "role": "editeur"}
    reponse = administrateur.poster("/gestion/comptes", faux)
    assert reponse.status_code == 422
    arbre = lire(reponse.text)
    assert par_id(arbre, "courriel").get("value") == "eve"
    assert "adresse électronique" in texte(par_id(arbre, "courriel-erreur"))
    assert "Indiquez un nom" in texte(par_id(arbre, "nom-erreur"))
    deja = {"courriel": "administrateur@exemple.fr", "nom": "X", "role": "editeur"}
    reponse = administrateur.poster("/gestion/comptes", deja)
    assert "déjà un compte" in texte(par_id(lire(reponse.text), "courriel-erreur"))


def test_an_administrator_closes_opens_and_changes_roles(
    administrateur: Navigateur, editeur: Navigateur, gestion: Gestion
) -> None:
    qui = creer_compte(gestion.app, EDITEUR, "tiers@exemple.fr").id
    with reading(gestion.engine) as base:
        cible = comptes.find_by_courriel(base, "editeur@exemple.fr")
    assert cible is not None
    assert administrateur.poster(f"/gestion/comptes/{cible.id}/fermer").status_code == 303
    assert editeur.get("/gestion/profil").status_code == 303
    assert administrateur.poster(f"/gestion/comptes/{cible.id}/lien").status_code == 422
    assert administrateur.poster(f"/gestion/comptes/{cible.id}/rouvrir").status_code == 303
    role = {"role": "administrateur"}
    assert administrateur.poster(f"/gestion/comptes/{qui}/role", role).status_code == 303
    assert administrateur.poster(f"/gestion/comptes/{qui}/role", {"role": "x"}).status_code == 422
    assert administrateur.poster("/gestion/comptes/999/fermer").status_code == 404
    with reading(gestion.engine) as base:
        assert comptes.get_compte(base, qui).role is ADMINISTRATEUR
        soi = comptes.find_by_courriel(base, "administrateur@exemple.fr")
    assert soi is not None
    for geste in ("fermer", "role"):
        reponse = administrateur.poster(f"/gestion/comptes/{soi.id}/{geste}", {"role": "editeur"})
        assert reponse.status_code == 422


def test_a_lost_telephone_is_taken_out_with_a_new_link(
    administrateur: Navigateur, gestion: Gestion
) -> None:
    autre = creer_compte(gestion.app, ADMINISTRATEUR, "autre@exemple.fr")
    administrateur.poster(f"/gestion/comptes/{autre.id}/lien")
    with reading(gestion.engine) as base:
        assert comptes.get_compte(base, autre.id).totp_secret
    administrateur.poster(f"/gestion/comptes/{autre.id}/lien", {"telephone_perdu": "1"})
    with reading(gestion.engine) as base:
        assert not comptes.get_compte(base, autre.id).totp_secret
