"""cartographie: who can help, anywhere in Isère."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from cartographie.cartes import Cartes
    from cartographie.config import Settings
    from cartographie.referentiel import Referentiel
    from cartographie.web.site import Horloge


def create_app(
    settings: Settings | None = None,
    *,
    horloge: Horloge | None = None,
    embarque: Referentiel | None = None,
    cartes: Cartes | None = None,
) -> Flask:
    """Assemble the application: settings → database → web → commands.

    `horloge` tells the time; tests give their own. `embarque` (what `data/` says) and
    `cartes` (what folium draws) are made here unless they are given.
    Raises ConfigurationError with a sentence when a setting or a file is wrong.
    """
    # Imported here so that `import cartographie.errors` brings neither Flask nor geopandas.
    from flask import Flask

    from cartographie import web
    from cartographie.cles import load_secret_key
    from cartographie.config import RACINE, Settings
    from cartographie.referentiel import Referentiel
    from cartographie.web.site import build_site

    reglages = settings or Settings.from_env(os.environ)
    app = Flask(__name__, static_folder=None, template_folder=str(RACINE / "templates"))
    app.config["SECRET_KEY"] = load_secret_key(reglages)
    lu = embarque or Referentiel.load(reglages.data)
    web.init_app(app, build_site(reglages, lu, horloge, cartes))
    return app
