"""The addresses of a file are looked for, stopped, killed and resumed; a hidden one never is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cartographie import lots
from cartographie.acteurs import Localisation, Precision
from cartographie.adresses import search_addresses
from cartographie.database import transaction
from cartographie.errors import GeocodeurInjoignable
from cartographie.placement import Question
from tests.apports import apercu, appliquer, apporter, avec_adresses, fiches, gardes
from tests.comptes import Gestion, Navigateur
from tests.fabrique import CC_MATHEYSINE, LA_MURE
from tests.site import lire, texte

# ── addresses ──


class Guichet:
    """A geocoder that notes what it was asked, and may fall silent or die."""

    def __init__(self, panne: int = 0, erreur: type[BaseException] = GeocodeurInjoignable) -> None:
        self.demandes: list[str] = []
        self.panne = panne
        self.erreur = erreur

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        if self.panne and len(self.demandes) >= self.panne:
            raise self.erreur("muet")
        self.demandes.append(adresse)
        return Localisation(
            5.79, 44.9, Precision.ADRESSE, adresse, code_postal, commune, code_insee,
            CC_MATHEYSINE, "BAN, housenumber, score 0,97",
        )  # fmt: skip


def deposer(gestion: Gestion, qui: Navigateur, contenu: bytes) -> tuple[str, int]:
    adresse, page = apercu(qui, contenu)
    assert "placées à la mairie" in texte(lire(page))
    return adresse, int(adresse.rpartition("/")[2])


def prendre(gestion: Gestion, lot: int, nombre: int) -> bool:
    questions = [Question(f"{n} rue des Alpes", "38350", "La Mure", LA_MURE) for n in range(nombre)]
    with transaction(gestion.engine) as session:
        return lots.start(session, lot, questions, gestion.horloge())


def test_a_search_that_is_killed_is_resumed_and_asks_nothing_twice(
    gestion: Gestion, editeur: Navigateur
) -> None:
    adresse, lot = deposer(gestion, editeur, avec_adresses(6))
    assert prendre(gestion, lot, 6)
    tue = Guichet(panne=3, erreur=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        search_addresses(gestion.engine, lot, tue, gestion.horloge)
    assert "3 adresses cherchées, 3 trouvées" in texte(lire(editeur.get(adresse).text))
    assert prendre(gestion, lot, 6)
    assert not prendre(gestion, lot, 6)
    reprise = Guichet()
    search_addresses(gestion.engine, lot, reprise, gestion.horloge)
    assert sorted(tue.demandes + reprise.demandes) == [f"{n} rue des Alpes" for n in range(6)]
    page = editeur.get(adresse).text
    assert appliquer(editeur, adresse, page).status_code == 303
    for n in range(6):
        lieu = fiches(gestion)[f"lieu-{n}"].implantations[0].localisation
        assert (lieu.precision, lieu.longitude) == (Precision.ADRESSE, 5.79)
        assert lieu.adresse == f"{n} rue des Alpes"
    assert gardes(gestion) == (0, 0)
    assert "il n’y a rien à appliquer" in apercu(editeur, avec_adresses(6))[1]


def test_who_was_killed_without_a_word_is_replaced_after_a_silence(
    gestion: Gestion, editeur: Navigateur
) -> None:
    adresse, lot = deposer(gestion, editeur, avec_adresses(2))
    assert prendre(gestion, lot, 2)
    with transaction(gestion.engine) as session:
        assert lots.next_question(session, lot, gestion.horloge()) is not None
    # Killed here: it answered nothing and released nothing.
    assert not prendre(gestion, lot, 2)
    assert "Recherche en cours" in editeur.get(adresse).text
    gestion.horloge.avance(seconds=21)
    assert "Reprendre la recherche" in editeur.get(adresse).text
    assert prendre(gestion, lot, 2)
    guichet = Guichet()
    search_addresses(gestion.engine, lot, guichet, gestion.horloge)
    assert guichet.demandes == ["0 rue des Alpes", "1 rue des Alpes"]


def test_a_geocoder_that_falls_silent_stops_the_search_and_says_so(
    gestion: Gestion, editeur: Navigateur
) -> None:
    adresse, lot = deposer(gestion, editeur, avec_adresses(4))
    assert prendre(gestion, lot, 4)
    search_addresses(gestion.engine, lot, Guichet(panne=2), gestion.horloge)
    mots = texte(lire(editeur.get(adresse).text))
    assert "Le géocodeur ne répond pas" in mots
    assert "Reprendre la recherche" in mots


def test_the_page_searches_shows_how_far_it_is_and_stops_when_asked(
    gestion: Gestion, editeur: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    libre = threading.Event()
    guichet = Guichet()

    class Lent:
        def geocoder(self, *question: str) -> Localisation:
            reponse = guichet.geocoder(*question)
            assert len(guichet.demandes) < 2 or libre.wait(20)
            return reponse

    installation = gestion.app.extensions["cartographie"]
    monkeypatch.setitem(
        gestion.app.extensions, "cartographie", replace(installation, geocodeur_ecriture=Lent())
    )
    adresse, _ = deposer(gestion, editeur, avec_adresses(5))
    assert editeur.poster(f"{adresse}/adresses").status_code == 303
    fils = [fil for fil in threading.enumerate() if fil.name == "adresses"]
    page = attendre_page(editeur, adresse, "1 sur 5")
    assert 'http-equiv="refresh"' in page
    assert ">Appliquer<" not in page
    assert editeur.poster(f"{adresse}/adresses", {"arret": "1"}).status_code == 303
    libre.set()
    for fil in fils:
        fil.join(20)
    page = attendre_page(editeur, adresse, "2 adresses cherchées")
    assert "Reprendre la recherche" in page
    assert len(guichet.demandes) == 2


def attendre_page(qui: Navigateur, adresse: str, phrase: str) -> str:
    for page in pages(qui, adresse):
        if phrase in texte(lire(page)):
            return page
    raise AssertionError(phrase)


def pages(qui: Navigateur, adresse: str) -> Iterator[str]:
    pause = threading.Event()
    for _ in range(100):
        yield qui.get(adresse).text
        pause.wait(0.1)


def test_no_address_of_a_hidden_record_is_ever_a_question(
    gestion: Gestion, editeur: Navigateur
) -> None:
    page = apercu(editeur, avec_adresses(2, "interne"))[1]
    assert "Adresses sans point" not in page
    assert apporter(editeur, avec_adresses(2, "zone"), "zone.csv").status_code == 422
