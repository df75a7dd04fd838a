"""The map without a browser: what folium wrote, what is drawn, how it is served."""

from __future__ import annotations

import json
import re
from itertools import chain, pairwise
from typing import Any

import folium
import pytest
import shapely
from flask.testing import FlaskClient

from cartographie.acteurs import Fiche, Implantation, Localisation, Precision, Territoire
from cartographie.calques import codes_insee, contours_epci, enregistrements
from cartographie.carte import build_carte
from cartographie.catalogue import Catalogue
from cartographie.recherche import Recherche, repondre
from cartographie.referentiel import Referentiel
from tests.site import MARDI


def tout(catalogue: Catalogue, referentiel: Referentiel, **quoi: Any) -> dict[str, Any]:  # noqa: ANN401
    """What the map receives for a search, as its script reads it."""
    reponse = repondre(Recherche(**quoi), catalogue, referentiel, MARDI)
    donnees = enregistrements(reponse, referentiel.communes, referentiel.vocabulaire)
    lues: dict[str, Any] = json.loads(json.dumps(donnees))
    return lues


# ── what folium wrote ──


def test_two_builds_are_the_same_bytes_and_leave_folium_as_it_was() -> None:
    avant = list(folium.Map.default_js), list(folium.Map.default_css)
    assert build_carte() == build_carte()
    assert (list(folium.Map.default_js), list(folium.Map.default_css)) == avant


def test_the_fragment_is_a_container_and_nothing_else() -> None:
    carte = build_carte()
    assert carte.html.strip() == '<div class="folium-map" id="map_isere" ></div>'
    assert not re.search(r"https?:|//cdn|<|innerHTML|style=", carte.script)


def test_the_script_holds_no_word_of_any_record(catalogue_reel: Catalogue) -> None:
    script = build_carte().script
    for fiche in catalogue_reel.fiches:
        assert fiche.slug not in script
        assert fiche.nom not in script


def test_every_control_speaks_french() -> None:
    script = build_carte().script
    assert "Agrandir la carte" in script
    assert "Réduire la carte" in script
    assert "Leaflet" not in script


# ── what is drawn ──


def test_the_map_shows_every_acteur_of_the_list_once_and_only_those(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    donnees = tout(catalogue_reel, referentiel, besoin="parler")
    reponse = repondre(Recherche(besoin="parler"), catalogue_reel, referentiel, MARDI)
    assert [a[0] for a in donnees["acteurs"]] == [r.slug for r in reponse.acteurs]
    assert donnees["total"] == reponse.total
    places = [rang for rang, *_ in donnees["portes"] + donnees["reseaux"]]
    places += [rang for zone in donnees["zones"] for rang in zone["acteurs"]]
    assert len(set(places)) + donnees["sans_lieu"] == donnees["total"]
    assert sum(nombre for *_, nombre in donnees["types"]) == donnees["total"]


def test_only_an_address_is_drawn_as_a_door(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    donnees = tout(catalogue_reel, referentiel)
    slugs = [a[0] for a in donnees["acteurs"]]
    for rang, longitude, latitude, *_ in donnees["portes"]:
        fiche = catalogue_reel.get(slugs[rang])
        assert fiche is not None
        assert not fiche.en_zone
        assert (longitude, latitude) in {
            (i.localisation.longitude, i.localisation.latitude)
            for i in fiche.implantations
            if i.localisation.precision is Precision.ADRESSE
        }


def test_what_is_less_exact_stands_together_on_its_commune(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    donnees = tout(catalogue_reel, referentiel)
    grenoble = next(zone for zone in donnees["zones"] if zone["code"] == "38185")
    mairie = referentiel.communes.insee("38185")
    assert mairie is not None
    assert grenoble["ou"] == "à Grenoble"
    assert (grenoble["longitude"], grenoble["latitude"]) == pytest.approx(
        (mairie.longitude, mairie.latitude), abs=1e-4
    )
    slugs = [a[0] for a in donnees["acteurs"]]
    dedans = {slugs[rang] for rang in grenoble["acteurs"]}
    attendus = {
        fiche.slug
        for fiche in catalogue_reel.fiches
        if fiche.slug in slugs
        for i in fiche.implantations
        if i.localisation.code_insee == "38185" and i.localisation.precision is Precision.COMMUNE
    }
    assert dedans == attendus
    assert len(dedans) > 30


@pytest.mark.parametrize(
    ("commune", "precision", "phrase"),
    [
        ("La Mure", Precision.COMMUNE, "à La Mure"),
        ("Le Pont-de-Claix", Precision.COMMUNE, "au Pont-de-Claix"),
        ("Les Abrets en Dauphiné", Precision.COMMUNE, "aux Abrets en Dauphiné"),
        ("", Precision.DEPARTEMENT, "en Isère"),
    ],
)
def test_a_zone_is_said_in_french(
    commune: str,
    precision: Precision,
    phrase: str,
    catalogue_reel: Catalogue,
    referentiel: Referentiel,
) -> None:
    modele = catalogue_reel.fiches[0]
    porte = Implantation(Localisation(5.7, 45.2, precision, commune=commune))
    fiche = Fiche(
        "essai", "Essai", modele.type, modele.acces, missions=modele.missions,
        implantations=(porte, porte),
    )  # fmt: skip
    donnees = tout(Catalogue([fiche], referentiel.vocabulaire), referentiel)
    assert donnees["zones"][0]["ou"] == phrase
    assert donnees["zones"][0]["acteurs"] == [0]


def test_a_network_is_drawn_as_its_communes(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    donnees = tout(catalogue_reel, referentiel, types=("CISPD",))
    par_slug = {donnees["acteurs"][rang][0]: codes for rang, codes in donnees["reseaux"]}
    assert par_slug["clspd-echirolles"] == ["38151"]
    vienne_condrieu = referentiel.communes.epci("200077014")
    assert vienne_condrieu is not None
    assert set(par_slug["cispd-vienne-condrieu"]) == {
        code for code in vienne_condrieu.membres if code.startswith("38")
    }
    assert len(par_slug["cispd-vienne-condrieu"]) == 18


def test_a_territoire_is_told_as_communes_of_isere(referentiel: Referentiel) -> None:
    communes = referentiel.communes
    assert codes_insee(None, communes) == []
    assert len(codes_insee(Territoire(departement=True), communes)) == 512
    assert codes_insee(Territoire(communes=("38269", "69123")), communes) == ["38269"]


def test_epci_cover_isere_without_overlap(referentiel: Referentiel) -> None:
    entites = json.loads(contours_epci(referentiel.communes))["features"]
    formes = [shapely.geometry.shape(e["geometry"]) for e in entites]
    assert len(formes) == 18
    assert sum(f.area for f in formes) == pytest.approx(shapely.union_all(formes).area, rel=1e-4)


def test_a_border_is_the_same_line_on_both_sides(client: FlaskClient) -> None:
    """static/carte-fond.js finds the outline of several communes by cancelling shared edges."""
    aretes: dict[frozenset[tuple[float, ...]], int] = {}
    for entite in client.get("/communes.geojson").get_json(force=True)["features"]:
        forme = entite["geometry"]
        polygones = [forme["coordinates"]] if forme["type"] == "Polygon" else forme["coordinates"]
        for anneau in chain.from_iterable(polygones):
            for a, b in pairwise(map(tuple, anneau)):
                cle = frozenset((a, b))
                aretes[cle] = aretes.get(cle, 0) + 1
    assert max(aretes.values()) == 2
    assert sum(n == 2 for n in aretes.values()) > 0.8 * len(aretes)


# ── how it is served ──


def test_records_follow_the_parameters_of_the_page(client: FlaskClient) -> None:
    donnees = client.get("/carte.json?lieu=38269&type=SANTE&page=3").get_json()
    assert donnees["lieu"]["libelle"] == "La Mure (38350)"
    assert donnees["total"] == len(donnees["acteurs"]) > 20
    assert {acteur[2] for acteur in donnees["acteurs"]} == {"SANTE"}


def test_records_are_asked_again_and_cost_nothing_then(client: FlaskClient) -> None:
    premiere = client.get("/carte.json")
    assert premiere.headers["Cache-Control"] == "no-cache"
    seconde = client.get("/carte.json", headers={"If-None-Match": premiere.headers["ETag"]})
    assert (seconde.status_code, seconde.data) == (304, b"")


@pytest.mark.parametrize(("nom", "valeur"), [("type", "POISSONNERIE"), ("forme", "Compacte")])
def test_what_has_no_meaning_is_said_as_json(client: FlaskClient, nom: str, valeur: str) -> None:
    reponse = client.get("/carte.json", query_string={nom: valeur})
    assert reponse.status_code == 400
    assert reponse.get_json()["parametre"] == nom


def test_an_address_is_reduced_before_it_is_answered(client: FlaskClient) -> None:
    reponse = client.get("/carte.json?lieu=12 rue des Alpes, 38350 La Mure")
    assert reponse.status_code == 303
    assert "Alpes" not in reponse.headers["Location"]


def test_the_outlines_of_the_page_are_kept_a_year_by_their_digest(client: FlaskClient) -> None:
    trouve = re.search(r'data-fond="([^"]+)"', client.get("/").text)
    assert trouve
    par_empreinte = client.get(trouve[1])
    objets = par_empreinte.get_json(force=True)["objects"]["communes"]
    assert (len(objets["geometries"]), len(objets["epci"])) == (512, 18)
    assert "immutable" in par_empreinte.headers["Cache-Control"]


@pytest.mark.parametrize(("quoi", "combien"), [("communes", 512), ("epci", 18)])
def test_outlines_can_be_read_as_geojson(quoi: str, combien: int, client: FlaskClient) -> None:
    nue = client.get(f"/{quoi}.geojson")
    assert len(nue.get_json(force=True)["features"]) == combien
    assert nue.headers["Cache-Control"] == "no-cache"
    gzip = {"Accept-Encoding": "gzip"}
    comprimee = client.get(f"/{quoi}.geojson", headers=gzip)
    assert comprimee.headers["Content-Encoding"] == "gzip"
    encore = {**gzip, "If-None-Match": comprimee.headers["ETag"]}
    assert client.get(f"/{quoi}.geojson", headers=encore).status_code == 304


def test_the_script_is_served_by_its_digest_alone(client: FlaskClient) -> None:
    carte = build_carte()
    servi = client.get(f"/carte/{carte.empreinte}.js")
    assert servi.get_data(as_text=True) == carte.script
    assert "immutable" in servi.headers["Cache-Control"]
    assert client.get("/carte/0123456789abcdef.js").status_code == 404


def test_the_page_says_that_the_list_holds_everything(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "La liste contient tous les services" in page
    assert page.count('id="map_isere"') == 1
