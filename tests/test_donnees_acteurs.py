"""The 139 acteurs of `data/`: what they say, where they stand, what must not be there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from cartographie.acteurs import (
    Acces,
    ContactKind,
    Destinataire,
    ImplantationKind,
    Precision,
    Trivalent,
)
from tests.donnees import ACTEURS, COMMUNES, EPCI, FEATURES, SOURCE, codes, read_csv

ZONE = {slug: a for slug, a in ACTEURS.items() if a["diffusion"] == "zone"}
RESEAUX = [f for f in FEATURES if f["geometry"]["type"] == "MultiPolygon"]


def contours_of(territoire: dict[str, Any]) -> Iterator[shapely.Geometry]:
    membres = {code for siren in territoire["epci"] for code in EPCI[siren]["membres"]}
    for code in {*membres, *territoire["communes"]} & set(COMMUNES):
        yield shape(COMMUNES[code]["geometry"])


def test_139_acteurs_enter_128_published_11_drafts_125_public_14_by_zone() -> None:
    assert list(ACTEURS) == sorted(SOURCE)
    assert Counter(a["statut"] for a in ACTEURS.values()) == {"publie": 128, "brouillon": 11}
    assert Counter(a["diffusion"] for a in ACTEURS.values()) == {"publique": 125, "zone": 14}


@pytest.mark.parametrize("slug", ACTEURS)
def test_every_code_of_a_record_exists(slug: str) -> None:
    acteur = ACTEURS[slug]
    assert acteur["type"] in codes("types")
    assert acteur["missions"]
    assert set(acteur["missions"]) <= codes("missions")
    assert acteur["publics"]
    assert set(acteur["publics"]) <= codes("publics")
    assert acteur["acces"] in codes("acces")
    assert Acces(acteur["acces"])
    assert acteur["destinataires"]
    assert all(Destinataire(d) for d in acteur["destinataires"])
    for name in ("rendez_vous", "accessible_pmr", "enfants_accueillis"):
        assert Trivalent(acteur[name])
    for door in acteur["implantations"]:
        assert ImplantationKind(door["kind"])
        assert Precision(door["precision"])
    assert all(ContactKind(contact["kind"]) for contact in acteur["contacts"])


def test_nothing_is_confirmed_counted_or_translated_before_somebody_did_it() -> None:
    for acteur in ACTEURS.values():
        assert acteur["verifie_le"] is None
        assert acteur["verifie_par"] == ""
        assert acteur["capacites"] == []
        assert acteur["langues"] == []


def test_committees_and_institutions_are_for_professionals_and_shelters_are_never_direct() -> None:
    for slug, acteur in ACTEURS.items():
        if acteur["type"] == "CISPD":
            assert acteur["acces"] == "professionnels"
        if acteur["type"] == "INSTITUTION":
            assert acteur["acces"] == ("telephone" if slug == "siao-isere" else "professionnels")
        if acteur["type"] == "HEBERGEMENT":
            assert acteur["acces"] == "orientation"
        if acteur["type"] == "AUTEURS":
            assert acteur["destinataires"] == ["auteurs"]
            assert acteur["acces"] != "direct"


def test_the_15_supposed_communes_say_so_in_public() -> None:
    supposed = {s for s, row in SOURCE.items() if "Commune supposée" in row["remarques"]}
    said = {s for s, a in ACTEURS.items() if "Commune supposée" in a["description"]}
    assert supposed == said
    assert len(said) == 15


def test_rows_without_a_source_keep_their_doubt_as_a_note() -> None:
    doubtful = [slug for slug, row in SOURCE.items() if row["verification"] == "a_verifier"]
    assert len(doubtful) == 10
    for slug in doubtful:
        assert "confirm" in ACTEURS[slug]["notes_internes"].lower()


def test_a_point_is_a_door_only_where_the_source_gives_one() -> None:
    precisions = Counter(d["precision"] for a in ACTEURS.values() for d in a["implantations"])
    assert precisions == {"adresse": 19, "commune": 103}
    for acteur in ACTEURS.values():
        for door in acteur["implantations"]:
            commune = COMMUNES[door["code_insee"]]["properties"]
            assert door["commune"] == commune["nom"]
            assert door["code_epci"] == commune["epci"]
            if door["precision"] == "commune":
                assert door["longitude"] == commune["longitude"]
                assert door["latitude"] == commune["latitude"]


def test_addresses_without_a_point_wait_for_a_geocoder() -> None:
    waiting = [
        door
        for acteur in ACTEURS.values()
        for door in acteur["implantations"]
        if door["source"] == "adresse à géocoder"
    ]
    assert len(waiting) == 18
    assert all(door["adresse"] and door["precision"] == "commune" for door in waiting)


@pytest.mark.parametrize("feature", RESEAUX, ids=lambda f: str(f["id"]))
def test_a_network_without_a_door_covers_exactly_its_communes(feature: dict[str, Any]) -> None:
    acteur = feature["properties"]
    assert acteur["type"] == "CISPD"
    assert acteur["implantations"] == []
    union = shapely.unary_union(list(contours_of(acteur["territoire"])))
    assert shape(feature["geometry"]).is_valid
    assert shape(feature["geometry"]).symmetric_difference(union).area < 1e-12


def test_every_network_whose_territory_is_known_is_a_territory() -> None:
    networks = {slug for slug, a in ACTEURS.items() if a["type"] == "CISPD"}
    assert networks - {f["id"] for f in RESEAUX} == {"reseau-la-tour-du-pin"}


def test_territories_are_made_of_codes_that_exist_and_are_never_guessed() -> None:
    for slug, acteur in ACTEURS.items():
        row = SOURCE[slug]
        if acteur["territoire"] is None:
            assert not row["territoire_insee"]
            assert not row["territoire_epci_siren"]
            continue
        assert set(acteur["territoire"]["communes"]) <= set(COMMUNES)
        assert set(acteur["territoire"]["epci"]) <= set(EPCI)
        assert acteur["territoire"]["departement"] is False


@pytest.mark.parametrize("slug", ZONE)
def test_a_zone_record_holds_its_zone_and_nothing_else(slug: str) -> None:
    acteur = ZONE[slug]
    assert acteur["acces"] != "direct"
    assert acteur["contacts"] == []
    assert acteur["capacites"] == []
    assert acteur["site_web"] == ""
    assert acteur["notes_internes"] == ""
    assert "://" not in acteur["source"]
    (door,) = acteur["implantations"]
    for name in ("adresse", "code_postal", "horaires", "horaires_date", "telephone", "libelle"):
        assert door[name] == ""
    assert door["fermetures"] == []
    assert COMMUNES[door["code_insee"]]["properties"]["population"] >= 5_000


@pytest.mark.parametrize("slug", ZONE)
def test_the_texts_of_a_zone_record_name_no_street_and_no_postal_code(slug: str) -> None:
    texts = " ".join(str(ZONE[slug][k]) for k in ("nom", "sigle", "description", "conditions"))
    assert not re.search(r"\b\d{5}\b", texts)
    assert not re.search(r"\b(rue|avenue|boulevard|place|chemin|impasse|quai)\b", texts.lower())


def test_a_relay_is_chosen_for_every_zone_service_that_receives_victims() -> None:
    relays = {row["slug"]: row["telephone"] for row in read_csv("relais.csv")}
    expected = {slug for slug, a in ZONE.items() if a["destinataires"] != ["auteurs"]}
    assert set(relays) == expected
    for slug, telephone in relays.items():
        assert ZONE[slug]["relais"]["telephone"] == telephone
    assert all(a["relais"] is None for s, a in ACTEURS.items() if s not in relays)
