"""The protocol as values: what was promised, by whom, until when, and what was measured.

One file of `data/` is one period (`protocole-2022-2024.json`): the next protocol is a new file.
"""

from cartographie.protocole.lecture import load_protocole
from cartographie.protocole.valeurs import (
    Action,
    Axe,
    Cible,
    Nature,
    Objectif,
    Organisation,
    Periode,
    Protocole,
    Releve,
    Theme,
)

__all__ = [
    "Action",
    "Axe",
    "Cible",
    "Nature",
    "Objectif",
    "Organisation",
    "Periode",
    "Protocole",
    "Releve",
    "Theme",
    "load_protocole",
]
