"""What holds for every answer, whatever is asked: headers, guards, and never a 500."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cartographie import errors
from cartographie.config import RACINE
from cartographie.web import erreurs, security
from cartographie.web.security import POSTS, Garde
from tests.site import adresse_de, lire, texte

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# Pages that other sites may frame, and the one that frames them.
CSP_PROPRES = {
    "/integration/carte": CSP.replace("frame-ancestors 'none'", "frame-ancestors *"),
    "/integration/vide": CSP.replace("frame-ancestors 'none'", "frame-ancestors *"),
    "/integration": CSP + "; frame-src 'self'",
}
JSON_PUBLIC = ("/proches", "/communes?q=a", "/acteurs.geojson", "/carte.json")
# One value for each argument of a route: a new argument has to be thought of.
ARGUMENTS = {
    "slug": "aiv-grenoble",
    "periode": "2022-2024",
    "numero": "22",
    "annee": "2022",
    "nom": "style.css",
    "empreinte": "0" * 64,
    "tableau": "consultations",
    "code": "R001",
    "compte": "1",
    "lot": "1",
    "forme": "csv",
    "z": "9",
    "x": "263",
    "y": "183",
    "jeton": "WyJhaXYiLDFd.x",
    "collection": "acteurs",
    "objet": "aiv-grenoble",
    "courrier_id": "1",
}


def adresses(app: Flask) -> Iterator[str]:
    """One address for every GET route."""
    for regle in app.url_map.iter_rules():
        if "GET" in (regle.methods or ()):
            yield adresse_de(app, regle, {nom: ARGUMENTS[nom] for nom in regle.arguments})


def en_gestion(response: TestResponse) -> bool:
    return response.request.path.startswith("/gestion")


def check_headers(response: TestResponse) -> None:
    propre = CSP_PROPRES.get(response.request.path, CSP)
    voulue = propre if response.status_code == 200 else CSP  # an error is nobody's page
    assert response.headers["Content-Security-Policy"] == voulue
    prive = en_gestion(response)
    assert response.headers["Referrer-Policy"] == ("same-origin" if prive else "no-referrer")
    if prive:
        assert response.headers["Cache-Control"] == "no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
    if response.request.path.startswith("/partenaires/"):
        assert response.headers["Cache-Control"] == "no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    # One page may ask where the person is, and no frame in it.
    permis = response.headers["Permissions-Policy"]
    assert "geolocation=()" in permis or (
        response.request.path == "/" and "geolocation=(self)" in permis
    )
    # Pages without an account may be opened from a sandboxed frame; the others isolate themselves.
    isolee = response.headers["Cross-Origin-Opener-Policy"]
    assert isolee == "same-origin" if prive else isolee in {"same-origin", "unsafe-none"}
    assert "Set-Cookie" not in response.headers
    assert response.headers["Server"] == "web"
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_every_route_carries_the_table_and_no_cookie(app: Flask, client: FlaskClient) -> None:
    for adresse in adresses(app):
        for methode in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE"):
            response = client.open(adresse, method=methode)
            assert response.status_code < 500, (methode, adresse)
            check_headers(response)


@pytest.mark.parametrize(
    ("adresse", "options", "statut"),
    [
        ("/absente", {}, 404),
        ("/acteurs/absent", {}, 404),
        ("/static/../pyproject.toml", {}, 404),
        ("/static/absent.css", {}, 404),
        ("/?lieu=zzz", {}, 400),
        ("/proches?lieu=zzz", {}, 400),
        ("/" + "?q=" + "a" * 3000, {}, 413),
        ("/proches?q=" + "a" * 3000, {}, 413),
        ("/proches", {"method": "POST", "data": b"a" * 20_000}, 413),
        ("/sante", {"method": "POST"}, 405),
        ("/", {"method": "POST", "data": {"adresse": "zzz"}}, 400),
        ("/", {"method": "BREW"}, 405),
    ],
)
def test_errors_carry_the_table_too_and_speak_french(
    client: FlaskClient, adresse: str, options: dict[str, object], statut: int
) -> None:
    response = client.open(adresse, **options)  # type: ignore[arg-type]
    assert response.status_code == statut
    check_headers(response)
    for anglais in ("Not Found", "Bad Request", "not allowed", "Too Large", "werkzeug"):
        assert anglais not in response.text


def test_a_bug_is_a_french_page_with_the_headers_and_its_log_holds_no_question(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    adresse = " ".join(["12", "rue", "des", "Alpes"])

    def casser(*_: object) -> None:
        raise RuntimeError(adresse)

    monkeypatch.setattr("cartographie.web.pages.reponse_a", casser)
    monkeypatch.setattr("cartographie.web.api.reponse_a", casser)
    with caplog.at_level(logging.DEBUG):
        page = client.get("/?q=mot-secret")
        donnees = client.get("/proches?q=mot-secret")
    assert (page.status_code, donnees.status_code) == (500, 500)
    check_headers(page)
    assert donnees.json == {"erreur": erreurs.PHRASES[500]}
    assert erreurs.PHRASES[500] in page.text
    assert "RuntimeError" in caplog.text
    assert "mot-secret" not in caplog.text
    assert adresse not in caplog.text


def test_no_question_is_ever_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/?lieu=Villard-Reculas&q=mot-secret")
        client.get("/proches?lieu=Villard-Reculas")
        client.post("/proches", json={"adresse": "3 rue du Secret, 38114 Villard-Reculas"})
        client.get("/?lieu=introuvable-secret")
    sorties = caplog.text + "".join(capfd.readouterr())
    assert "Villard" not in sorties
    assert "ecret" not in sorties


@pytest.mark.parametrize("adresse", JSON_PUBLIC)
def test_any_site_may_read_public_json(client: FlaskClient, adresse: str) -> None:
    for origine in ("https://exemple.fr", "null"):
        response = client.get(adresse, headers={"Origin": origine, "Sec-Fetch-Site": "cross-site"})
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_static_files_and_errors_of_json_are_readable_from_any_site(client: FlaskClient) -> None:
    for adresse in ("/static/style.css", "/proches?lieu=zzz"):
        assert client.get(adresse).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "adresse", ["/", "/acteurs/aiv-grenoble", "/sante", "/objectifs/2022-2024"]
)
def test_no_other_site_may_read_a_page(client: FlaskClient, adresse: str) -> None:
    response = client.get(adresse)
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_sandboxed_frame_may_post_a_place(client: FlaskClient) -> None:
    entetes = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    prevol = client.options("/proches", headers=entetes)
    assert prevol.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert "POST" in prevol.headers["Access-Control-Allow-Methods"]
    response = client.post("/proches", json={"lieu": "Mens"}, headers=entetes)
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (200, "*")


def test_every_post_route_is_classified(app: Flask) -> None:
    ecrivent = {
        regle.endpoint
        for regle in app.url_map.iter_rules()
        if {"POST", "PUT", "PATCH", "DELETE"} & (regle.methods or set())
    }
    # Those of /gestion ask for an account and a token: test_matrice holds them one by one.
    assert {nom for nom in ecrivent if not nom.startswith("gestion.")} == set(POSTS)


@pytest.mark.parametrize(
    ("entetes", "statut"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://exemple.fr"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({}, 200),
    ],
)
def test_a_guarded_post_comes_from_our_own_pages(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, entetes: dict[str, str], statut: int
) -> None:
    monkeypatch.setattr(security, "POSTS", {"api.proches_post": Garde.MEME_ORIGINE})
    response = client.post("/proches", json={"lieu": "Mens"}, headers=entetes)
    assert response.status_code == statut


def test_every_route_is_public_and_known(app: Flask) -> None:
    # What needs an account is under /gestion; nothing else may appear unnoticed.
    publiques = {"pages", "api", "fond", "integration", "statiques", "tuiles", "mesures", "suivi"}
    publiques |= {"annuaire", "couverture", "exports", "ogc", "partenaires", "pret"}
    publiques |= {"flux", "oembed", "ouvertures", "points", "signalement"}
    assert {r.endpoint.split(".")[0] for r in app.url_map.iter_rules()} == {*publiques, "gestion"}
    for regle in app.url_map.iter_rules():
        assert regle.endpoint.startswith("gestion.") == regle.rule.startswith("/gestion")
    connues = {regle.endpoint for regle in app.url_map.iter_rules()}
    assert connues >= security.OUVERTS


def test_a_method_that_is_not_answered_says_which_are(client: FlaskClient) -> None:
    response = client.delete("/proches")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert response.json == {"erreur": erreurs.PHRASES[405]}


def test_head_answers_like_get_without_the_body(app: Flask, client: FlaskClient) -> None:
    for adresse in adresses(app):
        get, head = client.get(adresse), client.head(adresse)
        assert (head.status_code, head.data) == (get.status_code, b"")
        assert dict(head.headers) == dict(get.headers)


def test_errors_are_told_as_asked(client: FlaskClient) -> None:
    assert client.get("/absent.json").mimetype == "application/json"
    assert client.get("/absent").mimetype == "text/html"
    json_voulu = client.get("/acteurs/absent", headers={"Accept": "application/json"})
    assert json_voulu.json == {"erreur": "Cette page n’existe pas, ou n’existe plus."}
    navigateur = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = lire(client.get("/acteurs/absent", headers=navigateur).text)
    assert "Cette page n’existe pas, ou n’existe plus." in texte(page)


def test_every_error_of_the_domain_has_a_status() -> None:
    def enfants(classe: type[errors.CartographieError]) -> Iterator[type[errors.CartographieError]]:
        yield classe
        for enfant in classe.__subclasses__():
            yield from enfants(enfant)

    for classe in enfants(errors.CartographieError):
        if not issubclass(classe, errors.ConfigurationError):  # stops the start, meets nobody
            assert any(issubclass(classe, connue) for connue, _ in erreurs.STATUTS[:-1]) or (
                classe is errors.CartographieError
            )


def test_static_files_are_kept_a_year_by_their_digest_only(client: FlaskClient) -> None:
    page = client.get("/").text
    debut = page.index("/static/style.css?v=")
    adresse = page[debut : page.index('"', debut)]
    par_empreinte = client.get(adresse)
    assert "immutable" in par_empreinte.headers["Cache-Control"]
    assert par_empreinte.data == (RACINE / "static/style.css").read_bytes()
    ancienne = client.get("/static/style.css?v=000000000000")
    assert ancienne.headers["Cache-Control"] == "no-cache"
    assert (
        client.get(adresse, headers={"If-None-Match": ancienne.headers["ETag"]}).status_code == 304
    )
