"""The gazetteer on the real communes: what people type, and where they are."""

from __future__ import annotations

import re
import time
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from cartographie.communes import Commune, Communes, Lieu, Voisine
from cartographie.config import RACINE
from cartographie.errors import LieuAmbigu, LieuInconnu, ParametreError
from cartographie.texte import fold

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


def test_the_gazetteer_is_loaded_in_less_than_a_second() -> None:
    start = time.perf_counter()
    loaded = Communes.load(DOSSIER)
    assert time.perf_counter() - start < 1
    assert len(loaded.toutes) == 512
    assert len(loaded.voisines) == 2109
    assert loaded.toutes[0].nom == "Les Abrets en Dauphiné" or loaded.toutes[0].nom < "B"
    assert [c.nom for c in loaded.toutes] == sorted((c.nom for c in loaded.toutes), key=fold)


def test_a_commune_is_found_by_its_code_and_has_its_mairie() -> None:
    mure = communes().insee("38269")
    assert mure is not None
    assert (mure.nom, mure.libelle) == ("La Mure", "La Mure (38350)")
    assert mure.population > 4_000
    assert 5.7 < mure.longitude < 5.9
    assert 44.8 < mure.latitude < 45.0
    assert communes().insee("69123") is None


def test_an_epci_counts_its_members_outside_isere() -> None:
    vienne = communes().insee("38544")
    assert vienne is not None
    epci = communes().epci(vienne.epci)
    assert epci is not None
    assert len(epci.membres) == 30
    assert sum(membre.startswith("69") for membre in epci.membres) == 12
    assert communes().epci("000000000") is None


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


def _key(texte: str) -> str:
    return fold(texte).replace(" ", "")


def _bare(texte: str) -> str:
    return re.sub(r"^(le|la|les|l) (?=.)", "", fold(texte)).replace(" ", "")


def _one_letter_missing(commune: Commune) -> list[str]:
    nom = fold(commune.nom)
    return [nom[:i] + nom[i + 1 :] for i, letter in enumerate(nom) if letter != " "]


def test_every_commune_answers_to_its_name_with_any_one_letter_missing() -> None:
    """Unless what is typed is, begins or resembles another name: then all of them are offered."""
    resolved = offered = 0
    for commune in communes().toutes:
        if len(_key(commune.nom)) < 5:
            continue
        for texte in _one_letter_missing(commune):
            found = answer(texte)
            if isinstance(found, LieuAmbigu):
                offered += 1
                assert commune.libelle in found.proches or len(found.proches) >= 20, texte
                continue
            assert isinstance(found, Lieu), texte
            if found.code_insee == commune.code_insee:
                resolved += 1
            else:
                # It may only be another real name, typed right.
                assert _bare(found.libelle.partition(" (")[0]) == _bare(texte), texte
    assert resolved > 5_500
    assert resolved > 12 * offered


@given(st.text(max_size=130))
def test_no_text_breaks_the_gazetteer(texte: str) -> None:
    found = answer(texte)
    if isinstance(found, Lieu):
        assert found.dans_isere or found.note
    else:
        assert found.parametre == "lieu"
        assert len(found.valeur) <= 120
    communes().completer(texte[:120])


@given(st.data())
def test_a_typo_is_used_only_when_it_has_one_reading(data: st.DataObject) -> None:
    commune = data.draw(st.sampled_from(communes().toutes))
    nom = list(fold(commune.nom))
    position = data.draw(st.integers(0, len(nom) - 1))
    nom[position] = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    texte = "".join(nom)
    lieu = answer(texte)
    if isinstance(lieu, Lieu) and lieu.note.startswith("Compris"):
        understood = lieu.libelle.partition(" (")[0]
        distances = [
            OSA.distance(_key(texte), _key(understood)),
            OSA.distance(_bare(texte), _bare(understood)),
        ]
        begun = _key(understood).startswith(_key(texte)), _bare(understood).startswith(_bare(texte))
        assert min(distances) == 1 or any(begun)


def test_a_place_is_found_in_less_than_five_milliseconds() -> None:
    communes().lieu("Brest")
    texts = ["la mure", "vilard de lans", "xqztwv", "38350", "Brest", "saint", "12 rue des Alpes"]
    start = time.perf_counter()
    for texte in texts * 10:
        answer(texte)
    assert (time.perf_counter() - start) / 70 < 0.005


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


def test_a_position_is_in_the_commune_around_it_and_keeps_its_coordinates() -> None:
    lieu = communes().position(5.7245, 45.1885)
    assert (lieu.code_insee, lieu.longitude, lieu.latitude) == ("38185", 5.7245, 45.1885)


def test_a_position_outside_isere_is_in_the_commune_of_the_nearest_mairie() -> None:
    lyon = communes().position(4.835, 45.764)
    assert lyon.code_insee.startswith("69")
    assert not lyon.dans_isere
    assert "est hors de l’Isère" in lyon.note


@pytest.mark.parametrize("point", [(-4.49, 48.39), (2.35, 48.86), (55.45, -20.88)])
def test_a_distant_position_is_elsewhere(point: tuple[float, float]) -> None:
    lieu = communes().position(*point)
    assert (lieu.code_insee, lieu.longitude, lieu.dans_isere) == ("", None, False)
    assert "hors Isère : le 3919 oriente" in lieu.note


@pytest.mark.parametrize(
    "point",
    [
        (45.19, 5.72),
        (0.0, 0.0),
        (float("nan"), 45.0),
        (5.7, float("inf")),
        (-73.98, 40.75),
        (1e308, 45.0),
    ],
)
def test_a_position_outside_france_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(ParametreError, match="pas en France"):
        communes().position(*point)


def test_nearly_every_mairie_stands_in_its_own_commune() -> None:
    """46 mairies of the source are outside the outline of their commune."""
    elsewhere = [
        commune
        for commune in communes().toutes
        if communes().position(commune.longitude, commune.latitude).code_insee != commune.code_insee
    ]
    assert len(elsewhere) <= 46
