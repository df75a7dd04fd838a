"""Names and codes as people type them, on the real communes."""

from __future__ import annotations

import re
import time
import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartographie.communes import Commune, Communes, Lieu, Voisine
from cartographie.config import RACINE
from cartographie.errors import LieuAmbigu, LieuInconnu, ParametreError

DOSSIER = RACINE / "data" / "communes_isere"


@cache
def communes() -> Communes:
    return Communes.load(DOSSIER)


def code(texte: str) -> str:
    return communes().lieu(texte).code_insee


def answer(texte: str) -> Lieu | ParametreError:
    try:
        return communes().lieu(texte)
    except ParametreError as error:
        return error


def proches(texte: str) -> tuple[str, ...]:
    with pytest.raises(ParametreError) as caught:
        communes().lieu(texte)
    return caught.value.proches


@pytest.mark.parametrize(
    ("texte", "expected"),
    [
        ("La Mure", "38269"),
        ("la mure", "38269"),
        ("mure", "38269"),
        ("  LA   MURE ", "38269"),
        ("38269", "38269"),
        ("La Mure 38350", "38269"),
        ("38350 la mure", "38269"),
        ("La Mure (38350)", "38269"),
        ("La Mure (38)", "38269"),
        ("La Mure, Isère", "38269"),
        ("la mure isere", "38269"),
        ("38 350 La Mure", "38269"),
        ("GRENOBLE", "38185"),
        ("38021 Grenoble Cedex 1", "38185"),
        ("Bourg-d'Oisans", "38052"),
        ("Bourg-d’Oisans", "38052"),
        ("bourg d`oisans", "38052"),
        ("bourg d´oisans", "38052"),
        ("le bourg d oisans", "38052"),
        ("bourgdoisans", "38052"),
        ("villard de lans", "38548"),
        ("St Martin d'Heres", "38421"),
        ("st-martin-d'hères", "38421"),
        ("s/ martin d'hères", "38421"),
        ("Ste Agnès", "38350"),
        ("chasse s/ rhône", "38087"),
        ("Chasse-sur-Rhone", "38087"),
        ("L'Isle d'Abeau", "38193"),
        ("isle d’abeau", "38193"),
        ("lisle dabeau", "38193"),
        ("le fontanil", "38170"),
        ("echirolles", "38151"),
        ("E\u0301chirolles", "38151"),
        ("Saint-Quentin s/ Isère", "38450"),
        ("pont de beauvoisin", "38315"),
        ("Oz", "38289"),
    ],
)
def test_any_spelling_of_a_name_is_understood(texte: str, expected: str) -> None:
    lieu = communes().lieu(texte)
    assert (lieu.code_insee, lieu.dans_isere) == (expected, True)


@pytest.mark.parametrize(
    ("texte", "nom"),
    [
        ("vilard de lans", "Villard-de-Lans"),
        ("grnoble", "Grenoble"),
        ("gernoble", "Grenoble"),
        ("grenobles", "Grenoble"),
        ("la murre", "La Mure"),
        ("bourgoin jalieu", "Bourgoin-Jallieu"),
        ("crémieux", "Crémieu"),
        ("chasse sur rone", "Chasse-sur-Rhône"),
        ("bourgoin", "Bourgoin-Jallieu"),
        ("chasse", "Chasse-sur-Rhône"),
        ("villard de lan", "Villard-de-Lans"),
    ],
)
def test_a_typo_or_a_unique_beginning_says_what_was_understood(texte: str, nom: str) -> None:
    lieu = communes().lieu(texte)
    assert lieu.note == f"Compris : {nom}"
    assert lieu.libelle.startswith(nom)


def test_a_name_typed_right_has_no_note() -> None:
    assert communes().lieu("la mure").note == ""


@pytest.mark.parametrize("texte", ["mns", "mes", "vf", "Vuf", "clx", "xqzt", "Brset"])
def test_a_short_or_distant_name_is_never_guessed(texte: str) -> None:
    with pytest.raises((LieuInconnu, LieuAmbigu)):
        communes().lieu(texte)


def test_an_unknown_name_has_its_near_matches() -> None:
    assert proches("mns") == ("Mens (38710)",)
    assert "Villard-de-Lans (38250)" in proches("vilard de lan")
    assert proches("xqztwv") == ()


@pytest.mark.parametrize("texte", ["", "  ", "!!!", "日本", "(38350", "\ud800", "-", "()"])
def test_a_text_without_a_place_is_refused_with_a_sentence(texte: str) -> None:
    with pytest.raises(ParametreError) as caught:
        communes().lieu(texte)
    assert caught.value.parametre == "lieu"
    assert str(caught.value)


def test_a_text_too_long_is_refused() -> None:
    assert code("la mure" + " " * 200) == "38269"
    with pytest.raises(ParametreError, match="120 caractères"):
        communes().lieu("a" * 121)


def test_a_postal_code_of_several_communes_lets_choose() -> None:
    with pytest.raises(LieuAmbigu) as caught:
        communes().lieu("38350")
    choices = caught.value.proches
    assert choices[0] == "La Mure (38350)"
    # 38350 is also the INSEE code of Sainte-Agnès.
    assert "Sainte-Agnès (38190)" in choices
    assert len(choices) == 21
    assert {communes().lieu(choice).libelle for choice in choices} == set(choices)


def test_a_code_that_is_postal_here_and_insee_there_is_ambiguous() -> None:
    """54 of Isère's 98 postal codes are also the INSEE code of one of its communes."""
    insee = {commune.code_insee for commune in communes().toutes}
    postal = {code for commune in communes().toutes for code in commune.codes_postaux}
    both = sorted(insee & postal)
    assert (len(postal), len(both)) == (98, 54)
    for texte in both:
        commune = communes().insee(texte)
        assert commune is not None
        assert texte not in commune.codes_postaux
        assert commune.libelle in proches(texte)
        assert code(f"{commune.nom} {texte}") == texte
    assert proches("38130") == ("Échirolles (38130)", "La Côte-Saint-André (38260)")


def test_an_insee_code_that_is_no_postal_code_is_one_commune() -> None:
    postal = {code for commune in communes().toutes for code in commune.codes_postaux}
    for commune in communes().toutes:
        if commune.code_insee not in postal:
            assert code(commune.code_insee) == commune.code_insee


def test_a_postal_code_of_one_commune_is_that_commune() -> None:
    assert code("38450 Vif") == "38545"
    assert code("38710 Mens") == "38226"
    assert code("38600") == "38169"


def test_a_name_with_the_code_of_another_is_not_guessed() -> None:
    assert proches("la mure 38000") == ("Grenoble (38000)", "La Mure (38350)")
    assert proches("Grenoble 75001") == ("Grenoble (38000)",)
    assert proches("38999") == ()
    assert proches("99999") == ()


def test_the_name_of_two_communes_is_that_of_isere_unless_the_code_says_otherwise() -> None:
    assert code("Le Pont-de-Beauvoisin") == "38315"
    assert code("Le Pont-de-Beauvoisin 38480") == "38315"
    assert code("le pont de beuvoisin") == "38315"
    savoie = communes().lieu("Le Pont-de-Beauvoisin (73330)")
    assert (savoie.code_insee, savoie.dans_isere) == ("73204", False)


@pytest.mark.parametrize(
    ("texte", "expected"),
    [
        ("Lyon", "69123"),
        ("69003", "69123"),
        ("lyon 69008", "69123"),
        ("Chambéry", "73065"),
        ("Condrieu", "69064"),
        ("42000", "42218"),
        ("Saint-Étienne (42)", "42218"),
        ("Lyon 69321 cedex 03", "69123"),
    ],
)
def test_a_neighbour_has_coordinates_and_a_sentence(texte: str, expected: str) -> None:
    lieu = communes().lieu(texte)
    assert (lieu.code_insee, lieu.dans_isere) == (expected, False)
    assert lieu.longitude is not None
    assert lieu.latitude is not None
    assert "est hors de l’Isère : " in lieu.note


@pytest.mark.parametrize(
    ("texte", "libelle"),
    [
        ("Brest", "Brest"),
        ("lille", "Lille"),
        ("PARIS", "Paris"),
        ("29200", "29200"),
        ("29200 brest", "Brest (29200)"),
        ("20000 Ajaccio", "Ajaccio (20000)"),
        ("Saint-Denis 97400", "Saint-Denis (97400)"),
        ("Nantes (44)", "Nantes"),
        ("Nantes (hors Isère)", "Nantes"),
        ("roche sur yon", "La Roche-sur-Yon"),
    ],
)
def test_elsewhere_in_france_gets_a_sentence_never_an_error(texte: str, libelle: str) -> None:
    lieu = communes().lieu(texte)
    assert (lieu.libelle, lieu.code_insee, lieu.dans_isere) == (libelle, "", False)
    assert (lieu.longitude, lieu.latitude) == (None, None)
    assert "hors Isère : le 3919 oriente" in lieu.note


def test_a_name_elsewhere_never_wins_over_isere() -> None:
    """Beaurepaire, Fontaine and Beaulieu are in Isère, and in many other places."""
    for nom in ("Beaurepaire", "Fontaine", "Beaulieu", "Montferrat"):
        assert communes().lieu(nom).dans_isere


def test_a_town_elsewhere_that_begins_or_resembles_a_name_of_isere_lets_choose() -> None:
    assert proches("Nantes") == ("Nantes-en-Ratier (38350)", "Nantes (hors Isère)")
    assert proches("Laval") == ("Laval-en-Belledonne (38190)", "Laval (hors Isère)")
    assert proches("Arras") == ("Artas (38440)", "Arras (hors Isère)")
    assert proches("Saint-Étienne")[-1] == "Saint-Étienne (42000)"


def test_one_typo_is_never_applied_to_names_elsewhere() -> None:
    for texte in ("Brset", "Bordeauxx", "Lillle"):
        with pytest.raises(LieuInconnu) as caught:
            communes().lieu(texte)
        assert not any("hors Isère" in choice for choice in caught.value.proches)


def test_what_is_suggested_can_be_typed_back() -> None:
    places: tuple[Commune | Voisine, ...] = (*communes().toutes, *communes().voisines)
    for place in places:
        lieu = communes().lieu(place.libelle)
        assert (lieu.code_insee, lieu.libelle) == (place.code_insee, place.libelle)
        # With a space it is read word by word, as it is without ours where it is known as written.
        assert communes().lieu(f" {place.libelle}") == lieu


def test_every_commune_answers_to_its_name_however_it_is_written() -> None:
    for commune in communes().toutes:
        plain = "".join(
            c for c in unicodedata.normalize("NFD", commune.nom) if not unicodedata.combining(c)
        )
        for texte in (
            commune.nom,
            commune.nom.upper(),
            plain,
            plain.lower().replace("-", " "),
            commune.nom.replace("'", "’"),
            re.sub(r"\bSaint(e?)\b", r"St\1", commune.nom),
        ):
            assert code(texte) == commune.code_insee, texte
        assert communes().lieu(commune.nom).note == ""


@settings(deadline=None)  # the first call loads, on a machine that may be busy
@given(st.text(max_size=130))
def test_no_text_breaks_the_gazetteer(texte: str) -> None:
    found = answer(texte)
    if isinstance(found, Lieu):
        assert found.dans_isere or found.note
    else:
        assert found.parametre == "lieu"
        assert len(found.valeur) <= 120
    communes().completer(texte[:120])


def test_a_place_is_found_in_less_than_five_milliseconds() -> None:
    communes().lieu("Brest")
    texts = ["la mure", "vilard de lans", "xqztwv", "38350", "Brest", "saint", "12 rue des Alpes"]
    start = time.process_time()
    for texte in texts * 10:
        answer(texte)
    assert (time.process_time() - start) / 70 < 0.005
