"""`/annuaire`: a selection made for paper, as a page and as a PDF. The same filters as `/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from cartographie.acteurs import Fiche
from cartographie.communes import Communes, Epci
from cartographie.errors import ParametreError
from cartographie.impression import imprimer
from cartographie.parametres import Arguments, lire_code
from cartographie.recherche import Recherche, Reponse
from cartographie.texte import fold
from cartographie.web.adresses import reduire_adresse
from cartographie.web.annuaire_valeurs import Annuaire
from cartographie.web.annuaire_vue import build_annuaire
from cartographie.web.formulaire import PARAMETRES, build_formulaire
from cartographie.web.liens import chemin_de
from cartographie.web.site import catalogue, recherche_demandee, reponse_a, site

# What a printed list cannot have: pages of a screen.
HORS_PAPIER = frozenset({"page", "reduit"})
NOMS = {False: "annuaire.pdf", True: "liste.pdf"}

blueprint = Blueprint("annuaire", __name__)
blueprint.before_request(reduire_adresse)


@dataclass(frozen=True, slots=True)
class Liens:
    """Where the page leads: the PDF, the other variant, the live selection."""

    pdf: str
    autre: str
    carte: str


@blueprint.get("/annuaire")
def annuaire() -> Response:
    """The list on a page that prints well; what cannot be understood is said in its place."""
    args = request.args.to_dict(flat=False)
    try:
        vue = build_vue(args)
    except ParametreError as erreur:
        page = render_template("annuaire.html", vue=None, faute=erreur, **build_choix(args))
        return Response(page, 400)
    return Response(render_template("annuaire.html", vue=vue, faute=None, **build_choix(args)))


@blueprint.get("/annuaire.pdf")
def annuaire_pdf() -> Response:
    """The same, laid out and tagged. Shown in the browser: nothing is left in a folder."""
    vue = build_vue(request.args.to_dict(flat=False))
    response = Response(imprimer("annuaire", asdict(vue)), content_type="application/pdf")
    nom = NOMS[vue.discret]
    response.headers["Content-Disposition"] = f'inline; filename="{nom}"'
    return response


def build_vue(args: Arguments) -> Annuaire:
    """Understand the address and answer it. Raises ParametreError."""
    discret = bool(lire_code(args, "discret", {"1": True}))
    epci = lire_epci(args, site().referentiel.communes)
    recherche = recherche_demandee(args)
    if recherche.besoin_par_defaut:
        # On paper nothing is asked for but what was asked: all of them.
        recherche = replace(recherche, besoin="")
    return build_annuaire(
        reponse_a(recherche),
        site().referentiel,
        site().horloge().date(),
        garder=lambda fiche: epci is None or concerne(fiche, epci),
        criteres=criteres_fr(args, recherche, epci, discret=discret),
        adresse=adresse_vivante(args, epci),
        discret=discret,
    )


def lire_epci(args: Arguments, communes: Communes) -> Epci | None:
    """An EPCI by its code (SIREN); None when not given. Raises ParametreError."""
    code = lire_code(args, "epci", {epci.code: epci for epci in epci_de_l_isere(communes)})
    return communes.epci(code) if code else None


def epci_de_l_isere(communes: Communes) -> tuple[Epci, ...]:
    """Those that have a commune in Isère, by name."""
    codes = {commune.epci for commune in communes.toutes if commune.epci}
    trouves = (communes.epci(code) for code in codes)
    return tuple(sorted((e for e in trouves if e), key=lambda epci: fold(epci.nom)))


def concerne(fiche: Fiche, epci: Epci) -> bool:
    """Whether a record has a door in an EPCI, or a territoire that meets it."""
    if any(
        i.localisation.code_epci == epci.code or i.localisation.code_insee in epci.membres
        for i in fiche.implantations
    ):
        return True
    territoire = fiche.territoire
    if territoire is None:
        return False
    return (
        territoire.departement
        or epci.code in territoire.epci
        or any(code in epci.membres for code in territoire.communes)
    )


def criteres_fr(
    args: Arguments, recherche: Recherche, epci: Epci | None, *, discret: bool
) -> tuple[str, ...]:
    """What was asked for, in words; only where, when it must say little."""
    ou = [f"depuis {recherche.lieu.libelle}"] if recherche.lieu else []
    ou += [epci.nom] if epci else []
    if discret:
        return tuple(ou)
    formulaire = build_formulaire(args, site().referentiel, catalogue())
    besoins = site().referentiel.vocabulaire.besoins
    quoi = [besoins[recherche.besoin].libelle] if recherche.besoin else []
    quoi += [actif.libelle for actif in formulaire.actifs]
    return (*quoi, *ou)


def adresse_vivante(args: Arguments, epci: Epci | None) -> str:
    """The absolute address of the same selection, up to date: what the code leads to."""
    base = site().settings.url_publique or request.host_url.rstrip("/")
    filtres = filtres_de(args)
    if epci is not None or not filtres:
        chemin = url_for("annuaire.annuaire")
        filtres = {**filtres, "epci": [epci.code]} if epci is not None else filtres
    else:
        chemin = url_for("pages.accueil")
    requete = urlencode(filtres, doseq=True)
    return f"{base}{chemin}?{requete}" if requete else f"{base}{chemin}"


def filtres_de(args: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Parameters of `/` that are filled, in their order."""
    noms = [nom for nom in PARAMETRES if nom not in HORS_PAPIER]
    filtres = {nom: [v for v in args.get(nom, ()) if v] for nom in noms}
    return {nom: valeurs for nom, valeurs in filtres.items() if valeurs}


def adresse_a_imprimer(args: Mapping[str, Sequence[str]], reponse: Reponse) -> str:
    """The address that prints the list of a page, the besoin that it chose by itself included."""
    filtres = filtres_de(args)
    if reponse.recherche.besoin:
        filtres["besoin"] = [reponse.recherche.besoin]
    return chemin_de("annuaire.annuaire", filtres)


def build_choix(args: Arguments) -> dict[str, object]:
    """The links of the page and the list of EPCI, with what is chosen."""
    gardes = filtres_de(args)
    epci = [v for v in args.get("epci", ()) if v][-1:]
    discret = [v for v in args.get("discret", ()) if v == "1"][-1:]
    tous: dict[str, list[str]] = {**gardes, **({"epci": epci} if epci else {})}
    ici: dict[str, list[str]] = {**tous, **({"discret": discret} if discret else {})}
    autre: dict[str, list[str]] = tous if discret else {**tous, "discret": ["1"]}
    return {
        "liens": Liens(
            pdf=url_for("annuaire.annuaire_pdf", **ici),  # type: ignore[arg-type]
            autre=url_for("annuaire.annuaire", **autre),  # type: ignore[arg-type]
            carte=url_for("pages.accueil", **gardes),  # type: ignore[arg-type]
        ),
        "caches": [(n, v) for n, vs in ici.items() if n != "epci" for v in vs],
        "epci": epci_de_l_isere(site().referentiel.communes),
        "epci_choisi": epci[0] if epci else "",
    }
