"""An address typed where a commune is asked for: only the commune stays, at once."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

from cartographie.errors import ParametreError
from cartographie.web.site import site

LONGUEUR_MAX = 300


def absolue(chemin: str) -> str:
    """An address of ours as others have to write it."""
    return (site().settings.url_publique or request.host_url.rstrip("/")) + chemin


def reduire_adresse() -> Response | None:
    """303 to the same question with the commune's name, when `lieu` looks like an address.

    The name that our own list proposes: half the postal codes of Isère are the INSEE code of
    another commune, and a place far away has no code here.

    The page after it says so (`reduit=1`); the address itself is neither kept nor logged.
    """
    if request.method not in {"GET", "HEAD"}:
        return None
    texte = request.args.get("lieu", "")
    if not texte or len(texte) > LONGUEUR_MAX:
        return None
    try:
        lieu = site().referentiel.communes.adresse(texte)
    except ParametreError:
        return None  # the view says it, beside the field
    if lieu is None:
        return None
    args = request.args.to_dict(flat=False)
    args |= {"lieu": [lieu.libelle], "reduit": ["1"]}
    return redirect(f"{request.path}?{urlencode(args, doseq=True)}", 303)
