"""`/couverture`: how far everybody is from somebody, as sentences, a map, tables and files."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Redirection

from cartographie.cartes import Carte
from cartographie.couverture import Couverture, Question, couvrir, lire_question
from cartographie.echanges.couverture import write_csv, write_csv_epci, write_geojson
from cartographie.errors import IntrouvableError, ParametreError
from cartographie.parametres import Arguments, lire_code
from cartographie.web.couverture_vue import (
    FILTRES,
    TRIS_COMMUNES,
    TRIS_EPCI,
    acces_proposes,
    build_vue,
    choix,
    entetes,
    trier_communes,
    trier_epci,
    valeur_choisie,
)
from cartographie.web.site import catalogue, site
from cartographie.web.statiques import UN_AN

PAR = {"communes": "couverture.csv", "epci": "couverture-intercommunalites.csv"}

blueprint = Blueprint("couverture", __name__)


def init_app(app: Flask) -> None:
    """Give templates the words of a line of coverage."""
    app.jinja_env.filters.update(FILTRES)


def carte() -> Carte:
    """The map that folium wrote: the outlines and nothing over them."""
    return site().cartes.couverture


@blueprint.context_processor
def carte_couverture() -> dict[str, Any]:
    """Give the page its map: constant text of ours."""
    return {"carte_couverture": Markup(carte().html)}  # noqa: S704


@blueprint.get("/couverture")
def couverture() -> Response | Redirection:
    """The page. The list of its form is sent on to the address that says the same for good."""
    args = request.args.to_dict(flat=False)
    try:
        question = question_demandee(args)
        if args.get("pour") or args.get("acces") == [""]:
            return redirect(adresse_de(question), 303)
        page = render_template("couverture.html", faute=None, **build_page(question, args))
    except ParametreError as erreur:
        return Response(
            render_template("couverture.html", faute=erreur, vue=None, **build_choix(None)), 400
        )
    return Response(page)


@blueprint.get("/couverture.csv")
def fichier_csv() -> Response:
    """One line per commune, or per EPCI (`par=epci`)."""
    args = request.args.to_dict(flat=False)
    par = lire_code(args, "par", PAR) or "communes"
    mesure = couverture_de(question_demandee(args))
    corps = write_csv_epci(mesure) if par == "epci" else write_csv(mesure)
    response = Response(corps, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{PAR[par]}"'
    return response


@blueprint.get("/couverture.geojson")
def fichier_geojson() -> Response:
    """Every commune with its outline."""
    mesure = couverture_de(question_demandee(request.args.to_dict(flat=False)))
    return Response(write_geojson(mesure), content_type="application/geo+json")


@blueprint.get("/couverture/<empreinte>.js")
def script(empreinte: str) -> Response:
    """The script that folium assembled, kept by its digest."""
    if empreinte != carte().empreinte:
        raise IntrouvableError("Ce fichier n’existe pas.")
    response = Response(carte().script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = UN_AN
    return response


def question_demandee(args: Arguments) -> Question:
    """Understand the address. Raises ParametreError."""
    return lire_question(args, site().referentiel, site().periode_courante())


def adresse_de(question: Question) -> str:
    """The address that asks this again."""
    return f"{url_for('couverture.couverture')}?{urlencode(question.args)}"


def couverture_de(question: Question) -> Couverture:
    """Answer from what is published now."""
    return couvrir(question, catalogue(), site().referentiel)


def build_page(question: Question, args: Arguments) -> dict[str, Any]:
    """What the template needs for an answer."""
    referentiel = site().referentiel
    mesure = couverture_de(question)
    return {
        "vue": build_vue(mesure, referentiel),
        "communes": trier_communes(mesure.communes, args),
        "epci": trier_epci(mesure.epci, args),
        "entetes_communes": entetes(question, args, "tri", TRIS_COMMUNES),
        "entetes_epci": entetes(question, args, "tri_epci", TRIS_EPCI),
        "script": url_for("couverture.script", empreinte=carte().empreinte),
        **build_choix(question),
    }


def build_choix(question: Question | None) -> dict[str, Any]:
    """What the form proposes, and what of it is chosen."""
    referentiel = site().referentiel
    periode = site().periode_courante()
    return {
        "question": question,
        "choix": choix(referentiel),
        "choisie": valeur_choisie(question, periode) if question else "",
        "acces": acces_proposes(referentiel),
    }
