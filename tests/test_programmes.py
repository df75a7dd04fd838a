"""Programs that tests need: found or told of, never silently another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import browser, nginx
from scripts.programmes import ProgrammeError, exit_code

TROUVER: dict[str, Callable[[], Path | None]] = {
    "NGINX": nginx.find_nginx,
    "CHROMIUM": browser.find_chromium,
}


def programme(dossier: Path, code: int) -> Path:
    """A program that ends with this code, whatever it is asked."""
    fichier = dossier / f"programme-{code}"
    fichier.write_text(f"#!/bin/sh\nexit {code}\n")
    fichier.chmod(0o755)
    return fichier


@pytest.mark.parametrize("variable", TROUVER)
def test_the_variable_names_the_program(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bon = programme(tmp_path, 0)
    monkeypatch.setenv(variable, str(bon))
    assert TROUVER[variable]() == bon
    for mauvais in (programme(tmp_path, 1), tmp_path / "absent"):
        monkeypatch.setenv(variable, str(mauvais))
        with pytest.raises(ProgrammeError, match=f"{variable} ne désigne pas.*{mauvais.name}"):
            TROUVER[variable]()


def test_what_the_machine_lacks_is_told_in_a_sentence_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No nginx, and no apt-get to have one unpacked: as on a machine that is not Debian."""
    monkeypatch.delenv("NGINX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nginx, "FOLDERS", (str(tmp_path),))
    assert exit_code(nginx.ensure_nginx) == 1
    dit = capsys.readouterr()
    assert "apt-get install nginx-light" in dit.err
    assert "NGINX" in dit.err
    assert list(tmp_path.iterdir()) == []


def test_a_ready_program_is_a_success(tmp_path: Path) -> None:
    assert exit_code(lambda: programme(tmp_path, 0)) == 0
