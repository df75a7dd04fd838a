"""Facts are told in good French, and no more certainly than they are known."""

from dataclasses import replace
from datetime import date

import pytest

from cartographie.acteurs import (
    Acces,
    Fiche,
    Localisation,
    Origine,
    Participation,
    Precision,
    Role,
)
from cartographie.phrases import (
    competence_fr,
    confirmation_fr,
    date_fr,
    de,
    distance_fr,
    participation_fr,
    telephone_lisible,
    telephone_uri,
)

PORTE = Localisation(5.79391, 44.90529, Precision.ADRESSE, commune="La Mure")
MAIRIE = Localisation(5.73631, 45.18663, Precision.COMMUNE, commune="Grenoble")


@pytest.mark.parametrize(
    ("iso", "phrase"),
    [
        ("2019", "2019"),
        ("2021-10", "octobre 2021"),
        ("2024-03-01", "1er mars 2024"),
        (date(2026, 11, 21), "21 novembre 2026"),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(iso: date | str, phrase: str) -> None:
    assert date_fr(iso) == phrase


@pytest.mark.parametrize(
    ("metres", "localisation", "phrase"),
    [
        (40, PORTE, "100 m"),
        (840, PORTE, "800 m"),
        (3_240, PORTE, "3,2 km"),
        (31_400, PORTE, "31 km"),
        (31_400, MAIRIE, "≈ 31 km (commune de Grenoble)"),
        (0, MAIRIE, "dans la commune"),
        (40, MAIRIE, "≈ 1 km (commune de Grenoble)"),
        (0, replace(MAIRIE, precision=Precision.EPCI), "dans le secteur"),
        (0, replace(MAIRIE, precision=Precision.DEPARTEMENT), "≈ 1 km (département de l’Isère)"),
        (None, PORTE, ""),
    ],
)
def test_a_distance_below_the_address_says_from_what_it_was_measured(
    metres: int | None, localisation: Localisation, phrase: str
) -> None:
    assert distance_fr(metres, localisation) == phrase


@pytest.mark.parametrize(
    ("nom", "joint"),
    [
        ("Grenoble", "de Grenoble"),
        ("Eybens", "d’Eybens"),
        ("Échirolles", "d’Échirolles"),
        ("Le Bourg-d’Oisans", "du Bourg-d’Oisans"),
        ("Les Deux Alpes", "des Deux Alpes"),
        ("La Mure", "de La Mure"),
    ],
)
def test_place_names_take_their_article(nom: str, joint: str) -> None:
    assert de(nom) == joint


def test_competence_is_yes_no_or_not_known() -> None:
    assert competence_fr(None, "La Mure") == "Territoire non renseigné"
    assert competence_fr(True, "La Mure") == "Compétent pour La Mure"
    assert competence_fr(False, "La Mure") == "Compétent ailleurs que La Mure"


@pytest.mark.parametrize(
    ("source_date", "verifie_le", "phrase"),
    [
        ("", None, "Jamais confirmé"),
        ("2021-10", None, "Non confirmé depuis octobre 2021"),
        ("2021-12-17", None, "Non confirmé depuis le 17 décembre 2021"),
        ("2021-10", date(2026, 5, 3), "Confirmé le 3 mai 2026"),
    ],
)
def test_a_record_says_since_when_nobody_confirmed_it(
    source_date: str, verifie_le: date | None, phrase: str
) -> None:
    fiche = Fiche(
        "mjd-grenoble",
        "Maison de la justice et du droit",
        "JUSTICE",
        Acces.DIRECT,
        source_date=source_date,
        verifie_le=verifie_le,
    )
    assert confirmation_fr(fiche) == phrase


@pytest.mark.parametrize(
    ("numero", "lisible", "uri"),
    [
        ("0476405010", "04 76 40 50 10", "tel:+33476405010"),
        ("04 76 40 50 10", "04 76 40 50 10", "tel:+33476405010"),
        ("3919", "3919", "tel:3919"),
        ("116 006", "116 006", "tel:116006"),
        ("+33 4 76 40 50 10", "+33 4 76 40 50 10", "tel:+33476405010"),
    ],
)
def test_numbers_read_well_and_dial_right(numero: str, lisible: str, uri: str) -> None:
    assert telephone_lisible(numero) == lisible
    assert telephone_uri(numero) == uri


def test_a_deduced_participation_is_never_a_pilot_by_name() -> None:
    deduite = Participation("2022-2024", 2, Role.PILOTE, Origine.DEDUITE, source="Associations")
    nommee = Participation("2022-2024", 2, Role.PILOTE, Origine.NOMMEE)
    assert participation_fr(deduite) == "au titre de : associations"
    assert participation_fr(nommee) == "pilote, nommé par le protocole"
