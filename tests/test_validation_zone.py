"""Every way a place known by its zone could be told, and is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cartographie.acteurs import (
    Acces,
    Capacite,
    Contact,
    ContactKind,
    Diffusion,
    Fermeture,
    Implantation,
    Localisation,
    Precision,
    Relais,
    Saisie,
    Territoire,
)
from cartographie.referentiel import Referentiel
from cartographie.validation import valider
from tests.fabrique import (
    CC_MATHEYSINE,
    GRENOBLE,
    LA_MURE,
    MENS,
    accueil,
    porte,
    porte_de_zone,
    refuge,
)


def champs(saisie: Saisie, referentiel: Referentiel) -> set[str]:
    return {faute.champ for faute in valider(saisie, referentiel, {})}


def elargi(referentiel: Referentiel, code: str = CC_MATHEYSINE, **valeurs: Any) -> Saisie:  # noqa: ANN401
    """A shelter whose commune is too small: only its EPCI is known."""
    epci = referentiel.communes.epci(code)
    assert epci is not None
    door = porte_de_zone(code, epci.longitude, epci.latitude)
    defauts = {"slug": "hebergement-sud", "nom": "Refuge", "implantations": (door,)}
    return refuge(**(defauts | valeurs))


def test_a_widened_shelter_is_valid(referentiel: Referentiel) -> None:
    assert champs(elargi(referentiel), referentiel) == set()


@pytest.mark.parametrize(
    ("champ", "valeurs"),
    [
        ("acces", {"acces": Acces.DIRECT}),
        ("site_web", {"site_web": "https://refuge.exemple.fr"}),
        ("contacts", {"contacts": (Contact(ContactKind.TELEPHONE, "04 76 00 00 00"),)}),
        ("capacites", {"capacites": (Capacite(date(2026, 1, 1), 12),)}),
        ("source", {"source": "grenoble.fr/actualites/le-refuge"}),
        ("implantations", {"implantations": refuge().implantations * 2}),
        ("implantations.0.adresse", {"implantations": porte(refuge(), {"adresse": "ici"})}),
        (
            "implantations.0.code_postal",
            {"implantations": porte(refuge(), {"code_postal": "38000"})},
        ),
        ("implantations.0.telephone", {"implantations": porte(refuge(), {}, telephone="115")}),
        ("implantations.0.horaires", {"implantations": porte(refuge(), {}, horaires="24/7")}),
        (
            "implantations.0.horaires_date",
            {"implantations": porte(refuge(), {}, horaires_date="2026")},
        ),
        (
            "implantations.0.fermetures",
            {
                "implantations": porte(
                    refuge(), {}, fermetures=(Fermeture(date(2026, 8, 3), date(2026, 8, 4)),)
                )
            },
        ),
        (
            "implantations.0.precision",
            {"implantations": porte(refuge(), {"precision": Precision.ADRESSE})},
        ),
        (
            "implantations.0.longitude",
            {"implantations": porte(refuge(), {"longitude": 5.7301})},
        ),
    ],
)
def test_a_zone_record_holds_nothing_of_the_place(
    champ: str, valeurs: dict[str, Any], referentiel: Referentiel
) -> None:
    assert champ in champs(refuge(**valeurs), referentiel)


def test_a_small_commune_is_widened_to_its_epci(referentiel: Referentiel) -> None:
    """La Mure has 4,963 inhabitants."""
    commune = referentiel.communes.insee(LA_MURE)
    assert commune is not None
    lieu = Localisation(
        commune.longitude,
        commune.latitude,
        Precision.COMMUNE,
        commune="La Mure",
        code_insee=LA_MURE,
    )
    saisie = refuge("hebergement-sud", nom="Refuge", implantations=(Implantation(lieu),))
    assert champs(saisie, referentiel) == {"implantations.0.commune"}


@pytest.mark.parametrize("lieu", [{"commune": "La Mure"}, {"code_insee": LA_MURE}])
def test_a_widened_zone_does_not_keep_its_commune(
    lieu: dict[str, str], referentiel: Referentiel
) -> None:
    saisie = elargi(referentiel)
    saisie = replace(saisie, implantations=porte(saisie, lieu))
    assert champs(saisie, referentiel) == {"implantations.0.commune"}


def test_a_departement_does_not_keep_its_epci(referentiel: Referentiel) -> None:
    zone = referentiel.communes.zone("")
    lieu = Localisation(zone.longitude, zone.latitude, Precision.DEPARTEMENT)
    saisie = refuge("hebergement", nom="Refuge", source="", implantations=(Implantation(lieu),))
    assert champs(saisie, referentiel) == set()
    autre = replace(lieu, code_epci=CC_MATHEYSINE)
    saisie = replace(saisie, implantations=(Implantation(autre),))
    assert champs(saisie, referentiel) == {"implantations.0.code_epci"}
    ailleurs = replace(lieu, longitude=5.0)
    saisie = replace(saisie, implantations=(Implantation(ailleurs),))
    assert champs(saisie, referentiel) == {"implantations.0.longitude"}
    saisie = replace(saisie, source="grenoble.fr", implantations=(Implantation(lieu),))
    assert champs(saisie, referentiel) == {"source"}


TEXTES = {
    "nom": lambda saisie, texte: replace(saisie, nom=texte),
    "sigle": lambda saisie, texte: replace(saisie, sigle=texte),
    "description": lambda saisie, texte: replace(saisie, description=texte),
    "conditions": lambda saisie, texte: replace(saisie, conditions=texte),
    "frais": lambda saisie, texte: replace(saisie, frais=texte),
    "source": lambda saisie, texte: replace(saisie, source=texte),
    "verifie_par": lambda saisie, texte: replace(saisie, verifie_par=texte),
    "notes_internes": lambda saisie, texte: replace(saisie, notes_internes=texte),
    "relais.libelle": lambda saisie, texte: replace(saisie, relais=Relais(texte, "115")),
    "implantations.0.libelle": lambda saisie, texte: replace(
        saisie, implantations=porte(saisie, {}, libelle=texte)
    ),
    "implantations.0.source": lambda saisie, texte: replace(
        saisie, implantations=porte(saisie, {"source": texte})
    ),
}


@pytest.mark.parametrize("champ", TEXTES)
def test_no_text_of_a_zone_record_tells_the_place(champ: str, referentiel: Referentiel) -> None:
    assert champs(TEXTES[champ](refuge(), "12 rue Hoche"), referentiel) == {champ}
    assert champs(TEXTES[champ](elargi(referentiel), "à Susville"), referentiel) == {champ}


@pytest.mark.parametrize(
    "texte",
    [
        "12 rue Hoche",
        "12 bis, rue Hoche",
        "rue Hoche",
        "RUE HOCHE",
        "rue de la republique",
        "Avenue Jean-Perrot",
        "près du boulevard Maréchal-Foch",
        "bd Foch",
        "place Victor-Hugo",
        "cours Berriat",
        "quai Créqui",
        "chemin du Couvent",
        "allée des Frênes",
        "impasse des Acacias",
        "3 place du Marché",
        "4, chemin vieux",
        "38000",
        "38 000",
        "CS 12345, 38024 Grenoble cedex",
        "04 76 00 00 00",
        "0476000000",
        "04.76.00.00.00",
        "+33 4 76 00 00 00",
        "refuge@exemple.fr",
        "voir https://exemple.fr",
        "www.refuge.fr",
        "SIRET 123 456 789 00012",
        "FINESS 380012345",
        "45.18663, 5.73631",
        "45° 11′ N",
    ],
)
def test_a_text_that_tells_a_place_is_refused(texte: str, referentiel: Referentiel) -> None:
    assert champs(refuge(description=f"Hébergement : {texte}."), referentiel) == {"description"}


@pytest.mark.parametrize(
    "texte",
    [
        "12 places d’hébergement, ouvert 24 h sur 24, mise en place en 2021.",
        "Pour les personnes à la rue ou en cours de séparation.",
        "Appelez le 115, jour et nuit ; en dehors, le 3919.",
        "Accueil à Grenoble de 2 000 personnes par an depuis 2022-2024.",
        "Au cours de l’année, 150 familles ont trouvé un chemin de vie.",
    ],
)
def test_a_text_that_tells_no_place_is_kept(texte: str, referentiel: Referentiel) -> None:
    assert champs(refuge(description=texte), referentiel) == set()


@pytest.mark.parametrize(
    "texte", ["à La Mure", "a la mure", "LA MURE", "près de Susville.", "La-Mure"]
)
def test_a_widened_zone_hides_its_communes(texte: str, referentiel: Referentiel) -> None:
    assert champs(elargi(referentiel, description=texte), referentiel) == {"description"}
    assert champs(elargi(referentiel, slug="refuge-la-mure"), referentiel) == {"slug"}


def test_a_widened_zone_may_be_named_itself_and_so_may_another_commune(
    referentiel: Referentiel,
) -> None:
    saint_marcellin = "200070431"
    texte = "Saint-Marcellin Vercors Isère Communauté"
    assert champs(elargi(referentiel, saint_marcellin, description=texte), referentiel) == set()
    assert champs(
        elargi(referentiel, saint_marcellin, description="à Saint-Marcellin"), referentiel
    ) == {"description"}
    assert champs(elargi(referentiel, description="écoute à Grenoble"), referentiel) == set()


def test_a_widened_zone_has_no_commune_in_its_territoire(referentiel: Referentiel) -> None:
    """Mens is in the Trièves, La Mure in the Matheysine."""
    saisie = elargi(referentiel, territoire=Territoire((MENS, LA_MURE)))
    assert champs(saisie, referentiel) == {"territoire.communes.1"}


def test_a_commune_large_enough_may_be_named(referentiel: Referentiel) -> None:
    saisie = refuge(description="à Grenoble", territoire=Territoire((GRENOBLE,)))
    assert champs(saisie, referentiel) == set()


def test_the_rules_of_the_zone_are_for_zone_records(referentiel: Referentiel) -> None:
    assert champs(accueil(description="12 rue des Alpes, 38350 La Mure"), referentiel) == set()
    interne = accueil(diffusion=Diffusion.INTERNE, notes_internes="12 rue des Alpes")
    assert champs(interne, referentiel) == set()
