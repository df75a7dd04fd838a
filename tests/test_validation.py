"""One validator: every fault at once, and every way a hidden place could be told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import (
    Capacite,
    Contact,
    ContactKind,
    Fermeture,
    Origine,
    Participation,
    Precision,
    Relais,
    Role,
    Saisie,
    Territoire,
)
from cartographie.database import reading
from cartographie.referentiel import Referentiel
from cartographie.validation import valider
from tests.fabrique import (
    CC_MATHEYSINE,
    accueil,
    porte,
    refuge,
)

PORTEURS = {"association": "", "service": "accueil-la-mure", "accueil-la-mure": "association"}


def champs(saisie: Saisie, referentiel: Referentiel) -> set[str]:
    return {faute.champ for faute in valider(saisie, referentiel, PORTEURS)}


def test_whole_records_are_valid(referentiel: Referentiel) -> None:
    for saisie in (accueil(), refuge(), accueil(porteur="association")):
        assert valider(saisie, referentiel, PORTEURS) == ()


def test_the_139_real_records_are_valid(base_chargee: Engine, referentiel: Referentiel) -> None:
    with reading(base_chargee) as session:
        saisies = registre.saisies(session)
    porteurs = {saisie.slug: saisie.porteur for saisie in saisies}
    assert [f for saisie in saisies for f in valider(saisie, referentiel, porteurs)] == []


@pytest.mark.parametrize(
    ("champ", "valeurs"),
    [
        ("slug", {"slug": "Accueil La Mure"}),
        ("slug", {"slug": "sos-femmes-38"}),
        ("slug", {"slug": "a" * 81}),
        ("nom", {"nom": "  "}),
        ("nom", {"nom": "x" * 201}),
        ("nom", {"nom": "deux\nlignes"}),
        ("nom", {"nom": "renversé \u202e"}),
        ("description", {"description": "x" * 1001}),
        ("description", {"description": "a\x07"}),
        ("type", {"type": "REFUGE"}),
        ("missions.1", {"missions": ("orientation", "héberger")}),
        ("missions", {"missions": ("orientation", "orientation")}),
        ("publics.0", {"publics": ("tous",)}),
        ("langues.0", {"langues": ("français",)}),
        ("destinataires", {"destinataires": ()}),
        ("site_web", {"site_web": "javascript:alert(1)"}),
        ("site_web", {"site_web": "https://[x"}),
        ("site_web", {"site_web": "www.exemple.fr"}),
        ("source_date", {"source_date": "mai 2023"}),
        ("source_date", {"source_date": "2023-13"}),
        ("source_date", {"source_date": "2023-02-30"}),
        ("territoire", {"territoire": Territoire()}),
        ("territoire.communes.0", {"territoire": Territoire(("69123",))}),
        ("territoire.epci.1", {"territoire": Territoire(epci=(CC_MATHEYSINE, "1"))}),
        ("contacts.0.valeur", {"contacts": (Contact(ContactKind.TELEPHONE, "04 76"),)}),
        ("contacts.0.valeur", {"contacts": (Contact(ContactKind.TELEPHONE, "391"),)}),
        ("contacts.0.valeur", {"contacts": (Contact(ContactKind.SMS, "+33 4 76 40 50"),)}),
        ("contacts.0.valeur", {"contacts": (Contact(ContactKind.COURRIEL, "accueil"),)}),
        ("relais.telephone", {"relais": Relais("115", "appeler")}),
        ("relais.libelle", {"relais": Relais(" ", "115")}),
        ("capacites.0.places_total", {"capacites": (Capacite(date(2026, 1, 1), -1),)}),
        ("porteur", {"porteur": "personne"}),
        ("porteur", {"porteur": "accueil-la-mure"}),
        ("porteur", {"porteur": "service"}),
    ],
)
def test_each_field_has_its_fault(
    champ: str, valeurs: dict[str, Any], referentiel: Referentiel
) -> None:
    assert champs(accueil(**valeurs), referentiel) == {champ}


@pytest.mark.parametrize(
    "numero",
    [
        "04 76 40 50 10",
        "04.76.40.50.10",
        "+33476405010",
        "115",
        "3919",
        "116 006",
        "+41 22 715 28 28",
    ],
)
def test_numbers_that_can_be_dialled(numero: str, referentiel: Referentiel) -> None:
    ligne = Contact(ContactKind.TELEPHONE, numero)
    assert champs(accueil(contacts=(ligne,)), referentiel) == set()


@pytest.mark.parametrize("texte", ["", "2023", "2023-05", "2023-05-14"])
def test_dates_are_cut_where_knowledge_ends(texte: str, referentiel: Referentiel) -> None:
    assert champs(accueil(source_date=texte), referentiel) == set()


@pytest.mark.parametrize(
    ("champ", "lieu"),
    [
        ("longitude", {"longitude": 45.18, "latitude": 5.73}),
        ("longitude", {"longitude": float("nan")}),
        ("code_postal", {"code_postal": "38"}),
        ("code_insee", {"code_insee": "La Mure"}),
        ("code_epci", {"code_epci": "12"}),
        ("longitude", {"precision": Precision.COMMUNE}),
        ("code_insee", {"precision": Precision.COMMUNE, "code_insee": ""}),
        ("longitude", {"precision": Precision.EPCI, "longitude": 5.2}),
        ("code_epci", {"precision": Precision.EPCI, "code_epci": ""}),
    ],
)
def test_a_point_is_where_it_says(
    champ: str, lieu: dict[str, Any], referentiel: Referentiel
) -> None:
    saisie = accueil(implantations=porte(accueil(), lieu))
    assert f"implantations.0.{champ}" in champs(saisie, referentiel)


def test_a_closure_ends_after_it_begins(referentiel: Referentiel) -> None:
    fermeture = Fermeture(date(2026, 8, 14), date(2026, 8, 3))
    saisie = accueil(implantations=porte(accueil(), {}, fermetures=(fermeture,)))
    assert champs(saisie, referentiel) == {"implantations.0.fermetures.0"}


@pytest.mark.parametrize(
    ("champ", "part"),
    [
        ("participations.0.periode", Participation("2019", 1, Role.ACTEUR, Origine.NOMMEE)),
        ("participations.0.objectif", Participation("2022-2024", 26, Role.ACTEUR, Origine.NOMMEE)),
        (
            "participations.0.action",
            Participation("2022-2024", 1, Role.ACTEUR, Origine.NOMMEE, "2.2"),
        ),
    ],
)
def test_a_participation_is_in_a_protocol(
    champ: str, part: Participation, referentiel: Referentiel
) -> None:
    assert champs(accueil(participations=(part,)), referentiel) == {champ}


def test_a_participation_is_said_once(referentiel: Referentiel) -> None:
    part = accueil().participations[0]
    assert champs(accueil(participations=(part, part)), referentiel) == {"participations.1"}


def test_every_fault_is_listed_at_once(referentiel: Referentiel) -> None:
    saisie = accueil(slug="Non", nom="", type="?", porteur="personne", source_date="hier")
    assert champs(saisie, referentiel) == {"slug", "nom", "type", "porteur", "source_date"}
