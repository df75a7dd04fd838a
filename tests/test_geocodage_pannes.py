"""The national address base when it fails, stalls or lies: said in time, and left alone a while."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from cartographie.acteurs import Precision
from cartographie.errors import AdresseIntrouvable, GeocodeurInjoignable
from cartographie.geocodage import GeocodeurProtege
from cartographie.geocodage.ban import GeocodeurBan
from tests.ban import MURE, Ban, collection, communes, feature, geocoder

pytest_plugins = ("tests.ban",)


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
