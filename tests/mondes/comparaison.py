"""A whole story told to two worlds: questions in both, hidden gestures in one, time for both."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from tests.mondes.gestes import Derriere, Devant
from tests.mondes.hasard import Demande, Hasard, en_mots
from tests.mondes.monde import Jumeaux, vue

# One hidden gesture, public gesture, step of time for so many questions.
UN_GESTE_SUR = 6
UNE_EDITION_SUR = 60
UN_TEMPS_SUR = 40
# What oEmbed asks for when a format is not made.
NON_FAIT = 501
TEMPS = ({"seconds": 40}, {"minutes": 3}, {"hours": 5}, {"days": 1}, {"days": 33})


@dataclass(slots=True)
class Bilan:
    """What was compared. `differences` and `pannes` are requests, as words."""

    comparees: int = 0
    differences: list[str] = field(default_factory=list)
    pannes: list[str] = field(default_factory=list)
    statuts: Counter[int] = field(default_factory=Counter)
    gestes: Counter[str] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)


def raconter(jumeaux: Jumeaux, graine: int, nombre: int, *, rapide: bool = False) -> Bilan:
    """Ask both worlds as many questions; the same seed tells the same story."""
    bilan = Bilan()
    tirage = random.Random(f"{graine} histoire")
    hasard = Hasard(jumeaux.nu.app, graine, rapide=rapide)
    derriere, devant = Derriere(jumeaux.plein, graine), Devant(jumeaux.tous, graine)
    for demande in hasard.demandes(nombre):
        if tirage.randrange(UN_GESTE_SUR) == 0:
            bilan.gestes[derriere.faire()] += 1
        if tirage.randrange(UNE_EDITION_SUR) == 0:
            devant.faire()
        if tirage.randrange(UN_TEMPS_SUR) == 0:
            jumeaux.avancer(**tirage.choice(TEMPS))
        poser(jumeaux, demande, hasard, bilan)
    bilan.routes = hasard.vus
    return bilan


def poser(jumeaux: Jumeaux, demande: Demande, hasard: Hasard, bilan: Bilan) -> None:
    """Ask one question of both, each as somebody who never came before."""
    une, autre = (demande.envoyer(monde.app.test_client()) for monde in jumeaux.tous)
    bilan.comparees += 1
    bilan.statuts[une.status_code] += 1
    if vue(une) != vue(autre):
        bilan.differences.append(f"{une.status_code}/{autre.status_code} {en_mots(demande)}")
    if une.status_code >= 500 and une.status_code != NON_FAIT:
        bilan.pannes.append(f"{une.status_code} {en_mots(demande)}")
    hasard.apprendre(une)
