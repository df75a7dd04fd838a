"""Addresses reduced to their commune, and completion, on the real communes."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartographie.communes import Communes, Lieu
from cartographie.config import RACINE
from cartographie.errors import LieuAmbigu, LieuInconnu, ParametreError


@cache
def communes() -> Communes:
    return Communes.load(RACINE / "data" / "communes_isere")


@pytest.mark.parametrize(
    ("texte", "libelle"),
    [
        ("12 rue Jean Jaurès, 38350 La Mure", "La Mure (38350)"),
        ("12 bis rue Jean Jaurès 38350 LA MURE", "La Mure (38350)"),
        ("12 rue Jean Jaurès La Mure 38350", "La Mure (38350)"),
        ("8 avenue de Lyon, Grenoble", "Grenoble (38000)"),
        ("rue de Lyon, 38000 Grenoble, France", "Grenoble (38000)"),
        ("12 cours Berriat 38100 GRENOBLE CEDEX 2", "Grenoble (38000)"),
        ("12 rue Lesdiguières Vienne", "Vienne (38200)"),
        ("12 av. de Grenoble La Mure", "La Mure (38350)"),
        ("CHU, La Tronche", "La Tronche (38700)"),
        ("Chez Mme Durand, Mens", "Mens (38710)"),
        ("8, la mure", "La Mure (38350)"),
        ("3 rue de Siam 29200 Brest", "Brest (29200)"),
        ("3 rue de Siam, Brest", "Brest"),
        ("12 place Bellecour 69002 Lyon", "Lyon (69001)"),
        ("1 rue des Écoles, 38350 la murre", "La Mure (38350)"),
    ],
)
def test_an_address_is_reduced_to_its_commune(texte: str, libelle: str) -> None:
    lieu = communes().adresse(texte)
    assert lieu is not None
    assert lieu.libelle == libelle
    assert communes().lieu(lieu.libelle).libelle.startswith(libelle.partition(" (")[0])


@pytest.mark.parametrize(
    "texte",
    [
        "La Mure",
        "38350 la mure",
        "La Mure (38350)",
        "La Mure, Isère",
        "Le Passage",
        "Cour-et-Buis",
        "cours et buis",
        "Lyon 3",
        "Brest",
        "38350",
        "rue",
        "",
        "mairie",
    ],
)
def test_the_name_of_a_place_is_not_an_address(texte: str) -> None:
    assert communes().adresse(texte) is None


@pytest.mark.parametrize(
    "texte",
    [
        "12 rue de Vienne",
        "rue Grenoble",
        "5 impasse des Lilas",
        "place de la Mairie 38350",
        "2 chemin du Bois 38350 chez Durand",
        "5 rue Haute, Saint-Martin",
        "1 rue Haute " + "x" * 400,
    ],
)
def test_the_commune_of_an_address_is_never_guessed_nor_the_address_repeated(texte: str) -> None:
    with pytest.raises((LieuInconnu, LieuAmbigu)) as caught:
        communes().adresse(texte)
    assert caught.value.valeur == ""
    assert not re.search("rue|chemin|Durand|Lilas|Mairie 38", str(caught.value))


def test_no_commune_of_isere_looks_like_an_address() -> None:
    for commune in communes().toutes:
        assert communes().adresse(commune.nom) is None
        assert communes().adresse(commune.libelle) is None
        assert communes().adresse(f" {commune.libelle}") is None


@settings(deadline=None)  # the first call loads, on a machine that may be busy
@given(st.text(max_size=310))
def test_no_text_breaks_the_reading_of_addresses(texte: str) -> None:
    found: Lieu | ParametreError | None
    try:
        found = communes().adresse(texte)
    except ParametreError as error:
        found = error
    assert not isinstance(found, ParametreError) or found.valeur == ""


def _noms(texte: str, limite: int = 8) -> list[str]:
    return [commune.nom for commune in communes().completer(texte, limite)]


def test_completion_offers_the_most_populated_first() -> None:
    assert _noms("gre") == ["Grenoble", "Grenay", "Gresse-en-Vercors"]
    assert _noms("mure")[:2] == ["La Mure", "La Murette"]
    assert _noms("la mur")[:2] == ["La Mure", "La Murette"]
    assert _noms("st martin d h") == ["Saint-Martin-d'Hères"]
    assert _noms("oisans")[0] == "Le Bourg-d'Oisans"
    assert _noms("grnoble") == ["Grenoble"]
    assert _noms("La Mure (38350)") == ["La Mure"]
    assert _noms("3835")[0] == "La Mure"
    assert _noms("38269") == ["La Mure"]
    assert len(_noms("38350", 30)) == 21
    assert len(_noms("s", 5)) == 5
    assert _noms("") == _noms("Lyon") == _noms("!") == []
