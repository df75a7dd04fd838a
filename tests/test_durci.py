"""What an attacker tries at the door: elsewhere, too much, too often, under another name."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import create_default_context
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from geopy.exc import GeocoderServiceError
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from cartographie.config import RACINE, Settings
from cartographie.geocodage.ban import BanAdapter
from cartographie.web import tentatives
from cartographie.web.security import CORPS_MAX, CORPS_MAX_GESTION, HEADERS, QUERY_MAX
from tests import bases
from tests.comptes import EVE, MOT_DE_PASSE, Gestion, creer_compte
from tests.preuves import Preuve
from tests.site import MARDI, assembler
from tests.test_securite import adresses, check_headers

# Where nobody may be sent, in the ways that browsers understand.
AILLEURS = (
    "https://ailleurs.exemple", "//ailleurs.exemple", "/\\ailleurs.exemple", "\\\\ailleurs.exemple",
    "https:ailleurs.exemple", "///ailleurs.exemple", "/%2f/ailleurs.exemple", "javascript:alert(1)",
    "data:text/html,x", "/gestion@ailleurs.exemple", "/gestion/..//ailleurs.exemple",
    "/gestion\t//ailleurs.exemple", "/gestion\r\nLocation: //ailleurs.exemple",
    "?//ailleurs.exemple",
    "/gestion/\\ailleurs.exemple", "http://localhost@ailleurs.exemple", "\u2028//ailleurs.exemple",
)  # fmt: skip
# Every parameter that a redirection is made with, somewhere.
PARAMETRES = (
    "suite",
    "next",
    "url",
    "lieu",
    "q",
    "type",
    "besoin",
    "reponse",
    "fait",
    "vers",
    "page",
)
ADRESSE = "12 rue des Alpes, 38350 La Mure"
# Modules of the standard library that speak to other machines, and who may.
RESEAU = {
    "urllib.request": {"geocodage.ban", "reseau", "tuiles.amont", "commands.serveur"},
    "http.client": {"tuiles.amont", "reseau"},
    "smtplib": {"smtp"},
    "socket": {"commands.serveur"},
    "ssl": {"smtp"},
}
INTERDITS = {"requests", "httpx", "urllib3", "aiohttp", "ftplib", "telnetlib", "xmlrpc", "pickle",
             "shelve", "marshal"}  # fmt: skip


def mene_ici(reponse: TestResponse) -> bool:
    """Whether an answer that sends on stays with us."""
    if reponse.status_code not in {301, 302, 303, 307, 308}:
        return True
    suite = reponse.headers["Location"]
    parties = urlsplit(suite)
    chez_nous = parties.netloc == "" or parties.netloc == urlsplit(reponse.request.url).netloc
    return (
        chez_nous
        and parties.scheme in ("", "http")
        and suite.startswith(("/", "http://"))
        and not suite.startswith(("//", "/\\"))
        and not set(suite) & set("\r\n\t\\")
    )


def test_no_address_sends_elsewhere(app: Flask, client: FlaskClient, preuve: Preuve) -> None:
    essais, fautes = 0, []
    for adresse in adresses(app):
        # In turns: each route meets a third of them, each of them a third of the routes.
        for rang, ailleurs in enumerate(AILLEURS):
            if (rang + len(adresse)) % 3:
                continue
            nom = PARAMETRES[(rang + len(adresse)) % len(PARAMETRES)]
            question = f"{nom}={quote(ailleurs)}&lieu={quote(ADRESSE)}"
            reponse = client.get(f"{adresse.partition('?')[0]}?{question}")
            essais += 1
            if not mene_ici(reponse):
                fautes.append((adresse, ailleurs, reponse.headers["Location"]))
    for chemin in (
        "//ailleurs.exemple/",
        "//ailleurs.exemple/%2e%2e",
        "/\\ailleurs.exemple/",
        "/%5c/x",
    ):
        essais += 1
        reponse = client.get(chemin + f"?lieu={quote(ADRESSE)}")
        if not mene_ici(reponse):
            fautes.append((chemin, "", reponse.headers["Location"]))
    preuve("redirections demandées", essais, "menant ailleurs", len(fautes))
    assert fautes == []


def test_whoever_signs_in_goes_to_our_pages_alone(gestion: Gestion, preuve: Preuve) -> None:
    creer_compte(gestion.app, "editeur", EVE)
    fautes = []
    for ailleurs in (*AILLEURS, "/gestion/rappels"):
        corps = {"courriel": EVE, "mot_de_passe": MOT_DE_PASSE, "suite": ailleurs}
        reponse = gestion.client().client.post("/gestion/connexion", data=corps)
        assert reponse.status_code == 303, ailleurs
        if not mene_ici(reponse) or not reponse.headers["Location"].startswith("/gestion"):
            fautes.append((ailleurs, reponse.headers["Location"]))
    preuve("redirections demandées", len(AILLEURS), "menant ailleurs", len(fautes))
    assert fautes == []


def test_the_control_of_these_proofs_sees_what_leads_away(client: FlaskClient) -> None:
    reponse = client.get("/objectifs")
    assert mene_ici(reponse)
    for ailleurs in ("https://ailleurs.exemple/", "//ailleurs.exemple", "/\\ailleurs.exemple"):
        reponse.headers["Location"] = ailleurs
        assert not mene_ici(reponse)


def modules() -> Iterator[tuple[str, Path]]:
    for chemin in sorted((RACINE / "cartographie").rglob("*.py")):
        nom = ".".join(chemin.relative_to(RACINE / "cartographie").with_suffix("").parts)
        yield nom.removesuffix(".__init__"), chemin


def test_only_these_modules_speak_to_other_machines_and_all_of_them_by_a_setting() -> None:
    parlent: dict[str, set[str]] = {nom: set() for nom in RESEAU}
    for nom, chemin in modules():
        for noeud in ast.walk(ast.parse(chemin.read_text("utf-8"))):
            if isinstance(noeud, ast.Import):
                importes = {un.name for un in noeud.names}
            elif isinstance(noeud, ast.ImportFrom):
                importes = {noeud.module or ""}
            else:
                continue
            assert not {un.partition(".")[0] for un in importes} & INTERDITS, nom
            for un in importes & set(RESEAU):
                parlent[un].add(nom)
    assert parlent == RESEAU


def test_a_geocoder_that_sends_elsewhere_is_not_followed() -> None:
    demandes: list[str] = []

    class Detour(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            demandes.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/ailleurs")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Detour)
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    adaptateur = BanAdapter(proxies={}, ssl_context=create_default_context())
    try:
        with pytest.raises((GeocoderServiceError, OSError)):
            adaptateur.get_text(
                f"http://127.0.0.1:{serveur.server_port}/search?q=x", timeout=5, headers={}
            )
    finally:
        serveur.shutdown()
        serveur.server_close()
    assert demandes == ["/search?q=x"]


@pytest.mark.parametrize(
    ("mandataires", "dit", "reseau"),
    [
        (0, None, "198.51.100.0/24"),
        (0, "203.0.113.9", "198.51.100.0/24"),
        (1, "203.0.113.9", "203.0.113.0/24"),
        # What the visitor wrote stands before what our proxy added.
        (1, "192.0.2.1, 203.0.113.9", "203.0.113.0/24"),
        (2, "192.0.2.1, 203.0.113.9, 10.0.0.1", "203.0.113.0/24"),
        # Not all of our proxies were passed: nothing of it is believed.
        (2, "203.0.113.9", "198.51.100.0/24"),
        (1, "nimporte quoi", ""),
        (1, "2001:db8:1:2::9", "2001:db8:1::/48"),
    ],
)
def test_an_address_is_believed_from_our_own_proxies_alone(
    mandataires: int, dit: str | None, reseau: str, tmp_path: Path, modele: Engine
) -> None:
    reglages = Settings(
        database_url=bases.adresse(modele), instance=tmp_path, mandataires=mandataires
    )
    app = assembler(reglages, lambda: MARDI)
    entetes = {"X-Forwarded-For": dit} if dit else {}
    milieu = {"REMOTE_ADDR": "198.51.100.7"}
    # Others of its kind are read by nobody.
    entetes |= {"X-Real-IP": "192.0.2.77", "Forwarded": "for=192.0.2.78", "Via": "192.0.2.79"}
    with app.test_request_context("/", headers=entetes, environ_base=milieu):
        assert tentatives.prefixe() == reseau
    app.extensions["cartographie"].engine.dispose()


@pytest.mark.parametrize(
    ("https", "nom", "sur"),
    [("https://carte.exemple.fr", "__Host-carto", True), ("", "carto", False)],
)
def test_the_session_is_for_this_host_alone_where_there_is_https(
    https: str, nom: str, sur: bool, tmp_path: Path, modele: Engine
) -> None:
    base = bases.adresse(modele)
    reglages = Settings(database_url=base, instance=tmp_path, url_publique=https)
    app = assembler(reglages, lambda: MARDI)
    assert app.config["SESSION_COOKIE_NAME"] == nom
    assert app.config["SESSION_COOKIE_SECURE"] is sur
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert (app.config["SESSION_COOKIE_SAMESITE"], app.config["SESSION_COOKIE_PATH"]) == (
        "Lax",
        "/",
    )
    assert app.config.get("SESSION_COOKIE_DOMAIN") is None
    app.extensions["cartographie"].engine.dispose()


def test_too_much_is_refused_before_it_is_read(app: Flask, client: FlaskClient) -> None:
    for adresse in adresses(app):
        reponse = client.get(f"{adresse.partition('?')[0]}?x={'a' * QUERY_MAX}")
        assert reponse.status_code == 413, adresse
        assert set(HEADERS) <= set(reponse.headers.keys())
    limites = {"/": CORPS_MAX, "/proches": CORPS_MAX, "/gestion/connexion": CORPS_MAX_GESTION}
    for adresse, limite in limites.items():
        reponse = client.post(adresse, data=b"a" * (limite + 1), content_type="text/plain")
        assert reponse.status_code == 413, adresse
        check_headers(reponse)


def test_too_many_parts_are_refused(client: FlaskClient) -> None:
    champs = "&".join(f"a{rang}=" for rang in range(3_000))
    trop = client.post("/proches", data=champs, content_type="application/x-www-form-urlencoded")
    assert trop.status_code in {400, 413}
    check_headers(trop)
    bord = "b"
    parties = "".join(
        f'--{bord}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(1_100)
    )
    plein = client.post(
        "/gestion/connexion",
        data=f"{parties}--{bord}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={bord}",
    )
    assert plein.status_code == 413
    check_headers(plein)


def test_what_is_kept_or_unchanged_carries_the_headers_too(
    app: Flask, client: FlaskClient, preuve: Preuve
) -> None:
    essais, sans = 0, []
    for adresse in adresses(app):
        premiere = client.get(adresse)
        suites = [client.get(adresse)]  # from memory, when it may be kept
        etag = premiere.headers.get("ETag")
        if etag:
            suites.append(client.get(adresse, headers={"If-None-Match": etag}))
            suites.append(client.get(adresse, headers={"Range": "bytes=5-2"}))
        for reponse in (premiere, *suites):
            essais += 1
            manque = set(HEADERS) - set(reponse.headers.keys())
            if manque or "Content-Security-Policy" not in reponse.headers:
                sans.append((adresse, reponse.status_code, manque))
    preuve("réponses", essais, "sans leurs en-têtes", len(sans))
    assert sans == []
