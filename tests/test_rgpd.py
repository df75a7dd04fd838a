"""The register of personal data: one source, complete, and the same wherever it is read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cartographie.config import RACINE
from cartographie.database import Base
from cartographie.errors import DonneesError
from cartographie.referentiel import Referentiel
from cartographie.traitements import FICHIER, load_traitements, to_markdown
from tests.site import lire, texte

# What the protocol says, one number, the days on which public records changed: nobody is in them.
SANS_PERSONNE = {
    "periode", "organisation", "axe", "objectif", "action", "indicateur", "version", "journal",
}  # fmt: skip


def test_every_table_has_its_line_or_holds_nobody() -> None:
    inscrites = [nom for t in load_traitements(RACINE / "data") for nom in t.tables]
    assert len(inscrites) == len(set(inscrites))
    assert set(inscrites) | SANS_PERSONNE == set(Base.metadata.tables)
    assert not set(inscrites) & SANS_PERSONNE


def test_the_document_is_the_register() -> None:
    document = (RACINE / "docs" / "rgpd.md").read_text(encoding="utf-8")
    assert document.endswith(to_markdown(load_traitements(RACINE / "data")))


def test_the_page_shows_every_line(client: FlaskClient) -> None:
    page = texte(lire(client.get("/donnees-personnelles").text))
    for traitement in load_traitements(RACINE / "data"):
        for dit in (traitement.nom, traitement.finalite, traitement.donnees, traitement.duree):
            assert dit in page


def test_a_line_that_lacks_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / FICHIER).write_text(json.dumps({"traitements": [{"code": "x"}]}))
    with pytest.raises(DonneesError, match="x"):
        load_traitements(tmp_path)


def test_a_folder_of_data_without_the_register_stops_the_start(tmp_path: Path) -> None:
    dossier = tmp_path / "data"
    shutil.copytree(RACINE / "data", dossier)
    (dossier / FICHIER).unlink()
    with pytest.raises(DonneesError, match=f"{FICHIER} : le fichier manque"):
        Referentiel.load(dossier)
