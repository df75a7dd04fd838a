"""`/tuiles/{z}/{x}/{y}.png`: the base map, from our own origin."""

from __future__ import annotations

from flask import Blueprint, Response

from cartographie.errors import TuileIndisponible
from cartographie.tuiles import Tuile
from cartographie.web.site import site

UN_MOIS = "public, max-age=2592000"

blueprint = Blueprint("tuiles", __name__)


@blueprint.get("/tuiles/<int:z>/<int:x>/<int:y>.png")
def tuile(z: int, x: int, y: int) -> Response:
    """One tile; 404 outside Isère, 204 when there is none now: the communes stand below."""
    try:
        octets, nature = site().relais.image(Tuile(z, x, y))
    except TuileIndisponible:
        response = Response(status=204)
        response.headers["Cache-Control"] = "no-store"
        return response
    response = Response(octets, content_type=nature)
    response.headers["Cache-Control"] = UN_MOIS
    return response
