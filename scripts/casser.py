"""Break each guarantee in a scratch copy, one at a time: the tests have to see it.

    make casser            every break
    make casser ARGS=sql   those whose name holds these letters

A test that cannot fail proves nothing. Here the product is broken on purpose in a copy of what git
holds, the tests that keep the guarantee run there, and a break that they let pass is a failure, as
is one that no longer finds the line it breaks.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.cassures import CASSURES, Cassure

RACINE = Path(__file__).parent.parent
# What `make` makes and git does not hold.
VENV, ASSETS = ".venv", "static/vendor"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the tests saw a break, and the first of them that did."""

    cassure: Cassure
    vue: bool
    par: str


def main(mots: Sequence[str]) -> int:
    """Run, print a line a break, give 1 when one was not seen."""
    choisies = [c for c in CASSURES if not mots or any(mot in c.nom for mot in mots)]
    with tempfile.TemporaryDirectory(prefix="carto-casser-") as dossier:
        copie = Path(dossier)
        copier(copie)
        refus = essayer(copie, tuple(sorted({e for c in choisies for e in c.essais})))
        if refus:
            print(f"Sans rien casser, un essai échoue déjà : {refus}")
            return 1
        verdicts = [casser(copie, cassure) for cassure in choisies]
    vues = sum(verdict.vue for verdict in verdicts)
    print(f"{vues} cassures vues sur {len(verdicts)}")
    return 0 if vues == len(verdicts) else 1


def copier(copie: Path) -> None:
    """Copy the files of the last commit, beside what `make` made."""
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=RACINE, check=True, stdout=subprocess.PIPE
    )
    subprocess.run(["tar", "-x", "-C", str(copie)], input=archive.stdout, check=True)
    (copie / VENV).symlink_to(RACINE / VENV)
    shutil.copytree(RACINE / ASSETS, copie / ASSETS, dirs_exist_ok=True)


def casser(copie: Path, cassure: Cassure) -> Verdict:
    """Break, ask the tests, mend."""
    fichier = copie / cassure.fichier
    entier = fichier.read_text()
    if entier.count(cassure.avant) != 1:
        raise SystemExit(f"{cassure.nom} : {cassure.fichier} n’a plus la ligne à casser.")
    fichier.write_text(entier.replace(cassure.avant, cassure.apres))
    try:
        par = essayer(copie, cassure.essais)
    finally:
        fichier.write_text(entier)
    print(f"{'vue ' if par else 'PAS VUE'} {cassure.nom} {par}", flush=True)
    return Verdict(cassure, bool(par), par)


def essayer(copie: Path, essais: Sequence[str]) -> str:
    """The first test that fails; nothing when all pass. A break that stops everything is seen."""
    fait = subprocess.run(
        [
            ".venv/bin/python", "-m", "pytest", "-x", "-q",
            "-m", "not long", *essais,
        ],
        cwd=copie, check=False, text=True, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if fait.returncode == 0:
        return ""
    fautes = ("FAILED tests", "ERROR tests")
    dites = [ligne for ligne in fait.stdout.splitlines() if ligne.startswith(fautes)]
    return dites[0].split(" - ")[0] if dites else f"code {fait.returncode}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
