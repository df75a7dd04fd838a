"""Make .venv from a lock (`requirements-dev.txt` unless another is named), once per state of it.

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
DEFAULT_LOCK = RACINE / "requirements-dev.txt"
# Everything comes as wheels but the packages below. What builds those is locked too: left to
# itself pip would fetch a setuptools of its own choice, without any digest.
BUILD_LOCK = RACINE / "requirements-build.txt"
BUILT_HERE = "flask-principal"
STAMP = VENV / ".lock-digest"
MARKER = VENV / ".being-made"
MINIMUM = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def expected_stamp(lock: Path) -> str:
    """Digest of the locks: other locks, another environment."""
    return hashlib.sha256(BUILD_LOCK.read_bytes() + lock.read_bytes()).hexdigest()


def is_current(lock: Path) -> bool:
    """Whether .venv was wholly made from the present lock and still has its interpreter."""
    # The interpreter is a link to the machine's: it dies with an upgrade of the system.
    return (
        not MARKER.exists()
        and STAMP.is_file()
        and STAMP.read_text("utf-8") == expected_stamp(lock)
        and (VENV / "bin" / "python").exists()
    )


def require_python() -> None:
    """Go on under a Python that is new enough, or stop with a sentence."""
    if sys.version_info < MINIMUM:
        for name in NEWER:
            if path := shutil.which(name):
                os.execv(path, [path, *sys.argv])  # noqa: S606 - same script, newer Python
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


def install(lock: Path) -> int:
    """Create .venv where needed and install the lock into it; pip's exit code."""
    # Moving the checkout breaks a venv: its scripts name the old place.
    if MARKER.exists() or not _interpreter_runs():
        shutil.rmtree(VENV, ignore_errors=True)
    if not VENV.exists():
        VENV.mkdir()
        MARKER.touch()
        venv.create(VENV, with_pip=True, symlinks=True)
    MARKER.touch()
    wheels = ["--only-binary", ":all:"]
    built = ["--no-binary", BUILT_HERE, "--no-build-isolation", "--use-pep517"]
    code = _pip_install(BUILD_LOCK, wheels) or _pip_install(lock, wheels + built)
    if code == 0:
        STAMP.write_text(expected_stamp(lock), "utf-8")
        MARKER.unlink()
    return code


def _pip_install(lock: Path, options: list[str]) -> int:
    environment = {"PIP_CACHE_DIR": str(RACINE / ".cache" / "pip"), **os.environ}
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-input"]
    command += ["--disable-pip-version-check", "--require-hashes", *options, "-r", str(lock)]
    return subprocess.run(command, env=environment, check=False).returncode


def _interpreter_runs() -> bool:
    python = VENV / "bin" / "python"
    if not python.exists():
        return False
    probe = [str(python), "-c", "import pip, sys; print(sys.prefix)"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    return done.returncode == 0 and Path(done.stdout.strip()) == VENV


def main(lock: Path) -> int:
    """0 when .venv is ready."""
    if is_current(lock):
        return 0
    require_python()
    print("Installation des bibliothèques dans .venv (une minute environ)…", flush=True)
    try:
        code = install(lock)
    except KeyboardInterrupt:
        print("Interrompu : relancez la commande, elle recommencera.", file=sys.stderr)
        return 130
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"L’environnement .venv n’a pas pu être créé : {error}", file=sys.stderr)
        return 1
    if code:
        print(
            f"pip n’a pas pu installer {lock.name} (message ci-dessus). "
            "Le réseau est nécessaire la première fois ; relancez la commande.",
            file=sys.stderr,
        )
    return code


if __name__ == "__main__":
    sys.exit(main(RACINE / sys.argv[1] if len(sys.argv) > 1 else DEFAULT_LOCK))
