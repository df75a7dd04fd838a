"""One's own account: password, second factor, other devices."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cartographie import comptes
from cartographie.database import reading, transaction
from cartographie.errors import SaisieError
from cartographie.utilisateurs import check_mot_de_passe, normaliser
from cartographie.web.gestion import hachage, second_facteur, sessions
from cartographie.web.gestion.essais import TropTot, essai_de_mot_de_passe
from cartographie.web.gestion.garde import blueprint, compte_courant
from cartographie.web.site import site

MOT_DE_PASSE_FAUX = "Ce n’est pas votre mot de passe actuel."
DIFFERENTS = "Les deux mots de passe diffèrent."
CODE_FAUX = "Ce code n’est pas le bon : vérifiez l’heure du téléphone, puis tapez le code affiché."
RETRAIT_REFUSE = "Un administrateur ne peut pas retirer le code à usage unique."
MESSAGES = {
    "mot-de-passe": "Mot de passe changé. Les autres appareils ont été déconnectés.",
    "retire": "Le code à usage unique a été retiré.",
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
    return redirect(url_for("gestion.profil", fait="mot-de-passe"), 303)


@blueprint.post("/profil/deconnecter-partout")
def deconnecter_partout() -> ResponseReturnValue:
    """End every session of this account, this one included."""
    with transaction(site().engine) as base:
        comptes.sign_out_everywhere(base, compte_courant().id)
    sessions.forget()
    return redirect(url_for("gestion.connexion", fait="partout"), 303)


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
    if compte.totp_secret and (faute := _faute_du_mot_de_passe()):
        return _page_du_secret(secret, 422, faute_mot_de_passe=faute)
    codes = second_facteur.new_codes()
    with transaction(site().engine) as base:
        second_facteur.enable(base, compte, secret, codes, pas)
        sessions.renew(base, compte.id)
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
    return redirect(url_for("gestion.profil", fait="retire"), 303)


def _faute_du_mot_de_passe() -> str:
    """Ask for the present password again: a session left open is not enough for what follows."""
    compte = compte_courant()
    try:
        with essai_de_mot_de_passe(compte.courriel) as essai:
            donne = request.form.get("mot_de_passe", "")
            if not hachage.est_le_bon(compte.mot_de_passe, donne):
                return MOT_DE_PASSE_FAUX
            essai.reussi()
    except TropTot as attente:
        return attente.phrase
    return ""


def _page(
    statut: int, *, fautes: dict[str, str] | None = None, message: str | None = None
) -> Response:
    compte = compte_courant()
    with reading(site().engine) as base:
        codes_restants = comptes.count_codes(base, compte.id)
    page = render_template(
        "gestion/profil.html",
        compte=compte,
        codes_restants=codes_restants,
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
        cle=second_facteur.cle_lisible(secret),
        qr=second_facteur.qr_svg(secret, compte.courriel),
        faute=faute,
        faute_mot_de_passe=faute_mot_de_passe,
    )
    return Response(page, statut)
