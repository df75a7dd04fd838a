"""The map inside other people's pages: the page they frame, and the one that writes their code.

Every other page refuses to be framed; `security.py` holds the table.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from cartographie.cartes import ZOOM_MAX, ZOOM_MIN
from cartographie.errors import ParametreError
from cartographie.parametres import lire_entier
from cartographie.web.adresses import absolue, reduire_adresse
from cartographie.web.cadre import CADRE, REDUIT, VERSION, Cadre, lire_cadre
from cartographie.web.formulaire import ACCUEIL, build_faute, build_formulaire
from cartographie.web.pages import bilan_fr, groupe_vue
from cartographie.web.site import catalogue, reponse_a, site
from cartographie.web.statiques import integrite

HAUTEUR_PAR_DEFAUT, HAUTEUR_MIN, HAUTEUR_MAX = 640, 300, 3_000
TITRE_PAR_DEFAUT = "Carte des services – Isère"

# Frozen, as pages of others hold its digest: another version is another file.
ELEMENT = f"cartographie-acteurs-{VERSION}.js"

blueprint = Blueprint("integration", __name__)
blueprint.before_request(reduire_adresse)


@blueprint.get("/integration/carte")
def carte() -> Response:
    """The list, its form and the map, in a frame; what cannot be understood is set aside."""
    demandes = request.args.to_dict(flat=False)
    cadre = lire_cadre(demandes)
    tapes = {**cadre.args, "lieu": demandes.get("lieu", [])}
    formulaire = build_formulaire(tapes, site().referentiel, catalogue(), CADRE)
    reponse = reponse_a(cadre.recherche)
    page = render_template(
        "integration-carte.html",
        cadre=cadre,
        formulaire=formulaire,
        faute=build_faute(cadre.faute, formulaire) if cadre.faute else None,
        reponse=reponse,
        groupes=tuple(groupe_vue(g, reponse, cadre.args, CADRE) for g in reponse.groupes),
        bilan=bilan_fr(reponse),
        requete=urlencode(cadre.args, doseq=True),
        reduit=REDUIT in demandes,
        mesure="commune" if REDUIT in demandes else "",
        href_carte=CADRE.lien(cadre.args, liste="1"),
        href_site=ACCUEIL.lien(cadre.args),
    )
    return Response(page)


@blueprint.get("/integration/vide")
def vide() -> str:
    """What takes the place of the map when the exit may not take the whole window away."""
    return render_template("integration-vide.html")


@blueprint.get("/integration")
def constructeur() -> Response:
    """Choose what the map shows, see it, copy the code."""
    demandes = request.args.to_dict(flat=False)
    cadre = lire_cadre(demandes, connus=("hauteur",))
    hauteur, ecarts = _hauteur(demandes), cadre.ecarts
    if hauteur is None:
        ecarts += (f"La hauteur va de {HAUTEUR_MIN} à {HAUTEUR_MAX} pixels.",)
    formulaire = build_formulaire(cadre.args, site().referentiel, catalogue(), CADRE)
    page = render_template(
        "integration.html",
        formulaire=formulaire,
        ecarts=ecarts,
        hauteur=hauteur or HAUTEUR_PAR_DEFAUT,
        apercu=chemin_du_cadre(cadre),
        adresse=absolue(chemin_du_cadre(cadre)),
        lien=absolue(ACCUEIL.lien(cadre.args)),
        titre=cadre.titre or TITRE_PAR_DEFAUT,
        termes_besoin=tuple((b.code, b.libelle) for b in formulaire.besoins),
        zooms=tuple((str(z), str(z)) for z in range(ZOOM_MIN, ZOOM_MAX + 1)),
        version=VERSION,
        script=absolue(url_for("statiques.statique", nom=ELEMENT)),
        integrite=integrite(ELEMENT),
        attributs=attributs_de_l_element(cadre, hauteur),
        origines=site().settings.integration_origines,
    )
    return Response(page)


def _hauteur(demandes: dict[str, list[str]]) -> int | None:
    """The height of the frame in pixels; None when what was typed has no meaning."""
    try:
        lue = lire_entier(demandes, "hauteur", HAUTEUR_MIN, HAUTEUR_MAX)
    except ParametreError:
        return None
    return lue or HAUTEUR_PAR_DEFAUT


def chemin_du_cadre(cadre: Cadre) -> str:
    """The address of the frame: version first, then what differs from the defaults."""
    question = [(nom, v) for nom, valeurs in _differents(cadre).items() for v in valeurs]
    return f"{url_for('integration.carte')}?{urlencode(question)}"


def attributs_de_l_element(cadre: Cadre, hauteur: int | None) -> tuple[tuple[str, str], ...]:
    """The same choices as attributes of `<cartographie-acteurs>`, codes of one kind in one.

    Without a height of its own the element is as high as what it shows.
    """
    voulus = [
        (nom, " ".join(valeurs)) for nom, valeurs in _differents(cadre).items() if nom != "version"
    ]
    if hauteur not in (None, HAUTEUR_PAR_DEFAUT):
        voulus.append(("hauteur", str(hauteur)))
    return tuple(voulus)


def _differents(cadre: Cadre) -> dict[str, list[str]]:
    """What differs from the defaults, in one order: version first."""
    defauts = {"liste": ["1"], "compact": ["0"]}
    args = {nom: v for nom, v in cadre.args.items() if v and v != defauts.get(nom)}
    args["version"] = [VERSION]
    noms = ("version", *(nom for nom in CADRE.parametres if nom not in {"version", "page"}))
    return {nom: args[nom] for nom in noms if nom in args}
