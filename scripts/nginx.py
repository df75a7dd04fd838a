"""The nginx that the proof of the deployment drives: the machine's, else Debian's unpacked here.

Unpacked rather than installed: the package would start a server on port 80.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.programmes import ProgrammeError, apt_unpack, exit_code, first_that_starts

UNPACKED = Path(__file__).resolve().parent.parent / ".cache" / "nginx"
# Which of them holds the program depends on the release.
PACKAGES = ("nginx", "nginx-light")
# Not in everybody's path.
FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", str(UNPACKED / "usr" / "sbin"))


def find_nginx() -> Path | None:
    """The first nginx that starts: `NGINX` (the variable), else the machine's."""
    return first_that_starts("NGINX", "nginx", _candidates(), "-v")


def ensure_nginx() -> Path:
    """An nginx that starts, installed if need be."""
    if found := find_nginx():
        return found
    print("Installation de nginx pour les preuves…", flush=True)
    apt_unpack(PACKAGES, UNPACKED)
    if found := find_nginx():
        return found
    raise ProgrammeError(
        "Aucun nginx sur cette machine, et il n’a pas pu être installé : installez-le "
        "(Debian, Ubuntu : apt-get install nginx-light) ou indiquez-le par NGINX."
    )


def _candidates() -> Iterator[Path]:
    if path := shutil.which("nginx"):
        yield Path(path)
    for folder in FOLDERS:
        yield Path(folder) / "nginx"


def main() -> int:
    """0 when an nginx is ready."""
    return exit_code(ensure_nginx)


if __name__ == "__main__":
    sys.exit(main())
