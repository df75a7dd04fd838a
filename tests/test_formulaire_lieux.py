"""Addresses, points and zones of a form: who is asked, what is kept when nobody answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cartographie.acteurs import (
    Diffusion,
    Localisation,
    Precision,
)
from cartographie.errors import AdresseAmbigue, AdresseIntrouvable, GeocodeurInjoignable
from cartographie.geocodage import GeocodeurCommunes
from cartographie.referentiel import Referentiel
from cartographie.validation import valider
from tests.fabrique import CC_MATHEYSINE, GRENOBLE, accueil, refuge
from tests.lectures import Geocodage, Lire, messages

pytest_plugins = ("tests.relecture",)


TROUVEE = Localisation(
    5.79, 44.9, Precision.ADRESSE, "", "38350", "La Mure", "38269", CC_MATHEYSINE, "BAN, score 0,92"
)


def test_another_address_is_geocoded_with_its_score(relire: Lire) -> None:
    geocodeur = Geocodage(TROUVEE)
    lecture = relire(accueil(), geocodeur, **{"implantations.0.adresse": "3 rue Neuve"})
    assert geocodeur.questions == [("3 rue Neuve", "38350", "La Mure")]
    assert lecture.saisie.implantations[0].localisation == replace(TROUVEE, adresse="3 rue Neuve")
    (avis,) = lecture.avis
    assert (avis.champ, avis.reussi) == ("implantations.0.adresse", True)
    assert "0,92" in avis.message


@pytest.mark.parametrize(
    ("erreur", "raison"),
    [
        (AdresseIntrouvable("Pas trouvée."), "adresse introuvable"),
        (AdresseAmbigue("Plusieurs adresses."), "adresse ambiguë"),
        (GeocodeurInjoignable("Pas de réponse."), "géocodeur injoignable"),
    ],
)
def test_each_failure_of_the_geocoder_keeps_the_door_at_its_commune(
    relire: Lire, referentiel: Referentiel, erreur: Exception, raison: str
) -> None:
    lecture = relire(accueil(), Geocodage(erreur), **{"implantations.0.adresse": "3 rue Neuve"})
    lieu = lecture.saisie.implantations[0].localisation
    assert (lieu.precision, lieu.adresse) == (Precision.COMMUNE, "3 rue Neuve")
    assert lieu.source == f"mairie de la commune ({raison})"
    assert str(erreur) in lecture.avis[0].message
    assert not lecture.avis[0].reussi
    assert valider(lecture.saisie, referentiel, {}) == ()


def test_an_uncertain_answer_is_a_commune_and_says_its_score(
    relire: Lire, referentiel: Referentiel
) -> None:
    mure = GeocodeurCommunes(referentiel.communes).geocoder("", "", "La Mure")
    incertain = replace(mure, source="commune, adresse incertaine (BAN, score 0,45)")
    lecture = relire(accueil(), Geocodage(incertain), **{"implantations.0.adresse": "rue du Bout"})
    assert lecture.saisie.implantations[0].localisation.precision is Precision.COMMUNE
    assert "0,45" in lecture.avis[0].message
    assert not lecture.avis[0].reussi


def test_a_point_typed_by_hand_asks_nobody(relire: Lire, referentiel: Referentiel) -> None:
    jamais = Geocodage(AssertionError())
    lecture = relire(
        accueil(),
        jamais,
        **{"implantations.0.longitude": "5,79", "implantations.0.latitude": "44.905"},
    )
    lieu = lecture.saisie.implantations[0].localisation
    assert (lieu.longitude, lieu.latitude, lieu.precision) == (5.79, 44.905, Precision.ADRESSE)
    assert lieu.source == "point indiqué à la main"
    assert (lieu.adresse, lieu.code_insee) == ("12 rue des Alpes", "38269")
    assert valider(lecture.saisie, referentiel, {}) == ()


@pytest.mark.parametrize(
    ("longitude", "latitude", "champ"),
    [("ici", "44,9", "longitude"), ("5,7", "nan", "latitude"), ("4,9", "45,5", "longitude")],
)
def test_a_point_that_cannot_be_right_is_refused(
    relire: Lire, longitude: str, latitude: str, champ: str
) -> None:
    changes = {"implantations.0.longitude": longitude, "implantations.0.latitude": latitude}
    assert f"implantations.0.{champ}" in messages(relire(accueil(), **changes))


def test_a_point_alone_says_its_commune(relire: Lire) -> None:
    point = {"implantations.1.longitude": "5,7245", "implantations.1.latitude": "45,1885"}
    nouvelle = relire(accueil(), **point).saisie.implantations[1].localisation
    assert (nouvelle.commune, nouvelle.code_insee) == ("Grenoble", GRENOBLE)


def test_an_unknown_commune_is_said_beside_its_field_with_near_matches(relire: Lire) -> None:
    lecture = relire(accueil(), **{"implantations.0.commune": "Grenobel-sur-Lac"})
    assert "implantations.0.commune" in messages(lecture)


def test_a_second_door_is_added_and_the_first_taken_away(
    relire: Lire, referentiel: Referentiel
) -> None:
    lecture = relire(
        accueil(), **{"implantations.0.retirer": "1", "implantations.4.commune": "Vienne (38200)"}
    )
    (porte,) = lecture.saisie.implantations
    assert (porte.localisation.commune, porte.localisation.precision) == (
        "Vienne",
        Precision.COMMUNE,
    )
    malade = replace(lecture.saisie, implantations=(replace(porte, telephone="9"),))
    (faute,) = lecture.a_l_ecran(valider(malade, referentiel, {}))
    assert faute.champ == "implantations.4.telephone"


def test_a_zone_is_chosen_in_a_list_and_never_geocoded(
    relire: Lire, referentiel: Referentiel
) -> None:
    jamais = Geocodage(AssertionError())
    lecture = relire(refuge(), jamais, **{"implantations.0.zone": f"epci:{CC_MATHEYSINE}"})
    (porte,) = lecture.saisie.implantations
    assert porte.localisation.precision is Precision.EPCI
    assert valider(lecture.saisie, referentiel, {}) == ()
    # A commune of less than 5,000 inhabitants is no zone.
    assert "implantations.0.zone" in messages(
        relire(refuge(), jamais, **{"implantations.0.zone": "commune:38269"})
    )


def test_an_internal_record_never_meets_a_geocoder(relire: Lire) -> None:
    jamais = Geocodage(AssertionError())
    saisie = accueil(diffusion=Diffusion.INTERNE)
    lecture = relire(saisie, jamais, **{"implantations.0.adresse": "3 rue Neuve"})
    assert jamais.questions == []
    assert lecture.saisie.implantations[0].localisation.precision is Precision.COMMUNE
