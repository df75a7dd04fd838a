"""What tests of the form share: a geocoder that is told what to answer, faults by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from cartographie.acteurs import (
    Localisation,
)
from cartographie.saisies import Lecture

JOUR = date(2026, 3, 10)


class Geocodage:
    """Answers what it is told, and counts how often it is asked."""

    def __init__(self, reponse: Localisation | Exception) -> None:
        self.reponse = reponse
        self.questions: list[tuple[str, str, str]] = []

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        self.questions.append((adresse, code_postal, commune or code_insee))
        if isinstance(self.reponse, Exception):
            raise self.reponse
        return replace(self.reponse, adresse=adresse)


Lire = Callable[..., Lecture]


def messages(lecture: Lecture) -> dict[str, str]:
    return {faute.champ: faute.message for faute in lecture.fautes}
