"""Several processes over one database: what is read never goes back, is never half of an edit.

Two writers change their own pair of records together, again and again; other processes look at
the directory all the while. Whoever looks pays one read of the version, and a handful of queries
for each change that there was: nothing grows with the number of records.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as Evenement
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, event, select, text

from cartographie import registre
from cartographie.config import RACINE
from cartographie.database import make_engine, reading, transaction
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from cartographie.version import GARDES, current_version
from tests.fabrique import accueil, change
from tests.preuves import Preuve
from tests.test_increments import same

PAIRES = (("a", "b"), ("c", "d"))
# BEGIN, the version, whether all was written, what was, its services, the record, its four parts.
REQUETES_PAR_CHANGEMENT = 10
# Between two looks; a request comes as often at two hundred a second.
PAUSE_S = 0.005


@dataclass
class Vu:
    """What a process saw.

    `moments`: for each pair, when each of its edits was first seen, and when the look before that
    one had begun: that one did not see it.
    """

    regards: int = 0
    changements: int = 0
    requetes: int = 0
    retours: int = 0
    moities: int = 0
    moments: dict[int, dict[int, tuple[float, float]]] = field(default_factory=dict)

    def noter(self, paire: int, tours: set[int], precedent: float) -> None:
        """Note the edit that both records of a pair should be at."""
        vus = self.moments.setdefault(paire, {})
        self.moities += len(tours) > 1
        self.retours += min(tours) < max(vus, default=0)
        vus.setdefault(max(tours), (time.monotonic(), precedent))

    def vue(self, paire: int, tour: int) -> tuple[float, float]:
        """When an edit, or a later one in its place, was no longer unseen; and the look before."""
        return min(quand for n, quand in self.moments[paire].items() if n >= tour)


def regarder(adresse: str, pret: Evenement, fini: Evenement, tube: Connection) -> None:
    """The life of a process that reads, as requests do: the version, then what it is of."""
    engine, vu = make_engine(adresse), Vu()
    referentiel = Referentiel.load(RACINE / "data")

    def compter(*_: object) -> None:
        vu.requetes += 1

    event.listen(engine, "before_cursor_execute", compter)
    connue, dernier, precedent = -1, False, 0.0
    while not dernier:
        debut = time.monotonic()
        # What was acknowledged before the end is seen by a look that begins after it.
        dernier = fini.is_set()
        version = current_version(engine)
        vu.regards += 1
        if version != connue:
            with reading(engine) as session:
                catalogue = current_catalogue(session, referentiel)
            connue = version
            vu.changements += 1
            for paire, slugs in enumerate(PAIRES):
                fiches = (catalogue.get(slug) for slug in slugs)
                vu.noter(paire, {int(fiche.frais) for fiche in fiches if fiche}, precedent)
        if not pret.is_set():
            # Reading everything at first is not counted.
            vu.requetes = vu.changements = 0
            pret.set()
        precedent = debut
        time.sleep(PAUSE_S)
    engine.dispose()
    tube.send(vu)


@contextmanager
def lecteurs(engine: Engine, combien: int) -> Iterator[list[Vu]]:
    """Processes that read while the block runs; what they saw, once it has ended."""
    contexte = multiprocessing.get_context("spawn")
    adresse = engine.url.render_as_string(hide_password=False)
    fini, vus, enfants = contexte.Event(), list[Vu](), []
    for _ in range(combien):
        recoit, envoie = contexte.Pipe(duplex=False)
        pret = contexte.Event()
        enfant = contexte.Process(target=regarder, args=(adresse, pret, fini, envoie), daemon=True)
        enfant.start()
        enfants.append((enfant, pret, recoit))
    assert all(pret.wait(180) for _, pret, _ in enfants)
    yield vus
    fini.set()
    for enfant, _, recoit in enfants:
        assert recoit.poll(180)
        vus.append(recoit.recv())
        enfant.join(30)
        assert enfant.exitcode == 0


def ecrire(engine: Engine, paire: int, editions: int, faites: dict[int, float]) -> None:
    """Change both records of a pair in one transaction; when each was acknowledged."""
    for tour in range(1, editions + 1):
        with transaction(engine) as session:
            for slug in PAIRES[paire]:
                avant, revision = registre.get_saisie(session, slug)
                apres = replace(avant, frais=str(tour))
                registre.update_acteur(
                    session, slug, apres, revision_lue=revision, par="essai", moyen="essai"
                )
        faites[tour] = time.monotonic()


def prove(engine: Engine, preuve: Preuve | None, processus: int, editions: int) -> None:
    with transaction(engine) as session:
        for slug in (slug for paire in PAIRES for slug in paire):
            saisie = accueil(slug, frais="0")
            registre.create_acteur(session, saisie, par="essai", moyen="essai")
    faites: list[dict[int, float]] = [{} for _ in PAIRES]
    with lecteurs(engine, processus) as vus:
        fils = [
            Thread(target=ecrire, args=(engine, paire, editions // len(PAIRES), faites[paire]))
            for paire in range(len(PAIRES))
        ]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
    regards = sum(vu.regards for vu in vus)
    fautes = sum(vu.retours + vu.moities for vu in vus)
    vues = [
        (moment, *vu.vue(paire, tour))
        for vu in vus
        for paire, moments in enumerate(faites)
        for tour, moment in moments.items()
    ]
    # A look that began once the edit was acknowledged, and did not see it.
    manquees = sum(precedent > acquise for acquise, _, precedent in vues)
    lentes = sum(quand - acquise > 1 for acquise, quand, _ in vues)
    requetes = sum(vu.requetes - REQUETES_PAR_CHANGEMENT * vu.changements for vu in vus)
    if preuve is not None:
        moteur = engine.dialect.name
        preuve(f"regards de {processus} processus, {moteur}", regards, "retours, moitiés", fautes)
        preuve(f"éditions vues, {moteur}", len(vues), "regards qui les manquent", manquees)
        preuve(f"éditions vues, {moteur}", len(vues), "vues après plus d’une seconde", lentes)
        changements = sum(vu.changements for vu in vus)
        preuve(f"changements lus, {moteur}", changements, "requêtes de trop", max(requetes, 0))
    assert fautes == 0
    assert len(vues) == processus * len(PAIRES) * (editions // len(PAIRES))
    assert manquees == 0
    # Whoever shares the machine may hold a process up: nothing of ours does.
    assert lentes <= len(vues) // 20
    assert requetes <= 0
    # One cheap read each time, and nothing more while nobody writes.
    assert all(0 < vu.changements <= vu.regards for vu in vus)


def test_two_processes_follow_two_writers(engine: Engine) -> None:
    prove(engine, None, processus=2, editions=20)


@pytest.mark.long
def test_four_processes_follow_a_thousand_edits(engine: Engine, preuve: Preuve) -> None:
    prove(engine, preuve, processus=4, editions=1_000)


def test_numbers_are_given_in_the_order_of_commits(
    engine: Engine, referentiel: Referentiel
) -> None:
    """A second writer waits for the first; whoever reads meanwhile sees neither."""
    with transaction(engine) as session:
        for slug in ("a", "b"):
            registre.create_acteur(session, accueil(slug), par="essai", moyen="essai")
    depart, commence = current_version(engine), Event()

    def seconde() -> None:
        commence.set()
        change(engine, "b", frais="seconde")

    with transaction(engine) as session:
        avant, revision = registre.get_saisie(session, "a")
        premiere = replace(avant, frais="première")
        registre.update_acteur(
            session, "a", premiere, revision_lue=revision, par="essai", moyen="essai"
        )
        fil = Thread(target=seconde)
        fil.start()
        assert commence.wait(20)
        fil.join(0.3)
        assert fil.is_alive()
        assert (frais(engine, referentiel), current_version(engine)) == (
            {"a": "Gratuit", "b": "Gratuit"},
            depart,
        )
    fil.join(20)
    assert not fil.is_alive()
    assert frais(engine, referentiel) == {"a": "première", "b": "seconde"}
    assert current_version(engine) == depart + 2


def test_interleaved_transactions_never_leave_a_stale_directory(
    engine: Engine, referentiel: Referentiel
) -> None:
    """Transactions that began before others and end after them, while somebody reads each one."""
    slugs = [f"acteur-{n}" for n in range(6)]
    with transaction(engine) as session:
        for slug in slugs:
            registre.create_acteur(session, accueil(slug), par="essai", moyen="essai")
    frais(engine, referentiel)

    def ecrire_en_retard(slug: str) -> None:
        hasard = random.Random(slug)
        for tour in range(8):
            with transaction(engine) as session:
                # On PostgreSQL the transaction has begun here, and the others go on.
                session.execute(select(1))
                time.sleep(hasard.random() / 50)
                avant, revision = registre.get_saisie(session, slug)
                time.sleep(hasard.random() / 100)
                apres = replace(avant, frais=str(tour))
                registre.update_acteur(
                    session, slug, apres, revision_lue=revision, par="essai", moyen="essai"
                )

    fils = [Thread(target=ecrire_en_retard, args=(slug,)) for slug in slugs]
    for fil in fils:
        fil.start()
    while any(fil.is_alive() for fil in fils):
        frais(engine, referentiel)
    assert frais(engine, referentiel) == dict.fromkeys(slugs, "7")
    with reading(engine) as session:
        tenu = current_catalogue(session, referentiel)
    voisin = make_engine(engine.url.render_as_string(hide_password=False))
    with reading(voisin) as session:
        assert same(tenu, current_catalogue(session, referentiel), referentiel)
    voisin.dispose()


def frais(engine: Engine, referentiel: Referentiel) -> dict[str, str]:
    """What is read now of each record."""
    with reading(engine) as session:
        fiches = current_catalogue(session, referentiel).fiches
    return {fiche.slug: fiche.frais for fiche in fiches}


COUPER = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()"""


def test_the_number_is_read_again_after_every_connection_died(engine: Engine) -> None:
    """As when the server is started again: whoever asks next is told, and is told the truth."""
    avant = current_version(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text(COUPER))
    with transaction(engine) as session:
        registre.create_acteur(session, accueil(), par="essai", moyen="essai")
    assert current_version(engine) == avant + 1


def test_many_threads_ask_for_the_number_at_once(engine: Engine) -> None:
    lues: list[int] = []
    fils = [
        Thread(target=lambda: lues.extend(current_version(engine) for _ in range(50)))
        for _ in range(3 * GARDES)
    ]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(30)
    assert lues == [current_version(engine)] * 50 * len(fils)
