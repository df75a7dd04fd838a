"""The same answers for programs: `/proches`, `/communes`, `/acteurs.geojson`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cartographie.acteurs import Localisation, Precision
from cartographie.catalogue import Catalogue
from cartographie.errors import AdresseIntrouvable, GeocodeurInjoignable
from tests.site import objet

CLES = [
    "acteur", "nom", "type", "missions", "telephone", "commune", "distance_m", "precision",
    "competent", "ouverture", "raison",
]  # fmt: skip
# Somewhere in La Mure, and what stands in the middle of Grenoble.
LA_MURE = {"latitude": 44.9031, "longitude": 5.7866}


def poster(client: FlaskClient, corps: object, **options: Any) -> Any:  # noqa: ANN401
    return client.post(
        "/proches", data=json.dumps(corps), content_type="application/json", **options
    )


def test_proches_answers_four_groups_of_lines_with_every_key(client: FlaskClient) -> None:
    response = client.get("/proches?lieu=38269&besoin=parler")
    assert response.mimetype == "application/json"
    reponse = objet(response)
    assert list(reponse) == ["lieu", "total", "groupes"]
    assert reponse["lieu"] == {"libelle": "La Mure (38350)", "code_insee": "38269"}
    codes = [groupe["code"] for groupe in reponse["groupes"]]
    assert codes == ["appeler", "recevoir", "sur-orientation", "professionnels"]
    lignes = [ligne for groupe in reponse["groupes"] for ligne in groupe["resultats"]]
    for ligne in lignes:
        assert list(ligne) == CLES
        assert ligne["precision"] in {None, "adresse", "commune", "epci", "departement"}
        assert ligne["ouverture"] in {"ouvert", "ferme", "inconnu"}
        assert ligne["raison"]
    premiere = lignes[0]
    assert (premiere["acteur"], premiere["telephone"]) == (None, "3919")
    assert "é" in response.text


def test_proches_is_the_list_of_the_page(client: FlaskClient) -> None:
    question = "lieu=Vienne&besoin=abri&limite=100"
    lignes = [
        ligne["acteur"]
        for groupe in objet(client.get(f"/proches?{question}"))["groupes"]
        for ligne in groupe["resultats"]
        if ligne["acteur"]
    ]
    page = client.get(f"/?{question}&page=9").text
    positions = [page.index(f'data-slug="{slug}"') for slug in lignes]
    assert lignes
    assert positions == sorted(positions)
    assert page.count("data-slug=") == len(lignes)


def test_limite_bounds_each_group_and_not_the_total(client: FlaskClient) -> None:
    entier = objet(client.get("/proches?lieu=Grenoble&limite=100"))
    court = objet(client.get("/proches?lieu=Grenoble&limite=2"))
    assert court["total"] == entier["total"]
    assert [g["resultats"] for g in court["groupes"]] == [
        g["resultats"][:2] for g in entier["groupes"]
    ]


def test_a_position_is_posted_and_only_its_commune_comes_back(client: FlaskClient) -> None:
    reponse = poster(client, LA_MURE)
    assert reponse.status_code == 200
    assert reponse.headers["Cache-Control"] == "no-store"
    assert objet(reponse)["lieu"] == {"libelle": "La Mure (38350)", "code_insee": "38269"}
    assert "44.9" not in reponse.text


def test_a_position_measures_from_where_one_stands(client: FlaskClient) -> None:
    ici = objet(poster(client, LA_MURE | {"limite": 100}))
    ailleurs = objet(poster(client, {"latitude": 44.92, "longitude": 5.80, "limite": 100}))
    assert ici["lieu"] != ailleurs["lieu"] or ici["groupes"] != ailleurs["groupes"]


def test_an_address_is_posted_and_only_its_commune_comes_back(client: FlaskClient) -> None:
    reponse = poster(client, {"adresse": "12 rue des Alpes, 38350 La Mure", "besoin": "abri"})
    assert objet(reponse)["lieu"]["code_insee"] == "38269"
    assert "12 rue" not in reponse.text
    attendue = objet(client.get("/proches?lieu=38269&besoin=abri"))
    assert objet(reponse)["groupes"] == attendue["groupes"]


class GeocodeurDEssai:
    """Knows one door, a kilometre north of the mairie, and counts its questions."""

    def __init__(self, erreur: Exception | None = None) -> None:
        self.erreur = erreur
        self.questions = 0

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        self.questions += 1
        if self.erreur:
            raise self.erreur
        rue = f"{adresse} {code_postal} {commune}".strip()
        return Localisation(5.7866, 44.9131, Precision.ADRESSE, adresse=rue, code_insee=code_insee)


@pytest.mark.parametrize("erreur", [None, GeocodeurInjoignable("…"), AdresseIntrouvable("…")])
def test_a_geocoder_only_makes_distances_finer(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, erreur: Exception | None
) -> None:
    adresse = {"adresse": "12 rue des Alpes, 38350 La Mure"}
    sans = objet(poster(client, adresse))
    geocodeur = GeocodeurDEssai(erreur)
    precis = replace(app.extensions["cartographie"], geocodeur=geocodeur)
    monkeypatch.setitem(app.extensions, "cartographie", precis)
    avec = poster(client, adresse)
    assert geocodeur.questions == 1
    assert objet(avec)["lieu"] == sans["lieu"]
    assert "12 rue" not in avec.text
    assert (objet(avec) == sans) is (erreur is not None)
    client.get("/proches?lieu=12+rue+des+Alpes,+38350+La+Mure", follow_redirects=True)
    assert geocodeur.questions == 1


def test_a_form_may_post_too(client: FlaskClient) -> None:
    reponse = client.post("/proches", data={"latitude": "44,9031", "longitude": "5,7866"})
    assert objet(reponse)["lieu"]["code_insee"] == "38269"


def test_a_get_with_an_address_goes_on_without_it(client: FlaskClient) -> None:
    response = client.get("/proches?lieu=12+rue+des+Alpes,+38350+La+Mure")
    assert response.status_code == 303
    assert response.headers["Location"] == "/proches?lieu=La+Mure+%2838350%29&reduit=1"


@pytest.mark.parametrize(
    ("question", "parametre"),
    [
        ("lieu=38350", "lieu"),
        ("lieu=zzzz", "lieu"),
        ("type=X", "type"),
        ("mission=X", "mission"),
        ("besoin=X", "besoin"),
        ("public=X", "public"),
        ("langue=!", "langue"),
        ("objectif=99", "objectif"),
        ("rayon_km=nan", "rayon_km"),
        ("rayon_km=1e400", "rayon_km"),
        ("rayon_km=-1", "rayon_km"),
        ("tri=x", "tri"),
        ("page=0", "page"),
        ("ouvert=oui", "ouvert"),
        ("limite=101", "limite"),
        ("limite=0", "limite"),
        ("lieu=%00", "lieu"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_name(
    client: FlaskClient, question: str, parametre: str
) -> None:
    response = client.get(f"/proches?{question}")
    assert response.status_code == 400
    assert sorted(objet(response)) == ["erreur", "parametre", "proches"]
    assert objet(response)["parametre"] == parametre


def test_the_sentence_is_the_same_as_on_the_page(client: FlaskClient) -> None:
    erreur = objet(client.get("/proches?lieu=38350"))
    page = client.get("/?lieu=38350").text
    assert erreur["erreur"] in page
    assert "La Mure (38350)" in erreur["proches"]
    for proche in erreur["proches"]:
        assert proche in page


@pytest.mark.parametrize(
    ("corps", "parametre"),
    [
        (b"{", ""),
        (b"[1]", ""),
        (b"[" * 5000, ""),
        (b"\xff\xfe", ""),
        (b'{"latitude": NaN, "longitude": 5}', "latitude"),
        (b'{"latitude": 1e999, "longitude": 5}', "latitude"),
        (b'{"latitude": 45}', "longitude"),
        (b'{"latitude": 0, "longitude": 0}', "position"),
        (b'{"latitude": {}, "longitude": []}', "latitude"),
        (b'{"latitude": ' + b"9" * 5000 + b"}", ""),
        (b'{"adresse": "rue de nulle part"}', "adresse"),
        (b'{"lieu": "\\ud800"}', "lieu"),
        ('{"adresse": "%s"}' % ("é" * 400), "adresse"),
    ],
)
def test_a_body_without_meaning_is_refused_in_french(
    client: FlaskClient, corps: bytes, parametre: str
) -> None:
    response = client.post("/proches", data=corps, content_type="application/json")
    assert response.status_code == 400
    assert objet(response)["erreur"].endswith(".")
    assert objet(response).get("parametre", "") == parametre


def test_outside_isere_is_an_answer(client: FlaskClient) -> None:
    brest = client.get("/proches?lieu=29200")
    assert (brest.status_code, objet(brest)["total"]) == (200, 0)
    assert objet(brest)["groupes"][0]["resultats"][0]["telephone"] == "3919"
    lyon = objet(client.get("/proches?lieu=Lyon"))
    assert lyon["total"] > 0


def test_communes_are_completed(client: FlaskClient) -> None:
    reponse = objet(client.get("/communes?q=la+mu"))
    assert reponse["communes"][0] == {
        "code_insee": "38269",
        "nom": "La Mure",
        "codes_postaux": ["38350"],
    }
    assert objet(client.get("/communes?q=")) == {"communes": []}
    assert objet(client.get("/communes")) == {"communes": []}
    assert client.get(f"/communes?q={'a' * 500}").status_code == 400


def test_the_export_has_every_published_record_and_nothing_private(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    response = client.get("/acteurs.geojson")
    features = objet(response)["features"]
    assert response.mimetype == "application/geo+json"
    assert len(features) == 128
    assert [f["id"] for f in features] == [fiche.slug for fiche in catalogue_reel.fiches]
    privees = {"source", "notes_internes", "verifie_par", "diffusion", "statut", "capacites"}
    assert not privees & set(features[0]["properties"])


@pytest.mark.parametrize(
    "question", ["type=SANTE", "besoin=abri", "lieu=Vienne&rayon_km=15", "q=planning", "objectif=3"]
)
def test_the_export_takes_the_filters_of_the_page(client: FlaskClient, question: str) -> None:
    slugs = {f["id"] for f in objet(client.get(f"/acteurs.geojson?{question}"))["features"]}
    page = client.get(f"/?{question}&page=50").text
    assert 0 < len(slugs) < 128
    # « lieu » alone brings besoin=parler to the page, not to an export.
    if "rayon_km" not in question:
        assert {slug for slug in slugs if f'data-slug="{slug}"' in page} == slugs
    assert "page" not in slugs


def test_a_place_alone_takes_nothing_away_from_the_export(client: FlaskClient) -> None:
    assert len(objet(client.get("/acteurs.geojson?lieu=Mens"))["features"]) == 128


@pytest.mark.parametrize(
    "adresse", ["/proches?lieu=Mens", "/acteurs.geojson", "/communes?q=m", "/", "/carte.json"]
)
@pytest.mark.parametrize("encodage", ["", "gzip"])
def test_what_is_already_there_is_not_sent_again(
    client: FlaskClient, adresse: str, encodage: str
) -> None:
    entetes = {"Accept-Encoding": encodage}
    premiere = client.get(adresse, headers=entetes)
    etag = premiere.headers["ETag"]
    assert premiere.headers["Cache-Control"] == "no-cache"
    seconde = client.get(adresse, headers=entetes | {"If-None-Match": etag})
    assert (seconde.status_code, seconde.data) == (304, b"")
    assert client.get(adresse, headers=entetes).headers["ETag"] == etag


def test_gzip_carries_the_same_words(client: FlaskClient) -> None:
    import gzip

    for adresse in ("/", "/acteurs.geojson", "/proches"):
        simple = client.get(adresse)
        comprime = client.get(adresse, headers={"Accept-Encoding": "gzip"})
        assert comprime.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(comprime.data) == simple.data
        assert comprime.headers["ETag"] != simple.headers["ETag"]
        assert "Accept-Encoding" in comprime.headers["Vary"]
