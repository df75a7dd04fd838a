"""`/flux.atom`: what was created, changed and closed, all of Isère, for an EPCI or an objective.

Nothing here is kept in memory: a record that is hidden leaves the feed with the same commit.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, request, url_for

from cartographie import journal
from cartographie.acteurs import Territoire
from cartographie.changements import SorteChangement
from cartographie.communes import Communes, Epci
from cartographie.database import reading
from cartographie.echanges import flux
from cartographie.errors import ParametreError
from cartographie.journal import Changement
from cartographie.libelles import CHAMPS
from cartographie.parametres import Arguments, lire_objectif, lire_texte
from cartographie.snapshot import current_catalogue
from cartographie.web.adresses import absolue
from cartographie.web.site import site

ENTREES_MAX = 300
TITRES = {
    SorteChangement.CREEE: "Nouvelle fiche",
    SorteChangement.MODIFIEE: "Fiche modifiée",
    SorteChangement.FERMEE: "Service retiré de la carte",
}
TOUT = "departement"

blueprint = Blueprint("flux", __name__)


@blueprint.get("/flux.atom")
def atom() -> Response:
    """The feed, the latest day first."""
    args = request.args.to_dict(flat=False)
    referentiel = site().referentiel
    objectif = lire_objectif(args, referentiel, site().periode_courante())
    epci = lire_epci(args, referentiel.communes)
    with reading(site().engine) as session:
        publie = current_catalogue(session, referentiel)
        changements = journal.read(session, publie)
    retenus = [
        changement
        for changement in changements
        if (epci is None or concerne(changement, epci))
        and (objectif is None or participe(changement, objectif))
    ]
    corps = flux.write(_entete(objectif, epci), map(_entree, retenus[:ENTREES_MAX]))
    return Response(corps, content_type="application/atom+xml; charset=utf-8")


def lire_epci(args: Arguments, communes: Communes) -> Epci | None:
    """An EPCI of Isère by its SIREN code; None when not given. Raises ParametreError."""
    code = lire_texte(args, "epci")
    if not code:
        return None
    epci = communes.epci(code)
    if epci is None:
        message = f"« {code} » n’est pas le code SIREN d’une intercommunalité de l’Isère."
        raise ParametreError("epci", code, message)
    return epci


def concerne(changement: Changement, epci: Epci) -> bool:
    """Whether people there may go to it: a door in the EPCI, or a territoire that meets it."""
    codes = changement.codes
    if changement.fiche is not None:
        lieux = [i.localisation for i in changement.fiche.implantations]
        territoire = changement.fiche.territoire or Territoire()
        codes = frozenset({lieu.code_insee or lieu.code_epci for lieu in lieux})
        codes |= {*territoire.communes, *territoire.epci}
        codes |= {TOUT} if territoire.departement else set()
    return bool(codes & {TOUT, epci.code, *epci.membres})


def participe(changement: Changement, objectif: tuple[str, int]) -> bool:
    """Whether it takes part in an objective, itself or through its porteur."""
    if changement.fiche is None:
        return "/".join(map(str, objectif)) in changement.objectifs
    fiche = changement.fiche
    parts = fiche.participations + fiche.participations_du_porteur
    return objectif in {(part.periode, part.objectif) for part in parts}


def champs_fr(champs: tuple[str, ...]) -> str:
    """Name the fields in the order of the form: `horaires, lieux`."""
    rang = {nom: n for n, nom in enumerate(CHAMPS)}
    mots = [CHAMPS.get(nom, nom) for nom in sorted(champs, key=lambda n: rang.get(n, len(rang)))]
    return ", ".join(mot[:1].lower() + mot[1:] for mot in mots)


def _entree(changement: Changement) -> flux.Entree:
    texte = {
        SorteChangement.CREEE: "La fiche est publiée.",
        SorteChangement.MODIFIEE: f"Ce qui a changé : {champs_fr(changement.champs)}.",
        SorteChangement.FERMEE: "La fiche n’est plus publiée.",
    }[changement.sorte]
    page = (
        url_for("pages.acteur", slug=changement.slug)
        if changement.fiche
        else url_for("pages.accueil")
    )
    return flux.Entree(
        slug=changement.slug,
        jour=changement.jour,
        sorte=changement.sorte.value,
        titre=f"{TITRES[changement.sorte]} : {changement.nom}",
        texte=texte,
        lien=absolue(page),
    )


def _entete(objectif: tuple[str, int] | None, epci: Epci | None) -> flux.Flux:
    choix = {"epci": epci.code if epci else "", "objectif": "/".join(map(str, objectif or ()))}
    question = urlencode({nom: valeur for nom, valeur in choix.items() if valeur}, safe="/")
    precisions = [epci.nom] if epci else []
    precisions += [f"objectif {objectif[1]} ({objectif[0]})"] if objectif else []
    adresse = url_for("flux.atom") + (f"?{question}" if question else "")
    return flux.Flux(
        titre=" – ".join(["Carte des services – Isère : ce qui a changé", *precisions]),
        sous_titre="Fiches créées, modifiées et retirées, au jour près.",
        adresse=absolue(adresse),
        page=absolue(url_for("pages.accueil")),
        autorite=urlsplit(absolue("/")).hostname or "localhost",
        depuis=date(site().horloge().year, 1, 1),
    )
