"""A mail server, a site that sends through it, a link that arrived. A plugin of pytest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie.config import Settings
from tests.comptes import Gestion, Horloge
from tests.partenaire import ancienne, creer, envoyer, rappeler
from tests.poste import DDFE, EXPEDITEUR, PUBLIQUE, Facteur, Poste, lien, ouvrir
from tests.site import assembler


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
    app = assembler(reglages, horloge)
    base = app.extensions["cartographie"].engine
    yield Gestion(app, base, horloge)
    base.dispose()


@pytest.fixture
def recu(bureau: Gestion, poste: Poste) -> str:
    """The path of a link that arrived for the place in La Mure, not confirmed since 2024."""
    creer(bureau, ancienne())
    rappeler(bureau)
    assert envoyer(bureau).envoyes == 1
    return lien(poste.recus[0])
