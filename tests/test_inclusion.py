"""data·inclusion: held by the schema that its own team publishes, not by ours."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from data_inclusion.schema import v1
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartographie.acteurs import (
    Acces,
    Contact,
    ContactKind,
    Destinataire,
    Fiche,
    Implantation,
    Lien,
    Localisation,
    Precision,
    Territoire,
)
from cartographie.catalogue import Catalogue
from cartographie.echanges import inclusion
from cartographie.echanges.inclusion import table
from cartographie.publication import publier
from cartographie.referentiel import Referentiel
from tests.fabrique import accueil, refuge, sans_point
from tests.site import objet

JOUR = date(2026, 3, 10)
AVERTIR = {"ignore_warnings": False}


def contexte(referentiel: Referentiel) -> inclusion.Contexte:
    return inclusion.Contexte(referentiel.vocabulaire, JOUR, "https://carte.exemple.fr/acteurs/")


def ecrire(referentiel: Referentiel, *fiches: Fiche) -> dict[str, list[dict[str, Any]]]:
    connues = {fiche.slug: fiche for fiche in fiches}
    document = json.loads(inclusion.write(fiches, connues, contexte(referentiel)))
    assert set(document) == {"structures", "services"}
    return {nom: list(document[nom]) for nom in document}


def valider(document: dict[str, list[dict[str, Any]]]) -> None:
    """By the models of the schema, warnings included; every service has its structure."""
    for structure in document["structures"]:
        v1.Structure.model_validate(structure, strict=False, context=AVERTIR)
        assert set(structure) <= set(v1.Structure.model_fields)
    for service in document["services"]:
        v1.Service.model_validate(service, strict=False, context=AVERTIR)
        assert set(service) <= set(v1.Service.model_fields)
    connus = [s["id"] for s in document["structures"]]
    assert len(connus) == len(set(connus))
    assert {s["structure_id"] for s in document["services"]} == set(connus)
    assert len({s["id"] for s in document["services"]}) == len(document["services"])


def test_every_code_of_ours_is_mapped_and_every_value_is_of_the_schema(
    referentiel: Referentiel,
) -> None:
    vocabulaire = referentiel.vocabulaire
    for table_, codes, enum in (
        (table.THEMATIQUES, vocabulaire.missions, v1.Thematique),
        (table.PUBLICS, vocabulaire.publics, v1.Public),
        (table.MODES_ACCUEIL, vocabulaire.acces, v1.ModeAccueil),
        (table.MODES_MOBILISATION, vocabulaire.acces, v1.ModeMobilisation),
        (table.MOBILISABLE_PAR, vocabulaire.acces, v1.PersonneMobilisatrice),
    ):
        assert set(table_) == set(codes)
        assert {mot for mots in table_.values() for mot in mots} <= {e.value for e in enum}
    assert set(table.TYPES) == set(vocabulaire.types)
    assert {t for t in table.TYPES.values() if t} <= {e.value for e in v1.TypeService}
    assert set(table.FRAIS.values()) <= {e.value for e in v1.Frais}


def test_all_real_records_are_there_and_validate(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    response = client.get("/data-inclusion.json")
    assert response.content_type == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    document = objet(response)
    valider(document)
    portes = sum(max(len(f.implantations), 1) for f in catalogue_reel.fiches)
    assert len(document["services"]) == portes
    ids = {s["id"].split("--")[1] for s in document["services"]}
    assert ids == {f.slug for f in catalogue_reel.fiches}
    voulues = {f.porteur.slug if f.porteur else f.slug for f in catalogue_reel.fiches}
    assert {s["id"].split("--")[1] for s in document["structures"]} == voulues


def test_a_service_stands_under_its_porteur_even_when_the_filter_leaves_it_out(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    portee = next(f for f in catalogue_reel.fiches if f.porteur)
    assert portee.porteur is not None
    document = objet(client.get(f"/data-inclusion.json?q={portee.nom}"))
    valider(document)
    (service,) = [s for s in document["services"] if s["id"].endswith(f"--{portee.slug}")]
    assert service["structure_id"].endswith(f"--{portee.porteur.slug}")


def test_files_take_the_filters_of_the_page(client: FlaskClient) -> None:
    services = objet(client.get("/data-inclusion.json?type=SANTE"))["services"]
    fiches = objet(client.get("/acteurs.geojson?type=SANTE"))["features"]
    assert 0 < len(services) < 128
    assert {s["id"].split("--")[1] for s in services} == {f["id"] for f in fiches}
    assert client.get("/data-inclusion.json?type=ABSENT").status_code == 400


def test_a_zone_gives_its_commune_and_nothing_closer(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    zones = {f.slug: f for f in catalogue_reel.fiches if f.en_zone}
    document = objet(client.get("/data-inclusion.json"))
    vus = 0
    for ligne in (*document["services"], *document["structures"]):
        fiche = zones.get(ligne["id"].split("--")[1])
        if fiche is None:
            continue
        vus += 1
        precis = {"adresse", "code_postal", "complement_adresse", "longitude", "latitude"}
        assert not precis & set(ligne)
        assert "se-presenter" not in ligne.get("modes_mobilisation", [])
        assert "site_web" not in ligne
        communes = {i.localisation.commune for i in fiche.implantations}
        assert {ligne.get("commune", "")} <= communes | {""}
    assert vus >= 2 * len(zones) - sum(f.porteur is not None for f in zones.values())


def test_what_is_written_of_one_record(referentiel: Referentiel) -> None:
    fiche = publier(accueil(), None, referentiel.communes)
    assert fiche is not None
    document = ecrire(referentiel, fiche)
    valider(document)
    (service,) = document["services"]
    assert service["adresse"] == "12 rue des Alpes"
    assert (service["longitude"], service["latitude"]) == (5.787, 44.903)
    assert service["telephone"] == "+33476300001"
    assert service["frais"] == "gratuit"
    assert service["horaires_accueil"] == "Mo-Fr 09:00-17:00"
    assert service["zone_eligibilite"] == ["200040657"]
    assert service["date_maj"] == "2026-03-10"  # confirmed later than the day it is written on
    assert service["lien_source"] == "https://carte.exemple.fr/acteurs/accueil-la-mure"
    assert service["publics_precisions"] == "Femmes victimes de violences"
    assert "NOTE-SECRETE" not in json.dumps(document)


def test_a_street_is_told_without_its_point_when_that_is_not_known(
    referentiel: Referentiel,
) -> None:
    fiche = publier(sans_point(accueil()), None, referentiel.communes)
    assert fiche is not None
    document = ecrire(referentiel, fiche)
    valider(document)
    (service,) = document["services"]
    assert (service["adresse"], service["code_postal"]) == ("12 rue des Alpes", "38350")
    assert service["commune"] == "La Mure"
    assert "se-presenter" in service["modes_mobilisation"]
    assert not {"longitude", "latitude"} & set(service)


def test_a_shelter_is_reached_by_its_relay(referentiel: Referentiel) -> None:
    fiche = publier(refuge(), None, referentiel.communes)
    assert fiche is not None
    (service,) = ecrire(referentiel, fiche)["services"]
    assert service["telephone"] == "115"
    assert service["modes_mobilisation"] == ["telephoner"]
    assert service["commune"] == "Grenoble"
    assert "115 – Samu social" in service["mobilisation_precisions"]
    assert service["date_maj"] == "2000-01-01"  # nobody knows


def test_two_doors_are_two_services_of_one_structure(referentiel: Referentiel) -> None:
    saisie = accueil()
    deux = accueil(implantations=(*saisie.implantations, *saisie.implantations))
    fiche = publier(deux, None, referentiel.communes)
    assert fiche is not None
    document = ecrire(referentiel, fiche)
    valider(document)
    assert len(document["structures"]) == 1
    assert [s["id"][-3:] for s in document["services"]] == ["ure", "--2"]
    assert document["services"][0]["nom"] == "Accueil de La Mure – Maison du territoire"


TEXTES = st.text(max_size=220)
PORTES = st.builds(
    Implantation,
    localisation=st.builds(
        Localisation,
        longitude=st.floats(-180, 180),
        latitude=st.floats(-90, 90),
        precision=st.sampled_from(Precision),
        adresse=TEXTES,
        code_postal=st.sampled_from(("", "38350", "3835", "２２２２２", "abcde")),
        commune=TEXTES,
        code_insee=st.sampled_from(("", "38269")),
    ),
    libelle=TEXTES,
    horaires=st.sampled_from(("", "24/7", "Mo-Fr 09:00-17:00; PH off", "le lundi")),
    telephone=st.sampled_from(("", "04 76 30 00 01", "115")),
)
CONTACTS = st.builds(
    Contact,
    kind=st.sampled_from(ContactKind),
    valeur=st.one_of(st.emails(), TEXTES),
    libelle=TEXTES,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_a_record_says_the_file_validates(
    referentiel: Referentiel, data: st.DataObject
) -> None:
    vocabulaire = referentiel.vocabulaire
    fiche = data.draw(
        st.builds(
            Fiche,
            slug=st.just("un"),
            nom=st.text(min_size=1, max_size=200),
            sigle=TEXTES,
            type=st.sampled_from(list(vocabulaire.types)),
            acces=st.sampled_from(Acces),
            porteur=st.sampled_from((None, Lien("absent", "Absent"))),
            description=TEXTES,
            missions=st.lists(st.sampled_from(list(vocabulaire.missions)), unique=True).map(tuple),
            publics=st.lists(st.sampled_from(list(vocabulaire.publics)), unique=True).map(tuple),
            destinataires=st.just((Destinataire.PERSONNES,)),
            conditions=TEXTES,
            frais=st.sampled_from(("", "Gratuit.", "Payant", "Selon les revenus")),
            territoire=st.sampled_from(
                (None, Territoire(departement=True), Territoire(("38269",), ("200040657",)))
            ),
            site_web=st.one_of(TEXTES, st.just("https://exemple.fr/a?b=c")),
            source_date=st.sampled_from(("", "1998", "2021-10", "2024-02-29")),
            verifie_le=st.one_of(st.none(), st.dates(date(1990, 1, 1), JOUR + timedelta(900))),
            implantations=st.lists(PORTES, max_size=3).map(tuple),
            contacts=st.lists(CONTACTS, max_size=3).map(tuple),
            en_zone=st.booleans(),
        )
    )
    valider(ecrire(referentiel, fiche))


@pytest.mark.parametrize("adresse", ["/data-inclusion.json?lieu=12+rue+des+Alpes+38350+La+Mure"])
def test_an_address_is_reduced_to_its_commune(client: FlaskClient, adresse: str) -> None:
    response = client.get(adresse)
    assert response.status_code == 303
    assert "Alpes" not in response.headers["Location"]
