"""The protocol as values: what was promised, by whom, until when, and what was measured.

One file of `data/` is one period (`protocole-2022-2024.json`): the next protocol is a new file.
"""

from cartographie.protocole.ecriture import write_document
from cartographie.protocole.lecture import build_protocole, load_protocole
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
    "build_protocole",
    "load_protocole",
    "write_document",
]
