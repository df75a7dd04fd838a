"""The geocoder against a real server that answers like the national address base, well or badly."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cartographie.acteurs import Localisation, Precision
from cartographie.communes import Communes
from cartographie.config import RACINE
from cartographie.errors import (
    AdresseAmbigue,
    AdresseIntrouvable,
    GeocodeurInjoignable,
)
from cartographie.geocodage import GeocodeurDiffere, GeocodeurProtege
from cartographie.geocodage.ban import GeocodeurBan

MURE = ("12 Rue des Alpes", "38350", "La Mure", "38269")


@cache
def communes() -> Communes:
    return Communes.load(RACINE / "data" / "communes_isere")


def feature(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    properties = {
        "label": "12 Rue des Alpes 38350 La Mure",
        "score": 0.97,
        "type": "housenumber",
        "name": "12 Rue des Alpes",
        "postcode": "38350",
        "citycode": "38269",
        "city": "La Mure",
    }
    point = {"type": "Point", "coordinates": changes.pop("point", [5.786512345, 44.901])}
    return {"type": "Feature", "geometry": point, "properties": properties | changes}


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@dataclass
class Ban:
    """What the server answers, and what it was asked."""

    body: bytes = b""
    status: int = 200
    stall_s: float = 0
    drip_s: float = 0
    questions: list[str] = field(default_factory=list)
    domaine: str = ""


@pytest.fixture
def ban(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ban]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    state = Ban()
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            assert url.path == "/geocodage/search"
            state.questions.append(parse_qs(url.query)["q"][0])
            stopped.wait(state.stall_s)
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            try:
                for start in range(0, len(state.body), 20 if state.drip_s else 2**20):
                    self.wfile.write(state.body[start : start + (20 if state.drip_s else 2**20)])
                    self.wfile.flush()
                    stopped.wait(state.drip_s)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.domaine = f"127.0.0.1:{server.server_address[1]}/geocodage"
    yield state
    stopped.set()
    server.shutdown()
    server.server_close()
    thread.join()


def geocoder(ban: Ban, *question: str, timeout_s: float = 2) -> Localisation:
    geocodeur = GeocodeurBan(communes(), domaine=ban.domaine, scheme="http", timeout_s=timeout_s)
    return geocodeur.geocoder(*(question or MURE))


def test_an_address_that_is_found_is_a_door(ban: Ban) -> None:
    ban.body = collection(feature())
    found = geocoder(ban)
    assert found == Localisation(
        longitude=5.786512,
        latitude=44.901,
        precision=Precision.ADRESSE,
        adresse="12 Rue des Alpes",
        code_postal="38350",
        commune="La Mure",
        code_insee="38269",
        code_epci=found.code_epci,
        source="BAN, housenumber, score 0,97",
    )
    epci = communes().epci(found.code_epci)
    assert epci is not None
    assert "38269" in epci.membres
    assert ban.questions == ["12 Rue des Alpes 38350 La Mure"]


def test_an_answer_in_another_commune_is_not_this_address(ban: Ban) -> None:
    ban.body = collection(feature(citycode="38185", city="Grenoble"))
    with pytest.raises(AdresseIntrouvable):
        geocoder(ban)


def test_an_answer_outside_the_gazetteer_keeps_its_own_words(ban: Ban) -> None:
    ban.body = collection(
        feature(citycode="29019", city="Brest", postcode="29200", point=[-4.49, 48.39])
    )
    found = geocoder(ban, "3 rue de Siam", "29200", "Brest", "")
    assert (found.commune, found.code_insee, found.code_epci) == ("Brest", "29019", "")


@pytest.mark.parametrize("changes", [{"score": 0.42}, {"type": "municipality"}])
def test_an_unsure_answer_counts_for_its_commune_alone(ban: Ban, changes: dict[str, Any]) -> None:
    ban.body = collection(feature(**changes))
    found = geocoder(ban)
    mairie = communes().insee("38269")
    assert mairie is not None
    assert found.precision is Precision.COMMUNE
    assert (found.longitude, found.latitude) == (mairie.longitude, mairie.latitude)
    assert found.source.startswith("commune, adresse incertaine (BAN, score 0,")
    assert found.adresse == "12 Rue des Alpes"


def test_two_likely_answers_apart_are_ambiguous(ban: Ban) -> None:
    ban.body = collection(
        feature(label="Rue de la Gare (Haut)"),
        feature(label="Rue de la Gare (Bas)", score=0.95, point=[5.80, 44.91]),
    )
    with pytest.raises(AdresseAmbigue, match=r"\(Haut\) ; Rue de la Gare \(Bas\)"):
        geocoder(ban)


def test_two_answers_for_the_same_door_or_a_much_worse_one_are_not(ban: Ban) -> None:
    ban.body = collection(
        feature(),
        feature(score=0.96, point=[5.7866, 44.9011]),
        feature(score=0.7, type="street", point=[5.80, 44.91]),
    )
    assert geocoder(ban).longitude == 5.786512


@pytest.mark.parametrize("body", [collection(), b"{}", b"null"])
def test_an_empty_answer_is_no_such_address(ban: Ban, body: bytes) -> None:
    ban.body = body
    with pytest.raises(AdresseIntrouvable):
        geocoder(ban)


def test_a_question_that_is_refused_is_no_such_address(ban: Ban) -> None:
    ban.status, ban.body = 400, b'{"detail": "q: must contain between 3 and 200 chars"}'
    with pytest.raises(AdresseIntrouvable):
        geocoder(ban)


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 502, 503, 504])
def test_a_failing_server_is_unreachable(ban: Ban, status: int) -> None:
    ban.status, ban.body = status, b"<html>12 Rue des Alpes</html>"
    with pytest.raises(GeocodeurInjoignable):
        geocoder(ban)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"3",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"features": 3}',
        b'{"features": [3]}',
        b'{"features": [{}]}',
        collection({"type": "Feature", "geometry": None, "properties": None}),
        collection(feature(point=[5.7])),
        collection(feature(point=["a", "b"])),
        collection(feature(point=[500, 44])),
        collection(feature(score="beaucoup")),
        collection(feature(score=float("nan"))),
        b" " * 1_100_000,
    ],
)
def test_garbage_is_no_answer(ban: Ban, body: bytes) -> None:
    ban.body = body
    with pytest.raises((GeocodeurInjoignable, AdresseIntrouvable)) as caught:
        geocoder(ban)
    if body not in {b"[]"}:
        assert isinstance(caught.value, GeocodeurInjoignable)


@pytest.mark.parametrize("trouble", [{"stall_s": 5.0}, {"drip_s": 0.1}])
def test_a_server_that_stalls_is_given_up_in_time(ban: Ban, trouble: dict[str, float]) -> None:
    ban.body = collection(*[feature()] * 20)
    for name, value in trouble.items():
        setattr(ban, name, value)
    start = time.monotonic()
    with pytest.raises(GeocodeurInjoignable):
        geocoder(ban, timeout_s=0.3)
    assert time.monotonic() - start < 1.5


def test_nobody_listening_is_unreachable(ban: Ban) -> None:
    ban.domaine = "127.0.0.1:9/geocodage"
    with pytest.raises(GeocodeurInjoignable):
        geocoder(ban)


@pytest.mark.parametrize("status", [200, 500])
def test_an_address_is_never_logged(
    ban: Ban, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ban.status, ban.body = status, collection(feature())
    try:
        geocoder(ban)
    except GeocodeurInjoignable:
        assert status == 500
    assert not [record for record in caplog.records if "Alpes" in record.getMessage()]


def test_without_a_street_the_network_is_not_asked(ban: Ban) -> None:
    found = geocoder(ban, " ", "38350", "La Mure", "38269")
    assert found.precision is Precision.COMMUNE
    assert ban.questions == []
    with pytest.raises(AdresseIntrouvable):
        geocoder(ban, "", "", "Atlantis", "")


def test_a_commune_that_is_not_known_is_left_to_the_address_base(ban: Ban) -> None:
    ban.body = collection(feature())
    assert geocoder(ban, "12 Rue des Alpes", "38350", "", "").code_insee == "38269"
    ban.body = collection(feature(score=0.3))
    assert geocoder(ban, "12 Rue des Alpes", "38350", "", "").code_insee == "38269"


def test_a_geocoder_is_made_once_when_it_is_first_asked(ban: Ban) -> None:
    faits: list[GeocodeurBan] = []

    def faire() -> GeocodeurBan:
        faits.append(GeocodeurBan(communes(), domaine=ban.domaine, scheme="http", timeout_s=2))
        return faits[-1]

    geocodeur = GeocodeurDiffere(faire)
    assert faits == []
    ban.status, ban.body = 200, collection(feature())
    lieux = {geocodeur.geocoder(*MURE) for _ in range(2)}
    assert (len(faits), len(ban.questions)) == (1, 2)
    assert lieux == {faits[0].geocoder(*MURE)}


def test_after_a_failure_a_minute_passes_without_trying(ban: Ban) -> None:
    now = 1_000.0
    horloge: Callable[[], float] = lambda: now  # noqa: E731
    behind = GeocodeurBan(communes(), domaine=ban.domaine, scheme="http", timeout_s=2)
    geocodeur = GeocodeurProtege(behind, horloge)
    ban.status = 500
    for _ in range(3):
        with pytest.raises(GeocodeurInjoignable):
            geocodeur.geocoder(*MURE)
    assert len(ban.questions) == 1
    ban.status, ban.body = 200, collection(feature())
    now += 59
    with pytest.raises(GeocodeurInjoignable):
        geocodeur.geocoder(*MURE)
    now += 1
    assert geocodeur.geocoder(*MURE).precision is Precision.ADRESSE
    ban.body = collection()
    with pytest.raises(AdresseIntrouvable):
        geocodeur.geocoder(*MURE)
    ban.body = collection(feature())
    assert geocodeur.geocoder(*MURE).precision is Precision.ADRESSE
