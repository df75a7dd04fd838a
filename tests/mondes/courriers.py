"""Mails, links and waiting files in one of the two worlds: the public sees none of them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import Engine

from cartographie import courrier, jetons, lots
from cartographie.database import transaction
from cartographie.lettres import Motif, Reponse
from cartographie.placement import Question
from cartographie.rappels import LienVu, Suivi
from tests.site import MARDI

MOT_SECRET = "zirconium"
PUBLICS = ("aiv-grenoble", "osj-le-relais-grenoble")
CACHES = ("cache-38269", "brouillon-38269", "archive-38269")
DANS_UN_MOIS = MARDI + timedelta(days=30)


def live(engine: Engine, *, cacher: bool) -> None:
    """What partners were sent and answered, a file that waits, in the world that hides."""
    if not cacher:
        return
    for slug in PUBLICS:
        empreinte = jetons.digest(slug)
        _link(engine, slug, 1, empreinte)
        with transaction(engine) as session:
            courrier.set_suivi(session, slug, Suivi(1, f"{MOT_SECRET}@exemple.fr"))
            vu = LienVu(slug, 1, empreinte, DANS_UN_MOIS, None, None)
            assert courrier.answer(session, vu, Reponse.EXACT, MARDI)
    contenu = {"lignes": [], "erreurs": [], "tableau": True}
    question = Question("1 rue du Zirconium", "38350", "La Mure", "38269")
    with transaction(engine) as session:
        numero = lots.add(
            session,
            contenu,
            par=MOT_SECRET,
            fichier=MOT_SECRET,
            empreinte="0" * 64,
            maintenant=MARDI,
        )
        assert lots.start(session, numero, [question], MARDI)


def links(app: Flask) -> list[str]:
    """Addresses of links that this site signed and keeps, about what it does not show."""
    adresses = []
    for slug in CACHES:
        jeton = jetons.make(str(app.secret_key), slug, 9)
        _link(app.extensions["cartographie"].engine, slug, 9, jetons.digest(jeton))
        adresses.append(f"/partenaires/{jeton}")
    return adresses


def _link(engine: Engine, slug: str, numero: int, empreinte: str) -> None:
    with transaction(engine) as session:
        lettre = courrier.queue(
            session,
            a=f"{MOT_SECRET}@exemple.fr",
            sujet="Sujet",
            corps=MOT_SECRET,
            motif=Motif.RAPPEL,
            maintenant=MARDI,
            acteur=slug,
        )
        courrier.add_link(
            session, slug, numero, empreinte, lettre, maintenant=MARDI, expire_le=DANS_UN_MOIS
        )
