"""The product at another commit, measured by the bench of this one."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cartographie.config import RACINE


@contextmanager
def arbre(revision: str) -> Iterator[Path]:
    """A folder with the product as of a commit, thrown away afterwards; nothing given: this one.

    Its static files are built by what is installed here; the tables have to be those of both.
    """
    if not revision:
        yield RACINE
        return
    with tempfile.TemporaryDirectory(prefix="carto-bench-") as dossier:
        racine = Path(dossier) / "arbre"
        _git("worktree", "add", "--detach", str(racine), revision)
        try:
            vendor = Path("static", "vendor")
            shutil.copytree(RACINE / vendor, racine / vendor, dirs_exist_ok=True)
            yield racine
        finally:
            _git("worktree", "remove", "--force", str(racine))


def commit(racine: Path) -> str:
    """The commit of a folder, and whether it was changed since."""
    return _git("describe", "--always", "--dirty", depuis=racine).strip()


def _git(*arguments: str, depuis: Path = RACINE) -> str:
    fini = subprocess.run(
        ["git", *arguments], cwd=depuis, check=True, capture_output=True, text=True
    )
    return fini.stdout
