"""One hostile site for all of these proofs: nothing here changes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.injection.monde import Monde, build


@pytest.fixture(scope="session")
def monde(modele: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monde]:
    """Built once for each process."""
    bati = build(modele, tmp_path_factory.mktemp("injection"))
    yield bati
    bati.gestion.app.extensions["mesures"].flush()
    bati.gestion.engine.dispose()
