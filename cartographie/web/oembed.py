"""oEmbed 1.0 (`/oembed?url=…`): a link to our map or to one of our fiches, pasted, becomes the map.

Only our own addresses have an answer, and only in JSON. The map is that of `/integration/carte`:
what others may frame is decided there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from cartographie.errors import IntrouvableError, ParametreError
from cartographie.parametres import LONGUEUR_MAX, lire_entier, lire_texte
from cartographie.web.adresses import absolue
from cartographie.web.api import json_response
from cartographie.web.cadre import VERSION, lire_cadre
from cartographie.web.integration import HAUTEUR_PAR_DEFAUT, TITRE_PAR_DEFAUT, chemin_du_cadre
from cartographie.web.liens import chemin_de
from cartographie.web.rendu import titre_neutre
from cartographie.web.site import catalogue, site

LARGEUR_PAR_DEFAUT = 800
PIXELS_MAX = 10_000
URL_MAX = 1_500
INCONNUE = "Cette adresse n’est pas une page de ce site qui puisse être intégrée."
# Pages whose address has an answer; the others of the site have none.
INTEGRABLES = frozenset({"pages.accueil", "pages.acteur", "integration.carte"})

Arguments = Mapping[str, Sequence[str]]

blueprint = Blueprint("oembed", __name__)


def init_app(app: Flask) -> None:
    """Give templates the address at which programs find how to embed the page."""
    app.jinja_env.globals["oembed_de_la_page"] = oembed_de_la_page


@blueprint.get("/oembed")
def oembed() -> Response:
    """How to embed one of our pages. 404 for any other address, 501 for any other format."""
    args = request.args.to_dict(flat=False)
    if lire_texte(args, "format") not in {"", "json"}:
        response = json_response({"erreur": "Seul le format json est servi."})
        response.status_code = 501
        return response
    largeur = _borne(args, "maxwidth", LARGEUR_PAR_DEFAUT)
    hauteur = _borne(args, "maxheight", HAUTEUR_PAR_DEFAUT)
    chemin, titre = _cadre_de((args.get("url") or [""])[-1].strip())
    html = render_template(
        "_oembed.html", adresse=absolue(chemin), titre=titre, largeur=largeur, hauteur=hauteur
    )
    return json_response(
        {
            "version": "1.0",
            "type": "rich",
            "provider_name": TITRE_PAR_DEFAUT,
            "provider_url": absolue(url_for("pages.accueil")),
            "title": titre,
            "width": largeur,
            "height": hauteur,
            "html": html.strip(),
        }
    )


def oembed_de_la_page() -> str:
    """The address that tells how to embed the page being shown; empty when it cannot be."""
    if request.endpoint not in INTEGRABLES or request.method not in {"GET", "HEAD"}:
        return ""
    # What the page says of how it was asked for is not part of the selection.
    voulu = [(nom, valeur) for nom, valeur in request.args.items(multi=True) if nom != "reduit"]
    question = urlencode(voulu)
    page = absolue(request.path) + (f"?{question}" if question else "")
    if len(page) > URL_MAX:
        return ""
    return absolue(chemin_de("oembed.oembed")) + "?" + urlencode({"url": page})


def _borne(args: Arguments, nom: str, defaut: int) -> int:
    """What the consumer has room for, in pixels; ours when it has more. Raises ParametreError."""
    return min(lire_entier(args, nom, 1, PIXELS_MAX) or defaut, defaut)


def _cadre_de(url: str) -> tuple[str, str]:
    """The path of the frame that shows a page of ours, and its title. Raises IntrouvableError."""
    try:
        adresse = urlsplit(url)
    except ValueError:
        raise IntrouvableError(INCONNUE) from None
    notres = {request.host, urlsplit(site().settings.url_publique).netloc}
    if adresse.scheme not in {"http", "https"} or adresse.netloc not in notres or not url:
        raise IntrouvableError(INCONNUE)
    endpoint, arguments = _page(adresse.path)
    if endpoint == "pages.acteur":
        return _cadre_d_une_fiche(str(arguments["slug"]))
    args = _reduits(parse_qs(adresse.query[:URL_MAX]))
    cadre = lire_cadre(args)
    return chemin_du_cadre(cadre), cadre.titre or TITRE_PAR_DEFAUT


def _page(chemin: str) -> tuple[str, Mapping[str, object]]:
    """The page at a path. Raises IntrouvableError for one that cannot be embedded."""
    try:
        routes = current_app.url_map.bind(request.host)
        endpoint, arguments = routes.match(chemin or "/", method="GET")
    except (HTTPException, RequestRedirect):
        raise IntrouvableError(INCONNUE) from None
    if endpoint not in INTEGRABLES:
        raise IntrouvableError(INCONNUE)
    return str(endpoint), arguments


def _cadre_d_une_fiche(slug: str) -> tuple[str, str]:
    """The map around one record. Absent and hidden are the same answer."""
    fiche = catalogue().get(slug)
    if fiche is None:
        raise IntrouvableError(INCONNUE)
    titre = titre_neutre(fiche)
    question = {"version": VERSION, "type": fiche.type, "q": fiche.nom[:LONGUEUR_MAX]}
    return f"{url_for('integration.carte')}?{urlencode(question)}", titre


def _reduits(args: dict[str, list[str]]) -> dict[str, list[str]]:
    """An address that somebody typed as `lieu` stays its commune alone, here as elsewhere."""
    try:
        lieu = site().referentiel.communes.adresse(args.get("lieu", [""])[-1][:LONGUEUR_MAX])
    except ParametreError:
        return args
    return args | {"lieu": [lieu.libelle]} if lieu else args
