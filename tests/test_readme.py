"""README promises settings and commands: hold it to what the software has."""

from __future__ import annotations

import re

from cartographie.config import RACINE, settings_table

README = (RACINE / "README.md").read_text("utf-8")
ROW = re.compile(r"^\| `(CARTO_\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def test_every_setting_is_documented_with_its_default_and_help() -> None:
    assert tuple(ROW.findall(README)) == settings_table()


def test_every_file_named_in_readme_exists() -> None:
    named = re.findall(r"`((?:docs|deploy|data|scripts)/[\w./-]+)`", README)
    assert named
    assert [name for name in named if not (RACINE / name).exists()] == []


def test_every_make_command_named_in_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (RACINE / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets


def test_no_lock_names_a_registry_or_a_machine() -> None:
    locks = [*RACINE.glob("requirements*.txt"), RACINE / "package-lock.json", RACINE / ".npmrc"]
    for lock in locks:
        # Who asks for money for a package is not where it comes from.
        text = re.sub(r'"url": "https://[^"]+"', "", lock.read_text("utf-8"))
        assert not re.search(r"https?://|file:|--(extra-)?index|find-links|\"resolved\"", text), (
            lock.name
        )
