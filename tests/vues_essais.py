"""The site on which every page has something to show. A plugin of pytest."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask, template_rendered
from jinja2 import Template
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests.vues import Vue, vues
from tests.vues_ecran import Ecran
from tests.vues_monde import Monde, build


@pytest.fixture(scope="session")
def monde(base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monde]:
    """The site on which every page has something to show."""
    monde = build(base_chargee, tmp_path_factory.mktemp("monde"))
    yield monde
    monde.gestion.engine.dispose()


@pytest.fixture(scope="session")
def rendus(monde: Monde) -> Iterator[set[str]]:
    """The templates rendered since the site was built."""
    noms: set[str] = set()

    def noter(_app: Flask, template: Template, **_reste: object) -> None:
        noms.add(str(template.name))

    with template_rendered.connected_to(noter, monde.app):
        yield noms


@pytest.fixture(scope="session")
def toutes(monde: Monde, rendus: set[str]) -> list[Vue]:
    """Every page, every state."""
    return vues(monde)


@pytest.fixture(scope="session")
def ecran(monde: Monde, toutes: list[Vue]) -> Iterator[Ecran]:
    """The same, listening."""
    serveur = make_server("127.0.0.1", 0, monde.app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield Ecran(monde, f"http://127.0.0.1:{serveur.server_port}", toutes)
    serveur.shutdown()
