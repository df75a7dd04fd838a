"""Make .venv from requirements-dev.txt, once per state of that lock.

Runs under the machine's own Python, before anything is installed: standard library only. A venv
left half made by an interruption is known by its marker, and made again from nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
VENV = RACINE / ".venv"
LOCK = RACINE / "requirements-dev.txt"
STAMP = VENV / ".lock-digest"
MARKER = VENV / ".being-made"
MINIMUM = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def expected_stamp() -> str:
    """Digest of the lock: another lock, another environment."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def is_current() -> bool:
    """Whether .venv was wholly made from the present lock and still has its interpreter."""
    # The interpreter is a link to the machine's: it dies with an upgrade of the system.
    return (
        not MARKER.exists()
        and STAMP.is_file()
        and STAMP.read_text("utf-8") == expected_stamp()
        and (VENV / "bin" / "python").exists()
    )


def require_python() -> None:
    """Go on under a Python that is new enough, or stop with a sentence."""
    if sys.version_info < MINIMUM:
        for name in NEWER:
            if path := shutil.which(name):
                os.execv(path, [path, __file__])  # noqa: S606 - same script, newer Python
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise SystemExit(
            f"Il faut Python 3.11 ou plus récent ; {sys.executable} est un Python {found}. "
            "Indiquez-en un autre : make run PYTHON=/chemin/vers/python3"
        )
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(
            f"Il manque le module ensurepip à {sys.executable} : installez-le "
            "(Debian, Ubuntu : apt-get install python3-venv), puis relancez la commande."
        )


def install() -> int:
    """Create .venv where needed and install the lock into it; pip's exit code."""
    # Moving the checkout breaks a venv: its scripts name the old place.
    if MARKER.exists() or not _interpreter_runs():
        shutil.rmtree(VENV, ignore_errors=True)
    if not VENV.exists():
        VENV.mkdir()
        MARKER.touch()
        venv.create(VENV, with_pip=True, symlinks=True)
    MARKER.touch()
    environment = {"PIP_CACHE_DIR": str(RACINE / ".cache" / "pip"), **os.environ}
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "-qq"]
    command += ["--disable-pip-version-check", "--no-input", "--require-hashes", "-r", str(LOCK)]
    code = subprocess.run(command, env=environment, check=False).returncode
    if code == 0:
        STAMP.write_text(expected_stamp(), "utf-8")
        MARKER.unlink()
    return code


def _interpreter_runs() -> bool:
    python = VENV / "bin" / "python"
    if not python.exists():
        return False
    probe = [str(python), "-c", "import pip, sys; print(sys.prefix)"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    return done.returncode == 0 and Path(done.stdout.strip()) == VENV


def main() -> int:
    """0 when .venv is ready."""
    if is_current():
        return 0
    require_python()
    print("Installation des bibliothèques dans .venv (une minute environ)…", flush=True)
    try:
        code = install()
    except KeyboardInterrupt:
        print("Interrompu : relancez la commande, elle recommencera.", file=sys.stderr)
        return 130
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"L’environnement .venv n’a pas pu être créé : {error}", file=sys.stderr)
        return 1
    if code:
        print(
            "pip n’a pas pu installer requirements-dev.txt (message ci-dessus). "
            "Le réseau est nécessaire la première fois ; relancez la commande.",
            file=sys.stderr,
        )
    return code


if __name__ == "__main__":
    sys.exit(main())
