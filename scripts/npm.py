"""Install what package-lock.json names, with the npm of the Python lock: no Node needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
FILES = ("package.json", "package-lock.json", ".npmrc")


class NpmError(RuntimeError):
    """The packages could not be installed; trying again helps when the network was at fault."""


def install_packages(kept: Path, folder: Path) -> Path:
    """Give the node_modules of the lock: those of `kept`, else installed in `folder` first.

    No script of a package runs, and the digests of the lock are checked by npm itself.
    """
    lock = (RACINE / "package-lock.json").read_bytes()
    stamp = kept / "package-lock.json"
    if (kept / "node_modules").is_dir() and stamp.is_file() and stamp.read_bytes() == lock:
        return kept / "node_modules"
    _install(folder)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    shutil.rmtree(kept, ignore_errors=True)
    folder.rename(kept)
    return kept / "node_modules"


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(RACINE / name, folder / name)
    npm = Path(sys.executable).parent / "npm"
    if not npm.exists():
        raise NpmError(f"npm manque dans {npm.parent} : lancez « make install ».")
    command = [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += ["--cache", str(folder / "cache")]
    # The machine's certificates, as pip and git do: behind a company's proxy Node's own fail.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise NpmError(
            "npm n’a pas pu installer les paquets de package-lock.json (message ci-dessus). "
            "Le réseau est nécessaire la première fois ; relancez la commande."
        )
