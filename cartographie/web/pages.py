"""The pages people read: the list, a record, the protocol, obligations. Each view translates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirection

from cartographie.accessibilite import load_grille
from cartographie.communes import Lieu
from cartographie.errors import IntrouvableError, ParametreError
from cartographie.recherche import BESOIN_SANS_RECHERCHE, Groupe, Reponse
from cartographie.resultats import Resultat
from cartographie.traitements import load_traitements
from cartographie.web import fiches, protocoles
from cartographie.web.adresses import reduire_adresse
from cartographie.web.corps import est_exact, lieu_du_corps, lire_corps
from cartographie.web.exports import telechargement
from cartographie.web.formulaire import (
    ACCUEIL,
    Arguments,
    Ecran,
    build_faute,
    build_formulaire,
)
from cartographie.web.site import catalogue, recherche_demandee, reponse_a, site

PAR_PAGE = 20
ABSENTE = "Cette page n’existe pas, ou n’existe plus."
# Keeping this directory up to date is itself an objective of the protocol, with this number.
OBJECTIF_DE_LA_CARTE = 22

blueprint = Blueprint("pages", __name__)
blueprint.before_request(reduire_adresse)


@dataclass(frozen=True, slots=True)
class GroupeVue:
    """A group as far as it is shown; `suite` is the address that shows more of it."""

    code: str
    libelle: str
    resultats: tuple[Resultat, ...]
    total: int
    replie: bool
    deplie: bool
    suite: str

    @property
    def restants(self) -> int:
        """Lines not shown yet."""
        return self.total - len(self.resultats)


@blueprint.get("/")
def accueil() -> Response:
    """The list, its form and the map; what cannot be understood is said beside its field."""
    args = request.args.to_dict(flat=False)
    return page_de_recherche(args, mesure="commune" if "reduit" in args else "")


@blueprint.post("/")
def accueil_post() -> Redirection:
    """The same from an address or a position, of which the page keeps the commune alone.

    A form is sent on to the question asked from that commune, so that no entry of the history
    holds what was posted. A script, which makes no entry, gets the distances from the very place.
    """
    args = request.args.to_dict(flat=False) | lire_corps(request)
    try:
        lieu = lieu_du_corps(args, site())
    except ParametreError as erreur:
        # The choices that it proposes are communes: they belong beside the field of the commune.
        champ = "lieu" if erreur.parametre == "adresse" else erreur.parametre
        return page_fautive(args, ParametreError(champ, "", str(erreur), erreur.proches))
    position = bool(args.get("latitude"))
    if lieu is not None:
        # A position far from here has no name that could be asked again.
        args["lieu"] = [] if position and not lieu.code_insee else [lieu.libelle]
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        suite = ACCUEIL.lien(args)
        return redirect(f"{suite}{'&' if '?' in suite else '?'}reduit=1", 303)
    exact = lieu is not None and est_exact(lieu, site().referentiel.communes)
    mesure = "position" if position else "adresse" if exact else "commune"
    response = page_de_recherche(args, lieu, mesure=mesure)
    response.headers["Cache-Control"] = "no-store"
    return response


def page_de_recherche(args: Arguments, lieu: Lieu | None = None, *, mesure: str = "") -> Response:
    """Answer a search with its page; `mesure`: what its distances start from, when it is to say."""
    try:
        reponse = reponse_a(recherche_demandee(args, lieu))
    except ParametreError as erreur:
        return page_fautive(args, erreur)
    formulaire = build_formulaire(args, site().referentiel, catalogue())
    page = render_template(
        "accueil.html",
        formulaire=formulaire,
        faute=None,
        reponse=reponse,
        groupes=tuple(groupe_vue(groupe, reponse, args) for groupe in reponse.groupes),
        bilan=bilan_fr(reponse),
        mesure=mesure,
        par_adresse=True,
        telechargement=telechargement(formulaire.args, reponse),
    )
    return Response(page)


def page_fautive(args: Arguments, erreur: ParametreError) -> Response:
    """The form as it was filled, with what could not be understood beside its field."""
    formulaire = build_formulaire(args, site().referentiel, catalogue())
    page = render_template(
        "accueil.html",
        formulaire=formulaire,
        faute=build_faute(erreur, formulaire),
        reponse=None,
        par_adresse=True,
    )
    return Response(page, 400)


@blueprint.get("/acteurs/<slug>")
def acteur(slug: str) -> str:
    """One record. Absent and hidden are the same answer, to the byte."""
    fiche = catalogue().get(slug)
    if fiche is None:
        raise IntrouvableError(ABSENTE)
    maintenant = site().horloge()
    return render_template(
        "acteur.html",
        fiche=fiche,
        vocabulaire=site().referentiel.vocabulaire,
        portes=fiches.portes(fiche, maintenant),
        lignes=fiches.lignes(fiche, maintenant),
        parts=fiches.parts(fiche, site().referentiel),
        territoire=fiches.territoire_fr(fiche, site().referentiel.communes),
    )


@blueprint.get("/objectifs")
def objectifs() -> Redirection:
    """The current period."""
    return redirect(url_for("pages.protocole", periode=site().periode_courante()), 302)


@blueprint.get(f"/objectifs/{OBJECTIF_DE_LA_CARTE}")
def objectif_22() -> Redirection:
    """The objective that this directory answers to, in the current period."""
    periode, numero = site().periode_courante(), OBJECTIF_DE_LA_CARTE
    return redirect(url_for("pages.objectif", periode=periode, numero=numero), 302)


@blueprint.get("/objectifs/<periode>")
def protocole(periode: str) -> str:
    """Every objective of a period, axe by axe, then the figures that are of none alone."""
    referentiel, publies = site().referentiel, catalogue()
    protocole = protocoles.find_protocole(referentiel, periode)
    vue = protocoles.build_periode(protocole, publies, site().horloge().date())
    autres = [p for p in referentiel.protocoles if p.periode.code != periode]
    return render_template("protocole.html", vue=vue, autres=autres, noms=publies.noms)


@blueprint.get("/objectifs/<periode>/<int(max=999):numero>")
def objectif(periode: str, numero: int) -> str:
    """One objective: actions, figures, who takes part."""
    protocole = protocoles.find_protocole(site().referentiel, periode)
    jour = site().horloge().date()
    publies = catalogue()
    vue = protocoles.build_objectif(protocole, numero, publies, jour)
    mesure_ici = (periode, numero) == (site().periode_courante(), OBJECTIF_DE_LA_CARTE)
    return render_template("objectif.html", vue=vue, noms=publies.noms, mesure_ici=mesure_ici)


@blueprint.get("/accessibilite")
def accessibilite() -> str:
    """The statement of accessibility that the law asks for."""
    return render_template("accessibilite.html", grille=load_grille(site().settings.data))


@blueprint.get("/donnees-personnelles")
def donnees_personnelles() -> str:
    """What is kept of a visit: nothing; what the quick exit does not do; the register."""
    traitements = load_traitements(site().settings.data)
    return render_template("donnees-personnelles.html", traitements=traitements)


@blueprint.get("/mentions-legales")
def mentions_legales() -> str:
    """Who answers for the site, and where its data come from."""
    return render_template("mentions-legales.html")


@blueprint.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Whom to tell about a weakness (RFC 9116). It expires: the date moves on with each month."""
    debut = site().horloge().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0)
    expire = (debut + timedelta(days=200)).replace(microsecond=0)
    base = site().settings.url_publique or request.host_url.rstrip("/")
    return _texte(
        f"Contact: {base}{url_for('pages.mentions_legales')}#signaler\n"
        f"Expires: {_rfc3339(expire)}\n"
        "Preferred-Languages: fr, en\n"
        f"Canonical: {base}{url_for('pages.security_txt')}\n"
    )


@blueprint.get("/robots.txt")
def robots_txt() -> Response:
    """Search engines read records and pages, not every question that could be asked."""
    return _texte("User-agent: *\nDisallow: /*?\nDisallow: /proches\nDisallow: /communes$\n")


@blueprint.get("/sante")
def sante() -> Response:
    """Alive: answers without touching the database."""
    return _texte("en vie\n")


def groupe_vue(
    groupe: Groupe, reponse: Reponse, args: Arguments, ecran: Ecran = ACCUEIL
) -> GroupeVue:
    """Show a group up to the page asked for: following « suite » keeps what was already there."""
    montres = groupe.resultats[: reponse.recherche.page * PAR_PAGE]
    reste = len(groupe.resultats) > len(montres)
    premier = all(not g.resultats for g in reponse.groupes if g.code != groupe.code)
    suite = ecran.lien(args) if reste else ""
    if reste:
        separateur = "&" if "?" in suite else "?"
        page = reponse.recherche.page + 1
        suite = f"{suite}{separateur}page={page}#groupe-{groupe.code}"
    return GroupeVue(
        code=groupe.code,
        libelle=groupe.libelle,
        resultats=montres,
        total=len(groupe.resultats),
        replie=groupe.replie,
        deplie=premier or reponse.recherche.besoin == "reseau",
        suite=suite,
    )


def bilan_fr(reponse: Reponse) -> str:
    """Count in words: « Depuis La Mure (38350) : 12 services, 3 ouverts, 7 aux horaires inconnus ».

    National numbers are not counted: they are the same everywhere.
    """
    if reponse.recherche.besoin == BESOIN_SANS_RECHERCHE:
        return "Appelez tout de suite"
    if not reponse.total:
        numeros = any(groupe.resultats for groupe in reponse.groupes)
        suite = "appelez l’un de ces numéros" if numeros else "le 3919 oriente, jour et nuit"
        return f"Aucun service trouvé : {suite}"
    morceaux = [f"{reponse.total} {_accord('service', reponse.total)}"]
    if reponse.ouverts:
        morceaux.append(f"{reponse.ouverts} {_accord('ouvert', reponse.ouverts)}")
    if reponse.inconnus:
        morceaux.append(f"{reponse.inconnus} aux horaires inconnus")
    depuis = f"Depuis {reponse.lieu.libelle} : " if reponse.lieu else ""
    return depuis + ", ".join(morceaux)


def _accord(mot: str, nombre: int) -> str:
    return mot if nombre < 2 else f"{mot}s"


def _rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _texte(corps: str) -> Response:
    return Response(corps, content_type="text/plain; charset=utf-8")
