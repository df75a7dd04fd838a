"""Two sites over the real records, which only their hidden side tells apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie.database import make_engine
from cartographie.referentiel import Referentiel
from tests import bases
from tests.mondes.monde import Jumeaux, ouvrir, peupler

NOMS = ("nu", "plein")


@pytest.fixture(scope="module")
def jumeaux(
    base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory, referentiel: Referentiel
) -> Iterator[Jumeaux]:
    """On the engine of this run."""
    dossier = tmp_path_factory.mktemp("jumeaux")
    adresses = []
    for nom in NOMS:
        adresses.append(bases.copier(base_chargee, dossier, nom))
        engine = make_engine(adresses[-1])
        peupler(engine, referentiel, cacher=nom == "plein")
        engine.dispose()
    yield from servis(ouvrir((adresses[0], adresses[1]), dossier))


@pytest.fixture
def jumeaux_postgresql(
    base_vide: Callable[..., str], tmp_path: Path, referentiel: Referentiel
) -> Iterator[Jumeaux]:
    """On PostgreSQL."""
    adresses = [base_vide("postgresql", nom) for nom in NOMS]
    for nom, adresse in zip(NOMS, adresses, strict=True):
        engine = make_engine(adresse)
        peupler(engine, referentiel, cacher=nom == "plein", vide=True)
        engine.dispose()
    yield from servis(ouvrir((adresses[0], adresses[1]), tmp_path))


def servis(jumeaux: Jumeaux) -> Iterator[Jumeaux]:
    """Both, then nothing is left to a thread that would look for a database that went."""
    yield jumeaux
    for monde in jumeaux.tous:
        monde.compter()
        monde.engine.dispose()
