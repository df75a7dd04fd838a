"""`kill -9` while records are saved: nothing that was acknowledged is lost, nothing is half there.

Twenty times here, two hundred in `make proofs`, `COUPURES=5000` for as many as one likes.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from cartographie import registre
from cartographie.config import RACINE
from cartographie.database import make_engine, reading, transaction
from cartographie.models import Revision, Version
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from tests.ecrivain import SLUG
from tests.edition import attendre
from tests.enfants import commande
from tests.fabrique import accueil
from tests.preuves import Preuve

ECRIVAIN = [sys.executable, "-m", "tests.ecrivain"]
LONGUES = int(os.environ.get("COUPURES", "200"))


@pytest.fixture
def base(tmp_path: Path, modele_sqlite: Path) -> Path:
    """A database with one record."""
    fichier = tmp_path / "cartographie.sqlite"
    shutil.copy(modele_sqlite, fichier)
    engine = make_engine(f"sqlite:///{fichier}")
    with transaction(engine) as session:
        registre.create_acteur(session, accueil(SLUG), par="essai@exemple.fr", moyen="essai")
    engine.dispose()
    return fichier


def test_twenty_kills_lose_nothing(base: Path, referentiel: Referentiel, preuve: Preuve) -> None:
    couper(base, referentiel, 20, preuve)


@pytest.mark.long
def test_hundreds_of_kills_lose_nothing(
    base: Path, referentiel: Referentiel, preuve: Preuve
) -> None:
    couper(base, referentiel, LONGUES, preuve)


def couper(base: Path, referentiel: Referentiel, fois: int, preuve: Preuve) -> None:
    graine = random.randrange(1 << 32)
    hasard, journaux, acquittees, reprises = random.Random(graine), 0, 0, []
    journal = base.with_name(f"{base.name}-journal")
    with subprocess.Popen(
        [*ECRIVAIN, f"sqlite:///{base}"],
        cwd=RACINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as ecrivain:
        assert ecrivain.stdin is not None
        for _ in range(fois):
            # Most of the time as soon as a transaction is seen on the disk.
            vu = journal if hasard.random() < 0.8 else None
            derniere, nombre = jusque_a_la_mort(
                ecrivain, hasard.randint(1, 4), hasard.uniform(0, 0.02), vu
            )
            journaux += journal.exists()
            acquittees += nombre
            depart = time.monotonic()
            verifier(base, referentiel, derniere, graine)
            reprises.append(time.monotonic() - depart)
        ecrivain.stdin.close()
    preuve("coupures (kill -9) pendant une écriture", fois, "écritures acquittées perdues", 0)
    print(
        f"{fois} kills (seed {graine}), {acquittees} writes acknowledged, 0 lost,"
        f" {journaux} transactions cut; read again in {max(reprises):.2f} s at most"
    )


def jusque_a_la_mort(
    ecrivain: subprocess.Popen[bytes],
    acquittements: int,
    attente_s: float,
    journal: Path | None = None,
) -> tuple[int, int]:
    """Let a child save, kill it; the last revision that it said, and how many it said."""
    assert ecrivain.stdin is not None
    assert ecrivain.stdout is not None
    ecrivain.stdin.write(b"encore\n")
    ecrivain.stdin.flush()
    enfant = int(ecrivain.stdout.readline().split()[1])
    dites = [int(ecrivain.stdout.readline()) for _ in range(acquittements)]
    time.sleep(attente_s)
    fin = time.monotonic() + 0.2
    while journal is not None and not journal.exists() and time.monotonic() < fin:
        pass
    os.kill(enfant, signal.SIGKILL)
    # What it had said before it died counts as well.
    while (ligne := ecrivain.stdout.readline()) != b"mort\n":
        dites.append(int(ligne))
    return dites[-1], len(dites)


def verifier(base: Path, referentiel: Referentiel, derniere: int, graine: int) -> None:
    """The last acknowledged write is there, at most one more, and each with its history."""
    engine = make_engine(f"sqlite:///{base}")
    with reading(engine) as session:
        catalogue = current_catalogue(session, referentiel)
        saisie, revision = registre.get_saisie(session, SLUG)
        assert derniere <= revision <= derniere + 1, graine
        assert (saisie.frais, saisie.conditions[: len(saisie.frais) + 1]) == (
            f"{revision - 1}",
            f"{revision - 1} ",
        )
        assert [fiche.frais for fiche in catalogue.fiches] == [saisie.frais]
        assert session.execute(select(func.count(Revision.id))).scalar_one() == revision
        # The protocol was the first write of all.
        assert session.execute(select(Version.n)).scalar_one() == revision + 1
        assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()


def test_the_site_starts_on_what_a_kill_left(base: Path) -> None:
    with subprocess.Popen(
        [*ECRIVAIN, f"sqlite:///{base}"], cwd=RACINE, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as ecrivain:
        dites, _ = jusque_a_la_mort(ecrivain, 3, 0.005)
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    environ = os.environ | {"CARTO_INSTANCE": str(base.parent), "CARTO_GEOCODEUR": "communes"}
    depart = time.monotonic()
    with subprocess.Popen(
        commande("serve", "--port", str(port)),
        cwd=RACINE,
        env=environ,
        stdout=subprocess.DEVNULL,
    ) as serveur:
        attendre(f"http://127.0.0.1:{port}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/acteurs/{SLUG}") as reponse:
            page = reponse.read().decode()
        duree = time.monotonic() - depart
        serveur.terminate()
    assert any(f">{dites + plus - 1}<" in page for plus in (0, 1))
    print(f"first page {duree:.2f} s after the start, two cores shared with other tests")


# ── on disk before it is said ──


def test_what_makes_a_write_durable_is_on(base: Path) -> None:
    engine = make_engine(f"sqlite:///{base}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 3
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
    engine.dispose()


def test_each_acknowledgement_comes_after_the_disk(base: Path, tmp_path: Path) -> None:
    """Seen in the calls to the kernel: data, journal and folder are on disk when it is said."""
    trace = tmp_path / "trace"
    avec_trace = shutil.which("strace") is not None
    depart = [*ECRIVAIN, f"sqlite:///{base}"]
    if avec_trace:
        appels = "trace=openat,close,write,pwrite64,fsync,fdatasync,unlink"
        depart = ["strace", "-f", "-y", "-o", str(trace), "-e", appels, *depart]
    with subprocess.Popen(
        depart, cwd=RACINE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as ecrivain:
        _, nombre = jusque_a_la_mort(ecrivain, 10, 0)
    if not avec_trace:
        # Without strace the calls cannot be seen from Python; the settings above ask for them.
        return
    suites = appels_avant_chaque_reponse(trace.read_text(), base.name)
    assert len(suites) == nombre >= 10
    for suite in suites:
        # The end of the journal is the commit: its name leaves the folder, on disk too (EXTRA).
        assert suite[-4:] == ["write base", "sync base", "unlink journal", "sync folder"], suite
        assert "sync journal" in suite[: suite.index("write base")], suite


def appels_avant_chaque_reponse(trace: str, base: str) -> list[list[str]]:
    """What was asked of the kernel before each acknowledgement, since the one before."""
    suites: list[list[str]] = []
    suite: list[str] = []
    for ligne in trace.splitlines():
        appel = ligne.partition(" ")[2].strip()
        if re.match(r'write\(1<[^>]*>, "\d+\\n"', appel):
            suites.append(suite)
            suite = []
        elif re.match(r"f(data)?sync\(", appel):
            journal, folder = f"{base}-journal>" in appel, f"{base}" not in appel
            suite.append("sync " + ("journal" if journal else "folder" if folder else "base"))
        elif appel.startswith("pwrite64(") and f"{base}>" in appel:
            suite.append("write base")
        elif appel.startswith("unlink(") and f"{base}-journal" in appel:
            suite.append("unlink journal")
    return suites
