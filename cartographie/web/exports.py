"""The list as a file: `/acteurs.csv`, `/acteurs.xlsx`, `/acteurs.geojson`, filtered as `/` is.

Made of Fiches alone: a filter can find nothing that a page does not show. Any site may read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response

from cartographie.acteurs import Fiche
from cartographie.echanges.formats import FORMATS
from cartographie.recherche import Recherche, Reponse
from cartographie.web.adresses import reduire_adresse
from cartographie.web.annuaire import adresse_a_imprimer
from cartographie.web.liens import chemin_de
from cartographie.web.site import catalogue, recherche_demandee, reponse_a, site

# What orders or pages a list takes nothing away from a file.
HORS_FICHIER = frozenset({"page", "tri", "reduit"})

blueprint = Blueprint("exports", __name__)
blueprint.before_request(reduire_adresse)


@dataclass(frozen=True, slots=True)
class Telechargement:
    """The links of a list to its files; `entier` when they hold every published record.

    `papier` is the page that prints the list as it is.
    """

    liens: tuple[tuple[str, str], ...]
    entier: bool
    papier: str


@blueprint.get("/acteurs.csv")
def acteurs_csv() -> Response:
    """For a spreadsheet."""
    return _fichier("csv")


@blueprint.get("/acteurs.xlsx")
def acteurs_xlsx() -> Response:
    """For Excel, with a sheet that explains the columns."""
    return _fichier("xlsx")


@blueprint.get("/acteurs.geojson")
def acteurs_geojson() -> Response:
    """For a map."""
    return _fichier("geojson")


def fiches_exportees(recherche: Recherche) -> Iterable[Fiche]:
    """What a search selects, without the besoin that `/` puts when nothing was asked."""
    if recherche.besoin_par_defaut:
        if not recherche.ouvert and recherche.rayon_km is None:
            return catalogue().fiches
        recherche = replace(recherche, besoin="")
    return reponse_a(recherche).fiches


def telechargement(args: Mapping[str, Sequence[str]], reponse: Reponse) -> Telechargement:
    """Links to the files of a page: its filters, or every record when nothing was asked."""
    recherche = reponse.recherche
    entier = recherche.besoin_par_defaut and not recherche.ouvert and recherche.rayon_km is None
    filtres: dict[str, Sequence[str]] = {}
    if not entier:
        filtres = {nom: v for nom, v in args.items() if v and nom not in HORS_FICHIER}
        filtres.setdefault("besoin", [recherche.besoin] if recherche.besoin else [])
    liens = tuple(
        (forme.nom, chemin_de(f"exports.acteurs_{cle}", filtres)) for cle, forme in FORMATS.items()
    )
    return Telechargement(liens, entier, adresse_a_imprimer(args, reponse))


def _fichier(cle: str) -> Response:
    forme = FORMATS[cle]
    corps = forme.write(fiches_exportees(recherche_demandee()), site().referentiel)
    response = Response(corps, content_type=forme.mime)
    if cle != "geojson":
        response.headers["Content-Disposition"] = f'attachment; filename="acteurs.{cle}"'
    return response
