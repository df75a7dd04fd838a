"""A visitor who says what is wrong on a record: the form opened, filled, sent."""

from __future__ import annotations

from datetime import datetime

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cartographie import propositions, registre
from cartographie.acteurs import Saisie
from cartographie.database import reading, transaction
from cartographie.depots import Depot, Proposition
from tests.comptes import Gestion, champ_cache

SLUG = "accueil-la-mure"
# Everything that may try to be more than a text.
HOSTILES = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"'><svg onload=alert(1)>",
    "</textarea><script>alert(1)</script>", "<!--", "]]>", "{{ 7*7 }}", "{% raw %}", "${7*7}",
    "#{7*7}", "`id`", "$(id)", "'; DROP TABLE proposition; --", "=1+1", "@SUM(A1)", "+33",
    "javascript:alert(1)", "https://exemple.fr/<b>", "\u202eeslaf", "%3Cscript%3E", "&lt;b&gt;",
    "../../etc/passwd", "\\u003cscript\\u003e", "data:text/html,<b>", "﷽" * 20,
)  # fmt: skip


def create(gestion: Gestion, *saisies: Saisie) -> None:
    with transaction(gestion.engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="camille", moyen="essai")


def ouvrir(gestion: Gestion, slug: str = SLUG, attente_s: float = 60) -> tuple[FlaskClient, str]:
    """A visitor in front of the form, some time after it opened."""
    client = gestion.app.test_client()
    page = client.get(f"/acteurs/{slug}/signaler")
    assert page.status_code == 200
    gestion.horloge.avance(seconds=attente_s)
    return client, champ_cache(page.text, "tampon")


def envoyer(gestion: Gestion, slug: str = SLUG, **champs: str) -> TestResponse:
    """Open the form, fill it and send it."""
    client, tampon = ouvrir(gestion, slug)
    return client.post(f"/acteurs/{slug}/signaler", data={"tampon": tampon, **champs})


def en_attente(gestion: Gestion) -> list[Proposition]:
    with reading(gestion.engine) as session:
        return list(propositions.pending(session))


def deposer(gestion: Gestion, depot: Depot, quand: datetime | None = None) -> int:
    """A proposal that arrived otherwise."""
    site = gestion.app.extensions["cartographie"]
    with transaction(gestion.engine) as session:
        moment = quand or gestion.horloge()
        return propositions.submit(session, depot, site.referentiel, maintenant=moment)
