"""Tiles that were relayed once: kept as files, by several processes, within a bound."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from cartographie.errors import TuileIndisponible
from cartographie.tuiles import CacheTuiles, Relais, Tuile, nature
from cartographie.tuiles.grille import tuile_de
from tests.amont import TUILE, Amont

pytest_plugins = ("tests.amont",)

GRENOBLE = tuile_de(5.724, 45.188, 12)


def test_another_process_finds_what_one_kept(source: Amont, tmp_path: Path) -> None:
    premier, second = (Relais(source.modele, tmp_path) for _ in range(2))
    premier.image(GRENOBLE)
    attendre_fichier(tmp_path)
    source.mode = "erreur"
    assert second.image(GRENOBLE) == (TUILE, "image/png")
    with pytest.raises(TuileIndisponible):
        Relais(source.modele + "?autre", tmp_path).image(GRENOBLE)


def test_a_kept_tile_outlives_its_upstream(
    source: Amont, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Relais(source.modele, tmp_path).image(GRENOBLE)
    attendre_fichier(tmp_path)
    source.mode = "erreur"
    plus_tard = time.time() + 90 * 86_400
    monkeypatch.setattr("cartographie.tuiles.cache.time.time", lambda: plus_tard)
    assert Relais(source.modele, tmp_path).image(GRENOBLE) == (TUILE, "image/png")
    assert len(source.demandes) == 2


def test_a_broken_file_is_asked_for_again(source: Amont, tmp_path: Path) -> None:
    relais = Relais(source.modele, tmp_path)
    relais.image(GRENOBLE)
    attendre_fichier(tmp_path).write_bytes(TUILE[:100])
    assert relais.image(GRENOBLE) == (TUILE, "image/png")


def test_the_folder_keeps_to_its_bound_and_what_serves_stays(tmp_path: Path) -> None:
    borne = 40 * len(TUILE)
    cache = CacheTuiles(tmp_path, "essai", borne)
    instants = count(time.time() - 100_000, 10)
    aimee = Tuile(18, 0, 0)
    for n in range(200):
        cache.write(Tuile(18, n, 0), TUILE)
        fichier = tmp_path / "essai" / "18" / str(n) / "0"
        instant = next(instants)
        os.utime(fichier, (instant, instant))
        assert cache.read(aimee)
    tailles = [f.stat().st_size for f in tmp_path.rglob("*") if f.is_file()]
    assert 20 * len(TUILE) < sum(tailles) <= borne
    assert cache.read(Tuile(18, 199, 0))
    assert cache.read(Tuile(18, 5, 0)) is None


def test_two_processes_that_write_and_clear_leave_only_whole_tiles(tmp_path: Path) -> None:
    caches = [CacheTuiles(tmp_path, "essai", 10 * len(TUILE)) for _ in range(4)]

    def ecrire(n: int) -> None:
        caches[n % 4].write(Tuile(18, n % 25, 0), TUILE)

    with ThreadPoolExecutor(4) as processus:
        list(processus.map(ecrire, range(400)))
    fichiers = [f for f in tmp_path.rglob("*") if f.is_file()]
    assert fichiers
    assert all(nature(f.read_bytes()) and not f.name.startswith(".") for f in fichiers)


def test_a_disk_that_refuses_does_not_stop_the_tiles(source: Amont, tmp_path: Path) -> None:
    fichier = tmp_path / "pas-un-dossier"
    fichier.write_text("")
    assert Relais(source.modele, fichier).image(GRENOBLE) == (TUILE, "image/png")


def attendre_fichier(dossier: Path) -> Path:
    """The tile is written once its reader has it: a moment later."""
    fin = time.monotonic() + 5
    while time.monotonic() < fin:
        for fichier in dossier.rglob("*"):
            if fichier.is_file() and not fichier.name.startswith("."):
                return fichier
        time.sleep(0.02)
    raise AssertionError("nothing was kept")
