"""Hours that fit no table of the week, told in words."""

from __future__ import annotations

import re

from cartographie.horaires.etat import lisible

MOTS_OSM = {
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
    "PH": "jours fériés",
    "off": "fermé",
    "closed": "fermé",
    "unknown": "(à confirmer)",
}


def horaires_fr(horaires: str) -> str:
    """OSM words in French, `mercredi 9 h 30 – 18 h ; samedi…`; what cannot be read, as typed."""
    if not lisible(horaires):
        return horaires
    phrase = re.sub(r'unknown\s*"([^"]*)"', r"(\1)", horaires)
    phrase = re.sub(r"\b0?(\d{1,2}):(\d\d)\b", r"\1 h \2", phrase).replace(" h 00", " h")
    phrase = re.sub(r"( h(?: \d\d)?)-(?=\d)", r"\1 – ", phrase)
    phrase = re.sub(r"\s*;\s*", " ; ", phrase)
    return re.sub(r"\b[A-Za-z]+\b", lambda mot: MOTS_OSM.get(mot[0], mot[0]), phrase)
