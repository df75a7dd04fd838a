"""Opening hours: open, closed or unknown at a moment, and when that changes.

`horaires` is text in OSM opening_hours syntax. Every moment is read in Europe/Paris, whatever the
zone of the server; nothing here reads a clock. Unknown stays unknown: what cannot be evaluated
faithfully is neither open nor closed, and is shown as it was typed.
"""

from cartographie.horaires.etat import Ouverture, a_la_minute, anciennete_fr, lisible, ouverture
from cartographie.horaires.hors_table import horaires_fr
from cartographie.horaires.mots import JOURS, MOIS
from cartographie.horaires.regles import LONGUEUR_MAX, PARIS, Etat
from cartographie.horaires.semaine import semaine

__all__ = [
    "JOURS",
    "LONGUEUR_MAX",
    "MOIS",
    "PARIS",
    "Etat",
    "Ouverture",
    "a_la_minute",
    "anciennete_fr",
    "horaires_fr",
    "lisible",
    "ouverture",
    "semaine",
]
