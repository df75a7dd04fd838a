"""Looking for the addresses of a file, one after the other: stopped and resumed at any moment.

Nothing is held but the question being asked: each answer is committed before the next question,
so that a process that is killed loses none, and nothing that was answered is asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from cartographie import lots
from cartographie.acteurs import Localisation
from cartographie.database import transaction
from cartographie.errors import (
    AdresseAmbigue,
    AdresseIntrouvable,
    GeocodageError,
    GeocodeurInjoignable,
)
from cartographie.geocodage import Geocodeur
from cartographie.placement import Question

MUET = "Le géocodeur ne répond pas : reprenez plus tard, rien n’est perdu."
RAISONS = {AdresseIntrouvable: "adresse introuvable", AdresseAmbigue: "adresse ambiguë"}


def search_addresses(
    engine: Engine,
    numero: int,
    geocodeur: Geocodeur,
    horloge: Callable[[], datetime],
    dire: Callable[[], None] = lambda: None,
) -> None:
    """Answer the questions of a file that `lots.start` took; `dire` is called after each."""
    try:
        while True:
            with transaction(engine) as session:
                suite = lots.next_question(session, numero, horloge())
            if suite is None:
                return
            cle, question = suite
            try:
                reponse = _ask(geocodeur, question)
            except GeocodeurInjoignable:
                with transaction(engine) as session:
                    lots.stop(session, numero, MUET)
                return
            with transaction(engine) as session:
                lots.note(session, cle, reponse)
            dire()
    finally:
        with transaction(engine) as session:
            lots.release(session, numero)


def _ask(geocodeur: Geocodeur, question: Question) -> Localisation | str:
    try:
        return geocodeur.geocoder(
            question.adresse, question.code_postal, question.commune, question.code_insee
        )
    except GeocodeurInjoignable:
        raise
    except GeocodageError as erreur:
        return RAISONS.get(type(erreur), "adresse introuvable")
