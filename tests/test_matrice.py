"""Every route of /gestion × who asks × method: walked from the map of routes, nothing left out.

A route that is added is tested here without a word, but for two things that have to be thought of:
a new argument of an address (ARGUMENTS of test_securite) and a view for administrators (RESERVEES).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cartographie import comptes, registre
from cartographie.database import reading, transaction
from cartographie.utilisateurs import RoleCompte
from cartographie.web.gestion.garde import MENU, REGLAGES, SANS_COMPTE
from tests.comptes import EVE, Gestion, Navigateur, connecter
from tests.site import adresse_de
from tests.test_securite import ARGUMENTS

RESERVEES = {
    "gestion.comptes",
    "gestion.inviter",
    "gestion.renouveler_lien",
    "gestion.changer_role",
    "gestion.fermer",
    "gestion.rouvrir",
    "gestion.ecritures",
    "gestion.annuler",
    "gestion.export_complet",
}
# They end the session that asks: another one is opened after each.
SORTIES = {"gestion.deconnexion", "gestion.deconnecter_partout"}
METHODES = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What nobody may choose by adding a field to a form.
EN_TROP = {
    "role": "administrateur",
    "id": "1",
    "compte_id": "1",
    "uniquifier": "x",
    "totp_secret": "",
    "revoque_le": "",
    "utilisateur": "1",
    "numero": "1",
    "revision_numero": "1",
    "par": "autre@exemple.fr",
}


def regles(app: Flask) -> list[Rule]:
    trouvees = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("gestion.")]
    return sorted(trouvees, key=lambda r: (r.endpoint, r.rule))


def adresse(app: Flask, regle: Rule) -> str:
    return adresse_de(app, regle, {nom: ARGUMENTS[nom] for nom in regle.arguments})


def demander(
    gestion: Gestion, qui: Navigateur, corps: dict[str, str] | None = None
) -> Iterator[tuple[Rule, str, TestResponse]]:
    """Every rule and method, with the token of the session when there is one."""
    for regle in regles(gestion.app):
        for methode in METHODES:
            chemin = adresse(gestion.app, regle)
            if methode in ("GET", "HEAD", "OPTIONS"):
                reponse = qui.client.open(chemin, method=methode)
            else:
                reponse = qui.poster(chemin, corps or {}, method=methode)
            assert reponse.status_code < 500, (methode, regle.rule)
            assert reponse.headers["Cache-Control"] == "no-store"
            assert "noindex" in reponse.headers["X-Robots-Tag"]
            assert "frame-ancestors 'none'" in reponse.headers["Content-Security-Policy"]
            yield regle, methode, reponse


def methodes(app: Flask, regle: Rule) -> set[str]:
    """What is answered at this address, by this rule or a twin."""
    return set().union(*(r.methods or () for r in regles(app) if r.rule == regle.rule))


def revoquee(gestion: Gestion) -> Navigateur:
    """Signed in, then closed by somebody."""
    qui = Navigateur(gestion.app)
    compte = connecter(qui.client, "editeur", "fermee@exemple.fr")
    with transaction(gestion.engine) as base:
        comptes.revoke(base, compte.id, gestion.horloge())
    return qui


@pytest.mark.parametrize("etat", ["anonyme", "revoquee"])
def test_who_is_not_signed_in_sees_the_sign_in_page_and_changes_nothing(
    ecriture: Gestion, etat: str
) -> None:
    qui = ecriture.client() if etat == "anonyme" else revoquee(ecriture)
    avant = etat_de(ecriture)
    for regle, methode, reponse in demander(ecriture, qui, EN_TROP):
        ou = (methode, regle.rule, reponse.status_code)
        if methode not in methodes(ecriture.app, regle):
            assert reponse.status_code == 405, ou
        elif regle.endpoint in SANS_COMPTE or _jumelle_ouverte(ecriture.app, regle):
            assert reponse.status_code in {200, 401, 404, 422, 429}, ou
        elif methode in ("GET", "HEAD", "OPTIONS"):
            assert reponse.status_code == 303, ou
            assert reponse.location.startswith("/gestion/connexion?suite=/gestion"), ou
        else:
            assert reponse.status_code == 401, ou
    assert etat_de(ecriture) == avant


def test_an_editor_may_all_but_what_is_reserved(ecriture: Gestion) -> None:
    qui = ecriture.client("editeur")
    for regle, methode, reponse in demander(ecriture, qui, EN_TROP):
        ou = (methode, regle.rule, reponse.status_code)
        if methode not in methodes(ecriture.app, regle):
            assert reponse.status_code == 405, ou
        elif methode in (regle.methods or set()) and methode != "OPTIONS":
            assert (reponse.status_code == 403) is (regle.endpoint in RESERVEES), ou
            assert reponse.status_code != 401 or regle.endpoint in SANS_COMPTE, ou
        if regle.endpoint in SORTIES:
            connecter(qui.client, "editeur")
    role_de = {c.courriel: c.role for c in tous(ecriture)}
    assert role_de["editeur@exemple.fr"] is RoleCompte.EDITEUR
    assert list(role_de.values()).count(RoleCompte.ADMINISTRATEUR) == 0


def test_an_administrator_may_all(ecriture: Gestion) -> None:
    qui = ecriture.client("administrateur")
    connecter(ecriture.client().client, "editeur", EVE)
    for regle, methode, reponse in demander(ecriture, qui):
        ou = (methode, regle.rule, reponse.status_code)
        if methode not in methodes(ecriture.app, regle):
            assert reponse.status_code == 405, ou
        else:
            assert reponse.status_code != 403, ou
            assert reponse.status_code != 401 or _ouverte(regle), ou
        if regle.endpoint in SORTIES:
            connecter(qui.client, "administrateur")


def test_no_write_goes_without_the_token_of_the_session(ecriture: Gestion) -> None:
    for role in RoleCompte:
        qui = ecriture.client(role)
        avant = etat_de(ecriture)
        for regle in regles(ecriture.app):
            if "POST" not in (regle.methods or set()) or regle.endpoint in SANS_COMPTE:
                continue
            for jeton in ({}, {"csrf_token": "faux"}):
                reponse = qui.client.post(adresse(ecriture.app, regle), data=EN_TROP | jeton)
                assert reponse.status_code == 400, regle.rule
        assert etat_de(ecriture) == avant


def test_no_other_site_may_write(ecriture: Gestion) -> None:
    qui = ecriture.client("administrateur")
    for regle in regles(ecriture.app):
        if "POST" in (regle.methods or set()):
            for entetes in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://exemple.fr"}):
                reponse = qui.poster(adresse(ecriture.app, regle), headers=entetes)
                assert reponse.status_code == 403, regle.rule


def test_the_tables_of_the_guard_name_views_that_exist(ecriture: Gestion) -> None:
    noms = {regle.endpoint for regle in regles(ecriture.app)}
    assert noms >= SANS_COMPTE | REGLAGES | RESERVEES | SORTIES | {nom for nom, _, _ in MENU}
    assert not SANS_COMPTE & RESERVEES


def _ouverte(regle: Rule) -> bool:
    return regle.endpoint in SANS_COMPTE


def _jumelle_ouverte(app: Flask, regle: Rule) -> bool:
    """Whether the address is also that of a view without an account (GET and POST are two)."""
    return any(r.rule == regle.rule and r.endpoint in SANS_COMPTE for r in regles(app))


def tous(gestion: Gestion) -> list[comptes.Compte]:
    with reading(gestion.engine) as base:
        return comptes.comptes(base)


def etat_de(gestion: Gestion) -> tuple[object, ...]:
    """Everything that a write could change: records with their revisions, accounts."""
    with reading(gestion.engine) as base:
        return (registre.saisies(base), registre.revisions(base), comptes.comptes(base))
