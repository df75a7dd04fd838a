"""Answers kept as bytes: what they give is what would be worked out, and never a moment longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Diffusion
from cartographie.config import Settings
from cartographie.database import transaction
from cartographie.reduction import Demande
from cartographie.referentiel import Referentiel
from cartographie.suivi import Cle, Genre
from cartographie.web import memoire
from cartographie.web.memoire import Memoire
from tests.comptes import Horloge
from tests.fabrique import accueil, change, refuge
from tests.site import assembler, objet

FICHE = "/acteurs/accueil-la-mure"
REFUGE = "hebergement-grenoble"
ADRESSES = (
    "/",
    "/?lieu=La+Mure&besoin=abri",
    "/?lieu=Vienne&q=accueil&ouvert=1",
    "/proches?lieu=38269&besoin=parler",
    "/carte.json?lieu=38269",
    "/acteurs.geojson",
    FICHE,
)
NAVIGATEUR = {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"}


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Iterator[tuple[Flask, Horloge, Engine]]:
    """The site over two records, on both engines, with a clock that moves."""
    with transaction(engine) as session:
        for saisie in (accueil(), refuge()):
            registre.create_acteur(session, saisie, par="essai", moyen="essai")
    horloge = Horloge()
    url = engine.url.render_as_string(hide_password=False)
    reglages = Settings(database_url=url, instance=tmp_path, sortie_url="https://exemple.fr/")
    app = assembler(reglages, horloge)
    yield app, horloge, engine
    app.extensions["mesures"].flush()
    app.extensions["cartographie"].engine.dispose()


def memory(app: Flask) -> Memoire:
    present = app.wsgi_app
    assert isinstance(present, Memoire)
    return present


def kept(app: Flask) -> int:
    return len(memory(app)._gardees)


def test_a_kept_answer_is_the_worked_out_one_to_the_byte(
    site: tuple[Flask, Horloge, Engine],
) -> None:
    for adresse, codage in product(ADRESSES, ("", "gzip", "br, gzip;q=0.5")):
        memory(site[0])._gardees.clear()
        assert_same_bytes(site[0], adresse, codage)


def assert_same_bytes(app: Flask, adresse: str, codage: str) -> None:
    client = app.test_client()
    entetes = {**NAVIGATEUR, "Accept-Encoding": codage}
    premiere = client.get(adresse, headers=entetes)
    assert kept(app) == 1
    seconde = client.get(adresse, headers=entetes)
    assert seconde.status_code == premiere.status_code == 200
    assert list(seconde.headers) == list(premiere.headers)
    assert seconde.data == premiere.data
    connu = {**entetes, "If-None-Match": f'"autre", {premiere.headers["ETag"]}'}
    gardee = client.get(adresse, headers=connu)
    memory(app)._gardees.clear()
    refaite = client.get(adresse, headers=connu)
    assert gardee.status_code == refaite.status_code == 304
    assert list(gardee.headers) == list(refaite.headers)
    assert gardee.data == refaite.data == b""


def test_what_may_be_kept_is_a_public_page_that_is_read(app: Flask) -> None:
    regles = {regle.endpoint: regle for regle in app.url_map.iter_rules()}
    assert set(regles) >= memoire.MEMORABLES
    for endpoint in memoire.MEMORABLES:
        assert not regles[endpoint].rule.startswith("/gestion")
        assert regles[endpoint].methods == {"GET", "HEAD", "OPTIONS"}


def test_a_committed_edit_shows_at_the_very_next_request(
    site: tuple[Flask, Horloge, Engine],
) -> None:
    app, _, engine = site
    client = app.test_client()
    for adresse in ADRESSES:
        client.get(adresse)
    change(engine, "accueil-la-mure", nom="Maison du Drac")
    for adresse in (FICHE, "/acteurs.geojson", "/?lieu=La+Mure&besoin=parler"):
        assert "Maison du Drac" in client.get(adresse).text


def test_a_hidden_record_is_gone_from_the_very_next_request(
    site: tuple[Flask, Horloge, Engine], referentiel: Referentiel
) -> None:
    app, _, engine = site
    client = app.test_client()
    adresse = f"/acteurs/{REFUGE}"
    assert client.get(adresse).status_code == client.get(adresse).status_code == 200
    assert REFUGE in client.get("/acteurs.geojson").text
    with transaction(engine) as session:
        _, revision = registre.get_saisie(session, REFUGE)
        demande = Demande(Diffusion.INTERNE)
        registre.lower(session, REFUGE, demande, referentiel, revision_lue=revision, par="essai")
    assert client.get(adresse).status_code == 404
    assert REFUGE not in client.get("/acteurs.geojson").text


def test_an_edit_of_what_nobody_sees_leaves_the_answers_where_they_are(
    site: tuple[Flask, Horloge, Engine],
) -> None:
    app, _, engine = site
    client = app.test_client()
    client.get(FICHE)
    gardee = next(iter(memory(app)._gardees.values()))
    change(engine, "accueil-la-mure", notes_internes="appelée lundi")
    client.get(FICHE)
    assert next(iter(memory(app)._gardees.values())) is gardee


def test_the_next_minute_is_asked_again(site: tuple[Flask, Horloge, Engine]) -> None:
    app, horloge, engine = site
    with transaction(engine) as session:
        porte, *autres = registre.get_saisie(session, "accueil-la-mure")[0].implantations
    ouverte = replace(porte, horaires="Tu 09:00-10:31")
    change(engine, "accueil-la-mure", implantations=(ouverte, *autres))
    client = app.test_client()
    assert states(client) == ["ouvert"]
    horloge.avance(seconds=59)
    assert states(client) == ["ouvert"]
    horloge.avance(seconds=2)
    assert states(client) == ["ferme"]


def test_whoever_has_it_already_makes_it_kept_for_the_next(
    site: tuple[Flask, Horloge, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, horloge, _ = site
    client = app.test_client()
    connue = {"If-None-Match": client.get(FICHE).headers["ETag"]}
    horloge.avance(seconds=61)
    premiere = client.get(FICHE, headers=connue)
    assert (premiere.status_code, premiere.data) == (304, b"")
    # Nobody works it out again, neither for whoever has it nor for whoever has not.
    monkeypatch.setattr(memory(app), "_suite", None)
    seconde = client.get(FICHE, headers=connue)
    assert (seconde.status_code, list(seconde.headers)) == (304, list(premiere.headers))
    assert client.get(FICHE).status_code == 200


def states(client: FlaskClient) -> list[str]:
    groupes = objet(client.get("/proches?lieu=La+Mure&type=LEAO"))["groupes"]
    return [r["ouverture"] for g in groupes for r in g["resultats"] if r["acteur"]]


def test_what_is_given_again_is_counted_again_but_not_for_a_robot(
    site: tuple[Flask, Horloge, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _, _ = site
    comptes: Counter[Cle] = Counter()
    monkeypatch.setattr(app.extensions["mesures"], "add", lambda cle: comptes.update([cle]))
    client = app.test_client()
    robot = {**NAVIGATEUR, "User-Agent": "Googlebot/2.1"}
    client.get(FICHE, headers=robot)
    for _ in range(3):
        client.get(FICHE, headers=NAVIGATEUR)
        client.get(FICHE, headers=robot)
    assert {cle.genre: nombre for cle, nombre in comptes.items()} == {Genre.FICHE: 3}


def test_only_good_answers_without_a_cookie_are_kept(
    site: tuple[Flask, Horloge, Engine],
) -> None:
    client = site[0].test_client()
    for adresse in ("/?lieu=Atlantide", "/acteurs/absent", "/suivi", "/gestion/", "/communes?q=la"):
        client.get(adresse)
    client.get("/?lieu=3+rue+du+Breuil+38350+La+Mure")
    client.post("/proches", data={"adresse": "3 rue du Breuil 38350 La Mure"})
    client.get("/", headers={"Range": "bytes=0-9"})
    client.head("/")
    client.set_cookie("a", "b")
    client.get("/")
    assert kept(site[0]) == 0


def test_each_host_and_each_way_of_reading_has_its_own_answer(
    site: tuple[Flask, Horloge, Engine],
) -> None:
    client = site[0].test_client()
    client.get("/", headers={"Accept-Encoding": "gzip"})
    assert client.get("/").data[:2] != b"\x1f\x8b"
    client.get("/", base_url="http://autre.exemple.fr")
    assert kept(site[0]) == 3


def test_memory_is_bounded_and_the_oldest_answers_go_first(
    site: tuple[Flask, Horloge, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site[0].test_client()
    taille = len(client.get("/?q=a0").data) + 2_000
    monkeypatch.setattr(memoire, "OCTETS_MAX", 5 * taille)
    for n in range(1, 12):
        client.get(f"/?q=a{n}")
    questions = [question[1] for question in memory(site[0])._gardees]
    assert 3 <= len(questions) <= 5
    assert questions[-1] == "q=a11"
    assert "q=a0" not in questions
