"""The pages of a record and of an objective: how to join, how sure, who takes part."""

from __future__ import annotations

from flask.testing import FlaskClient

from cartographie.catalogue import Catalogue
from cartographie.referentiel import Referentiel
from tests.site import avec_classe, lire, par_id, texte


def test_hours_that_fit_no_table_are_french_words(client: FlaskClient) -> None:
    page = texte(lire(client.get("/acteurs/osj-le-relais-grenoble").text))
    assert (
        "Horaires : mercredi 9 h 30 – 18 h 30 ; vendredi 15 h – 18 h 30 ; samedi 10 h – 24 h "
        "(heure de fin non connue)"
    ) in page


def test_a_fiche_tells_how_to_join_when_it_is_open_and_how_sure_that_is(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    fiche = next(
        f
        for f in catalogue_reel.fiches
        if f.telephones and any(i.horaires for i in f.implantations)
    )
    page = lire(client.get(f"/acteurs/{fiche.slug}").text)
    mots = texte(page)
    assert fiche.nom in mots
    assert fiche.description.split(".")[0] in mots
    jours = [texte(th) for th in next(avec_classe(page, "semaine")).iter("th")]
    assert jours[0].startswith("Lundi")
    assert "confirmé" in mots.lower()
    assert "Imprimer la carte à remettre" in mots
    assert par_id(page, "actions").get("hidden") is not None
    remise = texte(par_id(page, "remise"))
    assert fiche.telephones[0].valeur.replace(" ", "") in remise.replace(" ", "")


def test_a_fiche_without_number_says_whom_to_call(client: FlaskClient) -> None:
    page = lire(client.get("/acteurs/aiv-grenoble").text)
    assert "À la place, Aide aux victimes" in texte(page)
    assert "116 006" in texte(par_id(page, "remise"))


def test_a_fiche_names_its_objectives_with_role_and_origin(client: FlaskClient) -> None:
    page = texte(lire(client.get("/acteurs/aiv-grenoble").text))
    assert "Objectif 2, action 2.2" in page
    assert "Pilote, nommé par le protocole" in page
    assert "Au titre de : associations" in page


def test_a_deduced_part_never_makes_a_pilot_by_name(
    client: FlaskClient, referentiel: Referentiel
) -> None:
    for objectif in referentiel.protocoles[0].objectifs:
        page = lire(client.get(f"/objectifs/2022-2024/{objectif.numero}").text)
        for details in avec_classe(page, "groupe--replie"):
            roles = [texte(role) for role in avec_classe(details, "part__role")]
            assert not [role for role in roles if "pilote" in role.lower()]


def test_an_objective_says_what_was_promised_measured_and_that_it_is_over(
    client: FlaskClient,
) -> None:
    page = texte(lire(client.get("/objectifs/2022-2024/4").text))
    assert "Axe 1" in page
    assert "échu le 31/12/2024" in page
    assert "Places d’hébergement d’urgence" in page
    assert "Protocole 2022-2024" in page


def test_services_of_a_porteur_are_shown_and_not_counted(client: FlaskClient) -> None:
    page = lire(client.get("/objectifs/2022-2024/3").text)
    noms = [texte(li) for ul in avec_classe(page, "parts") for li in ul.iter("li")]
    chu = next(nom for nom in noms if nom.startswith("CHU Grenoble Alpes – Hôpital Nord"))
    assert "Avec : " in chu
    assert not [nom for nom in noms if nom.startswith("Médecine légale")]
