"""`/pret`: whether this process can do its work, for who supervises it and for nobody else.

`/sante` says that a process answers. This says what it stands on, hence the token; whoever comes
without it is told what is told of any address that does not exist.
"""

from __future__ import annotations

from hmac import compare_digest

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError

from cartographie.database import reading
from cartographie.errors import CartographieError, IntrouvableError
from cartographie.migrations import is_current
from cartographie.snapshot import current_catalogue
from cartographie.web.erreurs import PHRASES
from cartographie.web.site import site

blueprint = Blueprint("pret", __name__)


@blueprint.get("/pret")
def pret() -> Response:
    """200 when the tables are those expected and the directory is in memory; else 503 and why."""
    attendu, recu = site().settings.pret_jeton, request.headers.get("Authorization", "")
    if not attendu or not compare_digest(recu.encode(), f"Bearer {attendu}".encode()):
        raise IntrouvableError(PHRASES[404])
    manque = _manque()
    response = Response(f"{manque or 'prêt'}\n", 503 if manque else 200, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


def _manque() -> str:
    """What stands in the way, in a few words; nothing when all is well."""
    try:
        if not is_current(site().engine):
            return "pas prêt : tables à mettre à jour (init-db)"
        with reading(site().engine) as session:
            current_catalogue(session, site().referentiel_de(session))
    except DBAPIError:
        return "pas prêt : base injoignable"
    except CartographieError:
        return "pas prêt : données illisibles"
    return ""
