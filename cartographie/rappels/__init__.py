"""Reminders to partners: who is to be written to on a day, to which address, and in what words.

Pure functions over values; `courrier` keeps the rows, `relances` does the deeds.
"""

from cartographie.rappels.echeances import (
    A_REGARDER,
    ATTENTE_REPONSE,
    MUETS,
    VALIDITE,
    Envoi,
    LienVu,
    Situation,
    Suivi,
    Veille,
    address,
    is_visible,
    watch,
)
from cartographie.rappels.texte import SUJET, write

__all__ = [
    "ATTENTE_REPONSE",
    "A_REGARDER",
    "MUETS",
    "SUJET",
    "VALIDITE",
    "Envoi",
    "LienVu",
    "Situation",
    "Suivi",
    "Veille",
    "address",
    "is_visible",
    "watch",
    "write",
]
