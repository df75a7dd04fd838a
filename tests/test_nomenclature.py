"""The list of components: what the locks say, in a form that other tools read, and nothing more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from cartographie.config import RACINE
from scripts.nomenclature import FICHIER, PRODUIT, build, npm_pieces, python_pieces, to_json

ECRIT = FICHIER.read_text("utf-8")
DOCUMENT: dict[str, Any] = json.loads(ECRIT)
COMPOSANTS: dict[str, dict[str, Any]] = {c["purl"]: c for c in DOCUMENT["components"]}


def epingles(verrou: str) -> set[str]:
    """Every pinned package of a lock of Python, read without the script that is tested."""
    lignes = (RACINE / verrou).read_text("utf-8").splitlines()
    return {f"pkg:pypi/{ligne.split()[0].replace('==', '@')}" for ligne in lignes if "==" in ligne}


def paquets() -> Iterator[tuple[str, dict[str, Any]]]:
    lock = json.loads((RACINE / "package-lock.json").read_text("utf-8"))
    for chemin, paquet in lock["packages"].items():
        if chemin:
            nom = chemin.split("node_modules/")[-1].replace("@", "%40")
            yield f"pkg:npm/{nom}@{paquet['version']}", paquet


def test_every_package_of_both_locks_is_there_and_no_other() -> None:
    python = {cle.rstrip(";\\") for cle in epingles("requirements-dev.txt")}
    assert len(python) > 100
    assert set(COMPOSANTS) == python | {cle for cle, _ in paquets()}


def test_what_is_served_is_told_from_what_only_tests_need() -> None:
    servis = {purl for purl, c in COMPOSANTS.items() if c["scope"] == "required"}
    npm = {cle for cle, paquet in paquets() if not paquet.get("dev")}
    assert servis == epingles("requirements.txt") | npm
    assert COMPOSANTS["pkg:npm/leaflet@1.9.4"]["licenses"] == [{"license": {"id": "BSD-2-Clause"}}]


def test_it_is_what_the_standard_asks_for() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(ECRIT) is None
    faux = ECRIT.replace('"type": "library"', '"type": "librairie"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(faux) is not None


def test_it_is_the_same_at_each_writing_and_tells_nothing_of_the_machine() -> None:
    assert to_json(build()) == to_json(build())
    assert "serialNumber" not in DOCUMENT
    assert "timestamp" not in DOCUMENT["metadata"]
    adresses = set(re.findall(r"https?://[^\"/]+", ECRIT))
    assert adresses == {"http://cyclonedx.org"}
    assert str(RACINE) not in ECRIT


def test_who_asks_for_what_is_told() -> None:
    demandes = {d["ref"]: set(d.get("dependsOn", ())) for d in DOCUMENT["dependencies"]}
    assert set(demandes) == {*COMPOSANTS, PRODUIT}
    flask = next(purl for purl in COMPOSANTS if purl.startswith("pkg:pypi/flask@"))
    werkzeug = next(purl for purl in COMPOSANTS if purl.startswith("pkg:pypi/werkzeug@"))
    assert flask in demandes[PRODUIT]
    assert werkzeug in demandes[flask]
    assert werkzeug not in demandes[PRODUIT]
    orphelins = set(COMPOSANTS) - set().union(*demandes.values())
    assert orphelins == set()


def test_most_licences_are_known() -> None:
    sans = [purl for purl, c in COMPOSANTS.items() if not c.get("licenses")]
    assert len(sans) < len(COMPOSANTS) / 20, sans


@pytest.mark.parametrize("verrou", ["requirements-dev.txt", "package-lock.json"])
def test_a_lock_that_moves_is_seen(verrou: str, tmp_path: Path) -> None:
    for nom in ("requirements.txt", "requirements-dev.txt", "package-lock.json"):
        (tmp_path / nom).write_text((RACINE / nom).read_text("utf-8"), "utf-8")
    avant = {p.purl for p in [*python_pieces(tmp_path), *npm_pieces(tmp_path)]}
    texte = (tmp_path / verrou).read_text("utf-8")
    bouge = texte.replace("ruff==", "ruff==9").replace('"version": "1.9.4"', '"version": "1.9.5"')
    (tmp_path / verrou).write_text(bouge, "utf-8")
    apres = {p.purl for p in [*python_pieces(tmp_path), *npm_pieces(tmp_path)]}
    assert len(avant ^ apres) == 2
