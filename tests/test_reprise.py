"""What was typed survives the end of the session, whatever its length, and leads nowhere else."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from cartographie import comptes
from cartographie.comptes import Compte
from cartographie.database import reading
from cartographie.web.gestion import reprise
from cartographie.web.security import CORPS_MAX_GESTION
from tests.comptes import (
    Gestion,
    Navigateur,
    champ_cache,
    code_du_moment,
    connecter,
    creer_compte,
    entrer,
)
from tests.site import lire

# ── nothing typed is lost ──

CHAMPS = {"courriel": "neuf@exemple.fr", "nom": "  Zoé “é” <b>&amp;\r\n fin ", "role": "editeur"}


def renvoyer(qui: Navigateur, page: str) -> TestResponse:
    """Press the one button of the page that gives back what was typed."""
    arbre = lire(page)
    formulaire = next(f for f in arbre.iter("form") if f.get("action") == "/gestion/comptes")
    champs = {c.get("name"): c.get("value", "") for c in formulaire.iter("input")}
    champs |= {c.get("name"): c.text or "" for c in formulaire.iter("textarea")}
    return qui.client.post("/gestion/comptes", data=champs)


def test_what_was_typed_survives_the_end_of_the_session(gestion: Gestion) -> None:
    alain = creer_compte(gestion.app, "administrateur", "alain@exemple.fr")
    qui = gestion.client()
    connecter(qui.client, "administrateur", "alain@exemple.fr")
    champs = {"csrf_token": "ancien", "mot_de_passe": "SECRET", **CHAMPS}
    gestion.horloge.avance(hours=13)
    page = qui.client.post("/gestion/comptes", data=champs)
    assert page.status_code == 401
    assert "Rien n’est perdu" in page.text
    assert "SECRET" not in page.text
    etape = entrer(qui, "alain@exemple.fr", reprise=champ_cache(page.text, "reprise"))
    fin = qui.client.post(
        "/gestion/connexion/code",
        data={
            "etape": champ_cache(etape.text, "etape"),
            "reprise": champ_cache(etape.text, "reprise"),
            "code": code_du_moment(gestion, alain),
        },
    )
    assert fin.status_code == 200
    assert renvoyer(qui, fin.text).status_code == 200
    with reading(gestion.engine) as base:
        neuf = comptes.find_by_courriel(base, "neuf@exemple.fr")
    assert neuf is not None
    assert neuf.nom == "Zoé “é” <b>&amp; fin"


def test_a_form_of_another_session_waits_for_a_click(administrateur: Navigateur) -> None:
    page = administrateur.client.post("/gestion/comptes", data={"csrf_token": "faux", **CHAMPS})
    assert page.status_code == 400
    assert renvoyer(administrateur, page.text).status_code == 200


def test_a_wrong_password_keeps_what_was_typed(gestion: Gestion, eve: Compte) -> None:
    qui = gestion.client()
    page = qui.client.post("/gestion/comptes", data=CHAMPS)
    porte = champ_cache(page.text, "reprise")
    assert champ_cache(entrer(qui, mot="faux", reprise=porte).text, "reprise") == porte


def test_a_long_record_travels_and_a_longer_one_is_told(gestion: Gestion, eve: Compte) -> None:
    qui = gestion.client()
    page = qui.client.post("/gestion/comptes", data={"nom": "é" * 60_000})
    porte = champ_cache(page.text, "reprise")
    assert "é" * 60_000 in porte
    assert len(porte.encode()) * 3 < CORPS_MAX_GESTION
    assert entrer(qui, reprise=porte).status_code == 200
    page = gestion.client().client.post("/gestion/comptes", data={"nom": "é" * 80_000})
    assert page.status_code == 401
    assert "trop long pour être gardé" in page.text
    assert not any(c.get("name") == "reprise" for c in lire(page.text).iter("input"))


@pytest.mark.parametrize(
    "forge",
    [
        "x", "[]", "null", "{}", "[1,2]", '["/gestion",1]', '["/gestion",[["a"]]]',
        '["//exemple.fr",[]]', '["https://exemple.fr",[]]', '["/gestion\\\\x",[]]',
        '["/gestionnaire",[]]', '["/gestion",[["a",1]]]', "[" * 5000,
    ],
)  # fmt: skip
def test_a_forged_form_leads_nowhere(forge: str) -> None:
    assert reprise.decode(forge) is None


@pytest.mark.parametrize(
    "suite", ["//exemple.fr", "https://exemple.fr", "/", "/gestion\\@x", "/gestion/\nx", "gestion"]
)
def test_the_sign_in_leads_to_no_other_site(gestion: Gestion, eve: Compte, suite: str) -> None:
    reponse = entrer(gestion.client(), suite=suite)
    assert reponse.location in {"/gestion", "/gestion/", "/gestion/profil"}


def test_a_script_is_told_that_the_session_ended(gestion: Gestion) -> None:
    reponse = gestion.client().client.post(
        "/gestion/comptes", data=CHAMPS, headers={"Sec-Fetch-Dest": "empty"}
    )
    assert (reponse.status_code, reponse.mimetype) == (401, "application/json")
