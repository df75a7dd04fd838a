"""The relay of tiles against a real upstream: it works, fails, stalls, redirects and lies."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie.errors import IntrouvableError, TuileIndisponible
from cartographie.referentiel import Referentiel
from cartographie.tuiles import ISERE, LECTEURS_MAX, ClientHttp, Relais, Tuile, dans_isere
from cartographie.tuiles.grille import tuile_de
from tests import bases
from tests.amont import JPEG, TUILE, Amont
from tests.site import installation

pytest_plugins = ("tests.amont",)

GRENOBLE = tuile_de(5.724, 45.188, 12)
PARIS = tuile_de(2.35, 48.85, 12)
LA_MURE = tuile_de(5.7866, 44.9031, 14)


@pytest.fixture
def relais(source: Amont, tmp_path: Path) -> Relais:
    return Relais(source.modele, tmp_path)


@pytest.fixture
def visiteur(source: Amont, base_chargee: Engine, tmp_path: Path) -> FlaskClient:
    return installation(
        bases.adresse(base_chargee), tmp_path, tuiles_url=source.modele
    ).test_client()


def chemin(tuile: Tuile) -> str:
    return f"/tuiles/{tuile.z}/{tuile.x}/{tuile.y}.png"


# ── which tiles ──


def test_the_box_of_isere_holds_every_commune(referentiel: Referentiel) -> None:
    ouest, sud, est, nord = ISERE
    for commune in referentiel.communes.toutes:
        x1, y1, x2, y2 = commune.contour.bounds
        assert ouest <= x1 < x2 <= est
        assert sud <= y1 < y2 <= nord


@pytest.mark.parametrize(
    ("tuile", "dedans"),
    [
        (GRENOBLE, True),
        (LA_MURE, True),
        (tuile_de(5.724, 45.188, 18), True),
        (tuile_de(5.724, 45.188, 19), False),
        (PARIS, False),
        (tuile_de(7.0, 45.2, 12), False),  # Italy
        (Tuile(0, 0, 0), True),
        (Tuile(0, 1, 0), False),
        (Tuile(9, 10**30, 183), False),
    ],
)
def test_only_tiles_that_touch_isere_are_relayed(tuile: Tuile, dedans: bool) -> None:
    assert dans_isere(tuile) is dedans


def test_a_tile_outside_is_not_found_and_not_asked_for(
    source: Amont, visiteur: FlaskClient
) -> None:
    for autre in (chemin(PARIS), "/tuiles/19/0/0.png", "/tuiles/9/-1/0.png", "/tuiles/9/x/0.png"):
        assert visiteur.get(autre).status_code == 404
    assert source.demandes == []


# ── when upstream works ──


def test_a_tile_is_relayed_and_kept(source: Amont, visiteur: FlaskClient) -> None:
    for _ in range(2):
        reponse = visiteur.get(chemin(GRENOBLE))
        assert (reponse.status_code, reponse.data) == (200, TUILE)
        assert reponse.content_type == "image/png"
        assert reponse.headers["Cache-Control"] == "public, max-age=2592000"
        assert reponse.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(source.demandes) == 1
    assert source.demandes[0].startswith(f"GET /plan/12/{GRENOBLE.x}/{GRENOBLE.y}.png HTTP/1.1\n")


def test_the_type_is_the_one_of_the_bytes(source: Amont, visiteur: FlaskClient) -> None:
    source.mode = "jpeg"
    reponse = visiteur.get(chemin(GRENOBLE))
    assert (reponse.data, reponse.content_type) == (JPEG, "image/jpeg")


def test_nothing_of_the_reader_goes_upstream(source: Amont, visiteur: FlaskClient) -> None:
    lecteur = {
        "User-Agent": "Navigateur-du-lecteur",
        "Referer": "https://hote.exemple/page-lue",
        "Cookie": "temoin=secret",
        "X-Forwarded-For": "192.0.2.7",
        "Accept-Language": "ar",
    }
    visiteur.get(chemin(GRENOBLE) + "?lieu=La+Mure", headers=lecteur)
    entetes = dict(
        ligne.split(": ", 1) for ligne in source.demandes[0].splitlines()[1:] if ligne.strip()
    )
    assert entetes.pop("Host") in source.adresse
    assert entetes == {
        "Accept-Encoding": "identity",
        "User-Agent": "cartographie",
        "Accept": "image/png,image/jpeg",
        "Connection": "close",
    }
    assert "Mure" not in source.demandes[0]


def test_ten_readers_of_one_tile_are_one_request(source: Amont, relais: Relais) -> None:
    source.retard_s = 0.3
    with ThreadPoolExecutor(LECTEURS_MAX) as lecteurs:
        images = list(lecteurs.map(lambda _: relais.image(GRENOBLE), range(LECTEURS_MAX)))
    assert images == [(TUILE, "image/png")] * LECTEURS_MAX
    assert len(source.demandes) == 1


# ── when it does not ──


@pytest.mark.parametrize(
    "mode", ["erreur", "detour", "page", "svg", "vide", "enorme", "bombe", "coupe"]
)
def test_what_is_no_tile_is_nothing_and_nobody_asks_for_a_minute(
    mode: str, source: Amont, visiteur: FlaskClient
) -> None:
    source.mode = mode
    reponse = visiteur.get(chemin(GRENOBLE))
    assert (reponse.status_code, reponse.data) == (204, b"")
    assert reponse.headers["Cache-Control"] == "no-store"
    source.mode = "tuile"
    assert visiteur.get(chemin(LA_MURE)).status_code == 204
    assert len(source.demandes) == 1  # a redirection is not followed either


@pytest.mark.parametrize("mode", ["tuile", "goutte"])
def test_a_slow_upstream_costs_two_seconds_once(
    mode: str, source: Amont, visiteur: FlaskClient
) -> None:
    source.mode, source.retard_s = mode, 0.0 if mode == "goutte" else 30.0
    depart = time.monotonic()
    assert visiteur.get(chemin(GRENOBLE)).status_code == 204
    assert time.monotonic() - depart < 3
    depart = time.monotonic()
    assert visiteur.get(chemin(LA_MURE)).status_code == 204
    assert time.monotonic() - depart < 0.5


def test_after_a_minute_upstream_is_asked_again(source: Amont, tmp_path: Path) -> None:
    heures = [0.0]
    relais = Relais(source.modele, tmp_path, horloge=lambda: heures[0])
    source.mode = "erreur"
    with pytest.raises(TuileIndisponible):
        relais.image(GRENOBLE)
    source.mode = "tuile"
    heures[0] = 59.0
    with pytest.raises(TuileIndisponible):
        relais.image(GRENOBLE)
    heures[0] = 61.0
    assert relais.image(GRENOBLE) == (TUILE, "image/png")


def test_no_more_readers_wait_than_threads_are_kept_for_them(tmp_path: Path) -> None:
    def client(_: str) -> bytes:
        time.sleep(0.5)
        return TUILE

    relais = Relais("https://amont.exemple/{z}/{x}/{y}", tmp_path, client)

    def lire(tuile: Tuile) -> tuple[bool, float]:
        depart = time.monotonic()
        try:
            relais.image(tuile)
        except TuileIndisponible:
            return False, time.monotonic() - depart
        return True, time.monotonic() - depart

    with ThreadPoolExecutor(30) as lecteurs:
        tuiles = [Tuile(12, GRENOBLE.x + n // 5, GRENOBLE.y + n % 5) for n in range(30)]
        vus = list(lecteurs.map(lire, tuiles))
    assert sum(servi for servi, _ in vus) == LECTEURS_MAX
    assert max(duree for servi, duree in vus if not servi) < 0.3


def test_without_upstream_there_is_nothing_at_once(tmp_path: Path) -> None:
    def client(_: str) -> bytes:
        raise AssertionError("nobody is to be asked")

    with pytest.raises(TuileIndisponible):
        Relais("", tmp_path, client).image(GRENOBLE)
    with pytest.raises(IntrouvableError):
        Relais("", tmp_path, client).image(PARIS)


def test_a_client_that_breaks_is_a_tile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TuileIndisponible):
        Relais("http://127.0.0.1:9/{z}/{x}/{y}", tmp_path, ClientHttp(0.5)).image(GRENOBLE)
