"""Addresses of our own routes: each path is worked out once, a page names some sixty."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import current_app, request, url_for

EXTENSION = "chemins"
# What an address may show as it is, as `url_for` writes it.
SANS_CODE = "!$'()*,/:;?@"


def chemin_de(endpoint: str, valeurs: Mapping[str, object] | None = None, **fixes: str) -> str:
    """What `url_for` says of a route; `valeurs` are its query, `fixes` what never changes of it.

    Of `valeurs` a list stands for several, and what is empty for nothing.
    """
    connus: dict[object, str] = current_app.extensions.setdefault(EXTENSION, {})
    # Addresses begin with the path under which the site stands.
    cle = (request.script_root, endpoint, *fixes.items())
    trouve = connus.get(cle)
    if trouve is None:
        trouve = connus[cle] = url_for(endpoint, **fixes)  # type: ignore[arg-type]
    requete = urlencode(valeurs, doseq=True, safe=SANS_CODE) if valeurs else ""
    return f"{trouve}?{requete}" if requete else trouve
