"""Counters in the database: exact whoever writes, folded, bounded, and nothing personal."""

from __future__ import annotations

import logging
import multiprocessing
from collections import Counter
from datetime import date, timedelta
from threading import Event

import pytest
from sqlalchemy import Engine, PoolProxiedConnection, func, inspect, select

from cartographie import consultations
from cartographie.compteur import Compteur, make_compteur
from cartographie.database import make_engine, reading, transaction
from cartographie.models import Consultation, Versement
from cartographie.referentiel import Referentiel
from cartographie.suivi import Canal, Cle, Genre, Lot
from tests.site import MARDI

JOUR = MARDI.date()
CLES = tuple(
    Cle(JOUR, Genre.RECHERCHE, canal, besoin=besoin, epci=epci)
    for canal in Canal
    for besoin in ("abri", "soins", "")
    for epci in ("200040657", "")
)
PROCESSUS = 4


def total(engine: Engine, **valeurs: object) -> int:
    with reading(engine) as session:
        choix = select(func.coalesce(func.sum(Consultation.nombre), 0)).filter_by(**valeurs)
        return int(session.execute(choix).scalar_one())


def ajouter(engine: Engine, *cles: Cle, nombre: int = 1) -> None:
    with transaction(engine) as session:
        consultations.add(session, dict.fromkeys(cles, nombre), MARDI)


def compter_de_son_cote(adresse: str, depart: int, evenements: int) -> None:
    """One process: its share of the events, written many times while the others write."""
    engine = make_engine(adresse)

    def ecrire(lot: Lot) -> None:
        with transaction(engine) as session:
            consultations.add(session, lot.comptes, MARDI)

    compteur = Compteur(ecrire, intervalle_s=0.01)
    for n in range(evenements // PROCESSUS):
        compteur.add(CLES[(depart + n) % len(CLES)])
        if n % 100 == 0:
            Event().wait(0.005)
    compteur.flush()
    engine.dispose()


@pytest.mark.parametrize("evenements", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_events_of_four_processes_are_counted_exactly(engine: Engine, evenements: int) -> None:
    contexte = multiprocessing.get_context("spawn")
    adresse = engine.url.render_as_string(hide_password=False)
    enfants = [
        contexte.Process(target=compter_de_son_cote, args=(adresse, n, evenements))
        for n in range(PROCESSUS)
    ]
    for enfant in enfants:
        enfant.start()
    for enfant in enfants:
        enfant.join(60)
    assert [enfant.exitcode for enfant in enfants] == [0] * PROCESSUS
    attendus: Counter[Cle] = Counter()
    for depart in range(PROCESSUS):
        for n in range(evenements // PROCESSUS):
            attendus[CLES[(depart + n) % len(CLES)]] += 1
    assert total(engine) == evenements
    with reading(engine) as session:
        lignes = session.execute(select(Consultation)).scalars()
        assert attendus == {
            Cle(c.jour, c.genre, c.canal, c.acteur, c.besoin, c.hote, c.epci): c.nombre
            for c in lignes
        }


def test_a_database_that_fails_loses_nothing_and_holds_nobody_up() -> None:
    ecrits: Counter[Cle] = Counter()
    panne = True

    def ecrire(lot: Lot) -> None:
        if panne:
            raise OSError("la base ne répond pas")
        ecrits.update(lot.comptes)

    compteur = Compteur(ecrire, intervalle_s=60)
    for _ in range(3):
        compteur.add(CLES[0])
    assert not compteur.flush()
    compteur.add(CLES[1])
    assert not compteur.flush()
    panne = False
    assert compteur.flush()
    assert ecrits == {CLES[0]: 3, CLES[1]: 1}


def test_a_batch_whose_answer_is_lost_is_written_once(
    engine: Engine, referentiel: Referentiel, monkeypatch: pytest.MonkeyPatch
) -> None:
    compteur = make_compteur(engine, referentiel, lambda: MARDI)
    do_commit, perdues = engine.dialect.do_commit, [1, 2]

    def lose(connexion: PoolProxiedConnection) -> None:
        do_commit(connexion)
        if total(engine):
            perdues.pop()
            raise OSError("la réponse est perdue")

    compteur.add(CLES[0])
    with monkeypatch.context() as reseau:
        reseau.setattr(engine.dialect, "do_commit", lose)
        assert not compteur.flush()
        assert not compteur.flush()
    assert (perdues, total(engine)) == ([], 1)
    for _ in range(2):
        compteur.add(CLES[0])
    assert compteur.flush()
    assert total(engine) == 3
    # Another process begins at one, and is somebody else.
    autre = make_compteur(engine, referentiel, lambda: MARDI)
    autre.add(CLES[0])
    assert autre.flush()
    assert total(engine) == 4
    with reading(engine) as session:
        assert sorted(session.execute(select(Versement.numero)).scalars()) == [1, 2]
    with transaction(engine) as session:
        consultations.fold(session, JOUR + timedelta(days=61))
        assert session.execute(select(Versement.numero)).first() is None


def test_a_long_failure_costs_detail_and_no_count(caplog: pytest.LogCaptureFixture) -> None:
    ecrits: Counter[Cle] = Counter()

    def refuser(lot: Lot) -> None:
        raise OSError("mot-secret")

    compteur = Compteur(refuser, intervalle_s=60, cles_max=10)
    for n in range(200):
        compteur.add(Cle(JOUR, Genre.NUMERO, Canal.SITE, acteur=f"service-{n}"))
    with caplog.at_level(logging.WARNING):
        assert not compteur.flush()
    assert "OSError" in caplog.text
    assert "mot-secret" not in caplog.text
    compteur._ecrire = lambda lot: ecrits.update(lot.comptes)
    assert compteur.flush()
    assert sum(ecrits.values()) == 200
    assert len(ecrits) == 11
    assert ecrits[Cle(JOUR, Genre.NUMERO, Canal.SITE)] == 190


def test_what_is_held_is_written_within_five_seconds() -> None:
    ecrit = Event()
    compteur = Compteur(lambda _: ecrit.set())
    compteur.add(CLES[0])
    assert ecrit.wait(5)


def test_days_become_months_after_sixty_days_and_sums_stay(engine: Engine) -> None:
    jours = [JOUR - timedelta(days=n) for n in range(100)]
    for jour in jours:
        with transaction(engine) as session:
            cle = Cle(jour, Genre.FICHE, Canal.SITE, acteur="aiv-grenoble")
            consultations.add(session, {cle: 2}, MARDI - timedelta(days=(JOUR - jour).days))
    with transaction(engine) as session:
        assert consultations.fold(session, JOUR) == 39
    with transaction(engine) as session:
        assert consultations.fold(session, JOUR) == 0
    assert total(engine) == 200
    with reading(engine) as session:
        mois = session.execute(select(Consultation.jour).filter_by(mensuel=True)).scalars()
        assert sorted(mois) == [date(2025, 12, 1), date(2026, 1, 1)]
        sommes = consultations.by_month(session, date(2025, 12, 1), date(2026, 4, 1))
        assert [(s.mois.month, s.nombre) for s in sommes] == [(12, 62), (1, 62), (2, 56), (3, 20)]


def test_a_count_that_comes_late_never_changes_a_published_month(engine: Engine) -> None:
    ajouter(engine, Cle(date(2026, 2, 28), Genre.RECHERCHE, Canal.SITE))
    assert total(engine, jour=date(2026, 3, 1)) == 1


def test_scripts_add_no_more_in_a_minute_than_the_bound(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(consultations, "DEBIT_MAX", 10)
    appel = Cle(JOUR, Genre.NUMERO, Canal.SITE)
    ajouter(engine, appel, nombre=6)
    ajouter(engine, appel, Cle(JOUR, Genre.RECHERCHE, Canal.SITE), nombre=6)
    ajouter(engine, appel, nombre=6)
    assert total(engine, genre=Genre.NUMERO) == 10
    assert total(engine, genre=Genre.RECHERCHE) == 6
    assert "2 événements de trop laissés" in caplog.text
    with transaction(engine) as session:
        consultations.add(session, {appel: 5}, MARDI + timedelta(minutes=1))
    assert total(engine, genre=Genre.NUMERO) == 15


def test_invented_hosts_do_not_fill_the_table(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consultations, "HOTES_MAX", 5)
    cles = [
        Cle(JOUR, Genre.INTEGRATION, Canal.INTEGRATION, hote=f"h{n}.exemple.fr") for n in range(20)
    ]
    ajouter(engine, *cles)
    with reading(engine) as session:
        hotes = dict(consultations.by_host(session, JOUR, JOUR + timedelta(days=1)))
    assert sum(hotes.values()) == 20
    assert len(hotes) == 6
    assert hotes["autres"] == 15


def test_no_column_can_hold_anything_of_who_asked(engine: Engine) -> None:
    colonnes = {
        table: {
            colonne["name"]: str(colonne["type"]) for colonne in inspect(engine).get_columns(table)
        }
        for table in ("consultation", "debit", "versement")
    }
    assert set(colonnes["consultation"]) == {
        *("jour", "mensuel", "genre", "canal", "acteur", "besoin", "hote", "epci", "nombre")
    }
    # A day, never an hour, beside what was asked; minutes only beside a number of all visitors.
    assert colonnes["consultation"]["jour"] == "DATE"
    assert set(colonnes["debit"]) == {"minute", "nombre"}
    assert set(colonnes["versement"]) == {"processus", "numero", "jour"}
    assert colonnes["versement"]["jour"] == "DATE"
