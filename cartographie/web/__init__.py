"""The web: blueprints, what stands before them and what follows them."""

from __future__ import annotations

from flask import Flask

from cartographie.config import RACINE
from cartographie.web import (
    annuaire,
    api,
    chemins,
    conditionnel,
    couverture,
    erreurs,
    exports,
    fragments,
    gestion,
    lignes,
    mesures,
    oembed,
    ogc,
    ouvertures,
    pages,
    partenaires,
    points,
    pret,
    rendu,
    security,
    signalement,
    site,
    statiques,
    suivi,
    vigie,
)
from cartographie.web.flux import blueprint as flux
from cartographie.web.fond import blueprint as fond
from cartographie.web.integration import blueprint as integration
from cartographie.web.tuiles import blueprint as tuiles

BLUEPRINTS = (
    pages.blueprint,
    annuaire.blueprint,
    api.blueprint,
    couverture.blueprint,
    exports.blueprint,
    flux,
    fond,
    tuiles,
    integration,
    mesures.blueprint,
    ogc.blueprint,
    oembed.blueprint,
    ouvertures.blueprint,
    partenaires.blueprint,
    points.blueprint,
    pret.blueprint,
    signalement.blueprint,
    suivi.blueprint,
)


def init_app(app: Flask, installation: site.Site) -> None:
    """Make `app` answer: the headers of security.py go on last, over every other answer."""
    chemins.init_app(app)
    site.init_app(app, installation)
    security.init_app(app)
    vigie.init_app(app)
    conditionnel.init_app(app)
    mesures.init_app(app)
    erreurs.init_app(app)
    rendu.init_app(app)
    fragments.init_app(app)
    lignes.init_app(app)
    oembed.init_app(app)
    suivi.init_app(app)
    couverture.init_app(app)
    points.init_app(app)
    statiques.init_app(app, RACINE / "static")
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    gestion.init_app(app, installation.settings)
