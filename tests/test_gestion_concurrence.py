"""Editors at once over a real server of two processes: what was acknowledged is never lost.

Each editor writes words that nobody else writes, with a fresh form or with an old one; a conflict
is answered as a person would, by keeping both. Every word whose saving was acknowledged is found
in the last state or in the history, and the history has no hole.
"""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cartographie import create_app, registre
from cartographie.config import RACINE, Settings
from cartographie.database import make_engine, reading, transaction
from cartographie.initialisation import init_db
from cartographie.referentiel import Referentiel
from tests.comptes import MOT_DE_PASSE, creer_compte
from tests.fabrique import accueil
from tests.formulaires import caches, champs

SLUG = "accueil-la-mure"
PROCESSUS = 2
CHAMPS = ("frais", "conditions", "sigle", "description", "contacts.0.libelle")


@dataclass
class Editeur:
    """A person with a browser; `acquis` are the words whose saving was acknowledged."""

    adresse: str
    courriel: str
    acquis: list[tuple[str, str]] = field(default_factory=list)
    statuts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sign in as a person does."""
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.navigateur = urllib.request.build_opener(cookies)
        corps = {"courriel": self.courriel, "mot_de_passe": MOT_DE_PASSE}
        statut, _ = self.poster("/gestion/connexion", corps)
        assert statut == 200

    def get(self, chemin: str) -> str:
        with self.navigateur.open(self.adresse + chemin, timeout=60) as reponse:
            return str(reponse.read().decode())

    def poster(self, chemin: str, corps: Mapping[str, object]) -> tuple[int, str]:
        donnees = urlencode(corps, doseq=True).encode()
        try:
            with self.navigateur.open(self.adresse + chemin, donnees, timeout=60) as reponse:
                return reponse.status, reponse.read().decode()
        except urllib.error.HTTPError as erreur:
            return erreur.code, erreur.read().decode()

    def travailler(self, editions: int, graine: int) -> None:
        """Edit again and again, sometimes with a form that has grown old."""
        hasard = random.Random(graine)
        chemin = f"/gestion/acteurs/{SLUG}"
        formulaire = champs(self.get(chemin))
        for n in range(editions):
            if hasard.random() < 0.6:
                formulaire = champs(self.get(chemin))
            champ, mot = hasard.choice(CHAMPS), f"{self.courriel.partition('@')[0]}-{n}"
            corps = {**formulaire, champ: [mot], "geste": "enregistrer"}
            statut, page = self.poster(chemin, corps)
            self.statuts.append(statut)
            for _ in range(30):
                if statut != 409:
                    break
                statut, page = self.poster(f"{chemin}/conflit", self._choisir(page))
                self.statuts.append(statut)
            if statut == 200:
                self.acquis.append((champ, mot))

    def _choisir(self, page: str) -> dict[str, object]:
        """Keep mine where both of us wrote."""
        envoi: dict[str, object] = dict(caches(page, "conflit"))
        for chemin in re.findall(r'name="(choix\.[^"]+)" value="miens"', page):
            envoi.setdefault(chemin, ["miens"])
        return envoi


@contextmanager
def servir(dossier: Path, adresse_base: str, referentiel: Referentiel, gens: int) -> Iterator[str]:
    """`cartographie serve` over a directory with one record and these accounts."""
    engine = make_engine(adresse_base)
    init_db(engine, referentiel, RACINE / "data" / "acteurs.geojson")
    with transaction(engine) as session:
        registre.create_acteur(session, accueil(), par="essai", moyen="essai")
    engine.dispose()
    reglages = Settings(database_url=adresse_base, instance=dossier, geocodeur="communes")
    app = create_app(reglages)
    for n in range(gens):
        creer_compte(app, "editeur", f"e{n}@exemple.fr")
    app.extensions["cartographie"].engine.dispose()
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    environ = {**os.environ, "CARTO_INSTANCE": str(dossier), "CARTO_DATABASE_URL": adresse_base}
    environ["CARTO_GEOCODEUR"] = "communes"
    commande = (sys.executable, "-m", "cartographie", "serve", "--workers", str(PROCESSUS))
    with subprocess.Popen(
        (*commande, "--port", str(port)), cwd=RACINE, env=environ, stdout=subprocess.DEVNULL
    ) as serveur:
        try:
            attendre(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            serveur.terminate()
            serveur.wait(30)


def attendre(adresse: str) -> None:
    """Until the server answers."""
    fin = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{adresse}/sante", timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < fin, "the server does not start"
            time.sleep(0.2)


def prouver(
    dossier: Path, adresse_base: str, referentiel: Referentiel, gens: int, editions: int
) -> None:
    with servir(dossier, adresse_base, referentiel, gens) as adresse:
        editeurs = [Editeur(adresse, f"e{n}@exemple.fr") for n in range(gens)]
        with ThreadPoolExecutor(gens) as fils:
            for tache in [fils.submit(e.travailler, editions, n) for n, e in enumerate(editeurs)]:
                tache.result()
        public = editeurs[0].get(f"/acteurs/{SLUG}")
    statuts = {statut for editeur in editeurs for statut in editeur.statuts}
    assert statuts <= {200, 409}
    acquis = {mot for editeur in editeurs for mot in editeur.acquis}
    assert len(acquis) == gens * editions
    engine = make_engine(adresse_base)
    with reading(engine) as session:
        saisie, numero = registre.get_saisie(session, SLUG)
        ecritures = registre.history(session, SLUG)
    engine.dispose()
    # One revision for each acknowledged save, none missing, each made on the one before.
    assert [e.numero for e in ecritures] == list(range(numero, 0, -1))
    assert numero == 1 + len(acquis)
    assert all(e.avant == avant.apres for e, avant in pairwise(ecritures))
    vus = {getattr(e.apres, c) for e in ecritures for c in CHAMPS[:4]}
    vus |= {e.apres.contacts[0].libelle for e in ecritures}
    assert {mot for _, mot in acquis} <= vus
    assert ecritures[0].apres == saisie
    assert saisie.frais in public
    if gens > 1:
        assert 409 in statuts  # stale forms were really there


@pytest.mark.parametrize("moteur", ["sqlite", "postgresql"])
def test_no_acknowledged_edit_is_lost(
    tmp_path: Path, base_vide: Callable[[str], str], referentiel: Referentiel, moteur: str
) -> None:
    prouver(tmp_path, base_vide(moteur), referentiel, gens=3, editions=4)


@pytest.mark.long
@pytest.mark.parametrize("moteur", ["sqlite", "postgresql"])
def test_eight_editors_at_once_lose_nothing(
    tmp_path: Path, base_vide: Callable[[str], str], referentiel: Referentiel, moteur: str
) -> None:
    prouver(tmp_path, base_vide(moteur), referentiel, gens=8, editions=50)
