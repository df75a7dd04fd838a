"""A record in one text message: what fits, what goes first when it does not, what is never cut."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from cartographie.catalogue import Catalogue
from cartographie.sms import (
    BASE,
    DEUX_MESSAGES,
    DOUBLE,
    UN_MESSAGE,
    abreger,
    adresse_sms,
    composer,
    gsm,
    longueur,
)
from cartographie.web.rendu import titre_neutre
from tests.site import avec_classe, lire, par_id, texte

NUMERO = "04 76 40 50 10"


def test_french_is_written_in_the_alphabet_of_one_message() -> None:
    assert gsm("Été à l’hôtel – ça coûte 3 €, œuvre…") == "Été à l'hotel - ca coute 3 €, oeuvre..."
    assert longueur("Été") == 3
    assert longueur("3 €") == 4
    assert gsm("Zoé\u202e 日\n\tfin") == "Zoé ? fin"


def test_all_of_it_fits_in_one_message_when_it_can() -> None:
    lieux = ("12 rue des Alpes, 38350 La Mure", "La Mure")
    dit = composer("ALPA", NUMERO, lieux, "Le 10/03, ouvert, ferme à 17 h")
    assert dit == f"ALPA {NUMERO}. 12 rue des Alpes, 38350 La Mure. Le 10/03, ouvert, ferme à 17 h."
    assert longueur(dit) <= UN_MESSAGE


def test_the_fuller_place_goes_before_a_second_message_is_paid() -> None:
    lieux = ("Bâtiment B, 112 avenue du Général-de-Gaulle, 38350 La Mure", "La Mure")
    heures = "Le 10/03, fermé, ouvre vendredi 13 mars à 9 h 30 (horaire de septembre 2023)"
    dit = composer("Maison des familles", NUMERO, lieux, heures)
    assert "Général" not in dit
    assert "La Mure" in dit
    assert longueur(dit) <= UN_MESSAGE


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=400), st.text(max_size=400))
def test_two_messages_at_most_and_the_number_whole(
    nom: str, pleine: str, courte: str, heures: str
) -> None:
    dit = composer(nom, NUMERO, (pleine, courte), heures)
    assert longueur(dit) <= DEUX_MESSAGES
    assert NUMERO in dit
    assert set(dit) <= BASE | DOUBLE


def test_a_name_is_cut_between_words() -> None:
    assert abreger("Maison des familles de La Mure", 20) == "Maison des familles"
    assert abreger("A" * 30, 20) == "A" * 20
    assert abreger("€€€", 5) == "€€"


def test_the_link_opens_a_message_to_nobody() -> None:
    adresse = adresse_sms("Été & co #1 +2 ?")
    assert adresse.startswith("sms:?&body=")
    assert unquote(adresse.partition("body=")[2]) == "Été & co #1 +2 ?"
    assert parse_qs(adresse.partition("?")[2])["body"] == ["Été & co #1 +2 ?"]


def test_every_published_record_has_one_that_is_neutral(
    app: Flask, client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    longues = 0
    with app.test_request_context():
        message = app.jinja_env.filters["message"]
        for fiche in catalogue_reel.fiches:
            dit = message(fiche)
            assert dit.longueur == longueur(dit.texte) <= DEUX_MESSAGES
            assert dit.messages == (1 if dit.longueur <= UN_MESSAGE else 2)
            assert not [
                mot
                for mot in ("violence", "victime", "femme", "conjugal")
                if mot in dit.texte.lower()
            ], fiche.slug
            # Nothing of where it is, for what is known by its zone only: its name may say it.
            suite = dit.texte.removeprefix(gsm(titre_neutre(fiche)))
            assert not fiche.en_zone or fiche.implantations[0].localisation.commune not in suite
            longues += dit.messages == 2
    assert longues <= 10


def test_a_record_without_a_number_says_what_to_dial_instead(
    app: Flask, catalogue_reel: Catalogue
) -> None:
    with app.test_request_context():
        message = app.jinja_env.filters["message"]
        sans = [f for f in catalogue_reel.fiches if not f.telephones]
        dits = [message(fiche).texte for fiche in sans]
    assert any("(numéro non connu : appelez le 3919)." in dit for dit in dits)
    assert all("non connu" not in dit or ": appelez le " in dit for dit in dits)


@pytest.mark.parametrize("slug", ["osj-le-relais-grenoble"])
def test_the_page_shows_it_with_its_length_and_its_link(client: FlaskClient, slug: str) -> None:
    racine = lire(client.get(f"/acteurs/{slug}").text)
    dit = texte(par_id(racine, "sms"))
    (bloc,) = avec_classe(racine, "fiche__sms")
    assert f"{longueur(dit)} caractères" in texte(bloc)
    (lien,) = bloc.iter("a")
    assert lien.get("href") == adresse_sms(dit)
    assert par_id(racine, "copier-sms").get("hidden") is not None
