"""The Chromium that tests and captures drive: the machine's own, else one installed here."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.programmes import (
    ProgrammeError,
    apt_install,
    exit_code,
    first_that_starts,
    run_installer,
)

RACINE = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PLAYWRIGHT = RACINE / ".cache" / "playwright"
# Where playwright unpacks its own, by system and version.
PLAYWRIGHT_PATTERNS = (
    "chromium-*/chrome-*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def find_chromium() -> Path | None:
    """The first Chromium that starts: `CHROMIUM` (the variable), the machine's, playwright's own.

    Raises ProgrammeError when the variable is wrong.
    """
    return first_that_starts("CHROMIUM", "Chromium", _candidates(), "--version")


def ensure_chromium() -> Path:
    """A Chromium that starts, installed if need be."""
    if found := find_chromium():
        return found
    print("Installation de Chromium pour les essais dans le navigateur…", flush=True)
    apt_install("chromium")
    if not (found := find_chromium()):
        command = (sys.executable, "-m", "playwright", "install", "chromium")
        run_installer(*command, environ={"PLAYWRIGHT_BROWSERS_PATH": str(PLAYWRIGHT)})
        found = find_chromium()
    if found is None:
        raise ProgrammeError(
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


def main() -> int:
    """0 when a Chromium is ready."""
    return exit_code(ensure_chromium)


if __name__ == "__main__":
    sys.exit(main())
