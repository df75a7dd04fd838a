"""The directory in the formats of others: `/data-inclusion.json`, `/acteurs.gpkg`.

Made of Fiches alone, filtered as `/` is. Any site may read them; `docs/ouvertures.md` tells what
each one holds.
"""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from cartographie.echanges import inclusion, vcard
from cartographie.errors import IntrouvableError
from cartographie.web.adresses import absolue, reduire_adresse
from cartographie.web.exports import fiches_exportees
from cartographie.web.pages import ABSENTE
from cartographie.web.rendu import titre_neutre
from cartographie.web.site import catalogue, recherche_demandee, site

blueprint = Blueprint("ouvertures", __name__)
blueprint.before_request(reduire_adresse)


@blueprint.get("/data-inclusion.json")
def data_inclusion() -> Response:
    """Structures and services in the schema of data·inclusion, version 1."""
    contexte = inclusion.Contexte(
        site().referentiel.vocabulaire,
        site().horloge().date(),
        absolue(url_for("pages.acteur", slug="")),
    )
    connues = {fiche.slug: fiche for fiche in catalogue().fiches}
    corps = inclusion.write(fiches_exportees(recherche_demandee()), connues, contexte)
    return Response(corps, content_type="application/json")


@blueprint.get("/acteurs.gpkg")
def acteurs_gpkg() -> Response:
    """For QGIS."""
    # It brings geopandas and GDAL, which only those who ask for this file wait for.
    from cartographie.echanges import geopackage

    fiches = fiches_exportees(recherche_demandee())
    corps = geopackage.write(fiches, site().referentiel.communes)
    response = Response(corps, content_type="application/geopackage+sqlite3")
    response.headers["Content-Disposition"] = 'attachment; filename="acteurs.gpkg"'
    return response


@blueprint.get("/acteurs/<slug>.vcf")
def contact(slug: str) -> Response:
    """One record for the contacts of a telephone. Absent and hidden are the same answer."""
    fiche = catalogue().get(slug)
    if fiche is None:
        raise IntrouvableError(ABSENTE)
    adresse = absolue(url_for("pages.acteur", slug=slug))
    corps = vcard.write(fiche, titre_neutre(fiche), adresse, site().horloge().date())
    response = Response(corps, content_type="text/vcard; charset=utf-8")
    # Opened, not saved: a telephone then proposes to add it.
    response.headers["Content-Disposition"] = 'inline; filename="contact.vcf"'
    return response
