"""Programs of the machine that tests need: found, else installed by its package manager."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path


class ProgrammeError(RuntimeError):
    """A program could not be had: the sentence says what to do."""


def starts(path: Path, option: str) -> bool:
    """Whether it answers at all: some distributions install a program that only says no."""
    try:
        done = subprocess.run([str(path), option], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def first_that_starts(
    variable: str, nom: str, candidates: Iterable[Path], option: str
) -> Path | None:
    """The program that `variable` names, else the first candidate that starts.

    A wrong variable is an error, never silently passed over.
    """
    if chosen := os.environ.get(variable):
        if not starts(Path(chosen), option):
            raise ProgrammeError(f"{variable} ne désigne pas un {nom} qui démarre : {chosen}")
        return Path(chosen)
    return next((path for path in candidates if starts(path, option)), None)


def apt_install(package: str) -> None:
    """Install a package of Debian when that is possible: as root, with apt-get."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        run_installer("apt-get", "update", "-qq")
        run_installer("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)


def apt_unpack(packages: Iterable[str], folder: Path) -> None:
    """Unpack packages of Debian into a folder: nothing is installed, no service is started.

    Needs apt-get and its lists, and no right on the machine.
    """
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    if os.geteuid() == 0:
        run_installer("apt-get", "update", "-qq")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # One at a time: which of them exist depends on the release.
    for package in packages:
        options = ("-o", "APT::Sandbox::User=root", "-qq")
        run_installer("apt-get", *options, "download", package, cwd=folder, silent=True)
    for archive in folder.glob("*.deb"):
        run_installer("dpkg-deb", "-x", str(archive), str(folder))


def run_installer(
    *command: str,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    silent: bool = False,
) -> None:
    """Run an installer; what counts is whether the program is there afterwards."""
    subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", **(environ or {})},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if silent or command[0] == "apt-get" else None,
        stderr=subprocess.DEVNULL if silent else None,
        check=False,
    )


def exit_code(ensure: Callable[[], Path]) -> int:
    """0 when the program is ready; else what is wrong is told."""
    try:
        ensure()
    except KeyboardInterrupt:
        print("Interrompu : relancez la commande, elle recommencera.", file=sys.stderr)
        return 130
    except ProgrammeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
