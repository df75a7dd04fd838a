"""What stands before every view of /gestion, and the words by which views know who asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from cartographie import comptes
from cartographie.comptes import Compte
from cartographie.database import reading
from cartographie.errors import DroitError, EcritureImpossible
from cartographie.utilisateurs import RoleCompte, Utilisateur
from cartographie.web import erreurs
from cartographie.web.gestion import reprise, sessions
from cartographie.web.security import GESTION
from cartographie.web.site import site
from cartographie.web.vigie import Fait, note

# The only views that answer without an account.
SANS_COMPTE = frozenset(
    {
        "gestion.connexion",
        "gestion.connexion_post",
        "gestion.connexion_code",
        "gestion.invitation",
        "gestion.invitation_post",
    }
)
# What remains open to an account that has still to choose a longer password or a second factor.
REGLAGES = frozenset(
    {
        "gestion.profil",
        "gestion.changer_mot_de_passe",
        "gestion.second_facteur_page",
        "gestion.activer_second_facteur",
        "gestion.deconnexion",
        "gestion.deconnecter_partout",
        "gestion.fermer_connexions",
    }
)
LECTURES = frozenset({"GET", "HEAD", "OPTIONS"})
# The menu: endpoint, words, role.
MENU = (
    ("gestion.accueil", "Fiches à tenir", RoleCompte.EDITEUR),
    ("gestion.propositions_page", "Propositions", RoleCompte.EDITEUR),
    ("gestion.rappels", "Rappels", RoleCompte.EDITEUR),
    ("gestion.imports", "Imports, exports", RoleCompte.EDITEUR),
    ("gestion.suivi", "Suivi", RoleCompte.EDITEUR),
    ("gestion.couverture", "Couverture", RoleCompte.EDITEUR),
    ("gestion.objectifs", "Chiffres du protocole", RoleCompte.EDITEUR),
    ("gestion.bilan_courant", "Bilan", RoleCompte.EDITEUR),
    ("gestion.comptes", "Comptes", RoleCompte.ADMINISTRATEUR),
    ("gestion.profil", "Mon profil", RoleCompte.EDITEUR),
)
RESERVE = "Cette page est réservée aux administrateurs."

P = ParamSpec("P")
R = TypeVar("R")

blueprint = Blueprint("gestion", __name__, url_prefix=GESTION)


@blueprint.before_request
def garder() -> ResponseReturnValue | None:
    """Let in who is signed in; keep what was typed by who no longer is."""
    g.compte = _compte_connecte()
    if request.endpoint in SANS_COMPTE:
        return None
    if g.compte is None:
        return demander_connexion()
    if request.method not in LECTURES and not _jeton_valide():
        note(Fait.JETON_REFUSE)
        return reprise.demander_confirmation()
    if request.endpoint not in REGLAGES and a_regler(g.compte):
        if request.method in LECTURES:
            return redirect(url_for("gestion.profil"), 303)
        return reprise.demander_confirmation(reglage=True)
    return None


@blueprint.errorhandler(EcritureImpossible)
def garder_la_saisie(erreur: EcritureImpossible) -> ResponseReturnValue:
    """Nothing can be saved: say it, with everything that was typed and the button to try again."""
    if request.method in LECTURES or g.get("compte") is None:
        return erreurs.repondre(503, str(erreur))
    return reprise.proposer(reprise.capture(), 503, refus=str(erreur))


@blueprint.context_processor
def page() -> dict[str, Any]:
    """What every page of /gestion shows."""
    compte = g.get("compte")
    entrees = [
        (url_for(endpoint), libelle, endpoint == request.endpoint)
        for endpoint, libelle, role in MENU
        if compte and compte.role.permet(role) and _existe(endpoint)
    ]
    return {
        "utilisateur": _utilisateur(compte) if compte else None,
        "menu": entrees,
    }


def exige(role: RoleCompte | str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Reserve a view: `@exige("administrateur")`, under the route. The others get a 403."""
    demande = RoleCompte(role)

    def decorer(vue: Callable[P, R]) -> Callable[P, R]:
        @wraps(vue)
        def gardee(*args: P.args, **kwargs: P.kwargs) -> R:
            if not compte_courant().role.permet(demande):
                raise DroitError(RESERVE)
            return vue(*args, **kwargs)

        return gardee

    return decorer


def utilisateur_courant() -> Utilisateur:
    """Who is signed in; only inside a view that the guard protects."""
    return _utilisateur(compte_courant())


def compte_courant() -> Compte:
    """The whole account, for the views that change it."""
    compte: Compte | None = g.get("compte")
    if compte is None:
        raise DroitError("Connectez-vous pour continuer.")
    return compte


def a_regler(compte: Compte) -> bool:
    """Whether the role asks for more than the account has: nothing else opens until then."""
    return compte.mot_de_passe_trop_court or compte.second_facteur_manquant


def accueil() -> str:
    """Where one arrives when nothing else was asked for."""
    return url_for("gestion.accueil" if _existe("gestion.accueil") else "gestion.profil")


def _existe(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def demander_connexion() -> ResponseReturnValue:
    """Send to the sign-in page, which brings back here, and carry along what was typed."""
    sessions.forget()
    if request.method in LECTURES:
        suite = request.full_path if request.query_string else request.path
        return redirect(url_for("gestion.connexion", suite=suite), 303)
    return reprise.demander_connexion()


def _compte_connecte() -> Compte | None:
    if sessions.is_forged():
        note(Fait.SESSION_REFUSEE)
    secret = sessions.current()
    if secret is None:
        return None
    with reading(site().engine) as base:
        compte = comptes.find_by_session(base, secret)
    if compte is None:
        note(Fait.SESSION_REFUSEE)
    return compte


def _jeton_valide() -> bool:
    jeton = request.form.get("csrf_token") or request.headers.get("X-CSRFToken")
    try:
        validate_csrf(jeton)
    except ValidationError:
        return False
    return True


def _utilisateur(compte: Compte) -> Utilisateur:
    return Utilisateur(compte.courriel, compte.nom, compte.role)
