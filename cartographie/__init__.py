"""cartographie: who can help, anywhere in Isère."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from cartographie.config import Settings
    from cartographie.web.site import Horloge


def create_app(settings: Settings | None = None, *, horloge: Horloge | None = None) -> Flask:
    """Assemble the application: settings → database → web → commands.

    `horloge` tells the time; tests give their own. Raises ConfigurationError with a sentence
    when a setting or a file is wrong.
    """
    # Imported here so that `import cartographie.errors` brings neither Flask nor geopandas.
    from flask import Flask

    from cartographie import web
    from cartographie.cles import load_secret_key
    from cartographie.config import RACINE, Settings
    from cartographie.database import make_engine
    from cartographie.referentiel import Referentiel
    from cartographie.tuiles import Relais
    from cartographie.web.site import (
        Site,
        build_geocodeur,
        build_geocodeur_ecriture,
        heure_de_paris,
    )

    reglages = settings or Settings.from_env(os.environ)
    app = Flask(__name__, static_folder=None, template_folder=str(RACINE / "templates"))
    app.config["SECRET_KEY"] = load_secret_key(reglages)
    referentiel = Referentiel.load(reglages.data)
    installation = Site(
        settings=reglages,
        engine=make_engine(reglages.adresse_base),
        embarque=referentiel,
        horloge=horloge or heure_de_paris,
        relais=Relais(reglages.tuiles_url, reglages.instance / "tuiles"),
        geocodeur=build_geocodeur(reglages, referentiel.communes),
        geocodeur_ecriture=build_geocodeur_ecriture(reglages, referentiel.communes),
    )
    web.init_app(app, installation)
    return app
