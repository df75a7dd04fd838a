"""The public page of figures: what it says, and what an adversary who keeps everything learns."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie import consultations
from cartographie.acteurs import Fiche
from cartographie.catalogue import Catalogue
from cartographie.database import transaction
from cartographie.horaires import PARIS
from cartographie.suivi import Canal, Cle, Genre, Ligne
from cartographie.suivi.chiffres import Axes, build_chiffres
from cartographie.suivi.indicateurs import TOUTES, build_etats, il_y_a
from cartographie.suivi.periodes import avance, mois_de, mois_publies, trimestre_de
from cartographie.web.suivi import dernier_fr
from tests.comptes import Gestion
from tests.recoupement import Cellule, attaquer
from tests.site import MARDI, avec_classe, lire, texte

TABLEAUX = "consultations canaux besoins territoires territoires-besoins confirmations completude"
COMPTES = TABLEAUX.split()[:5]
MOIS = (date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1))


def peupler(engine: Engine, graine: int, par_jour: int) -> None:
    """Half a year of consultations, most of them from few places: many small counts."""
    alea = random.Random(graine)
    with transaction(engine) as session:
        for n in range(190):
            jour = date(2025, 9, 1) + timedelta(days=n)
            if jour > MARDI.date():
                break
            comptes: Counter[Cle] = Counter()
            for _ in range(alea.randint(0, par_jour)):
                canal = alea.choices(tuple(Canal), (30, 2, 1))[0]
                epci = alea.choices(
                    ("200040715", "200040657", "200030658", "hors-isere", ""), (9, 3, 1, 1, 2)
                )[0]
                besoin = alea.choices(("parler", "abri", "soins", "auteurs", ""), (9, 3, 2, 1, 4))[
                    0
                ]
                comptes[Cle(jour, Genre.RECHERCHE, canal, besoin=besoin, epci=epci)] += 1
                if alea.random() < 0.08:
                    comptes[Cle(jour, Genre.ISOLEMENT, canal, besoin=besoin, epci=epci)] += 1
                comptes[Cle(jour, Genre.CARTE, Canal.SITE)] += 1
            midi = datetime(jour.year, jour.month, jour.day, 12, tzinfo=PARIS)
            consultations.add(session, comptes, midi)


def lire_csv(client: FlaskClient, nom: str) -> dict[Cellule, str]:
    """The cells of a file by the words of their line and of their column."""
    response = client.get(f"/suivi/{nom}.csv")
    assert response.status_code == 200
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert f'filename="{nom}.csv"' in response.headers["Content-Disposition"]
    entetes, *lignes = csv.reader(io.StringIO(response.text.removeprefix("\ufeff")), delimiter=";")
    textes = 2 if entetes[1] in {"Consultation", "Intercommunalité"} else 1
    return {
        (*ligne[:textes], entete): valeur
        for ligne in lignes
        for entete, valeur in zip(entetes[textes:], ligne[textes:], strict=True)
    }


# ── the page ──


def test_the_page_reads_without_a_script_and_each_chart_has_its_table_and_its_file(
    gestion: Gestion,
) -> None:
    peupler(gestion.engine, graine=1, par_jour=6)
    client = gestion.app.test_client()
    page = lire(client.get("/suivi").text)
    figures = list(avec_classe(page, "figure"))
    assert len(figures) == 6
    tableaux = [e for e in page.iter("table") if e.find("caption") is not None]
    assert len(tableaux) >= len(figures)
    liens = {e.get("href") for e in page.iter("a")}
    for nom in TABLEAUX.split():
        assert f"/suivi/{nom}.csv" in liens
        lire_csv(client, nom)
    for zone in avec_classe(page, "chiffres"):
        assert zone.get("tabindex") == "0"
        assert zone.get("aria-label")
    assert all(e.get("style") is None for e in page.iter())
    assert "/accessibilite" in liens


def test_months_before_the_first_that_was_counted_are_shown_nowhere(gestion: Gestion) -> None:
    client = gestion.app.test_client()
    for jour, nombre in ((date(2025, 11, 20), 2), (date(2026, 2, 3), 40)):
        midi = datetime(jour.year, jour.month, jour.day, 12, tzinfo=PARIS)
        with transaction(gestion.engine) as session:
            consultations.add(session, {Cle(jour, Genre.RECHERCHE, Canal.SITE): nombre}, midi)
    mois = [c[0] for c in lire_csv(client, "consultations") if c[1] == "Recherches"]
    assert mois == ["novembre 2025", "décembre 2025", "janvier 2026", "février 2026"]
    # A month in which nobody came, after that, is a true nought.
    assert lire_csv(client, "consultations")["janvier 2026", "Recherches"] == "0"
    assert {c[1] for c in lire_csv(client, "besoins")} == set(mois)
    assert {c[0] for c in lire_csv(client, "territoires-besoins")} == {"4e trimestre 2025"}
    for page in (client, gestion.client("editeur")):
        adresse = "/suivi" if page is client else "/gestion/suivi"
        lu = texte(lire(page.get(adresse).text))
        assert "octobre 2025" not in lu
        assert "10/25" not in lu
        assert "novembre 2025" in lu


def test_before_the_first_month_is_over_no_count_is_shown(gestion: Gestion) -> None:
    with transaction(gestion.engine) as session:
        consultations.add(session, {Cle(MARDI.date(), Genre.RECHERCHE, Canal.SITE): 9}, MARDI)
    client = gestion.app.test_client()
    page = client.get("/suivi").text
    assert "le premier ne l’est pas encore" in page
    assert len(list(avec_classe(lire(page), "figure"))) == 2
    for nom in COMPTES:
        assert len(client.get(f"/suivi/{nom}.csv").text.splitlines()) == 1
    assert "mars 2026" in gestion.client("editeur").get("/gestion/suivi").text


def test_an_unknown_table_does_not_exist(client: FlaskClient) -> None:
    assert client.get("/suivi/absent.csv").status_code == 404


def test_gestion_reads_exact_counts_with_hosts_and_records(gestion: Gestion) -> None:
    with transaction(gestion.engine) as session:
        consultations.add(
            session,
            {
                Cle(MARDI.date(), Genre.RECHERCHE, Canal.SITE, besoin="abri", epci="200040657"): 3,
                Cle(MARDI.date(), Genre.INTEGRATION, Canal.INTEGRATION, hote="www.lamure.fr"): 2,
            },
            MARDI,
        )
    page = texte(lire(gestion.client("editeur").get("/gestion/suivi").text))
    assert "www.lamure.fr 2" in page
    assert "Se mettre à l’abri, se loger 3" in page
    sites = gestion.client("editeur").get("/gestion/suivi/sites.csv").text
    assert sites.splitlines()[1] == "www.lamure.fr;2"
    assert gestion.client("editeur").get("/gestion/suivi/absent.csv").status_code == 404
    public = gestion.app.test_client().get("/suivi").text
    assert "lamure" not in public
    assert gestion.app.test_client().get("/gestion/suivi").status_code == 303


def test_a_month_is_named_with_its_elision() -> None:
    assert dernier_fr([date(2026, 9, 1), date(2026, 10, 1)]) == "d’octobre 2026"
    assert dernier_fr([date(2026, 9, 1)]) == "de septembre 2026"


# ── freshness ──


def test_the_ages_of_confirmations_are_whole_months() -> None:
    assert il_y_a(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert il_y_a(date(2026, 3, 10), 12) == date(2025, 3, 10)


def test_records_are_counted_by_age_and_by_what_they_hold(catalogue_reel: Catalogue) -> None:
    jour = MARDI.date()
    fiches = [
        Fiche("a", "A", "LEAO", "direct", verifie_le=date(2025, 9, 11)),  # type: ignore[arg-type]
        Fiche("b", "B", "LEAO", "direct", verifie_le=date(2025, 9, 10)),  # type: ignore[arg-type]
        Fiche("c", "C", "LEAO", "direct", verifie_le=date(2025, 3, 10)),  # type: ignore[arg-type]
        Fiche("d", "D", "SANTE", "direct"),  # type: ignore[arg-type]
    ]
    etats = build_etats(fiches, ("LEAO", "JUSTICE", "SANTE"), jour)
    assert list(etats) == ["LEAO", "SANTE", TOUTES]
    tous = etats[TOUTES]
    ages = (tous.moins_de_6_mois, tous.de_6_a_12_mois, tous.plus_ancien, tous.jamais)
    assert ages == (1, 1, 1, 1)
    reel = build_etats(catalogue_reel.fiches, ("LEAO",), jour)[TOUTES]
    assert (reel.fiches, reel.jamais) == (128, 128)
    assert 0 < reel.horaires < reel.telephone < 128
    assert reel.point == 19


# ── what an adversary learns ──


def test_nothing_of_the_present_month_is_public(gestion: Gestion) -> None:
    client = gestion.app.test_client()
    avant = {nom: client.get(f"/suivi/{nom}.csv").data for nom in COMPTES}
    with transaction(gestion.engine) as session:
        consultations.add(session, {Cle(MARDI.date(), Genre.RECHERCHE, Canal.SITE): 50}, MARDI)
    assert {nom: client.get(f"/suivi/{nom}.csv").data for nom in COMPTES} == avant


def test_what_was_published_never_changes(gestion: Gestion) -> None:
    peupler(gestion.engine, graine=1, par_jour=6)
    client = gestion.app.test_client()
    connus: dict[tuple[str, Cellule], str] = {}
    gestion.horloge.maintenant = datetime(2025, 11, 1, 9, tzinfo=PARIS)
    while gestion.horloge().date() <= MARDI.date():
        for nom in COMPTES:
            for cellule, valeur in lire_csv(client, nom).items():
                assert connus.setdefault((nom, cellule), valeur) == valeur
        gestion.horloge.avance(days=9)
    assert len(connus) > 200


@pytest.mark.parametrize(("graine", "par_jour"), [(1, 2), (2, 6), (3, 20)])
def test_nobody_rebuilds_a_small_count_from_everything_public(
    gestion: Gestion, graine: int, par_jour: int
) -> None:
    peupler(gestion.engine, graine, par_jour)
    client = gestion.app.test_client()
    cellules = {nom: lire_csv(client, nom) for nom in COMPTES}
    masquees = [(n, c) for n, table in cellules.items() for c, v in table.items() if v == "s"]
    assert len(masquees) > 10
    assert not any(v in {"1", "2", "3", "4"} for table in cellules.values() for v in table.values())
    bornes = attaquer(cellules)
    for cellule in masquees:
        bas, haut = bornes[cellule]
        assert haut - bas >= 4, cellule


def test_rows_without_any_search_are_there_too() -> None:
    axes = Axes.build(("abri",), ("200040657",))
    chiffres = build_chiffres(
        [Ligne(MOIS[0], Genre.RECHERCHE, Canal.SITE, "abri", "", 40)], MOIS, axes
    )
    trimestre = trimestre_de(MOIS[0])
    for epci in axes.epci:
        assert ("croise", trimestre, epci, "abri") in chiffres
    assert chiffres["epci", MOIS[0], "hors-isere"] == 0


def test_a_word_no_longer_known_is_counted_with_the_others() -> None:
    axes = Axes.build(("abri",), ("200040657",))
    lignes = [Ligne(MOIS[0], Genre.RECHERCHE, Canal.SITE, "ancien", "000000000", 40)]
    chiffres = build_chiffres(lignes, MOIS[:1], axes)
    assert chiffres["besoin", MOIS[0], ""] == 40
    assert chiffres["epci", MOIS[0], "hors-isere"] == 40


def test_a_month_is_public_a_day_after_its_end() -> None:
    assert mois_publies(date(2026, 4, 1), 1) == (date(2026, 2, 1),)
    assert mois_publies(date(2026, 4, 2), 2) == (date(2026, 2, 1), date(2026, 3, 1))
    assert avance(mois_de(date(2026, 1, 31)), -1) == date(2025, 12, 1)
