"""Where nobody is: how far each commune of Isère is from the nearest place one can go to.

Made of the Fiches of a Catalogue and of the embedded communes alone. Every distance is a straight
line in Lambert-93 metres, from the reference point of the commune; its inhabitants stand there.
"""

from __future__ import annotations

from cartographie.couverture.calcul import couvrir, mesurer
from cartographie.couverture.question import demander_couverture, intitule, lire_question
from cartographie.couverture.simulation import Changement, Essai, Simulation, simuler
from cartographie.couverture.valeurs import (
    CLASSES,
    LOIN_KM,
    RAYONS_KM,
    SANS_LIEU,
    Bilan,
    CommuneCouverte,
    Couverture,
    Critere,
    Destination,
    EpciCouvert,
    Manque,
    Question,
)

__all__ = [
    "CLASSES",
    "LOIN_KM",
    "RAYONS_KM",
    "SANS_LIEU",
    "Bilan",
    "Changement",
    "CommuneCouverte",
    "Couverture",
    "Critere",
    "Destination",
    "EpciCouvert",
    "Essai",
    "Manque",
    "Question",
    "Simulation",
    "couvrir",
    "demander_couverture",
    "intitule",
    "lire_question",
    "mesurer",
    "simuler",
]
