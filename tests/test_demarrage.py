"""A start: what it does not wait for, and that it gives the same as what takes its time.

How long it takes is told by `make bench`.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie import create_app, cycles
from cartographie.carte import build_cartes
from cartographie.cartes import Carte, Cartes
from cartographie.commands.serveur import _drawn_apart
from cartographie.config import RACINE, Settings
from tests.site import objet

# Each takes a tenth of a second or more, and no page that is only read needs it.
LOURDS = ("folium", "pandas", "geopandas", "alembic", "jsonschema", "geopy", "requests", "openpyxl")


@contextmanager
def client(reglages: Settings, cartes: Cartes | None = None) -> Iterator[FlaskClient]:
    """Visit a site that is closed afterwards."""
    app = create_app(reglages, cartes=cartes)
    yield app.test_client()
    app.extensions["cartographie"].engine.dispose()


def test_a_server_starts_without_what_no_page_needs() -> None:
    """In a process of its own: this one has imported them all."""
    code = "import sys, cartographie.commands, cartographie.web; print(*sys.modules)"
    importes = subprocess.run(
        [sys.executable, "-c", code], cwd=RACINE, check=True, capture_output=True, text=True
    ).stdout.split()
    assert "cartographie.web.gestion" in importes
    assert not set(LOURDS) & set(importes)


def test_the_maps_drawn_apart_are_those_of_folium() -> None:
    reglages = Settings()
    with _drawn_apart(reglages) as cartes:
        assert cartes() == build_cartes(reglages.mention_du_fond)
        # Nothing more comes from a process that has ended: then each worker draws its own.
        assert cartes() is None


def test_pages_show_the_maps_that_are_given(base_chargee: Engine, tmp_path: Path) -> None:
    donnees = Cartes(Carte("<i>une</i>", "1", "aa"), Carte("<i>autre</i>", "2", "bb"))
    with client(Settings(database_url=str(base_chargee.url), instance=tmp_path), donnees) as visite:
        assert "<i>une</i>" in visite.get("/").text
        assert visite.get("/carte/aa.js").text == "1"
        assert "<i>autre</i>" in visite.get("/couverture?besoin=parler").text
        assert visite.get("/couverture/bb.js").text == "2"


def test_a_directory_where_nothing_is_published_answers(reglages: Settings) -> None:
    with client(reglages) as visite:
        assert visite.get("/").status_code == 200
        assert objet(visite.get("/proches?lieu=38269&besoin=parler"))["total"] == 0


def test_cycles_are_looked_for_again_afterwards() -> None:
    assert gc.isenabled()
    with cycles.without_search():
        assert not gc.isenabled()
        with cycles.without_search():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
