"""Every parameter is understood or refused with its name, its value and what would do."""

import pytest

from cartographie.errors import LieuAmbigu, ParametreError
from cartographie.parametres import lire_recherche
from cartographie.recherche import Recherche
from cartographie.referentiel import Referentiel


def lire(referentiel: Referentiel, **args: str | list[str]) -> Recherche:
    listes = {nom: [v] if isinstance(v, str) else v for nom, v in args.items()}
    return lire_recherche(listes, referentiel, "2022-2024")


def test_without_any_filter_somebody_to_talk_to_is_looked_for(referentiel: Referentiel) -> None:
    recherche = lire(referentiel, lieu="La Mure", rayon_km="30", ouvert="1")
    assert recherche.besoin == "parler"
    assert recherche.besoin_par_defaut
    assert recherche.lieu is not None
    assert recherche.lieu.code_insee == "38269"


@pytest.mark.parametrize(
    "filtre",
    [
        {"type": "ERPE"},
        {"mission": "enfants"},
        {"public": "auteurs"},
        {"langue": "ar"},
        {"objectif": "22"},
        {"q": "milena"},
    ],
)
def test_any_filter_replaces_the_default_need(
    referentiel: Referentiel, filtre: dict[str, str]
) -> None:
    recherche = lire(referentiel, **filtre)
    assert recherche.besoin == ""
    assert not recherche.besoin_par_defaut


def test_values_are_kept_once_in_their_order(referentiel: Referentiel) -> None:
    recherche = lire(referentiel, type=["ERPE", "LEAO", "ERPE", " "])
    assert recherche.types == ("ERPE", "LEAO")


def test_an_objective_is_of_the_current_period_unless_said(referentiel: Referentiel) -> None:
    assert lire(referentiel, objectif="22").objectif == ("2022-2024", 22)
    assert lire(referentiel, objectif="2022-2024/3").objectif == ("2022-2024", 3)


def test_a_french_decimal_comma_is_understood(referentiel: Referentiel) -> None:
    assert lire(referentiel, rayon_km="7,5").rayon_km == 7.5


@pytest.mark.parametrize(
    ("nom", "valeur"),
    [
        ("besoin", "parlé"),
        ("besoin", ["parler", "abri"]),
        ("type", "LEO"),
        ("mission", "ecoute"),
        ("public", "femmes"),
        ("langue", "français"),
        ("objectif", "26"),
        ("objectif", "2019-2021/3"),
        ("objectif", "²"),
        ("ouvert", "oui"),
        ("tri", "nom"),
        ("rayon_km", "nan"),
        ("rayon_km", "-3"),
        ("rayon_km", "1e9"),
        ("rayon_km", "vingt"),
        ("page", "0"),
        ("page", "1" * 400),
        ("q", "a" * 121),
        ("q", "a\x00b"),
        ("lieu", "x" * 500),
    ],
)
def test_what_has_no_meaning_is_refused_by_its_name(
    referentiel: Referentiel, nom: str, valeur: str | list[str]
) -> None:
    with pytest.raises(ParametreError) as refus:
        lire(referentiel, **{nom: valeur})
    assert refus.value.parametre == nom
    assert str(refus.value).endswith(".")


def test_a_near_code_is_proposed(referentiel: Referentiel) -> None:
    with pytest.raises(ParametreError) as refus:
        lire(referentiel, type="LEO")
    assert "LEAO" in refus.value.proches


def test_a_postal_code_of_several_communes_lets_choose(referentiel: Referentiel) -> None:
    with pytest.raises(LieuAmbigu) as refus:
        lire(referentiel, lieu="38350")
    assert any(proche.startswith("La Mure") for proche in refus.value.proches)
    assert len(refus.value.proches) > 3
