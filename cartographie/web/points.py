"""What the map of a large directory reads: every point once, then what the points in sight are.

`carte_donnees(reponse)` is what a page says of its own answer to its map: the acteurs one by one,
or, from `atlas.SEUIL` on, their ranks in the atlas. Nothing here is kept by browsers without asking
again: an atlas is named by its digest, and one that is no longer the present one is not answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Lock
from weakref import WeakKeyDictionary

from flask import Blueprint, Flask, Response, current_app, request
from markupsafe import Markup

from cartographie.acteurs import Fiche
from cartographie.atlas import SEUIL, Atlas, build_atlas, choix, details
from cartographie.calques import Trait, enregistrements, lire_trait
from cartographie.catalogue import Catalogue
from cartographie.communes import Communes
from cartographie.errors import ParametreError
from cartographie.recherche import Reponse
from cartographie.web.api import json_response
from cartographie.web.fragments import presents
from cartographie.web.site import catalogue, site

EXTENSION = "atlas"
PAR_PAGE = 20
# More than the markers that a screen has room for.
RANGS_MAX = 200
DEPASSE = "Ces points ne sont plus ceux de la carte : rechargez la page."

blueprint = Blueprint("points", __name__)


class Atlases:
    """The atlas of each catalogue that is still read, made by the first who asks for it."""

    def __init__(self) -> None:
        self._faits: WeakKeyDictionary[Catalogue, Atlas] = WeakKeyDictionary()
        self._verrou = Lock()

    def of(self, publies: Catalogue) -> Atlas:
        """Return it; some 0.2 s at 30,000 acteurs the first time."""
        with self._verrou:
            fait = self._faits.get(publies)
            if fait is None:
                referentiel = site().referentiel
                fait = build_atlas(publies.fiches, referentiel.communes, referentiel.vocabulaire)
                self._faits[publies] = fait
            return fait


def init_app(app: Flask) -> None:
    """Give templates `carte_donnees(reponse)`."""
    app.extensions[EXTENSION] = Atlases()
    app.jinja_env.globals["carte_donnees"] = carte_donnees


def atlas_de(publies: Catalogue) -> Atlas:
    """The atlas of a catalogue of this installation."""
    atlases: Atlases = current_app.extensions[EXTENSION]
    return atlases.of(publies)


def dessin(reponse: Reponse) -> dict[str, object]:
    """What the map draws of an answer, in the form that suits how many acteurs it holds."""
    communes, vocabulaire = site().referentiel.communes, site().referentiel.vocabulaire
    if reponse.total < SEUIL:
        return enregistrements(reponse, communes, vocabulaire, _trait())
    lignes = reponse.recherche.page * PAR_PAGE
    return choix(reponse, atlas_de(reponse.catalogue), communes, lignes)


def _trait() -> Callable[[Fiche, Communes], Trait]:
    """Read what a map says of an acteur, once as long as nothing is published."""
    gardes = presents()
    if gardes is None:
        return lire_trait

    def lire(fiche: Fiche, communes: Communes) -> Trait:
        return gardes.get(("trait", id(fiche)), (fiche,), lambda: lire_trait(fiche, communes))

    return lire


def carte_donnees(reponse: Reponse) -> Markup:
    """The same as JSON inside a <template>: text for the script to read, never markup."""
    texte = json.dumps(dessin(reponse), ensure_ascii=False, separators=(",", ":"))
    return Markup(texte.replace("&", "&amp;").replace("<", "&lt;"))  # noqa: S704


@blueprint.get("/carte/points.json")
def points() -> Response:
    """Every published point. Its `empreinte` is what answers name it by."""
    atlas = atlas_de(catalogue())
    return Response(atlas.corps, content_type="application/json")


@blueprint.get("/carte/fiches.json")
def fiches() -> Response:
    """What some ranks of the atlas are called, where their doors are, what they open."""
    publies = catalogue()
    atlas = atlas_de(publies)
    if request.args.get("atlas", atlas.empreinte) != atlas.empreinte:
        raise ParametreError("atlas", "", DEPASSE)
    try:
        lignes = details(publies.fiches, lire_rangs(atlas), atlas, site().referentiel.communes)
    except (ValueError, IndexError) as erreur:
        raise ParametreError("rangs", "", "Ces rangs n’existent pas.") from erreur
    return json_response({"atlas": atlas.empreinte, "fiches": lignes})


def lire_rangs(atlas: Atlas) -> list[int]:
    """Ranks separated by commas, 0 and above. Raises ValueError."""
    textes = request.args.get("rangs", "").split(",")[:RANGS_MAX]
    rangs = [int(texte) for texte in textes if texte]
    if any(not 0 <= rang < atlas.nombre for rang in rangs):
        raise ValueError(rangs)
    return rangs
