"""A partner who was sent a link, and what it answers."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Engine
from werkzeug.test import TestResponse

from cartographie import courrier, propositions, registre, relances
from cartographie.acteurs import Saisie
from cartographie.database import reading, transaction
from cartographie.saisies import ecrire, shown
from cartographie.smtp import server_of
from cartographie.web.site import Site
from tests.comptes import Gestion
from tests.fabrique import accueil
from tests.poste import PUBLIQUE

SLUG = "accueil-la-mure"
EXPOSANTS = re.compile("violence|victime|femme|conjugal", re.IGNORECASE)
REVISION = re.compile(r'name="revision" value="([^"]+)"')
FAUX = "/partenaires/WyJhY2N1ZWlsIiwxXQ.fausse-signature"


def site(bureau: Gestion) -> Site:
    installation: Site = bureau.app.extensions["cartographie"]
    return installation


def creer(bureau: Gestion, *saisies: Saisie) -> None:
    with transaction(bureau.engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="camille", moyen="essai")


def contexte(bureau: Gestion) -> relances.Contexte:
    return relances.Contexte(
        cle=str(bureau.app.secret_key),
        url=PUBLIQUE,
        usuelle_mois=6,
        referentiel=site(bureau).referentiel,
        maintenant=bureau.horloge(),
    )


def rappeler(bureau: Gestion, *slugs: str) -> None:
    with transaction(bureau.engine) as session:
        relances.remind(session, contexte(bureau), slugs or None)


def envoyer(bureau: Gestion) -> courrier.Bilan:
    serveur = server_of(site(bureau).settings)
    assert serveur is not None
    return courrier.deliver(bureau.engine, serveur, bureau.horloge)


def ancienne(**valeurs: Any) -> Saisie:  # noqa: ANN401
    return accueil(verifie_le=None, verifie_par="", **valeurs)


def saisie(engine: Engine, slug: str = SLUG) -> Saisie:
    with reading(engine) as session:
        return registre.get_saisie(session, slug)[0]


def revision(bureau: Gestion, chemin: str) -> str:
    trouve = REVISION.search(bureau.app.test_client().get(chemin).text)
    assert trouve is not None
    return trouve[1]


def repondre(bureau: Gestion, chemin: str, corps: dict[str, Any], **options: Any) -> TestResponse:  # noqa: ANN401
    return bureau.app.test_client().post(chemin, data=corps, **options)


def exact(bureau: Gestion, chemin: str) -> TestResponse:
    return repondre(bureau, chemin, {"revision": revision(bureau, chemin), "geste": "exact"})


def formulaire(bureau: Gestion, chemin: str, **changes: str) -> dict[str, Any]:
    """The form as a browser would send it back, with a few fields retyped."""
    champs: dict[str, Any] = ecrire(shown(saisie(bureau.engine)), site(bureau).referentiel.communes)
    retapes = {nom.replace("__", "."): [valeur] for nom, valeur in changes.items()}
    return champs | retapes | {"revision": revision(bureau, chemin), "geste": "proposer"}


def en_attente(engine: Engine) -> tuple[propositions.Proposition, ...]:
    with reading(engine) as session:
        return propositions.pending(session)
