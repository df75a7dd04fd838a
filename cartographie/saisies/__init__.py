"""The form of a record: its fields ↔ Saisie, without Flask and without a database.

Fields are named by the dotted paths of the record (`implantations.0.adresse`), so that a Faute
stands beside its field. What was not touched is kept as it was, to the letter: a field is read
against the record that the form was made of.
"""

from cartographie.saisies.champs import Champs, rangs, un
from cartographie.saisies.creation import Creation, lire_creation, slug_neutre
from cartographie.saisies.ecriture import ecrire
from cartographie.saisies.lecture import Contexte, Lecture, lire
from cartographie.saisies.lieux import Avis
from cartographie.saisies.partenaire import changes, read_partner, shown

__all__ = [
    "Avis",
    "Champs",
    "Contexte",
    "Creation",
    "Lecture",
    "changes",
    "ecrire",
    "lire",
    "lire_creation",
    "rangs",
    "read_partner",
    "shown",
    "slug_neutre",
    "un",
]
