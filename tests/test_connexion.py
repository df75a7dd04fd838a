"""Signing in: the same answer and the same work for everybody, sessions that end, links."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from cartographie import comptes, create_app
from cartographie.comptes import Compte
from cartographie.config import RACINE, Settings
from cartographie.database import reading, transaction
from cartographie.models import Essai
from cartographie.utilisateurs import RoleCompte
from cartographie.web.gestion import hachage
from tests.comptes import (
    EVE,
    MOT_DE_PASSE,
    Gestion,
    Navigateur,
    connecter,
    creer_compte,
    entrer,
)
from tests.site import MARDI, lire, par_id, texte

REFUS = "Adresse électronique ou mot de passe incorrect."


# ── the password ──


def test_an_editor_signs_in_and_out(gestion: Gestion, eve: Compte) -> None:
    qui = gestion.client()
    assert qui.get("/gestion/profil").location == "/gestion/connexion?suite=/gestion/profil"
    assert "Set-Cookie" not in qui.get("/gestion/connexion").headers
    reponse = entrer(qui, "  EVE@exemple.fr ", suite="/gestion/profil")
    assert (reponse.status_code, reponse.location) == (303, "/gestion/profil")
    temoin = reponse.headers["Set-Cookie"]
    assert temoin.startswith("carto=")
    assert all(mot in temoin for mot in ("HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Ève Martin" in qui.get("/gestion/profil").text
    assert qui.poster("/gestion/deconnexion").status_code == 303
    assert qui.get("/gestion/profil").status_code == 303


def test_over_https_the_cookie_belongs_to_this_host_alone(gestion: Gestion, eve: Compte) -> None:
    reglages = Settings(
        database_url=gestion.engine.url.render_as_string(hide_password=False),
        secret_key="s" * 40,
        url_publique="https://carte.exemple.gouv.fr",
    )
    app = create_app(reglages, horloge=lambda: MARDI)
    client = app.test_client()
    donnees = {"courriel": EVE, "mot_de_passe": MOT_DE_PASSE}
    reponse = client.post("/gestion/connexion", data=donnees, base_url="https://localhost")
    assert reponse.headers["Set-Cookie"].startswith("__Host-carto=")
    assert "Secure" in reponse.headers["Set-Cookie"]
    assert "Domain" not in reponse.headers["Set-Cookie"]
    app.extensions["cartographie"].engine.dispose()


def test_public_pages_neither_read_nor_set_the_cookie(editeur: Navigateur) -> None:
    anonyme = editeur.app.test_client()
    for chemin in ("/", "/proches?lieu=38269", "/absente", "/gestionnaire", "/mentions-legales"):
        connecte, autre = editeur.get(chemin), anonyme.get(chemin)
        assert (connecte.status_code, connecte.data) == (autre.status_code, autre.data)
        assert "Set-Cookie" not in connecte.headers
        assert "Cookie" not in connecte.headers.get("Vary", "")


def refus(gestion: Gestion, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Any, int]]:
    """What each wrong sign-in answers, and how many hashes it computed."""
    ferme = creer_compte(gestion.app, "editeur", "ferme@exemple.fr")
    with transaction(gestion.engine) as base:
        comptes.revoke(base, ferme.id, MARDI)
        comptes.create_compte(base, "invite@exemple.fr", "I", RoleCompte.EDITEUR, MARDI)
    hachage._leurre()
    calculs: list[str] = []

    class Compteur:
        def verify(self, empreinte: str, mot: str) -> bool:
            calculs.append(empreinte.split("$")[3])  # its settings: the same cost
            return bool(PasswordHasher().verify(empreinte, mot))

    monkeypatch.setattr(hachage, "ARGON2", Compteur())
    vus = {}
    for courriel in (EVE, "absente@exemple.fr", "ferme@exemple.fr", "invite@exemple.fr", "xyz"):
        calculs.clear()
        reponse = entrer(gestion.client(), courriel, "un mauvais mot de passe")
        page = reponse.text.replace(courriel, "…")
        vus[courriel] = ((reponse.status_code, page, dict(reponse.headers)), tuple(calculs))
        vus[courriel][0][2].pop("Content-Length")
    return vus  # type: ignore[return-value]


def test_nothing_tells_whether_an_account_exists(
    gestion: Gestion, eve: Compte, monkeypatch: pytest.MonkeyPatch
) -> None:
    vus = refus(gestion, monkeypatch)
    statut, page, _ = vus[EVE][0]
    assert statut == 401
    assert REFUS in page
    assert all(vu == vus[EVE] for vu in vus.values())
    assert len(vus[EVE][1]) == 1  # type: ignore[arg-type]


def test_the_closed_and_the_empty_do_not_come_in(gestion: Gestion, eve: Compte) -> None:
    with transaction(gestion.engine) as base:
        comptes.create_compte(base, "invite@exemple.fr", "I", RoleCompte.EDITEUR, MARDI)
        comptes.revoke(base, eve.id, MARDI)
    assert entrer(gestion.client()).status_code == 401
    assert entrer(gestion.client(), "invite@exemple.fr", "").status_code == 401
    assert entrer(gestion.client(), "", "").status_code == 401


# ── the throttle ──


def test_failures_slow_the_next_down_the_same_for_unknown_accounts(
    gestion: Gestion, eve: Compte
) -> None:
    suites = []
    for courriel in (EVE, "absente@exemple.fr"):
        reponses = [entrer(gestion.client(), courriel, "faux") for _ in range(5)]
        suites.append([(r.status_code, r.headers.get("Retry-After")) for r in reponses])
    assert suites[0] == suites[1] == [(401, None)] * 3 + [(429, "1")] * 2
    assert "réessayez dans 1 s" in entrer(gestion.client(), EVE, MOT_DE_PASSE).text
    gestion.horloge.avance(seconds=1)
    assert entrer(gestion.client()).status_code == 303
    assert entrer(gestion.client()).status_code == 303


def test_somebody_else_s_failures_do_not_lock_the_owner_out(gestion: Gestion, eve: Compte) -> None:
    attaquant = gestion.client()
    attaquant.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    for _ in range(12):
        entrer(attaquant, EVE, "faux")
        gestion.horloge.avance(seconds=600)
    assert entrer(gestion.client()).status_code == 303


def test_one_prefix_cannot_try_many_accounts(gestion: Gestion) -> None:
    statuts = [entrer(gestion.client(), f"{n}@exemple.fr", "faux").status_code for n in range(22)]
    assert statuts == [401] * 20 + [429] * 2


def test_the_throttle_keeps_neither_address_nor_what_was_typed(gestion: Gestion) -> None:
    entrer(gestion.client(), "mot-de-passe-tape-ici@exemple.fr", "faux")
    with reading(gestion.engine) as base:
        lignes = base.execute(select(Essai.compte, Essai.prefixe)).all()
    assert len(lignes) == 2
    assert not any("127.0" in c or "tape" in c for ligne in lignes for c in ligne)


def test_what_no_database_or_page_can_hold_is_refused_like_the_rest(
    gestion: Gestion, editeur: Navigateur
) -> None:
    for courriel in ("\0", "eve@exemple.fr\0", "a\0" * 300):
        assert entrer(gestion.client(), courriel).status_code == 401
    for chemin in ("", "/historique", "/diffusion", "/rappels"):
        assert editeur.get(f"/gestion/acteurs/a%00b{chemin}").status_code == 404
    assert editeur.poster("/gestion/acteurs/a%00b/dupliquer").status_code == 404
    # Half of a character, in JSON.
    for reprise in ('["/gestion/x",[["a","\\ud800"]]]', '["/gestion/\\ud800",[["a","b"]]]'):
        page = entrer(gestion.client(), reprise=reprise)
        assert page.status_code == 401
        assert 'name="reprise"' not in page.text


# ── the end of a session ──


@pytest.mark.parametrize(("minutes", "tours"), [(61, 1), (59, 13)])
def test_a_session_ends_when_idle_and_in_any_case(
    editeur: Navigateur, gestion: Gestion, minutes: int, tours: int
) -> None:
    statuts = []
    for _ in range(tours):
        gestion.horloge.avance(minutes=minutes)
        statuts.append(editeur.get("/gestion/profil").status_code)
    assert statuts == [200] * (tours - 1) + [303]
    assert editeur.client.get_cookie("carto") is None


def test_sign_out_everywhere_and_another_password_end_the_other_devices(
    gestion: Gestion, eve: Compte
) -> None:
    bureau, telephone = gestion.client(), gestion.client()
    for appareil in (bureau, telephone):
        entrer(appareil)
    mots = {"mot_de_passe": MOT_DE_PASSE, "mot_de_passe_nouveau": "orage citron lampe"}
    assert bureau.poster("/gestion/profil/mot-de-passe", mots).status_code == 422
    mots["mot_de_passe_bis"] = mots["mot_de_passe_nouveau"]
    faux = mots | {"mot_de_passe": "faux"}
    assert bureau.poster("/gestion/profil/mot-de-passe", faux).status_code == 422
    assert bureau.poster("/gestion/profil/mot-de-passe", mots).status_code == 303
    assert bureau.get("/gestion/profil").status_code == 200
    assert telephone.get("/gestion/profil").status_code == 303
    entrer(telephone, mot="orage citron lampe")
    assert telephone.poster("/gestion/profil/deconnecter-partout").status_code == 303
    assert bureau.get("/gestion/profil").status_code == 303


def test_a_stolen_cookie_of_another_key_is_nothing(gestion: Gestion, tmp_path: Any) -> None:  # noqa: ANN401
    ailleurs: Flask = create_app(
        Settings(
            instance=tmp_path / "b",
            database_url=gestion.engine.url.render_as_string(hide_password=False),
            secret_key="z" * 40,
        ),
        horloge=gestion.horloge,
    )
    client = ailleurs.test_client()
    connecter(client, "editeur")
    temoin = client.get_cookie("carto")
    assert temoin is not None
    qui = gestion.client()
    qui.client.set_cookie("carto", temoin.value)
    assert qui.get("/gestion/profil").status_code == 303
    ailleurs.extensions["cartographie"].engine.dispose()


# ── links ──


def test_opening_a_link_changes_nothing_and_it_expires(gestion: Gestion, eve: Compte) -> None:
    with transaction(gestion.engine) as base:
        jeton = comptes.invite(base, eve.id, gestion.horloge())
    qui = gestion.client()
    for _ in range(5):
        assert qui.get(f"/gestion/invitation?jeton={jeton}").status_code == 200
    assert entrer(gestion.client()).status_code == 303
    champs = {"jeton": jeton, "mot_de_passe": "court", "mot_de_passe_bis": "court"}
    page = qui.client.post("/gestion/invitation", data=champs)
    assert page.status_code == 422
    assert "12 caractères" in texte(par_id(lire(page.text), "mot_de_passe-erreur"))
    champs = {"jeton": jeton, "mot_de_passe": "orage citron lampe", "mot_de_passe_bis": "autre"}
    assert qui.client.post("/gestion/invitation", data=champs).status_code == 422
    champs["mot_de_passe_bis"] = champs["mot_de_passe"]
    gestion.horloge.avance(days=7)
    assert qui.client.post("/gestion/invitation", data=champs).status_code == 404
    gestion.horloge.maintenant -= timedelta(minutes=1)
    assert qui.client.post("/gestion/invitation", data=champs).status_code == 303
    assert qui.client.post("/gestion/invitation", data=champs).status_code == 404
    assert entrer(gestion.client(), mot="orage citron lampe").status_code == 303


def test_in_production_a_password_costs_what_the_rfc_recommends() -> None:
    dit = "from cartographie.web.gestion.hachage import hacher; print(hacher('tortue velours'))"
    fait = subprocess.run(
        [sys.executable, "-c", dit], cwd=RACINE, capture_output=True, text=True, check=True
    )
    assert fait.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
