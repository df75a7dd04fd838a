"""`/gestion`: everything that needs an account.

A module of views imports what it needs from `garde` and is named in the list below:

    from cartographie.web.gestion.garde import blueprint, exige, utilisateur_courant

    @blueprint.get("/acteurs/<slug>")          # any account that is signed in
    @blueprint.post("/acteurs/<slug>/remonter")
    @exige(RoleCompte.ADMINISTRATEUR)          # or "administrateur"

What holds for every view without a word from it: signed in, not revoked, CSRF token checked
(`<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">` in each form), never cached,
and what was typed comes back when the session ended meanwhile.
"""

from __future__ import annotations

from flask import Flask

from cartographie.config import Settings
from cartographie.web.gestion import (
    accueil,
    bilan,
    comptes,
    connexion,
    couverture,
    creation,
    diffusion,
    ecritures,
    fiches,
    garde,
    historique,
    imports,
    objectifs,
    profil,
    propositions,
    rappels,
    reprises,
    sessions,
    suivi,
)

VUES = (
    accueil,
    bilan,
    comptes,
    connexion,
    couverture,
    creation,
    diffusion,
    ecritures,
    fiches,
    historique,
    imports,
    objectifs,
    profil,
    propositions,
    rappels,
    reprises,
    suivi,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Sessions under /gestion only, then its views."""
    sessions.init_app(app, settings)
    app.register_blueprint(garde.blueprint)
