"""The home of /gestion: what needs care, « vérifié aujourd’hui », the list as a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cartographie import propositions, registre, sauvegardes
from cartographie.acteurs import Statut
from cartographie.database import reading, transaction
from cartographie.entretien import LIBELLES, Examen, Soin, Tri, compter, examine, trier
from cartographie.libelles import TERMES
from cartographie.nombres import entier
from cartographie.registre import Refus
from cartographie.utilisateurs import RoleCompte
from cartographie.validation.champs import LONGUEURS
from cartographie.web.gestion import rappels, revisions
from cartographie.web.gestion.garde import blueprint, utilisateur_courant
from cartographie.web.gestion.tableur import write_csv
from cartographie.web.rendu import visible
from cartographie.web.site import site

PAR_PAGE = 50
PARAMETRES = ("soin", "type", "commune", "statut", "q")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Onglet:
    """One thing to look at, with how many records need it; a link that shows them."""

    libelle: str
    nombre: int
    href: str
    actif: bool


@dataclass(frozen=True, slots=True)
class Ligne:
    """A record of the list; `jeton` is the revision that was read, signed."""

    examen: Examen
    jeton: str


@blueprint.get("")
def accueil() -> ResponseReturnValue:
    """The list, what matters most first."""
    return _page({nom: visible(dit) for nom, dit in request.args.items()})


@blueprint.get("/fiches.csv")
def fiches_csv() -> Response:
    """The same list, whole, for a spreadsheet."""
    jour = site().horloge().date()
    with reading(site().engine) as session:
        examens = [examine(saisie, jour) for saisie in registre.saisies(session)]
    corps = write_csv(trier(examens, _tri(request.args)), site().referentiel.vocabulaire)
    response = Response(corps, content_type="text/csv; charset=utf-8")
    nom = f"fiches-{jour.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return response


@blueprint.post("/verifications")
def verifier() -> ResponseReturnValue:
    """Mark the ticked records as verified today; those that moved are named and left alone."""
    lues = {}
    for valeur in request.form.getlist("fiche"):
        slug, _, jeton = valeur.partition(":")
        lues[slug] = revisions.read(slug, jeton)
    utilisateur = utilisateur_courant()
    with transaction(site().engine) as session:
        faites, refus = registre.confirm(
            session,
            lues.items(),
            jour=site().horloge().date(),
            verifie_par=utilisateur.nom[: LONGUEURS["verifie_par"]],
            par=utilisateur.courriel,
        )
    filtres = _filtres(request.form)
    if refus:
        return _page(filtres, bilan=_bilan(faites), refus=refus, statut=409)
    return redirect(_adresse(filtres, verifiees=str(faites)), 303)


def _page(
    args: Mapping[str, str],
    *,
    bilan: str = "",
    refus: tuple[Refus, ...] = (),
    statut: int = 200,
) -> Response:
    tri, jour = _tri(args), site().horloge().date()
    with reading(site().engine) as session:
        examens = [examine(saisie, jour) for saisie in registre.saisies(session)]
        numeros = registre.revisions(session)
        annonces = _annonces(session, examens)
    larges = trier(examens, Tri(None, tri.type, tri.commune, tri.statut, tri.q))
    trouves = [e for e in larges if tri.soin is None or tri.soin in e.soins]
    page = entier(args.get("page", ""), 6) or 1
    montres = trouves[(page - 1) * PAR_PAGE : page * PAR_PAGE]
    filtres = _filtres(args)
    corps = render_template(
        "gestion/accueil.html",
        lignes=[
            Ligne(e, f"{e.saisie.slug}:{revisions.sign(e.saisie.slug, numeros[e.saisie.slug])}")
            for e in montres
        ],
        total=len(trouves),
        onglets=_onglets(larges, tri, filtres),
        tri=tri,
        filtres=filtres,
        types=site().referentiel.vocabulaire.types,
        communes=sorted({commune for e in examens for commune in e.communes}),
        statuts=[(s.value, TERMES[s]) for s in Statut],
        soins=LIBELLES,
        termes=TERMES,
        page=page,
        pages=-(-len(trouves) // PAR_PAGE),
        bilan=bilan or _bilan_lu(args),
        refus=refus,
        **annonces,
    )
    return Response(corps, statut)


def _annonces(session: Session, examens: list[Examen]) -> dict[str, Any]:
    """What waits elsewhere: proposals to read, partners to write to or to call."""
    return {
        "attente": propositions.count(session),
        "rappels": rappels.resume(session, (e.saisie for e in examens)),
        "sauvegarde": _sauvegarde(session),
    }


def _sauvegarde(session: Session) -> str:
    """To those who can have it mended: that there has been no backup for two days."""
    if utilisateur_courant().role is not RoleCompte.ADMINISTRATEUR:
        return ""
    return sauvegardes.overdue(session, site().settings, site().horloge())


def _onglets(examens: list[Examen], tri: Tri, filtres: Mapping[str, str]) -> list[Onglet]:
    comptes = compter(examens)
    autres = {nom: valeur for nom, valeur in filtres.items() if nom != "soin"}
    return [
        Onglet("Toutes les fiches", len(examens), _adresse(autres), tri.soin is None),
        *(
            Onglet(
                LIBELLES[soin],
                comptes[soin],
                _adresse(autres, soin=soin.value),
                tri.soin is soin,
            )
            for soin in Soin
            if comptes[soin] or tri.soin is soin
        ),
    ]


def _adresse(filtres: Mapping[str, str], **autres: str) -> str:
    return url_for("gestion.accueil", **filtres | autres)  # type: ignore[operator]


def _tri(args: Mapping[str, str]) -> Tri:
    """What is looked for; a value that means nothing looks for everything."""
    return Tri(
        soin=_membre(Soin, args.get("soin", "")),
        type=args.get("type", ""),
        commune=args.get("commune", ""),
        statut=_membre(Statut, args.get("statut", "")),
        q=args.get("q", ""),
    )


def _filtres(args: Mapping[str, str]) -> dict[str, str]:
    return {nom: args[nom] for nom in PARAMETRES if args.get(nom)}


def _membre(enum: type[E], code: str) -> E | None:
    return next((membre for membre in enum if membre.value == code), None)


def _bilan(faites: int) -> str:
    if not faites:
        return "Aucune fiche n’a été marquée : rien n’était coché, ou tout avait changé."
    pluriel = "s" if faites > 1 else ""
    return f"{faites} fiche{pluriel} marquée{pluriel} comme vérifiée{pluriel} aujourd’hui."


def _bilan_lu(args: Mapping[str, str]) -> str:
    return _bilan(entier(args["verifiees"], 6) or 0) if "verifiees" in args else ""
