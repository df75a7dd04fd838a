"""The accounts, for administrators: invite, renew a link, change a role, close, open again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cartographie import comptes
from cartographie.comptes import Compte
from cartographie.database import reading, transaction
from cartographie.errors import Faute, SaisieError
from cartographie.utilisateurs import RoleCompte, read_courriel, read_nom, read_role
from cartographie.web.gestion import sessions
from cartographie.web.gestion.garde import blueprint, compte_courant, exige
from cartographie.web.site import site
from cartographie.web.vigie import Fait, note

T = TypeVar("T")
SOI_MEME = "On ne ferme pas son propre compte, et on n’en change pas le rôle."
FERME = "Ce compte est fermé : rouvrez-le d’abord."
MESSAGES = {
    "role": "Rôle changé.",
    "ferme": "Compte fermé : ses appareils sont déconnectés.",
    "rouvert": "Compte rouvert.",
}


@blueprint.get("/comptes", endpoint="comptes")
@exige(RoleCompte.ADMINISTRATEUR)
def liste() -> ResponseReturnValue:
    """Who may write, and who has not come for a long time."""
    return _page(200, message=MESSAGES.get(request.args.get("fait", "")))


@blueprint.post("/comptes")
@exige(RoleCompte.ADMINISTRATEUR)
def inviter() -> ResponseReturnValue:
    """Make an account and show its link, which the administrator passes on."""
    lus, fautes = _lire_invitation()
    if lus is None:
        return _page(422, fautes=fautes)
    maintenant = sessions.moment()
    try:
        with transaction(site().engine) as base:
            compte = comptes.create_compte(base, *lus, maintenant)
            jeton = comptes.invite(base, compte.id, maintenant)
    except SaisieError as erreur:
        return _page(422, fautes=_par_champ(erreur))
    note(Fait.COMPTE_INVITE, vise=compte.id)
    return _page_du_lien(compte, jeton)


@blueprint.post("/comptes/<int:compte>/lien")
@exige(RoleCompte.ADMINISTRATEUR)
def renouveler_lien(compte: int) -> ResponseReturnValue:
    """A new link for a password forgotten; without the second factor when the phone is lost."""
    maintenant = sessions.moment()
    with transaction(site().engine) as base:
        voulu = comptes.get_compte(base, compte)
        if voulu.revoque_le is not None:
            return _page(422, fautes={"": FERME})
        if request.form.get("telephone_perdu") == "1":
            comptes.clear_totp(base, compte)
            note(Fait.SECOND_FACTEUR_CHANGE, vise=compte)
        jeton = comptes.invite(base, compte, maintenant)
    note(Fait.COMPTE_INVITE, vise=compte)
    return _page_du_lien(voulu, jeton)


@blueprint.post("/comptes/<int:compte>/role")
@exige(RoleCompte.ADMINISTRATEUR)
def changer_role(compte: int) -> ResponseReturnValue:
    """Change what an account may do, from its next request on."""
    try:
        role = read_role(request.form.get("role", ""))
        with transaction(site().engine) as base:
            _refuser_soi_meme(comptes.get_compte(base, compte))
            comptes.set_role(base, compte, role)
    except SaisieError as erreur:
        return _page(422, fautes={"": erreur.fautes[0].message})
    note(Fait.ROLE_CHANGE, vise=compte)
    return redirect(url_for("gestion.comptes", fait="role"), 303)


@blueprint.post("/comptes/<int:compte>/fermer")
@exige(RoleCompte.ADMINISTRATEUR)
def fermer(compte: int) -> ResponseReturnValue:
    """Close an account at once; what it wrote stays."""
    try:
        with transaction(site().engine) as base:
            _refuser_soi_meme(comptes.get_compte(base, compte))
            comptes.revoke(base, compte, sessions.moment())
    except SaisieError as erreur:
        return _page(422, fautes={"": erreur.fautes[0].message})
    note(Fait.COMPTE_FERME, vise=compte)
    return redirect(url_for("gestion.comptes", fait="ferme"), 303)


@blueprint.post("/comptes/<int:compte>/rouvrir")
@exige(RoleCompte.ADMINISTRATEUR)
def rouvrir(compte: int) -> ResponseReturnValue:
    """Open a closed account again."""
    with transaction(site().engine) as base:
        comptes.get_compte(base, compte)
        comptes.restore(base, compte)
    note(Fait.COMPTE_ROUVERT, vise=compte)
    return redirect(url_for("gestion.comptes", fait="rouvert"), 303)


def _lire_invitation() -> tuple[tuple[str, str, RoleCompte] | None, dict[str, str]]:
    """Address, name and role as typed; every fault at once."""
    fautes: dict[str, str] = {}

    def lire(champ: str, lecteur: Callable[[str], T]) -> T | None:
        try:
            return lecteur(request.form.get(champ, ""))
        except SaisieError as erreur:
            fautes.update(_par_champ(erreur))
            return None

    courriel, nom = lire("courriel", read_courriel), lire("nom", read_nom)
    role = lire("role", read_role)
    if courriel is None or nom is None or role is None:
        return None, fautes
    return (courriel, nom, role), fautes


def _par_champ(erreur: SaisieError) -> dict[str, str]:
    return {faute.champ: faute.message for faute in erreur.fautes}


def _refuser_soi_meme(compte: Compte) -> None:
    if compte.id == compte_courant().id:
        raise SaisieError((Faute("", SOI_MEME),))


def _page(
    statut: int, *, fautes: dict[str, str] | None = None, message: str | None = None
) -> Response:
    with reading(site().engine) as base:
        tous = comptes.comptes(base)
    page = render_template(
        "gestion/comptes.html",
        comptes=tous,
        soi=compte_courant().id,
        roles=tuple(RoleCompte),
        maintenant=sessions.moment(),
        fautes=fautes or {},
        message=message,
        saisie=request.form if fautes else {},
    )
    return Response(page, statut)


def _page_du_lien(compte: Compte, jeton: str) -> Response:
    racine = site().settings.url_publique or request.host_url.rstrip("/")
    lien = racine + url_for("gestion.invitation", jeton=jeton)
    jours = comptes.INVITATION.days
    return Response(render_template("gestion/lien.html", compte=compte, lien=lien, jours=jours))
