"""`/acteurs/<slug>/signaler`: anybody says what is wrong on a record; nothing of who is kept.

No cookie, no account, no JavaScript. What comes back is judged by its origin (security.py), its
stamp, a field that only machines fill, then counted by network through all processes. The answer
is the same whatever others sent before: it is made of the Fiche and of what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirection

from cartographie import courrier, depots, propositions, registre
from cartographie.acteurs import Fiche
from cartographie.database import reading, transaction
from cartographie.depots import Depot, MotifDepot, OrigineDepot
from cartographie.errors import Faute, IntrouvableError, SaisieError
from cartographie.frein import Cle
from cartographie.lettres import Motif
from cartographie.signalements import CHAMPS, CHOIX, comprendre, numeros, portes
from cartographie.web import tampon
from cartographie.web.pages import ABSENTE
from cartographie.web.site import catalogue, site
from cartographie.web.tampon import Age
from cartographie.web.tentatives import TropTot, empreinte, prefixe, reserver

# A whole office stands behind one network; what says that somebody is in danger never waits
# for the rest.
GRATUITS = 10
MACHINE = "sujet"  # filled by machines only
ALERTE = "Carte des services : un message est à lire sans attendre"
PHRASES: Mapping[Age, str] = {
    Age.TROP_TOT: "Le message est parti très vite : relisez-le, puis envoyez-le de nouveau.",
    Age.TROP_TARD: "Cette page était ouverte depuis trop longtemps : relisez, puis envoyez de "
    "nouveau. Ce que vous avez écrit est encore là.",
    Age.ILLISIBLE: "Cette page n’était plus valable : relisez, puis envoyez de nouveau. Ce que "
    "vous avez écrit est encore là.",
}
ROBOT = "Un champ qui doit rester vide était rempli : il est vidé, envoyez de nouveau."

blueprint = Blueprint("signalement", __name__)


@blueprint.get("/acteurs/<slug>/signaler")
def signaler(slug: str) -> Response:
    """The form, empty. Absent and hidden are the same answer."""
    return _page(_fiche(slug), {}, tampon.stamp(slug))


@blueprint.post("/acteurs/<slug>/signaler")
def signaler_post(slug: str) -> Response | Redirection:
    """Keep what is said, or give the form back with what was typed and why."""
    fiche = _fiche(slug)
    tape = {nom: request.form.get(nom, "") for nom in CHAMPS}
    cachet = request.form.get("tampon", "")
    age = tampon.read(slug, cachet)
    if age is not Age.BON:
        garde = cachet if age is Age.TROP_TOT else tampon.stamp(slug)
        return _page(fiche, tape, garde, (Faute("", PHRASES[age]),), 422)
    if request.form.get(MACHINE):
        return _page(fiche, tape, cachet, (Faute("", ROBOT),), 422)
    try:
        with reading(site().engine) as session:
            depot = _depot(session, slug, tape, cachet)
            base, _ = registre.get_saisie(session, slug)
            depots.examiner(depot, base, site().referentiel, registre.porteurs(session))
        reserver(_cle(depot))
        _garder(depot)
    except SaisieError as erreur:
        return _page(fiche, tape, cachet, tuple(_a_l_ecran(f, tape) for f in erreur.fautes), 422)
    except TropTot as attente:
        return _attendre(fiche, tape, cachet, attente)
    return redirect(url_for("signalement.merci"), 303)


@blueprint.get("/merci")
def merci() -> str:
    """The same words for everybody, at an address that says nothing."""
    return render_template("merci.html")


def _fiche(slug: str) -> Fiche:
    fiche = catalogue().get(slug)
    if fiche is None:
        raise IntrouvableError(ABSENTE)
    return fiche


def _depot(session: Session, slug: str, tape: Mapping[str, str], cachet: str) -> Depot:
    base, _ = registre.get_saisie(session, slug)
    signale = comprendre(tape, base, site().referentiel.communes)
    contenu = "\n".join([cachet, *(tape[nom] for nom in CHAMPS)])
    return Depot(
        slug=slug,
        origine=OrigineDepot.PUBLIC,
        motif=_motif(tape),
        texte=tape["texte"],
        changements=signale.changements,
        precisions=signale.precisions,
        # The button pressed twice; of no use to find who pressed it.
        envoi=empreinte("envoi", contenu),
    )


def _motif(tape: Mapping[str, str]) -> str:
    """The choice, if it is one of the page's."""
    return tape["motif"] if tape["motif"] in {code for code, _ in CHOIX} else ""


def _garder(depot: Depot) -> None:
    maintenant = site().horloge().astimezone(UTC)
    with transaction(site().engine) as session:
        numero = propositions.submit(session, depot, site().referentiel, maintenant=maintenant)
        destinataire = site().settings.courriel_ddfe
        if depot.motif == MotifDepot.DANGER and destinataire:
            courrier.queue(
                session,
                a=destinataire,
                sujet=ALERTE,
                corps=_corps(numero),
                motif=Motif.ALERTE,
                maintenant=maintenant,
            )


def _corps(numero: int) -> str:
    """A link and nothing of the message. Never the host of the request: anybody chooses that."""
    chemin = url_for("gestion.proposition", numero=numero)
    return render_template(
        "courriels/alerte.txt", adresse=f"{site().settings.url_publique}{chemin}"
    )


def _cle(depot: Depot) -> Cle:
    sorte = "danger" if depot.motif == MotifDepot.DANGER else "signalement"
    return Cle(empreinte("sorte", sorte), empreinte("signalement", prefixe()), GRATUITS)


def _a_l_ecran(faute: Faute, tape: Mapping[str, str]) -> Faute:
    """A fault of the record, beside the field of the page that it comes from."""
    if faute.champ in CHAMPS:
        return faute
    champ = {MotifDepot.NUMERO_FAUX: "numero_juste", MotifDepot.DEMENAGE: "adresse"}
    return Faute(champ.get(_motif(tape), ""), faute.message)  # type: ignore[call-overload]


def _attendre(fiche: Fiche, tape: Mapping[str, str], cachet: str, attente: TropTot) -> Response:
    phrase = (
        f"Beaucoup de messages sont arrivés depuis votre réseau : réessayez dans {attente.duree}."
        " Ce que vous avez écrit est encore là."
    )
    response = _page(fiche, tape, cachet, (Faute("", phrase),), 429)
    response.headers["Retry-After"] = str(attente.secondes)
    return response


def _page(
    fiche: Fiche,
    tape: Mapping[str, str],
    cachet: str,
    fautes: tuple[Faute, ...] = (),
    statut: int = 200,
) -> Response:
    par_champ: dict[str, str] = {}
    for faute in fautes:
        par_champ.setdefault(faute.champ, faute.message)
    page = render_template(
        "signaler.html",
        fiche=fiche,
        tape=tape,
        tampon=cachet,
        choix=CHOIX,
        numeros=numeros(fiche),
        portes=portes(fiche),
        fautes=par_champ,
        longueur=depots.TEXTE_MAX,
    )
    response = Response(page, statut)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
