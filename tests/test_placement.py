"""Doors of a file get their points: offline at once, the address of a public record on demand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cartographie.acteurs import Diffusion, Precision, Saisie
from cartographie.echanges import fusionner
from cartographie.errors import SaisieError
from cartographie.placement import Placeur, Question
from cartographie.referentiel import Referentiel
from tests.fabrique import LA_MURE, MENS, accueil, refuge
from tests.tableaux import lu


def placer(
    referentiel: Referentiel, existante: Saisie | None, **cellules: str
) -> tuple[Saisie, Placeur]:
    """The record after a file of these cells about its first door, and what is to be asked."""
    noms = [nom if nom in ("nom", "type", "acces", "diffusion") else f"implantation_1_{nom}"
            for nom in cellules]  # fmt: skip
    placeur = Placeur(referentiel.communes)
    (ligne,) = lu(["slug", *noms], ["accueil-la-mure", *cellules.values()]).lignes
    return fusionner(existante, ligne, placeur), placeur


def nouvelle(referentiel: Referentiel, diffusion: str, **cellules: str) -> tuple[Saisie, Placeur]:
    return placer(
        referentiel, None, nom="A", type="LEAO", acces="direct", diffusion=diffusion, **cellules
    )


def test_an_address_of_a_public_record_is_asked_and_stands_at_its_commune_meanwhile(
    referentiel: Referentiel,
) -> None:
    saisie, placeur = nouvelle(
        referentiel, "publique", adresse="3 place de la Halle", commune="mens"
    )
    lieu = saisie.implantations[0].localisation
    assert (lieu.commune, lieu.code_insee, lieu.precision) == ("Mens", MENS, Precision.COMMUNE)
    assert placeur.questions == [Question("3 place de la Halle", "", "Mens", MENS)]


@pytest.mark.parametrize("diffusion", ["zone", "interne"])
def test_no_other_record_is_ever_asked_about(referentiel: Referentiel, diffusion: str) -> None:
    assert nouvelle(referentiel, diffusion, adresse="1 rue", commune="Mens")[1].questions == []


def test_a_business_postal_code_does_not_hide_the_commune(referentiel: Referentiel) -> None:
    saisie, _ = nouvelle(referentiel, "publique", code_postal="38026", commune="Grenoble")
    assert saisie.implantations[0].localisation.code_insee == "38185"


def test_a_point_that_is_given_is_kept_with_its_commune(referentiel: Referentiel) -> None:
    saisie, placeur = nouvelle(
        referentiel, "publique", commune="La Mure", longitude="5,79", latitude="44,9"
    )
    lieu = saisie.implantations[0].localisation
    assert (lieu.longitude, lieu.code_insee, lieu.precision) == (5.79, LA_MURE, Precision.ADRESSE)
    assert placeur.questions == []


def test_a_new_address_leaves_the_old_point_and_the_old_commune(referentiel: Referentiel) -> None:
    saisie, placeur = placer(
        referentiel, accueil(), adresse="3 place de la Halle", commune="Mens",
        longitude="5,787", latitude="44,903", code_postal="38350",
    )  # fmt: skip
    lieu = saisie.implantations[0].localisation
    assert (lieu.code_insee, lieu.code_postal) == (MENS, "38710")
    assert lieu.longitude != 5.787
    assert [q.commune for q in placeur.questions] == ["Mens"]


def test_the_same_address_otherwise_written_moves_nothing(referentiel: Referentiel) -> None:
    saisie, placeur = placer(referentiel, accueil(), adresse="12 Rue des ALPES")
    (porte,) = accueil().implantations
    lieu = replace(porte.localisation, adresse="12 Rue des ALPES")
    assert saisie.implantations == (replace(porte, localisation=lieu),)
    assert placeur.questions == []


def test_an_epci_is_enough_for_a_zone(referentiel: Referentiel) -> None:
    saisie, _ = nouvelle(referentiel, "zone", code_epci="200040657")
    assert saisie.implantations[0].localisation.precision is Precision.EPCI
    existante = refuge("accueil-la-mure")
    assert placer(referentiel, existante, libelle="")[0] == existante


@pytest.mark.parametrize("cellules", [{"commune": "Zzzz"}, {"adresse": "3 rue X"}])
def test_a_door_that_cannot_be_placed_is_a_fault_of_its_commune(
    referentiel: Referentiel, cellules: dict[str, str]
) -> None:
    with pytest.raises(SaisieError) as refus:
        nouvelle(referentiel, Diffusion.PUBLIQUE, **cellules)
    assert [faute.champ for faute in refus.value.fautes] == ["implantations.0.commune"]
