"""Addresses without any network: worth their commune, or an error that says why."""

from __future__ import annotations

import pytest

from cartographie.acteurs import Precision
from cartographie.errors import AdresseAmbigue, AdresseIntrouvable, GeocodageError
from cartographie.geocodage import GeocodeurCommunes
from tests.ban import communes


def test_offline_every_address_is_its_commune() -> None:
    geocodeur = GeocodeurCommunes(communes())
    found = geocodeur.geocoder("12 rue des Alpes", "", "la mure")
    assert (found.commune, found.code_postal, found.code_insee) == ("La Mure", "38350", "38269")
    assert (found.precision, found.source) == (Precision.COMMUNE, "commune")
    assert geocodeur.geocoder("", "", "", "38350").commune == "Sainte-Agnès"
    assert geocodeur.geocoder("", "38100", "Grenoble").code_postal == "38100"
    assert geocodeur.geocoder("1 place Bellecour", "69002", "Lyon").code_insee == "69123"


@pytest.mark.parametrize(
    ("question", "error"),
    [
        (("1 rue Haute", "38350", ""), AdresseAmbigue),
        (("1 rue Haute", "", "Saint-Martin"), AdresseAmbigue),
        (("1 rue Haute", "", "Atlantis"), AdresseIntrouvable),
        (("1 rue Haute", "", ""), AdresseIntrouvable),
        (("3 rue de Siam", "29200", "Brest"), AdresseIntrouvable),
        (("1 rue Haute", "", "a" * 200), AdresseIntrouvable),
    ],
)
def test_offline_a_commune_that_cannot_be_told_is_an_error(
    question: tuple[str, str, str], error: type[GeocodageError]
) -> None:
    with pytest.raises(error):
        GeocodeurCommunes(communes()).geocoder(*question)
