"""The deployment that is shipped, for one file of tests, and what every answer of it holds.

A plugin of pytest: the fixture `site`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from cartographie import create_app
from cartographie.config import Settings
from cartographie.web import security
from tests import bases
from tests.amont import amont
from tests.comptes import EVE, creer_compte
from tests.mandataire import Deploye, Recue, deployer, entetes_publics
from tests.site import CLE, SORTIE, lire

RECHERCHE = f"/?lieu={quote('La Mure')}"
FORME_ADRESSE = re.compile(r"\b127\.0\.0\.[1-9]")


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    serveur_postgresql: str,
) -> Iterator[Deploye]:
    """Up, with an account of Ève, over a database of its own."""
    dossier = tmp_path_factory.mktemp("deploiement")
    nom = bases.nom_de(request.node.nodeid)
    bases.ordonner(serveur_postgresql, f"CREATE DATABASE {nom}")
    base = bases.adresse_de(serveur_postgresql, nom)
    with amont() as source, deployer(dossier, base, source) as deploye:
        app = create_app(Settings(database_url=base, instance=dossier / "ici", secret_key=CLE))
        creer_compte(app, "editeur", EVE)
        app.extensions["cartographie"].engine.dispose()
        yield deploye
    bases.ordonner(serveur_postgresql, f"DROP DATABASE {nom} WITH (FORCE)")


def premiere_fiche(site: Deploye) -> str:
    """The path of a record near La Mure."""
    page = lire(site.visiteur().demander(RECHERCHE).texte)
    liens = (lien.get("href", "") for lien in page.iter("a"))
    return next(lien for lien in liens if re.fullmatch(r"/acteurs/[a-z0-9-]+", lien))


def assert_proteges(recue: Recue, politique: str | None = None) -> None:
    """Hold an answer of nginx to the application's tables: each header once, no version told."""
    entetes = {**entetes_publics(), "Content-Security-Policy": politique or security.csp(None)}
    for nom, valeur in entetes.items():
        assert recue.entetes.get_all(nom) == [valeur], (nom, recue.statut)
    assert recue.entetes.get_all("Server") == ["nginx"]


def assert_discret(site: Deploye, *secrets: str) -> None:
    """No file that nginx writes, but its cache of files, holds a question or an address."""
    indiscrets = ("lieu", "Mure", "44.9", "ailleurs", "peur", "/265/", *secrets)
    for fichier in [site.dossier / "nginx.log", *(site.dossier / "log").iterdir()]:
        ecrit = fichier.read_text("utf-8")
        assert [mot for mot in indiscrets if mot in ecrit] == [], fichier
        assert not FORME_ADRESSE.search(ecrit), fichier
    assert (site.dossier / "autres.log").read_text("utf-8") == ""


def assert_secours(recue: Recue) -> None:
    """Whom to call, and the way out."""
    liens = {lien.get("href") for lien in lire(recue.texte).iter("a")}
    assert {"tel:17", "sms:114", "tel:3919", SORTIE} < liens
