"""The deployment that is shipped: nginx, two processes, PostgreSQL, and what a visitor sees of it.

The last tests end processes: they stand last.
"""

from __future__ import annotations

import hmac
import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.client import HTTPMessage
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, select, text

from cartographie import create_app
from cartographie.config import Settings
from cartographie.database import make_engine, reading
from cartographie.models import Essai
from cartographie.web import security
from tests.amont import amont
from tests.comptes import EVE, MOT_DE_PASSE, creer_compte
from tests.formulaires import champs
from tests.mandataire import (
    JETON,
    NOM,
    REPARTITEUR,
    Deploye,
    Recue,
    Visiteur,
    deployer,
    entetes_publics,
)
from tests.preuves import Preuve
from tests.site import CLE, SORTIE, lire

pytestmark = pytest.mark.long

RECHERCHE = f"/?lieu={quote('La Mure')}"
ICI = {"Origin": f"https://{NOM}"}
LIGNE = re.compile(
    r"(-|[\d.]+\.0|[0-9a-f:]+::) \[[^\]]+\] [A-Z]+ (-|/[a-z0-9._-]*) \d{3} \d+ [\d.]+s"
    r" amont=[\d, -]+ cache=[A-Z-]+"
)
FORME_ADRESSE = re.compile(r"\b127\.0\.0\.[1-9]")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serveur_postgresql: str) -> Iterator[Deploye]:
    dossier = tmp_path_factory.mktemp("deploiement")
    serveur = create_engine(serveur_postgresql, isolation_level="AUTOCOMMIT")
    with serveur.connect() as connexion:
        connexion.execute(text("CREATE DATABASE deploiement"))
    base = serveur_postgresql.replace("/postgres?", "/deploiement?")
    with amont() as source, deployer(dossier, base, source) as deploye:
        app = create_app(Settings(database_url=base, instance=dossier / "ici", secret_key=CLE))
        creer_compte(app, "editeur", EVE)
        app.extensions["cartographie"].engine.dispose()
        yield deploye
    with serveur.connect() as connexion:
        connexion.execute(text("DROP DATABASE deploiement WITH (FORCE)"))
    serveur.dispose()


def entrer(qui: Visiteur) -> None:
    recue = qui.demander("/gestion/connexion", {"courriel": EVE, "mot_de_passe": MOT_DE_PASSE}, ICI)
    assert (recue.statut, list(qui.temoins)) == (303, ["__Host-carto"]), recue.texte


def premiere_fiche(site: Deploye) -> str:
    page = lire(site.visiteur().demander(RECHERCHE).texte)
    liens = (lien.get("href", "") for lien in page.iter("a"))
    return next(lien for lien in liens if re.fullmatch(r"/acteurs/[a-z0-9-]+", lien))


def assert_proteges(recue: Recue, politique: str | None = None) -> None:
    """Hold an answer of nginx to the application's tables: each header once, no version told."""
    entetes = {**entetes_publics(), "Content-Security-Policy": politique or security.csp(None)}
    for nom, valeur in entetes.items():
        assert recue.entetes.get_all(nom) == [valeur], (nom, recue.statut)
    assert recue.entetes.get_all("Server") == ["nginx"]


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


def assert_discret(site: Deploye, *secrets: str) -> None:
    """No file that nginx writes, but its cache of files, holds a question or an address."""
    indiscrets = ("lieu", "Mure", "44.9", "ailleurs", "peur", "/265/", *secrets)
    for fichier in [site.dossier / "nginx.log", *(site.dossier / "log").iterdir()]:
        ecrit = fichier.read_text("utf-8")
        assert [mot for mot in indiscrets if mot in ecrit] == [], fichier
        assert not FORME_ADRESSE.search(ecrit), fichier
    assert (site.dossier / "autres.log").read_text("utf-8") == ""


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


def assert_secours(recue: Recue) -> None:
    """Whom to call, and the way out."""
    liens = {lien.get("href") for lien in lire(recue.texte).iter("a")}
    assert {"tel:17", "sms:114", "tel:3919", SORTIE} < liens


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


def test_no_folder_of_nginx_keeps_a_body_or_an_answer(site: Deploye) -> None:
    restes = [f for nom in ("corps", "relais") for f in Path(site.dossier / nom).rglob("*")]
    assert restes == []
