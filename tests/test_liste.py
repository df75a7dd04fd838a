"""The list: whom to call on every line, groups in their order, what is understood of a place."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.site import avec_classe, lire, par_id, texte

GROUPES = ("appeler", "recevoir", "sur-orientation", "professionnels")


def groupes(html: str) -> dict[str, list[str]]:
    """Code of each group shown → names of its lines."""
    page = lire(html)
    return {
        e.get("id", "").removeprefix("groupe-"): [texte(nom) for nom in e.iter("h3")]
        for e in avec_classe(page, "groupe")
    }


def test_the_list_shows_its_groups_in_order_with_the_professionals_folded(
    client: FlaskClient,
) -> None:
    page = lire(client.get("/?lieu=La+Mure").text)
    codes = [e.get("id", "").removeprefix("groupe-") for e in avec_classe(page, "groupe")]
    assert codes == [code for code in GROUPES if code in codes]
    assert {"appeler", "recevoir", "sur-orientation"} <= set(codes)
    reseau = lire(client.get("/?lieu=La+Mure&mission=accueil-ecoute&mission=pilotage").text)
    professionnels = par_id(reseau, "groupe-professionnels")
    assert (professionnels.tag, professionnels.get("open")) == ("details", None)


def test_without_javascript_a_besoin_is_a_link_that_keeps_the_place(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=38269&ouvert=1&page=3").text)
    boutons = {a.get("data-besoin"): a for a in page.iter("a") if a.get("data-besoin")}
    assert 8 <= len(boutons) <= 10
    assert boutons["abri"].get("href") == "/?lieu=38269&besoin=abri&ouvert=1"
    assert [code for code, a in boutons.items() if a.get("aria-current")] == ["parler"]
    choisi = lire(client.get("/?lieu=38269&besoin=abri").text)
    assert next(avec_classe(choisi, "besoin--abri")).get("aria-current") == "true"
    caches = [
        e.get("value")
        for e in par_id(choisi, "recherche").iter("input")
        if e.get("name") == "besoin"
    ]
    assert caches == ["abri"]


def test_every_line_says_what_is_needed_to_act(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=Grenoble&besoin=soins&page=9").text)
    lignes = list(avec_classe(page, "resultat"))
    assert len(lignes) > 10
    for ligne in lignes:
        appels = [a for a in ligne.iter("a") if a.get("href", "").startswith(("tel:", "sms:"))]
        assert appels, texte(ligne)
        assert next(avec_classe(ligne, "etat")) is not None
        raison = texte(next(avec_classe(ligne, "resultat__raison")))
        assert raison
        # How far it is, and what it is, are told once: nobody hears them twice.
        assert texte(ligne).count(" km") <= 1
        faits = texte(next(avec_classe(ligne, "resultat__faits"))).split(" · ")
        assert not {*raison.split(" · "), *raison.split(" : ")} & {*faits}, raison
        if ligne.get("data-slug"):
            confirmation = texte(next(avec_classe(ligne, "resultat__sur")))
            assert re.match("Confirmé le|Non confirmé depuis|Jamais confirmé", confirmation)
            nom = next(ligne.iter("h3"))
            assert next(nom.iter("a")).get("href") == f"/acteurs/{ligne.get('data-slug')}"


def test_a_line_without_number_says_whom_to_call_instead(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=Grenoble&q=Maison+des+femmes").text)
    ligne = next(e for e in avec_classe(page, "resultat") if e.get("data-slug"))
    assert "Numéro non connu. À la place, " in texte(ligne)
    assert "tel:3919" in [a.get("href") for a in ligne.iter("a")]


def test_a_network_of_professionals_sends_nobody_to_a_national_line(client: FlaskClient) -> None:
    page = lire(client.get("/?type=CISPD").text)
    muettes = [e for e in avec_classe(page, "resultat") if "Numéro non connu" in texte(e)]
    assert muettes
    for ligne in muettes:
        assert "À la place" not in texte(ligne)
        assert "tel:3919" not in [a.get("href") for a in ligne.iter("a")]


def test_a_place_known_by_its_commune_is_in_it_not_a_kilometre_away(client: FlaskClient) -> None:
    page = texte(lire(client.get("/?lieu=38185&besoin=soins").text))
    assert "dans la commune" in page
    assert "≈ 1 km (commune de Grenoble)" not in page


def test_counts_are_words_and_lists_say_that_they_are_partial(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=La+Mure").text)
    compte = texte(par_id(page, "bilan"))
    assert re.fullmatch(
        r"Depuis La Mure \(38350\) : \d+ services(, \d+ ouverts?)?(, \d+ aux horaires inconnus)?",
        compte,
    )
    assert "Liste partielle : un autre service peut exister plus près." in texte(page)


def test_a_group_goes_on_at_its_next_page_keeping_what_was_shown(client: FlaskClient) -> None:
    premiere = client.get("/?lieu=Grenoble").text
    lien = next(
        a.get("href", "")
        for suite in avec_classe(lire(premiere), "groupe__suite")
        for a in suite.iter("a")
        if "recevoir" in a.get("href", "")
    )
    assert lien == "/?lieu=Grenoble&page=2#groupe-recevoir"
    seconde = groupes(client.get(lien).text)["recevoir"]
    avant = groupes(premiere)["recevoir"]
    assert len(avant) == 20
    assert seconde[:20] == avant
    assert len(seconde) > 20


def test_what_cannot_be_understood_is_said_beside_its_field_with_what_was_typed(
    client: FlaskClient,
) -> None:
    response = client.get("/?lieu=38350&besoin=parler&type=LEAO")
    page = lire(response.text)
    assert response.status_code == 400
    champ = par_id(page, "lieu")
    assert (champ.get("value"), champ.get("aria-invalid")) == ("38350", "true")
    erreur = par_id(page, champ.get("aria-describedby", ""))
    assert "plusieurs communes" in texte(erreur)
    choix = {texte(a): a.get("href", "") for a in erreur.iter("a")}
    assert "La Mure (38350)" in choix
    suite = client.get(choix["La Mure (38350)"])
    assert suite.status_code == 200
    assert "besoin=parler&type=LEAO" in choix["La Mure (38350)"]
    assert "Depuis La Mure" in suite.text


def test_an_unknown_type_offers_the_near_ones_and_unfolds_the_filters(client: FlaskClient) -> None:
    response = client.get("/?type=SANTEE")
    page = lire(response.text)
    assert response.status_code == 400
    assert next(avec_classe(page, "filtres")).get("open") is not None
    choix = {texte(a): a.get("href") for a in par_id(page, "type-erreur").iter("a")}
    assert choix["Santé"] == "/?type=SANTE"


@pytest.mark.parametrize(
    ("adresse", "lieu"),
    [
        ("3 rue Truc 38920 Crolles", "Crolles"),
        ("3 rue de Siam 29200 Brest", "Brest"),
        ("12 place Bellecour 69002 Lyon", "Lyon"),
    ],
)
def test_what_an_address_is_reduced_to_is_understood_again(
    client: FlaskClient, adresse: str, lieu: str
) -> None:
    """38140 is Crolles' INSEE code and Apprieu's postal code: a code would ask to choose."""
    reponse = client.get("/", query_string={"lieu": adresse}, follow_redirects=True)
    assert reponse.status_code == 200
    assert lieu in reponse.text
    assert "rue" not in reponse.request.full_path


def test_an_address_is_reduced_to_its_commune_and_the_page_says_so(client: FlaskClient) -> None:
    response = client.get("/?lieu=12+rue+des+Alpes,+38350+La+Mure&besoin=abri")
    assert response.status_code == 303
    assert response.headers["Location"] == "/?lieu=La+Mure+%2838350%29&besoin=abri&reduit=1"
    assert "Alpes" not in response.text
    suite = client.get(response.headers["Location"]).text
    assert "Nous n’avons gardé que la commune" in suite
    assert "reduit" not in suite


def test_a_code_is_shown_as_the_commune_it_stands_for(client: FlaskClient) -> None:
    for adresse, montre in (("/?lieu=38269", "La Mure (38350)"), ("/?lieu=la+mure", "la mure")):
        champ = par_id(lire(client.get(adresse).text), "lieu")
        assert champ.get("value") == montre


def test_outside_isere_is_a_sentence_and_never_an_error(client: FlaskClient) -> None:
    lyon = client.get("/?lieu=Lyon")
    brest = client.get("/?lieu=29200")
    assert (lyon.status_code, brest.status_code) == (200, 200)
    assert "Lyon est hors de l’Isère" in lyon.text
    assert "le 3919 oriente" in brest.text
    assert [noms for code, noms in groupes(brest.text).items() if code != "appeler"] == []


def test_immediate_danger_shows_the_numbers_alone(client: FlaskClient) -> None:
    page = groupes(client.get("/?besoin=danger&lieu=38269").text)
    assert list(page) == ["appeler"]
    assert len(page["appeler"]) == 3


def test_filters_in_force_are_tags_that_take_themselves_away(client: FlaskClient) -> None:
    page = lire(client.get("/?lieu=38185&type=SANTE&type=LEAO&rayon_km=5").text)
    tags = {texte(a): a.get("href") for a in next(avec_classe(page, "actifs")).iter("a")}
    assert tags["Retirer le filtre Santé"] == "/?lieu=38185&type=LEAO&rayon_km=5"
    assert tags["Retirer le filtre Moins de 5 km"] == "/?lieu=38185&type=SANTE&type=LEAO"
