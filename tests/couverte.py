"""What tests of the coverage have in common: a question, a place to go to, who is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cartographie.acteurs import Acces, Fiche, Implantation, Localisation, Precision
from cartographie.couverture import Critere, Question
from cartographie.referentiel import Referentiel

PARLER = Question(Critere.BESOIN, "parler")


def porte(
    referentiel: Referentiel, code: str, precision: Precision = Precision.ADRESSE
) -> Implantation:
    commune = referentiel.communes.insee(code)
    assert commune is not None
    return Implantation(
        Localisation(
            commune.longitude, commune.latitude, precision, commune=commune.nom, code_insee=code
        )
    )


def fiche(slug: str, **valeurs: Any) -> Fiche:  # noqa: ANN401
    return replace(Fiche(slug, slug, "LEAO", Acces.DIRECT), **valeurs)
