"""Seven months of invented consultations, so that the pictures of the follow-up show figures."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta

from flask import Flask

from cartographie import consultations
from cartographie.database import transaction
from cartographie.horaires import PARIS
from cartographie.suivi import Canal, Cle, Genre
from cartographie.web.site import Site

OUVERTURE, FIN = date(2025, 8, 18), date(2026, 3, 10)
GRAINE = 22
# The EPCI of Grenoble, Vienne, Bourgoin-Jallieu, Voiron and La Mure, from the busiest down.
EPCI = ("200040715", "200077014", "243800604", "243800984", "200040657", "")
BESOINS = ("parler", "abri", "plainte", "droits", "soins", "enfants", "")
SITES = ("www.grenoble.fr", "www.lamure.fr", "mairie-vienne.exemple.fr")
FICHES = ("aiv-grenoble", "osj-le-relais-grenoble", "fondation-boissel")


def fill(app: Flask) -> None:
    """Count them, day after day, as the site would have."""
    site: Site = app.extensions["cartographie"]
    alea = random.Random(GRAINE)  # noqa: S311 - figures for a picture
    jour = OUVERTURE
    while jour <= FIN:
        midi = datetime(jour.year, jour.month, jour.day, 12, tzinfo=PARIS)
        with transaction(site.engine) as session:
            consultations.add(session, _day(alea, jour), midi)
        jour += timedelta(days=1)


def _day(alea: random.Random, jour: date) -> Counter[Cle]:
    comptes: Counter[Cle] = Counter()
    # More people know the map each month.
    for _ in range(alea.randint(2, 6 + (jour - OUVERTURE).days // 12)):
        canal = alea.choices(tuple(Canal), (12, 3, 1))[0]
        epci = alea.choices(EPCI, (12, 5, 4, 3, 2, 4))[0]
        besoin = alea.choices(BESOINS, (9, 5, 3, 3, 2, 1, 6))[0]
        comptes[Cle(jour, Genre.RECHERCHE, canal, besoin=besoin, epci=epci)] += 1
        comptes[Cle(jour, Genre.FICHE, Canal.SITE, acteur=alea.choice(FICHES))] += 1
        if alea.random() < 0.4:
            comptes[Cle(jour, Genre.NUMERO, Canal.SITE, acteur=alea.choice(FICHES))] += 1
        if alea.random() < 0.5:
            comptes[Cle(jour, Genre.CARTE, Canal.SITE)] += 1
        if alea.random() < 0.2:
            hote = alea.choice(SITES)
            comptes[Cle(jour, Genre.INTEGRATION, Canal.INTEGRATION, hote=hote)] += 1
        if alea.random() < 0.03:
            comptes[Cle(jour, Genre.ISOLEMENT, canal, besoin=besoin, epci=epci)] += 1
    return comptes
