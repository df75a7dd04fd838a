"""Our own scripts joined into one file for each kind of page: one request where there were sixteen.

A module stays a file that can be read and tested by itself; what browsers fetch is joined and
minified by esbuild, from the npm lock.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# Page → its modules, run in this order. The embedded one first says where the map has to start.
PAQUETS: Mapping[str, Sequence[str]] = {
    "accueil": ("mesures", "carte", "filtres", "completion", "depuis", "bascule"),
    "cadre": ("mesures", "integration", "carte", "filtres", "completion"),
    "objectif": ("mesures", "carte"),
    "couverture": ("mesures", "couverture"),
}
# What the browsers that DSFR supports understand; `await` outside a function is the newest.
CIBLE = "es2022"


class PaquetError(RuntimeError):
    """A module could not be joined: esbuild said why."""


def build_paquets(esbuild: Path, sources: Path, target: Path) -> None:
    """Write `<target>/<page>.js` for every page, from the modules of `sources`."""
    target.mkdir(parents=True)
    for page, modules in PAQUETS.items():
        entree = "".join(f'import "./{module}.js";\n' for module in modules)
        commande = [str(esbuild), "--bundle", "--format=esm", "--minify", f"--target={CIBLE}"]
        commande += ["--charset=utf8", "--legal-comments=none", "--log-level=warning"]
        done = subprocess.run(
            commande,
            cwd=sources,
            input=entree.encode(),
            stdout=subprocess.PIPE,
            check=False,
        )
        if done.returncode or not done.stdout:
            raise PaquetError(f"esbuild n’a pas pu joindre les modules de « {page} ».")
        (target / f"{page}.js").write_bytes(done.stdout)
