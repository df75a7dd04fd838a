"""Proposals of every kind in one of the two worlds: waiting, decided, about what is hidden."""

from __future__ import annotations

from datetime import UTC

from flask import Flask
from sqlalchemy import Engine

from cartographie import propositions
from cartographie.database import transaction
from cartographie.depots import Decision, Depot, MotifDepot
from cartographie.propositions import Verdict
from cartographie.referentiel import Referentiel
from cartographie.web import tampon
from tests.site import MARDI

MOT_SECRET = "zirconium"
SLUGS = ("aiv-grenoble", "osj-le-relais-grenoble", "fondation-boissel")
QUAND = MARDI.astimezone(UTC)


def live(engine: Engine, referentiel: Referentiel, *, cacher: bool) -> None:
    """Proposals about public records in the world that hides; nothing in the other."""
    if not cacher:
        return
    for slug in SLUGS:
        for motif in MotifDepot:
            changements = {"conditions": MOT_SECRET, "frais": MOT_SECRET}
            depot = Depot(slug, "partenaire", motif, MOT_SECRET, changements)
            with transaction(engine) as session:
                numero = propositions.submit(session, depot, referentiel, maintenant=QUAND)
                if motif in (MotifDepot.FERME, MotifDepot.AUTRE):
                    verdict = Verdict(Decision.REFUSEE, MOT_SECRET, MOT_SECRET)
                    propositions.decide(session, numero, verdict, maintenant=QUAND)


def envois(app: Flask) -> list[tuple[str, dict[str, str]]]:
    """What visitors send: good and bad, about what is there, hidden and absent."""
    corps: list[tuple[str, dict[str, str]]] = []
    for slug in (*SLUGS, "cache-38269", "absent"):
        with app.app_context():
            cachet = str(tampon._signer().dumps([slug, int(MARDI.timestamp()) - 60]))
        for champs in (
            *[{"motif": "ferme"}] * 5,
            {"motif": "danger", "texte": MOT_SECRET},
            {"motif": "numero-faux", "numero_juste": "04 76"},
            {"motif": "demenage", "commune": "38269", "lieu": "7"},
            {"motif": "autre", "texte": "a" * 501},
        ):
            corps.append((f"/acteurs/{slug}/signaler", {"tampon": cachet, **champs}))
    return corps
