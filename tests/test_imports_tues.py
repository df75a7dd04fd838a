"""Processes really killed (SIGKILL) in the middle of a file: nothing is lost, nothing twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from cartographie import registre
from cartographie.acteurs import Precision, Saisie
from cartographie.config import RACINE
from cartographie.database import make_engine, reading
from tests.apports import avec_adresses
from tests.commande import run
from tests.tableaux import texte as table

NOMBRE = 12
TUES = 2
# The command's own search, before a geocoder that is slow and notes what it was asked.
ENFANT = """
import os, sys, time
from hashlib import sha256
from pathlib import Path

from cartographie.acteurs import Localisation, Precision
from cartographie.commands.depot import Depot
from cartographie.config import RACINE, Settings
from cartographie.database import make_engine
from cartographie.echanges.lecture.processus import read_file
from cartographie.referentiel import Referentiel

base, fichier, journal = sys.argv[1:]

class Lent:
    def geocoder(self, adresse, code_postal, commune, code_insee=""):
        with open(journal, "a") as carnet:
            carnet.write(adresse + "\\n")
        time.sleep(0.3)
        return Localisation(5.79, 44.9, Precision.ADRESSE, adresse, code_postal, commune,
                            code_insee, "200040657", "BAN, housenumber, score 0,97")

class DepotLent(Depot):
    def _geocodeur(self):
        return Lent()

contenu = Path(fichier).read_bytes()
reglages = Settings(database_url=base, instance=Path(journal).parent)
depot = DepotLent(make_engine(base), reglages, Referentiel.load(RACINE / "data"),
                  read_file(contenu, "csv"), Path(fichier).name, sha256(contenu).hexdigest())
depot.search()
"""


def lire(base: str) -> dict[str, tuple[Saisie, int]]:
    """Slug → record and number of revisions."""
    engine = make_engine(base)
    with reading(engine) as session:
        revisions = registre.revisions(session)
        lues = {s.slug: (s, revisions[s.slug]) for s in registre.saisies(session)}
    engine.dispose()
    return lues


def demandes(journal: Path) -> list[str]:
    return journal.read_text().splitlines() if journal.exists() else []


def preparer(dossier: Path) -> tuple[str, dict[str, str]]:
    base = f"sqlite:///{dossier / 'base.sqlite'}"
    environ = {"CARTO_DATABASE_URL": base, "CARTO_INSTANCE": str(dossier)}
    assert run("init-db", **environ).exit_code == 0
    return base, environ


@pytest.mark.long
def test_a_search_killed_twice_is_resumed_and_every_answer_is_written_once(tmp_path: Path) -> None:
    base, environ = preparer(tmp_path)
    fichier, journal = tmp_path / "fiches.csv", tmp_path / "journal"
    fichier.write_bytes(avec_adresses(NOMBRE))
    for tour in range(TUES + 1):
        deja = len(demandes(journal))
        commande = [sys.executable, "-c", ENFANT, base, str(fichier), str(journal)]
        with subprocess.Popen(commande, cwd=RACINE) as enfant:
            if tour == TUES:
                assert enfant.wait(180) == 0
                break
            fin = time.monotonic() + 120
            while len(demandes(journal)) < deja + 3:
                assert time.monotonic() < fin
                time.sleep(0.02)
            enfant.kill()
        # Who was killed said nothing: it is replaced after a silence, and not before.
        time.sleep(21)
    comptes = Counter(demandes(journal))
    assert set(comptes) == {f"{n} rue des Alpes" for n in range(NOMBRE)}
    # Only the question that was being asked when its process died is asked again.
    assert sum(comptes.values()) <= NOMBRE + TUES
    applique = run("import", fichier, "--apply", **environ)
    assert applique.exit_code == 0, applique.output
    lues = lire(base)
    for n in range(NOMBRE):
        saisie, revisions = lues[f"lieu-{n}"]
        lieu = saisie.implantations[0].localisation
        assert (lieu.precision, lieu.longitude, revisions) == (Precision.ADRESSE, 5.79, 1)
    assert "0 à créer, 0 à changer" in run("import", fichier, **environ).output


@pytest.mark.long
def test_an_import_killed_while_it_writes_wrote_all_or_nothing(tmp_path: Path) -> None:
    base, environ = preparer(tmp_path)
    avant = set(lire(base))
    noms = [f"ligne-{n}" for n in range(400)]
    lignes = [["slug", "nom", "type", "acces", "diffusion"]]
    lignes += [[nom, f"Service {nom}", "LEAO", "telephone", "publique"] for nom in noms]
    fichier = tmp_path / "fiches.csv"
    fichier.write_bytes(table(lignes))
    commande = [sys.executable, "-m", "cartographie", "import", str(fichier), "--apply"]
    commande += ["--douteuses", "creer"]
    temps_s = 0.0
    etats = set()
    for _ in range(40):
        temps_s += 0.25
        with subprocess.Popen(
            commande,
            cwd=RACINE,
            env={**environ, "PATH": ""},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as enfant:
            try:
                code = enfant.wait(temps_s)
            except subprocess.TimeoutExpired:
                code = -9
                enfant.kill()
        lues = lire(base)
        etats.add(len(set(lues) - avant))
        if code == 0:
            break
    assert code == 0
    assert etats <= {0, len(noms)}
    assert 0 in etats
    assert {revisions for nom, (_, revisions) in lues.items() if nom in set(noms)} == {1}
