"""The second factor: asked of administrators, offered to editors, each code works once."""

from __future__ import annotations

import json
import re

from werkzeug.test import TestResponse

from cartographie import comptes
from cartographie.comptes import Compte
from cartographie.database import reading, transaction
from cartographie.utilisateurs import RoleCompte
from cartographie.web.gestion import second_facteur
from tests.comptes import (
    MOT_DE_PASSE,
    Gestion,
    Navigateur,
    champ_cache,
    code_du_moment,
    creer_compte,
    entrer,
    totp_du_moment,
)

# ── the second factor ──


def activer(gestion: Gestion, qui: Navigateur) -> list[str]:
    """Enrol as a person would; the recovery codes."""
    secret = champ_cache(qui.get("/gestion/profil/second-facteur").text, "code_secret")
    champs = {"code_secret": secret, "code": totp_du_moment(gestion, secret)}
    page = qui.poster("/gestion/profil/second-facteur", champs).text
    return re.findall(r"<code>([^<]+)</code>", page)


def seconde_etape(qui: Navigateur, page: TestResponse, code: str) -> TestResponse:
    champs = {"etape": champ_cache(page.text, "etape"), "code": code}
    return qui.client.post("/gestion/connexion/code", data=champs)


def test_an_administrator_is_asked_for_a_code_that_works_once(gestion: Gestion) -> None:
    alain = creer_compte(gestion.app, "administrateur", "alain@exemple.fr")
    code = code_du_moment(gestion, alain)
    qui = gestion.client()
    etape = entrer(qui, "alain@exemple.fr")
    assert etape.status_code == 200
    assert "Set-Cookie" not in etape.headers
    assert qui.get("/gestion/profil").status_code == 303
    assert seconde_etape(qui, etape, "000000").status_code == 401
    assert seconde_etape(qui, etape, f"{code[:3]} {code[3:]}").status_code == 303
    assert qui.get("/gestion/comptes").status_code == 200
    rejoue = gestion.client()
    assert seconde_etape(rejoue, entrer(rejoue, "alain@exemple.fr"), code).status_code == 401
    gestion.horloge.avance(seconds=31)
    suivant = code_du_moment(gestion, alain)
    assert seconde_etape(rejoue, entrer(rejoue, "alain@exemple.fr"), suivant).status_code == 303


def test_the_step_between_password_and_code_ends(gestion: Gestion) -> None:
    alain = creer_compte(gestion.app, "administrateur", "alain@exemple.fr")
    qui = gestion.client()
    etape = entrer(qui, "alain@exemple.fr")
    gestion.horloge.avance(minutes=11)
    reponse = seconde_etape(qui, etape, code_du_moment(gestion, alain))
    assert (reponse.status_code, "recommencez" in reponse.text) == (401, True)
    for faux in ("", "x", json.dumps([alain.uniquifier, 0])):
        assert qui.client.post("/gestion/connexion/code", data={"etape": faux}).status_code == 401


def test_guessing_codes_is_slowed_down_from_everywhere(gestion: Gestion) -> None:
    creer_compte(gestion.app, "administrateur", "alain@exemple.fr")
    statuts = []
    for n in range(7):
        qui = gestion.client()
        qui.client.environ_base["REMOTE_ADDR"] = f"203.0.{n}.7"
        etape = entrer(qui, "alain@exemple.fr")
        statuts.append(seconde_etape(qui, etape, "000000").status_code)
    assert statuts == [401] * 5 + [429] * 2


def test_an_editor_may_turn_it_on_use_recovery_codes_and_turn_it_off(
    gestion: Gestion, eve: Compte
) -> None:
    qui = gestion.client()
    entrer(qui)
    codes = activer(gestion, qui)
    assert len(set(codes)) == 10
    assert qui.get("/gestion/profil").status_code == 200  # this device goes on
    for code, statut in ((codes[0].upper(), 303), (codes[0], 401), (codes[1], 303)):
        autre = gestion.client()
        assert seconde_etape(autre, entrer(autre), code).status_code == statut
    assert "<strong>8</strong>" in qui.get("/gestion/profil").text
    faux = qui.poster("/gestion/profil/codes", {"mot_de_passe": "faux"})
    assert faux.status_code == 422
    nouveaux = qui.poster("/gestion/profil/codes", {"mot_de_passe": MOT_DE_PASSE}).text
    assert codes[2] not in nouveaux
    chemin = "/gestion/profil/second-facteur/retirer"
    assert qui.poster(chemin, {"mot_de_passe": "faux"}).status_code == 422
    assert qui.poster(chemin, {"mot_de_passe": MOT_DE_PASSE}).status_code == 303
    assert entrer(gestion.client()).status_code == 303


def test_a_wrong_code_does_not_turn_it_on_and_keeps_the_same_image(
    editeur: Navigateur, gestion: Gestion
) -> None:
    secret = champ_cache(editeur.get("/gestion/profil/second-facteur").text, "code_secret")
    page = editeur.poster(
        "/gestion/profil/second-facteur", {"code_secret": secret, "code": "123456"}
    )
    assert (page.status_code, champ_cache(page.text, "code_secret")) == (422, secret)
    for faux in ("", "{}", '{"v":1}', "é" * 5000):
        essai = {"code_secret": faux, "code": "123456"}
        assert editeur.poster("/gestion/profil/second-facteur", essai).status_code == 422
    with reading(gestion.engine) as base:
        compte = comptes.find_by_courriel(base, "editeur@exemple.fr")
    assert compte is not None
    assert compte.totp_secret == ""


def test_an_administrator_does_nothing_before_the_second_factor(
    gestion: Gestion, eve: Compte
) -> None:
    qui = gestion.client()
    entrer(qui)
    with transaction(gestion.engine) as base:
        comptes.set_role(base, eve.id, RoleCompte.ADMINISTRATEUR)
    for chemin in ("/gestion/comptes", "/gestion/profil/second-facteur/retirer"):
        assert qui.get(chemin).status_code in {303, 405}
    bloque = qui.poster("/gestion/comptes", {"courriel": "tape@exemple.fr"})
    assert (bloque.status_code, "tape@exemple.fr" in bloque.text) == (403, True)
    page = qui.get("/gestion/profil").text
    assert "16 caractères" in page
    assert "code à usage unique" in page
    mots = {"mot_de_passe": MOT_DE_PASSE, "mot_de_passe_nouveau": "orage citron lampe 42"}
    mots["mot_de_passe_bis"] = mots["mot_de_passe_nouveau"]
    assert qui.poster("/gestion/profil/mot-de-passe", mots).status_code == 303
    assert qui.get("/gestion/comptes").status_code == 303
    assert activer(gestion, qui)
    assert qui.get("/gestion/comptes").status_code == 200
    retrait = {"mot_de_passe": mots["mot_de_passe_nouveau"]}
    chemin = "/gestion/profil/second-facteur/retirer"
    assert qui.poster(chemin, retrait).status_code == 422


def test_secrets_are_encrypted_in_the_base(gestion: Gestion) -> None:
    alain = creer_compte(gestion.app, "administrateur")
    with gestion.app.app_context():
        cle = second_facteur.cle_lisible(alain.totp_secret).replace("-", "")
    assert cle not in alain.totp_secret
    scelle = alain.totp_secret
    assert scelle.startswith("scelle.")
    with gestion.app.app_context():
        for rang in range(len("scelle."), len(scelle), 9):
            autre = "A" if scelle[rang] != "A" else "B"
            assert not second_facteur.is_secret(scelle[:rang] + autre + scelle[rang + 1 :])
        assert not second_facteur.is_secret("scelle.")
    gestion.app.config["SECRET_KEY"] = "z" * 40
    with gestion.app.app_context():
        assert not second_facteur.is_secret(scelle)
    assert alain.mot_de_passe.startswith("$argon2id$")


def test_a_secret_of_before_works_and_is_sealed_when_it_serves(gestion: Gestion) -> None:
    alain = creer_compte(gestion.app, "administrateur", "alain@exemple.fr")
    with gestion.app.app_context(), transaction(gestion.engine) as base:
        ancien = second_facteur.lire(alain.totp_secret).to_json(encrypt=True)
        comptes.reseal(base, alain.id, ancien)
        cle = second_facteur.cle_lisible(ancien)
    code = code_du_moment(gestion, alain)
    for n, statut in enumerate((401, 303)):
        qui = gestion.client()
        etape = entrer(qui, "alain@exemple.fr")
        assert seconde_etape(qui, etape, code if n else "000000").status_code == statut
        with reading(gestion.engine) as base:
            garde = comptes.get_compte(base, alain.id).totp_secret
        assert (garde == ancien) is (statut == 401)
    assert garde.startswith("scelle.")
    with gestion.app.app_context():
        assert second_facteur.cle_lisible(garde) == cle


def test_a_session_left_open_is_not_enough_to_put_another_telephone_on_an_account(
    gestion: Gestion, eve: Compte
) -> None:
    qui, chemin = gestion.client(), "/gestion/profil/second-facteur"
    entrer(qui)
    fraiche = qui.get(chemin).text
    assert 'name="mot_de_passe"' not in fraiche
    gestion.horloge.avance(minutes=10)
    secret = champ_cache(fraiche, "code_secret")
    champs = {"code_secret": secret, "code": totp_du_moment(gestion, secret)}
    for mot in ("", "faux"):
        page = qui.poster(chemin, champs | {"mot_de_passe": mot})
        assert (page.status_code, champ_cache(page.text, "code_secret")) == (422, secret)
        assert 'name="mot_de_passe"' in page.text
    assert qui.poster(chemin, champs | {"mot_de_passe": MOT_DE_PASSE}).status_code == 200
