"""The directory in memory: filters, distances, boxes, on a few real doors."""

import pytest

from cartographie.acteurs import (
    Acces,
    Destinataire,
    Fiche,
    Implantation,
    Localisation,
    Origine,
    Participation,
    Precision,
    Role,
)
from cartographie.catalogue import Catalogue, Filtre, pour_auteurs
from cartographie.referentiel import Referentiel

LA_MURE = (5.786, 44.902)


def porte(longitude: float, latitude: float, commune: str) -> Implantation:
    return Implantation(Localisation(longitude, latitude, Precision.ADRESSE, commune=commune))


HOPITAL = Fiche(
    "ch-fabrice-marchiol-la-mure",
    "Centre hospitalier Fabrice-Marchiol",
    "SANTE",
    Acces.DIRECT,
    missions=("soins-urgences",),
    publics=("tout-public",),
    implantations=(porte(5.79391, 44.90529, "La Mure"),),
)
ECOUTE = Fiche(
    "rivhaj-leao-vienne",
    "RIVHAJ – lieu d’accueil",
    "LEAO",
    Acces.DIRECT,
    missions=("accueil-ecoute", "acces-logement"),
    langues=("ar",),
    implantations=(porte(4.87524, 45.5256, "Vienne"), porte(5.2764, 45.5938, "Bourgoin-Jallieu")),
    participations=(Participation("2022-2024", 13, Role.PILOTE, Origine.NOMMEE),),
)
STAGES = Fiche(
    "codase-stages",
    "CODASE",
    "AUTEURS",
    Acces.DECISION_JUDICIAIRE,
    destinataires=(Destinataire.AUTEURS,),
)


@pytest.fixture(scope="module")
def catalogue(referentiel: Referentiel) -> Catalogue:
    return Catalogue([STAGES, ECOUTE, HOPITAL], referentiel.vocabulaire)


def test_fiches_stand_in_the_order_of_slugs(catalogue: Catalogue) -> None:
    assert [f.slug for f in catalogue.fiches] == sorted(f.slug for f in catalogue.fiches)
    assert catalogue.get("codase-stages") is STAGES
    assert catalogue.get("heb-secret") is None


@pytest.mark.parametrize(
    ("filtre", "trouves"),
    [
        (Filtre(), [HOPITAL, STAGES, ECOUTE]),
        (Filtre(types=("LEAO", "SANTE")), [HOPITAL, ECOUTE]),
        (Filtre(missions=("soins-urgences",)), [HOPITAL]),
        (Filtre(types=("LEAO",), missions=("soins-urgences",)), []),
        (Filtre(publics=("tout-public",)), [HOPITAL]),
        (Filtre(langues=("ar",)), [ECOUTE]),
        (Filtre(objectif=("2022-2024", 13)), [ECOUTE]),
        (Filtre(objectif=("2026-2028", 13)), []),
        (Filtre(q="logement vienne"), [ECOUTE]),
        (Filtre(q="fabrice"), [HOPITAL]),
    ],
)
def test_any_value_of_a_field_and_every_field(
    catalogue: Catalogue, filtre: Filtre, trouves: list[Fiche]
) -> None:
    assert list(catalogue.select(filtre)) == trouves


def test_doors_are_seen_nearest_first_in_whole_metres(catalogue: Catalogue) -> None:
    portes = catalogue.portes_depuis(*LA_MURE)
    assert portes["ch-fabrice-marchiol-la-mure"][0].distance_m == pytest.approx(726, abs=5)
    depuis_vienne = catalogue.portes_depuis(4.87, 45.52)["rivhaj-leao-vienne"]
    assert [p.implantation.localisation.commune for p in depuis_vienne] == [
        "Vienne",
        "Bourgoin-Jallieu",
    ]
    assert "codase-stages" not in portes


def test_the_nearest_has_a_door(catalogue: Catalogue) -> None:
    assert catalogue.nearest(*LA_MURE, nombre=5) == (HOPITAL, ECOUTE)


def test_a_radius_includes_its_bound(catalogue: Catalogue) -> None:
    assert catalogue.within(*LA_MURE, 1_000) == {"ch-fabrice-marchiol-la-mure"}
    assert catalogue.within(*LA_MURE, 100) == frozenset()


def test_a_box_is_in_degrees(catalogue: Catalogue) -> None:
    assert catalogue.bbox(4.8, 45.4, 5.0, 45.6) == (ECOUTE,)
    assert catalogue.bbox(0, 0, 1, 1) == ()


def test_an_empty_catalogue_answers(referentiel: Referentiel) -> None:
    vide = Catalogue([], referentiel.vocabulaire)
    assert vide.portes_depuis(*LA_MURE) == {}
    assert vide.nearest(*LA_MURE) == ()
    assert vide.select(Filtre(q="grenoble")) == ()


def test_only_what_is_for_perpetrators_alone_is_kept_apart() -> None:
    assert pour_auteurs(STAGES)
    assert not pour_auteurs(HOPITAL)
