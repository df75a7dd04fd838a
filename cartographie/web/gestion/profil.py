"""One's own account: password, second factor, other devices."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cartographie import comptes
from cartographie.comptes import ouvertes
from cartographie.database import reading, transaction
from cartographie.errors import SaisieError
from cartographie.nombres import entier
from cartographie.utilisateurs import check_mot_de_passe, normaliser
from cartographie.web.gestion import hachage, second_facteur, sessions
from cartographie.web.gestion.essais import TropTot, essai_de_mot_de_passe
from cartographie.web.gestion.garde import blueprint, compte_courant
from cartographie.web.site import site
from cartographie.web.vigie import Fait, note

MOT_DE_PASSE_ABSENT = "Tapez votre mot de passe actuel."
MOT_DE_PASSE_FAUX = "Ce n’est pas votre mot de passe actuel."
DIFFERENTS = "Les deux mots de passe diffèrent."
CODE_FAUX = "Ce code n’est pas le bon : vérifiez l’heure du téléphone, puis tapez le code affiché."
AUCUNE = "Cochez au moins une connexion."
RETRAIT_REFUSE = "Un administrateur ne peut pas retirer le code à usage unique."
MESSAGES = {
    "mot-de-passe": "Mot de passe changé. Les autres appareils ont été déconnectés.",
    "retire": "Le code à usage unique a été retiré.",
    "connexions": "C’est fait : ces connexions sont fermées.",
}


@blueprint.get("/profil")
def profil() -> ResponseReturnValue:
    """What the account has, what it still needs."""
    return _page(200, message=MESSAGES.get(request.args.get("fait", "")))


@blueprint.post("/profil/mot-de-passe")
def changer_mot_de_passe() -> ResponseReturnValue:
    """Replace the password: the present one is asked for, the other devices are signed out."""
    compte = compte_courant()
    nouveau = request.form.get("mot_de_passe_nouveau", "")
    faute = _faute_du_mot_de_passe()
    if faute:
        return _page(422, fautes={"mot_de_passe": faute})
    try:
        check_mot_de_passe(nouveau, compte.role, compte.courriel, compte.nom)
    except SaisieError as erreur:
        return _page(422, fautes={"mot_de_passe_nouveau": erreur.fautes[0].message})
    if normaliser(nouveau) != normaliser(request.form.get("mot_de_passe_bis", "")):
        return _page(422, fautes={"mot_de_passe_bis": DIFFERENTS})
    empreinte = hachage.hacher(nouveau)
    with transaction(site().engine) as base:
        comptes.set_mot_de_passe(base, compte.id, empreinte)
        sessions.renew(base, compte.id)
    note(Fait.MOT_DE_PASSE_CHANGE)
    return redirect(url_for("gestion.profil", fait="mot-de-passe"), 303)


@blueprint.post("/profil/deconnecter-partout")
def deconnecter_partout() -> ResponseReturnValue:
    """End every session of this account, this one included."""
    with transaction(site().engine) as base:
        comptes.sign_out_everywhere(base, compte_courant().id)
    note(Fait.SESSIONS_FERMEES)
    return sessions.leave("partout")


@blueprint.post("/profil/connexions")
def fermer_connexions() -> ResponseReturnValue:
    """End the sessions of this account that are ticked."""
    numeros = _cochees()
    faute = _faute_du_mot_de_passe() if numeros else ""
    if faute or not numeros:
        champ = "mot_de_passe_connexions" if faute else "connexion"
        return _page(422, fautes={champ: faute or AUCUNE})
    with transaction(site().engine) as base:
        ouvertes.close_numbered(base, compte_courant().id, numeros)
    note(Fait.SESSIONS_FERMEES)
    return redirect(url_for("gestion.profil", fait="connexions"), 303)


@blueprint.get("/profil/second-facteur")
def second_facteur_page() -> ResponseReturnValue:
    """A new secret to put into an application; nothing is kept before a code proves it is there."""
    return _page_du_secret(second_facteur.new_secret(), 200)


@blueprint.post("/profil/second-facteur")
def activer_second_facteur() -> ResponseReturnValue:
    """Keep the secret whose code is given; show the recovery codes, once."""
    compte = compte_courant()
    secret = request.form.get("code_secret", "")
    pas = second_facteur.compteur(request.form.get("code", ""), secret)
    if pas is None:
        valable = second_facteur.is_secret(secret)
        return _page_du_secret(secret if valable else second_facteur.new_secret(), 422, CODE_FAUX)
    if _mot_de_passe_redemande() and (faute := _faute_du_mot_de_passe()):
        return _page_du_secret(secret, 422, faute_mot_de_passe=faute)
    codes = second_facteur.new_codes()
    with transaction(site().engine) as base:
        second_facteur.enable(base, compte, secret, codes, pas)
        sessions.renew(base, compte.id)
    note(Fait.SECOND_FACTEUR_CHANGE)
    return Response(render_template("gestion/codes.html", codes=codes))


@blueprint.post("/profil/codes")
def refaire_codes() -> ResponseReturnValue:
    """Other recovery codes in the place of those that are left."""
    compte = compte_courant()
    if not compte.totp_secret:
        return redirect(url_for("gestion.profil"), 303)
    if faute := _faute_du_mot_de_passe():
        return _page(422, fautes={"mot_de_passe_codes": faute})
    codes = second_facteur.new_codes()
    with transaction(site().engine) as base:
        comptes.set_codes(base, compte.id, second_facteur.empreintes(codes))
    note(Fait.SECOND_FACTEUR_CHANGE)
    return Response(render_template("gestion/codes.html", codes=codes))


@blueprint.post("/profil/second-facteur/retirer")
def retirer_second_facteur() -> ResponseReturnValue:
    """Do without a second factor: editors only."""
    compte = compte_courant()
    faute = RETRAIT_REFUSE if compte.second_facteur_exige else _faute_du_mot_de_passe()
    if faute:
        return _page(422, fautes={"mot_de_passe_retrait": faute})
    with transaction(site().engine) as base:
        comptes.clear_totp(base, compte.id)
        sessions.renew(base, compte.id)
    note(Fait.SECOND_FACTEUR_CHANGE)
    return redirect(url_for("gestion.profil", fait="retire"), 303)


def _mot_de_passe_redemande() -> bool:
    """A session left open is not enough to put one's own telephone on somebody's account."""
    return bool(compte_courant().totp_secret) or not sessions.is_recent()


def _faute_du_mot_de_passe() -> str:
    """Ask for the present password again: a session left open is not enough for what follows."""
    compte, donne = compte_courant(), request.form.get("mot_de_passe", "")
    if not donne:
        return MOT_DE_PASSE_ABSENT
    try:
        with essai_de_mot_de_passe(compte.courriel) as essai:
            if not hachage.est_le_bon(compte.mot_de_passe, donne):
                note(Fait.MOT_DE_PASSE_REFUSE)
                return MOT_DE_PASSE_FAUX
            essai.reussi()
    except TropTot as attente:
        note(Fait.ESSAIS_FREINES)
        return attente.phrase
    return ""


def _cochees() -> set[int]:
    """Numbers of sessions, as ticked; what is no number is nothing."""
    cochees = request.form.getlist("connexion")
    return {n for n in map(entier, cochees) if n is not None}


def _page(
    statut: int, *, fautes: dict[str, str] | None = None, message: str | None = None
) -> Response:
    compte, duree = compte_courant(), sessions.duree()
    limite = sessions.moment() - duree
    with reading(site().engine) as base:
        codes_restants = comptes.count_codes(base, compte.id)
        toutes = ouvertes.sessions_of(base, compte.id, sessions.secret())
    page = render_template(
        "gestion/profil.html",
        compte=compte,
        codes_restants=codes_restants,
        ici=next((vue for vue in toutes if vue.actuelle), None),
        autres=[vue for vue in toutes if not vue.actuelle and vue.ouverte_le > limite],
        duree=duree,
        cochees=_cochees(),
        inactivite=site().settings.session_inactivite_min,
        fautes=fautes or {},
        message=message,
    )
    return Response(page, statut)


def _page_du_secret(
    secret: str, statut: int, faute: str = "", *, faute_mot_de_passe: str = ""
) -> Response:
    compte = compte_courant()
    page = render_template(
        "gestion/second_facteur.html",
        compte=compte,
        secret=secret,
        redemande=_mot_de_passe_redemande(),
        cle=second_facteur.cle_lisible(secret),
        qr=second_facteur.qr_svg(secret, compte.courriel),
        faute=faute,
        faute_mot_de_passe=faute_mot_de_passe,
    )
    return Response(page, statut)
