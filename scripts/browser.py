"""The Chromium that tests and captures drive: the machine's own, else one installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PLAYWRIGHT = RACINE / ".cache" / "playwright"
# Where playwright unpacks its own, by system and version.
PLAYWRIGHT_PATTERNS = (
    "chromium-*/chrome-*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


class BrowserError(RuntimeError):
    """No Chromium could be had: the sentence says what to do."""


def find_chromium() -> Path | None:
    """The first Chromium that starts: `CHROMIUM` (the variable), the machine's, playwright's own.

    A wrong `CHROMIUM` is an error, never silently passed over.
    """
    if chosen := os.environ.get("CHROMIUM"):
        if not _starts(Path(chosen)):
            raise BrowserError(f"CHROMIUM ne désigne pas un Chromium qui démarre : {chosen}")
        return Path(chosen)
    return next((path for path in _candidates() if _starts(path)), None)


def ensure_chromium() -> Path:
    """A Chromium that starts, installed if need be."""
    if found := find_chromium():
        return found
    print("Installation de Chromium pour les essais dans le navigateur…", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    if not (found := find_chromium()):
        _run(sys.executable, "-m", "playwright", "install", "chromium")
        found = find_chromium()
    if found is None:
        raise BrowserError(
            "Aucun Chromium sur cette machine, et il n’a pas pu être installé : installez-le "
            "(Debian, Ubuntu : apt-get install chromium) ou indiquez-le par CHROMIUM."
        )
    return found


def _candidates() -> Iterator[Path]:
    for name in NAMES:
        if path := shutil.which(name):
            yield Path(path)
    yield MACOS
    for pattern in PLAYWRIGHT_PATTERNS:
        yield from sorted(PLAYWRIGHT.glob(pattern), reverse=True)


def _starts(path: Path) -> bool:
    """Whether it answers at all: some distributions install a `chromium` that only says no."""
    try:
        done = subprocess.run(
            [str(path), "--version"], capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _run(*command: str) -> None:
    """Run an installer; what counts is whether a Chromium is there afterwards."""
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "PLAYWRIGHT_BROWSERS_PATH": str(PLAYWRIGHT),
    }
    quiet = subprocess.DEVNULL if command[0] == "apt-get" else None
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=quiet, check=False)


def main() -> int:
    """0 when a Chromium is ready."""
    try:
        ensure_chromium()
    except KeyboardInterrupt:
        print("Interrompu : relancez la commande, elle recommencera.", file=sys.stderr)
        return 130
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
