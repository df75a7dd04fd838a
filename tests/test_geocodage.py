"""The geocoder against a real server that answers like the national address base."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from cartographie.acteurs import Localisation, Precision
from cartographie.errors import AdresseAmbigue, AdresseIntrouvable, GeocodeurInjoignable
from cartographie.geocodage import GeocodeurDiffere
from cartographie.geocodage.ban import GeocodeurBan
from tests.ban import MURE, Ban, collection, communes, feature, geocoder

pytest_plugins = ("tests.ban",)


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
