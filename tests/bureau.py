"""A mail server, and a site that sends through it. A plugin of pytest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie import create_app
from cartographie.config import Settings
from tests.comptes import Gestion, Horloge
from tests.poste import DDFE, EXPEDITEUR, PUBLIQUE, Facteur, Poste, ouvrir


@pytest.fixture
def poste() -> Iterator[Poste]:
    """A mail server for one test."""
    yield from ouvrir(Facteur())


@pytest.fixture
def bureau(engine: Engine, tmp_path: Path, poste: Poste) -> Iterator[Gestion]:
    """A site that sends, over an empty directory, on each engine; its clock moves."""
    horloge = Horloge()
    reglages = Settings(
        database_url=engine.url.render_as_string(hide_password=False),
        instance=tmp_path / "instance",
        smtp_url=poste.url,
        courriel_expediteur=EXPEDITEUR,
        courriel_ddfe=DDFE,
        url_publique=PUBLIQUE,
    )
    app = create_app(reglages, horloge=horloge)
    base = app.extensions["cartographie"].engine
    yield Gestion(app, base, horloge)
    base.dispose()
