"""What a visitor sees of the deployment that is shipped: nginx, two processes, PostgreSQL."""

from __future__ import annotations

import hmac
import json
import re
import socket
import time
from hashlib import sha256
from http.client import HTTPMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from cartographie.database import make_engine, reading
from cartographie.models import Essai
from cartographie.web import security
from tests.comptes import EVE, MOT_DE_PASSE
from tests.deploiement import (
    RECHERCHE,
    assert_discret,
    assert_proteges,
    assert_secours,
    premiere_fiche,
)
from tests.formulaires import champs
from tests.mandataire import NOM, REPARTITEUR, Deploye, Recue, Visiteur
from tests.preuves import Preuve
from tests.site import CLE

pytest_plugins = ("tests.deploiement",)
pytestmark = pytest.mark.long

ICI = {"Origin": f"https://{NOM}"}
LIGNE = re.compile(
    r"(-|[\d.]+\.0|[0-9a-f:]+::) \[[^\]]+\] [A-Z]+ (-|/[a-z0-9._-]*) \d{3} \d+ [\d.]+s"
    r" amont=[\d, -]+ cache=[A-Z-]+"
)


def entrer(qui: Visiteur) -> None:
    recue = qui.demander("/gestion/connexion", {"courriel": EVE, "mot_de_passe": MOT_DE_PASSE}, ICI)
    assert (recue.statut, list(qui.temoins)) == (303, ["__Host-carto"]), recue.texte


def test_the_journey_through_nginx_shows_an_edit_on_both_processes(
    site: Deploye, preuve: Preuve
) -> None:
    visiteur = site.visiteur()
    liste = visiteur.demander(RECHERCHE)
    assert (liste.statut, liste.entetes["Cache-Control"]) == (200, "no-cache")
    assert "Set-Cookie" not in liste.entetes
    fiche = premiere_fiche(site)
    slug = fiche.rpartition("/")[2]
    assert visiteur.demander(fiche).statut == 200
    carte = visiteur.demander(f"/carte.json{RECHERCHE[1:]}")
    assert slug in json.dumps(json.loads(carte.corps))

    agent = site.visiteur()
    entrer(agent)
    formulaire = agent.demander(f"/gestion{fiche}")
    mot = "Accueil sur rendez-vous, essai 4713."
    tapes = {**champs(formulaire.texte), "description": mot, "geste": "enregistrer"}
    ecrite = agent.demander(f"/gestion{fiche}", tapes, entetes=ICI)
    depart = time.monotonic()
    assert ecrite.statut == 303, ecrite.texte
    pages = [site.en_clair(fiche, port).texte for port in site.ports]
    pages += [visiteur.demander(fiche).texte for _ in range(4)]
    duree = time.monotonic() - depart
    vieilles = sum(mot not in page for page in pages)
    preuve("pages relues derrière nginx après une écriture", len(pages), "anciennes", vieilles)
    assert (vieilles, duree < 1) == (0, True)

    jeton = {"csrf_token": champs_csrf(agent)}
    assert agent.demander("/gestion/deconnexion", jeton, entetes=ICI).statut == 303
    assert agent.demander("/gestion").statut == 303


def champs_csrf(agent: Visiteur) -> str:
    page = agent.demander("/gestion/profil").texte
    trouve = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert trouve
    return trouve[1]


def test_the_throttle_counts_the_address_that_nginx_saw(site: Deploye) -> None:
    """What a visitor pretends to be counts for nothing; what the load balancer adds last counts."""
    pretendu = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9", **ICI}
    for n, depuis in enumerate(("127.0.0.1", "127.8.8.8", REPARTITEUR)):
        corps = {"courriel": f"personne{n}@exemple.fr", "mot_de_passe": "perdu"}
        essai = site.visiteur(depuis).demander("/gestion/connexion", corps, pretendu)
        assert essai.statut == 401
    engine = make_engine(site.base)
    with reading(engine) as session:
        comptes = set(session.scalars(select(Essai.prefixe)))
    engine.dispose()
    vus = {"127.0.0.0/24", "127.8.8.0/24", "203.0.113.0/24"}
    assert comptes - {""} == {prefixe(reseau) for reseau in vus}


def prefixe(reseau: str) -> str:
    return hmac.digest(CLE.encode(), f"essai:prefixe:{reseau}".encode(), sha256).hex()


def test_files_are_kept_and_records_never(site: Deploye) -> None:
    visiteur = site.visiteur()
    page = visiteur.demander("/").texte
    feuille = next(lien for lien in re.findall(r'href="([^"]+)"', page) if "style.css?v=" in lien)
    tuile, fiche = "/tuiles/9/264/183.png", premiere_fiche(site)
    demandees = len(site.amont.demandes)
    for _ in range(3):
        style = visiteur.demander(feuille, entetes={"Accept-Encoding": "gzip"})
        assert style.entetes["Cache-Control"] == "public, max-age=31536000, immutable"
        assert (style.entetes["Content-Encoding"], style.corps[:2]) == ("gzip", b"\x1f\x8b")
        assert visiteur.demander(feuille).texte.startswith("/*")
        assert visiteur.demander(tuile).corps.startswith(b"\x89PNG")
        for vive in ("/", fiche, RECHERCHE, "/carte.json", "/acteurs.geojson", "/static/style.css"):
            assert visiteur.demander(vive).entetes["Cache-Control"] == "no-cache"
    connue = visiteur.demander(
        feuille, entetes={"Accept-Encoding": "gzip", "If-None-Match": style.entetes["ETag"]}
    )
    assert (connue.statut, connue.corps) == (304, b"")
    assert len(site.amont.demandes) == demandees + 1
    gardees = [
        ligne.removeprefix(b"KEY: ").decode()
        for fichier in (site.dossier / "cache").rglob("*") if fichier.is_file()
        for ligne in fichier.read_bytes().split(b"\n", 2)[:2] if ligne.startswith(b"KEY: ")
    ]  # fmt: skip
    assert {feuille, tuile} <= set(gardees)
    tenues = re.compile(
        r"/static/.+\?v=[0-9a-f]+|/tuiles/\d+/\d+/\d+\.png|/communes\.topojson\?v=.+"
    )
    assert [cle for cle in gardees if not tenues.fullmatch(cle)] == []


def test_nothing_that_holds_a_secret_is_compressed(site: Deploye) -> None:
    """Debian's nginx compresses pages unless it is told not to."""
    agent = site.visiteur()
    for chemin in ("/gestion/connexion", "/partenaires/inconnu"):
        recue = agent.demander(chemin, entetes={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in recue.entetes, chemin
    assert (
        agent.demander("/", entetes={"Accept-Encoding": "gzip"}).entetes["Content-Encoding"]
        == "gzip"
    )


def test_the_log_holds_neither_questions_nor_addresses(site: Deploye) -> None:
    visiteur, fiche = site.visiteur("127.0.0.7"), premiere_fiche(site)
    secret, ailleurs = "Jeton-de-partenaire-secret", {"Referer": "https://ailleurs.fr/?q=peur"}
    for chemin in (RECHERCHE, fiche, f"/partenaires/{secret}", "/tuiles/9/265/183.png", "/LaMure"):
        visiteur.demander(chemin, entetes=ailleurs)
    visiteur.demander("/proches", {"latitude": "44.9035", "longitude": "5.7863"}, entetes=ailleurs)
    site.en_clair(RECHERCHE, site.http, entetes=ailleurs)
    time.sleep(0.2)
    journal = site.journal()
    assert [ligne for ligne in journal.splitlines() if not LIGNE.fullmatch(ligne)] == []
    reseaux = {ligne.partition(" ")[0] for ligne in journal.splitlines()}
    assert reseaux <= {"127.0.0.0", "127.8.8.0", "203.0.113.0"}
    assert " GET /acteurs 200 " in journal
    assert " POST /proches 200 " in journal
    assert_discret(site, fiche, secret)


def test_what_nginx_says_itself_is_french_and_guarded(site: Deploye) -> None:
    visiteur = site.visiteur()
    trop_long = visiteur.demander("/proches", b"x" * 70_000)
    cachee = visiteur.demander("/panne/service.html")
    illisible = brut(site, b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
    en_tetes = visiteur.demander("/", entetes={"X-Long": "x" * 40_000})
    tracee = brut(site, f"TRACE / HTTP/1.1\r\nHost: {NOM}\r\n\r\n".encode())
    en_clair = site.en_clair("/", site.https)
    recues = (trop_long, cachee, illisible, en_tetes, tracee, en_clair)
    assert [recue.statut for recue in recues] == [413, 404, 400, 400, 405, 400]
    for recue in recues:
        assert_proteges(recue)
        assert "Demande impossible" in recue.texte
        assert_secours(recue)
    detour = site.en_clair("/objectifs?x=1", site.http)
    assert (detour.statut, detour.entetes["Location"]) == (301, f"https://{NOM}/objectifs?x=1")
    assert_proteges(detour)
    assert "Strict-Transport-Security" not in detour.entetes
    for methode, chemin in (("GET", "/proches?lieu=38269"), ("GET", "/ogc"), ("POST", "/")):
        refusee = site.en_clair(chemin, site.http, methode=methode)
        assert (refusee.statut, refusee.entetes["Location"]) == (403, None), chemin
        assert json.loads(refusee.corps) == {"erreur": "Cette adresse ne répond qu’en https."}
        assert_proteges(refusee)
    for chemin in ("/", "/static/style.css", "/jamais", "/panne/style.css", "/gestion/connexion"):
        recue = visiteur.demander(chemin)
        assert recue.entetes.get_all("Strict-Transport-Security") == ["max-age=63072000"], chemin
        assert recue.entetes.get_all("Server") == ["nginx"]
        for nom in (*security.HEADERS, "Content-Security-Policy"):
            assert len(recue.entetes.get_all(nom, [])) == 1, (chemin, nom)


def test_the_application_explains_what_is_a_little_too_long(site: Deploye) -> None:
    """Below the limits of nginx and above its own, it is the application that answers."""
    un_peu = site.visiteur().demander("/proches", b"x" * (security.CORPS_MAX + 10))
    assert (un_peu.statut, "erreur" in json.loads(un_peu.corps)) == (413, True)


def brut(site: Deploye, demande: bytes) -> Recue:
    """What is answered to bytes that no client would send."""
    with (
        socket.create_connection(("127.0.0.1", site.https), timeout=20) as prise,
        site.confiance().wrap_socket(prise, server_hostname=NOM) as tls,
    ):
        tls.sendall(demande)
        recu = b""
        while b"</html>" not in recu and (morceau := tls.recv(65_536)):
            recu += morceau
    tete, _, corps = recu.partition(b"\r\n\r\n")
    statut, *lignes = tete.decode().split("\r\n")
    entetes = HTTPMessage()
    for ligne in lignes:
        nom, _, valeur = ligne.partition(": ")
        entetes[nom] = valeur
    return Recue(int(statut.split()[1]), entetes, corps)


def test_no_folder_of_nginx_keeps_a_body_or_an_answer(site: Deploye) -> None:
    restes = [f for nom in ("corps", "relais") for f in Path(site.dossier / nom).rglob("*")]
    assert restes == []
