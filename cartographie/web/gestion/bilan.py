"""`/gestion/bilan/<annee>`: what the committee asks each year, on screen, on paper, as a PDF."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirection

from cartographie import consultations
from cartographie.database import reading
from cartographie.errors import IntrouvableError
from cartographie.horaires import PARIS
from cartographie.impression import imprimer
from cartographie.registre.activite import activity
from cartographie.suivi.periodes import avance, mois_de
from cartographie.web.couverture_vue import Vue
from cartographie.web.gestion.bilan_valeurs import Bilan
from cartographie.web.gestion.bilan_vue import Compte, build_bilan, vues_de_couverture
from cartographie.web.gestion.garde import blueprint
from cartographie.web.site import catalogue, site

SANS_BILAN = "Il n’y a pas de bilan pour cette année."


@blueprint.get("/bilan")
def bilan_courant() -> Redirection:
    """The review of this year, as far as it is known."""
    return redirect(url_for("gestion.bilan", annee=site().horloge().year), 302)


@blueprint.get("/bilan/<int(max=9999):annee>")
def bilan(annee: int) -> str:
    """The review on a page that prints well."""
    vues = vues_de_couverture(catalogue(), site().referentiel)
    return render_template(
        "gestion/bilan.html", bilan=bilan_de(annee, vues), vues=vues, annees=annees_connues()
    )


@blueprint.get("/bilan/<int(max=9999):annee>.pdf")
def bilan_pdf(annee: int) -> Response:
    """The same as a tagged PDF."""
    vue = bilan_de(annee, vues_de_couverture(catalogue(), site().referentiel))
    response = Response(imprimer("bilan", asdict(vue)), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="bilan-{annee}.pdf"'
    return response


def bilan_de(annee: int, vues: tuple[Vue, ...]) -> Bilan:
    """Gather a year. Raises IntrouvableError for one that nothing is known of."""
    if annee not in annees_connues():
        raise IntrouvableError(SANS_BILAN)
    jour = site().horloge().date()
    debut, fin = date(annee, 1, 1), date(annee + 1, 1, 1)
    with reading(site().engine) as session:
        compte = Compte(
            lignes=consultations.by_month(session, debut, fin),
            premier_mois=consultations.first_month(session, avance(mois_de(jour), 1)),
            activite=activity(session, _minuit(debut), _minuit(fin)),
        )
    referentiel = site().referentiel
    return build_bilan(
        referentiel.protocole_courant(date(annee, 12, 31)),
        annee,
        jour,
        catalogue(),
        vues=vues,
        types=referentiel.vocabulaire.types,
        compte=compte,
    )


def _minuit(jour: date) -> datetime:
    return datetime(jour.year, jour.month, jour.day, tzinfo=PARIS)


def annees_connues() -> tuple[int, ...]:
    """Years of a protocol, of its figures and since, the latest first; none in the future."""
    cette_annee = site().horloge().year
    debut = min(
        annee
        for protocole in site().referentiel.protocoles
        for annee in (
            protocole.periode.debut,
            *(r.annee for r in protocole.releves if r.annee and r.objectif is not None),
        )
    )
    return tuple(range(cette_annee, debut - 1, -1))
