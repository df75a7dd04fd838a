"""The single gate: what leaves, and what never does."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from cartographie.acteurs import (
    Contact,
    ContactKind,
    Diffusion,
    Fiche,
    Implantation,
    Lien,
    Localisation,
    Precision,
    Saisie,
    Statut,
)
from cartographie.communes import Communes
from cartographie.publication import publier
from cartographie.referentiel import Referentiel
from cartographie.serialisation import to_json
from tests.fabrique import CC_MATHEYSINE, GRENOBLE, LA_MURE, accueil, refuge

INTERNES = ("statut", "diffusion", "relais", "source", "verifie_par", "notes_internes", "capacites")


@pytest.fixture(scope="module")
def communes(referentiel: Referentiel) -> Communes:
    return referentiel.communes


def published(saisie: Saisie, communes: Communes, porteur: Saisie | None = None) -> Fiche:
    fiche = publier(saisie, porteur, communes)
    assert fiche is not None
    return fiche


@pytest.mark.parametrize(
    "valeurs",
    [
        {"statut": Statut.BROUILLON},
        {"statut": Statut.ARCHIVE},
        {"diffusion": Diffusion.INTERNE},
    ],
)
def test_what_is_not_published_has_no_fiche(communes: Communes, valeurs: dict[str, str]) -> None:
    assert publier(accueil(**valeurs), None, communes) is None


def test_a_fiche_has_no_place_for_what_is_internal() -> None:
    assert not {champ.name for champ in fields(Fiche)} & set(INTERNES)


def test_a_public_record_shows_its_public_fields_and_nothing_else(communes: Communes) -> None:
    fiche = published(accueil(), communes)
    porte = accueil().implantations[0]
    assert fiche.implantations == (
        replace(porte, localisation=replace(porte.localisation, source="")),
    )
    assert [contact.valeur for contact in fiche.contacts] == ["04 76 30 00 02"]
    assert fiche.participations == accueil().participations
    communs = {champ.name for champ in fields(Fiche)} & {champ.name for champ in fields(Saisie)}
    for champ in communs - {"porteur", "implantations", "contacts"}:
        assert getattr(fiche, champ) == getattr(accueil(), champ)
    texte = json.dumps(to_json(fiche), ensure_ascii=False)
    for secret in ("NOTE-SECRETE", "interne@", "DDETS", "BAN 0,92", "exemple.fr/contact", "DDFE"):
        assert secret not in texte


def test_a_zone_record_shows_its_zone_and_its_relais_alone(communes: Communes) -> None:
    fiche = published(refuge(), communes)
    commune = communes.insee(GRENOBLE)
    assert commune is not None
    assert fiche.en_zone
    assert fiche.implantations == (
        Implantation(
            Localisation(
                commune.longitude,
                commune.latitude,
                Precision.COMMUNE,
                commune="Grenoble",
                code_insee=GRENOBLE,
            )
        ),
    )
    assert fiche.contacts == (Contact(ContactKind.TELEPHONE, "115", "115 – Samu social", "24/7"),)
    assert fiche.telephones == fiche.contacts


def test_the_gate_does_not_trust_what_is_stored_of_a_zone_record(communes: Communes) -> None:
    """Even a row that every other guard had let through."""
    fiche = published(accueil(diffusion=Diffusion.ZONE), communes)
    epci = communes.epci(CC_MATHEYSINE)
    assert epci is not None
    assert fiche.implantations == (
        Implantation(
            Localisation(epci.longitude, epci.latitude, Precision.EPCI, code_epci=CC_MATHEYSINE)
        ),
    )
    assert fiche.site_web == ""
    assert fiche.contacts == ()


@pytest.mark.parametrize(
    ("lieu", "precision"),
    [
        (Localisation(5.7, 45.1, Precision.ADRESSE, "1 rue X", code_insee=GRENOBLE), "commune"),
        (Localisation(5.7, 44.9, Precision.COMMUNE, code_insee=LA_MURE), "epci"),
        (Localisation(5.7, 44.9, Precision.EPCI, code_epci=CC_MATHEYSINE), "epci"),
        (Localisation(5.7, 44.9, Precision.EPCI, code_epci="000000000"), "departement"),
        (Localisation(5.7, 44.9, Precision.DEPARTEMENT), "departement"),
        (Localisation(5.7, 44.9, Precision.ADRESSE, "1 rue X"), "departement"),
    ],
)
def test_every_zone_has_one_published_point(
    communes: Communes, lieu: Localisation, precision: str
) -> None:
    (porte,) = published(refuge(implantations=(Implantation(lieu),)), communes).implantations
    assert porte.localisation.precision == precision
    assert (porte.localisation.longitude, porte.localisation.latitude) != (5.7, 44.9)
    assert porte.localisation.adresse == ""


def test_a_zone_record_without_a_door_has_none(communes: Communes) -> None:
    assert published(refuge(implantations=(), relais=None), communes).implantations == ()


def test_a_service_links_to_its_porteur_and_shows_its_objectives(communes: Communes) -> None:
    porteur = accueil("association", nom="Association", porteur="")
    service = accueil(porteur="association", participations=())
    fiche = published(service, communes, porteur)
    assert fiche.porteur == Lien("association", "Association")
    assert fiche.participations == ()
    assert fiche.participations_du_porteur == porteur.participations


@pytest.mark.parametrize(
    "valeurs", [{"diffusion": Diffusion.INTERNE}, {"statut": Statut.BROUILLON}]
)
def test_a_hidden_porteur_leaves_no_trace(communes: Communes, valeurs: dict[str, str]) -> None:
    service = accueil(porteur="association")
    cache = accueil("association", **valeurs)
    assert published(service, communes, cache) == published(replace(service, porteur=""), communes)


def test_two_records_that_differ_in_what_is_hidden_give_the_same_fiche(communes: Communes) -> None:
    autre = accueil(
        source="ailleurs",
        verifie_par="quelqu’un",
        notes_internes="autre",
        capacites=(),
        contacts=accueil().contacts[:1],
    )
    assert published(accueil(), communes) == published(autre, communes)
