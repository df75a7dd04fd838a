"""A directory with a place of La Mure and a shelter, and two editors.

A plugin of pytest, named by the test modules that edit records over a real site.
"""

from __future__ import annotations

import pytest
from flask import Flask

from cartographie.geocodage import GeocodeurCommunes
from cartographie.referentiel import Referentiel
from tests.comptes import Gestion, Navigateur, connecter
from tests.fabrique import accueil, refuge
from tests.formulaires import (
    ajouter,
    poser_geocodeur,
)


@pytest.fixture
def mure(gestion: Gestion, referentiel: Referentiel) -> Flask:
    """A directory with a place of La Mure and a shelter, on each engine."""
    poser_geocodeur(gestion.app, GeocodeurCommunes(referentiel.communes))
    ajouter(gestion.app, accueil(), refuge())
    return gestion.app


@pytest.fixture
def collegue(gestion: Gestion) -> Navigateur:
    """A second editor."""
    navigateur = Navigateur(gestion.app)
    connecter(navigateur.client, "editeur", "collegue@exemple.fr")
    return navigateur
