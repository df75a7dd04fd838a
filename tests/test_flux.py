"""The feed: read by feedparser, made of public days alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from cartographie import journal, registre
from cartographie.acteurs import Diffusion, Participation, Saisie, Statut, Territoire
from cartographie.catalogue import Catalogue
from cartographie.database import reading, transaction
from cartographie.echanges import flux
from cartographie.horaires import PARIS
from cartographie.reduction import Autorisation, Demande
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from tests.comptes import Gestion
from tests.fabrique import CC_MATHEYSINE, LE_115, accueil, refuge
from tests.mondes.traces import lieu_secret
from tests.site import lire

METRO = "200040715"
NOTES: dict[str, Any] = {"notes_internes": "une autre note", "source": "ailleurs.fr"}


def creer(engine: Engine, *saisies: Saisie) -> None:
    with transaction(engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="essai", moyen="essai")


def changer(engine: Engine, slug: str, **valeurs: Any) -> None:  # noqa: ANN401
    with transaction(engine) as session:
        saisie, revision = registre.get_saisie(session, slug)
        registre.update_acteur(
            session, slug, replace(saisie, **valeurs), revision_lue=revision, par="e", moyen="e"
        )


def abaisser(engine: Engine, referentiel: Referentiel, slug: str, vers: Diffusion) -> None:
    with transaction(engine) as session:
        _, revision = registre.get_saisie(session, slug)
        demande = Demande(vers, LE_115 if vers is Diffusion.ZONE else None)
        registre.lower(session, slug, demande, referentiel, revision_lue=revision, par="e")


def vieillir(engine: Engine, jour: str) -> None:
    """Put all that was written so far on an earlier day."""
    with engine.begin() as connexion:
        connexion.execute(text(f"UPDATE journal SET jour = '{jour}'"))


def lignes(engine: Engine, referentiel: Referentiel) -> list[tuple[str, str, tuple[str, ...]]]:
    with reading(engine) as session:
        publie = current_catalogue(session, referentiel)
        return [(c.slug, c.sorte.value, c.champs) for c in journal.read(session, publie)]


def test_a_record_is_created_changed_and_closed_to_the_day(
    engine: Engine, referentiel: Referentiel
) -> None:
    creer(engine, accueil())
    changer(engine, "accueil-la-mure", frais="Payant")
    # A change of the day on which it was created says no more.
    assert lignes(engine, referentiel) == [("accueil-la-mure", "creee", ())]
    vieillir(engine, "2026-01-05")
    changer(engine, "accueil-la-mure", frais="Gratuit", **NOTES)
    changer(engine, "accueil-la-mure", nom="Accueil de La Mure et de Mens")
    assert lignes(engine, referentiel) == [
        ("accueil-la-mure", "modifiee", ("frais", "nom")),
        ("accueil-la-mure", "creee", ()),
    ]
    changer(engine, "accueil-la-mure", statut=Statut.ARCHIVE)
    with reading(engine) as session:
        (ligne,) = journal.read(session, current_catalogue(session, referentiel))
    assert (ligne.sorte.value, ligne.nom) == ("fermee", "Accueil de La Mure et de Mens")
    assert ligne.codes >= {"38269", CC_MATHEYSINE}
    assert ligne.jour == datetime.now(PARIS).date()
    changer(engine, "accueil-la-mure", statut=Statut.PUBLIE)
    assert lignes(engine, referentiel) == [("accueil-la-mure", "creee", ())]


@pytest.mark.parametrize(
    "cachee",
    [
        {"diffusion": Diffusion.INTERNE},
        {"statut": Statut.BROUILLON},
        {"statut": Statut.ARCHIVE},
    ],
)
def test_what_is_hidden_makes_no_line(
    engine: Engine, referentiel: Referentiel, cachee: dict[str, Any]
) -> None:
    creer(engine, accueil(), accueil("cache", **cachee))
    vieillir(engine, "2026-01-05")
    changer(engine, "cache", nom="Un autre nom")
    changer(engine, "accueil-la-mure", **NOTES)
    # Its porteur is nobody that the public knows.
    changer(engine, "accueil-la-mure", porteur="cache")
    assert lignes(engine, referentiel) == [("accueil-la-mure", "creee", ())]
    assert table(engine) == [("accueil-la-mure", "2026-01-05")]


def table(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connexion:
        rangees = connexion.execute(text("SELECT acteur, jour FROM journal ORDER BY acteur, jour"))
        return [(rangee[0], str(rangee[1])) for rangee in rangees]


def test_a_porteur_that_everybody_sees_is_a_change(
    engine: Engine, referentiel: Referentiel
) -> None:
    creer(engine, accueil(), accueil("association", participations=()))
    vieillir(engine, "2026-01-05")
    changer(engine, "accueil-la-mure", porteur="association")
    assert lignes(engine, referentiel)[0] == ("accueil-la-mure", "modifiee", ("porteur",))
    # What changes of the porteur is said of the porteur alone.
    changer(engine, "association", nom="Association nouvelle")
    assert [ligne for ligne in lignes(engine, referentiel) if ligne[1] == "modifiee"] == [
        ("accueil-la-mure", "modifiee", ("porteur",)),
        ("association", "modifiee", ("nom",)),
    ]


@pytest.mark.parametrize("vers", [Diffusion.INTERNE, Diffusion.ZONE])
def test_lowering_leaves_what_there_would_be_had_it_never_been_public(
    engine: Engine, referentiel: Referentiel, vers: Diffusion
) -> None:
    creer(engine, lieu_secret(slug="lieu", participations=()))
    vieillir(engine, "2026-01-05")
    changer(engine, "lieu", site_web="https://lieu.exemple.fr")
    changer(engine, "lieu", contacts=())
    abaisser(engine, referentiel, "lieu", vers)
    restent = [] if vers is Diffusion.INTERNE else [("lieu", "2026-01-05")]
    assert table(engine) == restent


def test_of_a_closed_record_that_becomes_internal_nothing_stays(
    engine: Engine, referentiel: Referentiel
) -> None:
    creer(engine, accueil("ferme", nom="Un accueil"), lieu_secret(slug="zone", participations=()))
    for slug in ("ferme", "zone"):
        changer(engine, slug, statut=Statut.ARCHIVE)
    assert {ligne[1] for ligne in lignes(engine, referentiel)} == {"fermee"}
    abaisser(engine, referentiel, "ferme", Diffusion.INTERNE)
    abaisser(engine, referentiel, "zone", Diffusion.ZONE)
    with reading(engine) as session:
        (ligne,) = journal.read(session, current_catalogue(session, referentiel))
        zone, _ = registre.get_saisie(session, "zone")
    assert ligne.slug == "zone"
    # No more of where it was than its zone says.
    ici = zone.implantations[0].localisation
    assert ligne.codes <= {ici.code_insee, ici.code_epci, *codes_du_territoire(zone)}


def codes_du_territoire(saisie: Saisie) -> set[str]:
    territoire = saisie.territoire or Territoire()
    return {*territoire.communes, *territoire.epci, "departement"}


def test_what_becomes_public_is_new_on_that_day(engine: Engine, referentiel: Referentiel) -> None:
    creer(engine, accueil("cache", diffusion=Diffusion.INTERNE))
    with transaction(engine) as session:
        accord = Autorisation("la déléguée", date(2026, 1, 5))
        registre.raise_diffusion(
            session, "cache", Demande(Diffusion.PUBLIQUE), accord, referentiel,
            revision_lue=1, par="e",
        )  # fmt: skip
    assert lignes(engine, referentiel) == [("cache", "creee", ())]


@pytest.fixture
def lecture(gestion: Gestion) -> Callable[[str], Any]:
    """Three records; the feed of a question, as feedparser reads it."""
    creer(gestion.engine, accueil(), refuge(), accueil("mens", nom="<b>Mens</b> & « é »\x0b"))
    vieillir(gestion.engine, "2026-01-05")
    changer(gestion.engine, "mens", frais="Payant", langues=("fr",))
    changer(gestion.engine, "mens", participations=(), territoire=Territoire(communes=("38226",)))
    client = gestion.app.test_client()

    def lire_flux(question: str) -> Any:  # noqa: ANN401
        response = client.get(f"/flux.atom{question}")
        assert response.content_type == "application/atom+xml; charset=utf-8"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        ElementTree.fromstring(response.data)
        lu = feedparser.parse(response.data)
        assert not lu.bozo, lu.get("bozo_exception")
        assert lu.version == "atom10"
        return lu

    return lire_flux


def test_a_reader_finds_entries_dates_and_links(lecture: Callable[[str], Any]) -> None:
    lu = lecture("")
    assert [entree.link.rsplit("/", 1)[1] for entree in lu.entries] == [
        "mens", "accueil-la-mure", "hebergement-grenoble", "mens",
    ]  # fmt: skip
    premiere = lu.entries[0]
    assert premiere.title == "Fiche modifiée : <b>Mens</b> & « é »"
    assert premiere.content[0].value == "Ce qui a changé : langues, frais, territoire, objectifs."
    assert premiere.updated.endswith("T00:00:00Z")
    assert lu.entries[1].updated == "2026-01-05T00:00:00Z"
    assert lu.entries[1].id == "tag:localhost,2026:accueil-la-mure/2026-01-05"
    assert len({entree.id for entree in lu.entries}) == len(lu.entries)
    assert lu.feed.updated == premiere.updated
    assert lu.feed.author == "Carte des services – Isère"


def test_it_is_cut_by_epci_and_by_objective(lecture: Callable[[str], Any]) -> None:
    def slugs(question: str) -> set[str]:
        return {entree.link.rsplit("/", 1)[1] for entree in lecture(question).entries}

    assert slugs(f"?epci={CC_MATHEYSINE}") == {"accueil-la-mure", "mens"}
    assert slugs(f"?epci={METRO}") == {"hebergement-grenoble"}
    assert slugs("?objectif=2022-2024/2") == {"accueil-la-mure"}
    assert slugs(f"?epci={METRO}&objectif=2022-2024/2") == set()


def test_of_a_closed_record_the_cuts_still_hold(
    gestion: Gestion, lecture: Callable[[str], Any]
) -> None:
    changer(gestion.engine, "accueil-la-mure", statut=Statut.ARCHIVE)
    (entree,) = lecture("?objectif=2022-2024/2").entries
    assert entree.title == "Service retiré de la carte : Accueil de La Mure"
    assert entree.link.endswith("/")
    assert len(lecture(f"?epci={CC_MATHEYSINE}").entries) == 3
    changer(gestion.engine, "accueil-la-mure", nom="Un nom que personne ne lit", **NOTES)
    assert "personne" not in lecture("?objectif=2022-2024/2").entries[0].title


@pytest.mark.parametrize("question", ["?epci=123456789", "?epci=Grenoble", "?objectif=999"])
def test_an_unknown_cut_is_said(client: FlaskClient, question: str) -> None:
    assert client.get(f"/flux.atom{question}").status_code == 400


def test_an_empty_feed_is_valid() -> None:
    vide = flux.Flux("t", "s", "https://a.fr/flux.atom", "https://a.fr/", "a.fr", date(2026, 1, 1))
    lu = feedparser.parse(flux.write(vide, []))
    assert not lu.bozo
    assert (lu.entries, lu.feed.updated) == ([], "2026-01-01T00:00:00Z")


def test_pages_lead_to_it(client: FlaskClient) -> None:
    for page, adresse in (("/", "/flux.atom"), ("/objectifs/2022-2024/22", "2022-2024/22")):
        liens = [
            e.get("href", "")
            for e in lire(client.get(page).text).iter("link")
            if e.get("type") == "application/atom+xml"
        ]
        assert len(liens) == 1
        assert liens[0].endswith(adresse)
        assert client.get(liens[0]).status_code == 200


def test_the_real_records_are_the_first_entries(
    client: FlaskClient, catalogue_reel: Catalogue
) -> None:
    lu = feedparser.parse(client.get("/flux.atom").data)
    assert [e.link.rsplit("/", 1)[1] for e in lu.entries] == [f.slug for f in catalogue_reel.fiches]


def test_a_participation_is_a_change_that_is_named(
    engine: Engine, referentiel: Referentiel
) -> None:
    creer(engine, accueil())
    vieillir(engine, "2026-01-05")
    (premiere, *_) = accueil().participations
    assert isinstance(premiere, Participation)
    changer(engine, "accueil-la-mure", participations=(premiere,))
    assert lignes(engine, referentiel)[0][2] == ("participations",)
