"""Accounts for tests: a site that can be written to, and clients already signed in.

Fixtures of conftest.py:

    gestion          the site over an empty directory, once per engine; `gestion.horloge` moves
    editeur          a client signed in there, whose `poster` adds the CSRF token
    administrateur   the same, with a second factor

`connecter(client, role)` signs any client of any site in, without the cost of a password.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cartographie import comptes
from cartographie.comptes import Compte, ouvertes
from cartographie.config import Settings
from cartographie.database import reading, transaction
from cartographie.utilisateurs import RoleCompte
from cartographie.web.gestion import hachage, second_facteur, sessions
from cartographie.web.site import Site
from tests import bases
from tests.site import MARDI, assembler, lire

MOT_DE_PASSE = "tortue velours neuf marins"
NOMS = {RoleCompte.EDITEUR: "Ève Martin", RoleCompte.ADMINISTRATEUR: "Alain Durand"}
T = TypeVar("T")
EVE = "eve@exemple.fr"
JETON = re.compile(r'name="csrf_token" value="([^"]+)"')


class Horloge:
    """A clock that tests move."""

    def __init__(self, maintenant: datetime = MARDI) -> None:
        self.maintenant = maintenant

    def __call__(self) -> datetime:
        return self.maintenant

    def avance(self, **duree: float) -> None:
        """`avance(minutes=61)`."""
        self.maintenant += timedelta(**duree)


@dataclass(frozen=True, slots=True)
class Gestion:
    """A site that can be written to."""

    app: Flask
    engine: Engine
    horloge: Horloge

    def client(self, role: RoleCompte | str | None = None) -> Navigateur:
        """A browser; signed in when a role is given."""
        navigateur = Navigateur(self.app)
        if role:
            connecter(navigateur.client, role)
        return navigateur


def sur_copie(base: Engine, dossier: Path, **reglages: Any) -> Gestion:  # noqa: ANN401
    """The site over a copy of a database, with some settings; its clock moves."""
    horloge = Horloge()
    adresse = bases.copier(base, dossier)
    voulus = Settings(database_url=adresse, instance=dossier / "instance", **reglages)
    app = assembler(voulus, horloge)
    return Gestion(app, app.extensions["cartographie"].engine, horloge)


class Navigateur:
    """A client that posts as a page would, with the token of its session."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, chemin: str, **options: Any) -> TestResponse:  # noqa: ANN401
        return self.client.get(chemin, **options)

    def poster(
        self,
        chemin: str,
        data: Mapping[str, Any] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> TestResponse:
        """POST (or another `method`) with the CSRF token of the session, when there is one."""
        corps = {"csrf_token": jeton(self.client), **(data or {})}
        return self.client.open(chemin, data=corps, **{"method": "POST", **options})


def creer_compte(
    app: Flask, role: RoleCompte | str, courriel: str = "", *, mot_de_passe: str = MOT_DE_PASSE
) -> Compte:
    """An account with this password; an administrator with a second factor too."""
    role = RoleCompte(role)
    site: Site = app.extensions["cartographie"]
    maintenant = site.horloge()
    with app.app_context(), transaction(site.engine) as base:
        courriel = courriel or f"{role}@exemple.fr"
        compte = comptes.create_compte(base, courriel, NOMS[role], role, maintenant)
        comptes.set_mot_de_passe(base, compte.id, _hache(mot_de_passe))
        if role is RoleCompte.ADMINISTRATEUR:
            second_facteur.enable(base, compte, second_facteur.new_secret(), [], 0)
        return comptes.get_compte(base, compte.id)


@cache
def _hache(mot_de_passe: str) -> str:
    return hachage.hacher(mot_de_passe)


def connecter(client: FlaskClient, role: RoleCompte | str, courriel: str = "") -> Compte:
    """Sign a client in; its account is made when it does not exist."""
    app = client.application
    site: Site = app.extensions["cartographie"]
    courriel = courriel or f"{RoleCompte(role)}@exemple.fr"
    with reading(site.engine) as base:
        compte = comptes.find_by_courriel(base, courriel)
    compte = compte or creer_compte(app, role, courriel)
    debut = site.horloge()
    with transaction(site.engine) as base:
        secret = ouvertes.open_session(base, compte.id, debut)
    with client.session_transaction("/gestion") as session:
        session[sessions.QUI] = secret
        session[sessions.DEBUT] = session[sessions.VU] = int(debut.timestamp())
    return compte


def jeton(client: FlaskClient) -> str:
    """The CSRF token of the session; empty when nobody is signed in."""
    trouve = JETON.search(client.get("/gestion/profil").text)
    return trouve[1] if trouve else ""


def code_du_moment(gestion: Gestion, compte: Compte) -> str:
    """What the telephone of an account shows at this hour."""
    return totp_du_moment(gestion, compte.totp_secret)


def totp_du_moment(gestion: Gestion, secret: str) -> str:
    """The code of an encrypted secret at this hour."""
    with gestion.app.app_context():
        totp = second_facteur.lire(secret)
        return str(totp.generate(time=int(gestion.horloge().timestamp())).token)


def en_parallele(engine: Engine, nombre: int, geste: Callable[[Session, int], T]) -> list[T]:
    """Do the same in as many transactions at once; what each gave."""
    barriere = Barrier(nombre)

    def faire(n: int) -> T:
        barriere.wait()
        with transaction(engine) as base:
            return geste(base, n)

    with ThreadPoolExecutor(nombre) as fils:
        return list(fils.map(faire, range(nombre)))


def entrer(
    qui: Navigateur, courriel: str = EVE, mot: str = MOT_DE_PASSE, **champs: str
) -> TestResponse:
    """Post the form of the sign-in."""
    corps = {"courriel": courriel, "mot_de_passe": mot, **champs}
    return qui.client.post("/gestion/connexion", data=corps)


def champ_cache(page: str, nom: str) -> str:
    """The value of a hidden field."""
    return next(
        champ.get("value", "") for champ in lire(page).iter("input") if champ.get("name") == nom
    )
