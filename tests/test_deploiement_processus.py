"""The two processes behind nginx: watched, restarted, gone.

The last tests end them: the order of this file is theirs.
"""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from cartographie.web import security
from tests.deploiement import RECHERCHE, assert_discret, assert_proteges, assert_secours
from tests.mandataire import JETON, Deploye
from tests.preuves import Preuve

pytest_plugins = ("tests.deploiement",)
pytestmark = pytest.mark.long


def test_supervision_asks_processes_and_not_the_public_address(site: Deploye) -> None:
    cle = {"Authorization": f"Bearer {JETON}"}
    assert [site.en_clair("/pret", port, entetes=cle).texte for port in site.ports] == [
        "prêt\n"
    ] * 2
    dehors, inconnue = (site.visiteur().demander(c, entetes=cle) for c in ("/pret", "/jamais"))
    assert (dehors.statut, dehors.corps) == (404, inconnue.corps)
    assert site.visiteur().demander("/sante").statut == 200


def test_processes_restarted_in_turn_miss_no_request(site: Deploye, preuve: Preuve) -> None:
    """An update: readers go on reading while each process stops and starts again."""
    statuts: list[int] = []
    fini = Event()

    def lire_sans_cesse() -> None:
        visiteur = site.visiteur()
        while not fini.is_set():
            statuts.append(visiteur.demander(RECHERCHE).statut)
            statuts.append(visiteur.demander("/proches", {"adresse": "38350 La Mure"}).statut)
            time.sleep(0.02)

    with ThreadPoolExecutor(2) as lecteurs:
        lectures = [lecteurs.submit(lire_sans_cesse) for _ in range(2)]
        for numero in range(len(site.ports)):
            site.redemarrer(numero)
        fini.set()
        for lecture in lectures:
            lecture.result(60)
    manquees = len(statuts) - statuts.count(200)
    preuve("demandes pendant un redémarrage à tour de rôle", len(statuts), "manquées", manquees)
    assert len(statuts) > 50
    assert manquees == 0


def test_one_process_gone_is_not_seen(site: Deploye, preuve: Preuve) -> None:
    site.arreter(0)
    visiteur = site.visiteur()
    statuts = [visiteur.demander(RECHERCHE).statut for _ in range(20)]
    corps = {"latitude": "44.9035", "longitude": "5.7863"}
    statuts += [visiteur.demander("/proches", corps).statut for _ in range(10)]
    manquees = len(statuts) - statuts.count(200)
    preuve("demandes après la mort d’un processus sur deux", len(statuts), "manquées", manquees)
    assert manquees == 0


def test_no_process_at_all_is_said_in_french_with_whom_to_call(site: Deploye) -> None:
    page = site.visiteur().demander("/").texte
    feuille = next(lien for lien in re.findall(r'href="([^"]+)"', page) if "style.css?v=" in lien)
    site.visiteur().demander(feuille)
    site.arreter(1)
    visiteur = site.visiteur()
    for chemin in (RECHERCHE, "/gestion", "/proches", "/jamais"):
        recue = visiteur.demander(chemin, entetes={"Referer": "https://ailleurs.fr/?q=peur"})
        assert (recue.statut, recue.entetes["Cache-Control"]) == (502, "no-store")
        assert_proteges(recue)
        assert "La carte est en panne" in recue.texte
        assert_secours(recue)
    cadre = visiteur.demander("/integration/carte?lieu=38350")
    ouverte = security.csp("integration.carte")
    assert_proteges(cadre, ouverte)
    for piece in ("/panne/style.css", "/panne/sortie.js", feuille):
        assert visiteur.demander(piece).statut == 200, piece
    time.sleep(0.2)
    assert_discret(site)
    assert " 502 " in site.journal()
