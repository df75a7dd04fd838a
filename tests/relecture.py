"""The form of a record, posted without web and without base.

A plugin of pytest, named by the test modules that read forms.
"""

from __future__ import annotations

from typing import Any

import pytest

from cartographie.acteurs import (
    Saisie,
)
from cartographie.geocodage import Geocodeur, GeocodeurCommunes
from cartographie.referentiel import Referentiel
from cartographie.saisies import Contexte, Lecture, ecrire, lire
from tests.lectures import JOUR, Lire


@pytest.fixture
def relire(referentiel: Referentiel) -> Lire:
    """Post the form of a record with some fields changed; None takes a field away."""

    def faire(saisie: Saisie, geocodeur: Geocodeur | None = None, **changes: Any) -> Lecture:  # noqa: ANN401
        champs: dict[str, Any] = dict(ecrire(saisie, referentiel.communes))
        for nom, valeur in changes.items():
            champs[nom] = valeur if isinstance(valeur, list) else [valeur]
        par_defaut = GeocodeurCommunes(referentiel.communes)
        contexte = Contexte(referentiel, geocodeur or par_defaut, JOUR, "Camille")
        return lire(champs, saisie, contexte)

    return faire
