"""Tables that a person typed: what a cell says, what it does not, and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cartographie.acteurs import Contact, ContactKind, Fermeture, Saisie
from cartographie.echanges import fusionner
from cartographie.errors import SaisieError
from tests.fabrique import accueil
from tests.tableaux import lu


def une(*colonnes: tuple[str, str]) -> Saisie:
    """The record of La Mure after a file of these cells."""
    lot = lu(["slug", *(nom for nom, _ in colonnes)], ["x", *(v for _, v in colonnes)])
    assert lot.erreurs == ()
    return fusionner(accueil(), lot.lignes[0])


def test_absent_empty_and_dash_are_three_things() -> None:
    assert une() == accueil()
    assert une(("frais", ""), ("contact_1_libelle", "  "), ("verifie_le", "")) == accueil()
    videe = une(("frais", "-"), ("verifie_le", "-"), ("territoire_epci", " - "))
    assert videe == accueil(frais="", verifie_le=None, territoire=None)
    (premier, second) = accueil().contacts
    assert une(("contact_1_horaires", "-")).contacts == (replace(premier, horaires=""), second)


def test_a_dash_in_the_key_of_an_element_ends_the_list_and_does_so_twice() -> None:
    seul = une(("contact_2_valeur", "-"))
    assert seul.contacts == accueil().contacts[:1]
    lot = lu(["slug", "contact_2_valeur"], ["x", "-"])
    assert fusionner(seul, lot.lignes[0]) == seul
    (faute,) = lu(
        ["slug", "contact_1_valeur", "contact_2_valeur"], ["x", "-", "04 76 00 00 00"]
    ).erreurs
    assert faute.faute.champ == "contact_1_valeur"
    assert une(("relais_telephone", "-"), ("implantation_2_horaires", "-")) == accueil()


def test_elements_are_added_in_order_and_a_gap_is_a_fault() -> None:
    trois = une(("contact_3_sorte", "sms"), ("contact_3_valeur", "114"))
    assert trois.contacts[2] == Contact(ContactKind.SMS, "114")
    lot = lu(["slug", "contact_4_sorte", "contact_4_valeur"], ["x", "sms", "114"])
    with pytest.raises(SaisieError, match="numérotez sans trou"):
        fusionner(accueil(), lot.lignes[0])


@pytest.mark.parametrize(
    ("nom", "tape", "champ", "voulu"),
    [
        ("verifie_le", "03/05/2026", "verifie_le", date(2026, 5, 3)),
        ("source_date", "3/2026", "source_date", "2026-03"),
        ("source_date", "mars-26", "source_date", "2026-03"),
        ("source_date", "févr. 2024", "source_date", "2024-02"),
        ("Nom", "CAF", "nom", "CAF"),
        ("SIGLE", '="0123"', "sigle", "0123"),
        ("Rendez-vous nécessaire", "OUI", "rendez_vous", "oui"),
        ("langues", "fr, ar ;en", "langues", ("fr", "ar", "en")),
        ("description", "'=1+1", "description", "=1+1"),
    ],
)
def test_what_a_spreadsheet_rewrote_is_read_as_it_was(
    nom: str, tape: str, champ: str, voulu: object
) -> None:
    assert getattr(une((nom, tape)), champ) == voulu


def test_numbers_that_lost_a_zero_or_a_plus_find_it_again() -> None:
    saisie = une(
        ("implantation_1_code_postal", "1000"),
        ("implantation_1_longitude", "5,25"),
        ("implantation_1_telephone", "476000000"),
        ("contact_1_valeur", "33476000000"),
        ("implantation_1_fermetures", "03/08/2026 au 14/08/2026"),
    )
    (porte,) = saisie.implantations
    assert (porte.localisation.code_postal, porte.localisation.longitude) == ("01000", 5.25)
    assert porte.telephone == "0476000000"
    assert saisie.contacts[0].valeur == "+33476000000"
    assert porte.fermetures == (Fermeture(date(2026, 8, 3), date(2026, 8, 14)),)


@pytest.mark.parametrize(
    ("entete", "phrase"),
    [
        (["nom"], "Il manque la colonne slug"),
        (["slug", "telefone"], "Cette colonne n’existe pas. Vouliez-vous dire"),
        (["slug", "contact_1_valleur"], "« contact_1_valeur »"),
        (["slug", "nom", "Nom"], "deux fois"),
        (["slug", "en_zone"], "export public, incomplet"),
        (["slug", "contact_99_valeur"], "n’existe pas"),
    ],
)
def test_a_column_that_is_wrong_is_named_with_the_nearest(entete: list[str], phrase: str) -> None:
    lot = lu(entete, ["x"] * len(entete))
    assert lot.lignes == ()
    assert any(phrase in erreur.faute.message for erreur in lot.erreurs)


@pytest.mark.parametrize(
    ("nom", "tape", "phrase"),
    [
        ("diffusion", "publіque", "autre alphabet"),
        ("diffusion", "public", "publique, zone, interne"),
        ("verifie_le", "mai 2026", "une date"),
        ("nom", "-", "ne peut pas être vidée"),
        ("implantation_1_longitude", "-", "ne peut pas être vidée"),
        ("participations", "objectif 2", "2022-2024, objectif 2"),
        ("implantation_1_fermetures", "en août", "2026-08-03 au 2026-08-14"),
        ("frais", '=HYPERLINK("https://exemple.fr")', "formule"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_and_what_would_do(
    nom: str, tape: str, phrase: str
) -> None:
    (erreur,) = lu(["slug", nom], [], ["x", ""], ["y", tape]).erreurs
    assert (erreur.ligne, erreur.slug, erreur.faute.champ) == (4, "y", nom)
    assert phrase in erreur.faute.message
