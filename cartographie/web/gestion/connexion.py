"""Sign in, sign out, and the link by which a password is chosen."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from cartographie import comptes
from cartographie.comptes import Compte, ouvertes
from cartographie.database import reading, transaction
from cartographie.errors import EcritureImpossible, SaisieError
from cartographie.jetons import signer
from cartographie.utilisateurs import check_mot_de_passe, normaliser, read_courriel
from cartographie.web.gestion import hachage, reprise, second_facteur, sessions
from cartographie.web.gestion.essais import TropTot, essai_de_code, essai_de_mot_de_passe
from cartographie.web.gestion.garde import a_regler, accueil, blueprint
from cartographie.web.site import site
from cartographie.web.vigie import Fait, note

REFUS = "Adresse électronique ou mot de passe incorrect."
REFUS_CODE = "Ce code n’est pas valable, ou a déjà servi. Attendez le suivant."
ETAPE_S = 600
RECOMMENCER = "Trop de temps a passé : recommencez par le mot de passe."
SORTIE_INCOMPLETE = (
    "Vous êtes déconnecté de cet appareil. Mais le serveur, dont le disque est plein ou en lecture "
    "seule, n’a pas pu l’enregistrer : prévenez la personne qui le tient."
)
MESSAGES = {
    "mot-de-passe": "Mot de passe enregistré. Connectez-vous.",
    "deconnexion": "Vous êtes déconnecté.",
    "partout": "Vous êtes déconnecté de tous les appareils.",
}


@blueprint.get("/connexion")
def connexion() -> ResponseReturnValue:
    """The form. No cookie comes with it."""
    fait = request.args.get("fait", "")
    faute = SORTIE_INCOMPLETE if fait == "deconnexion-ici" else ""
    return _page(200, faute=faute, message=MESSAGES.get(fait))


@blueprint.post("/connexion")
def connexion_post() -> ResponseReturnValue:
    """Check the password; the answer and the work are the same for an address without account."""
    courriel = _courriel(request.form.get("courriel", ""))
    mot_de_passe = request.form.get("mot_de_passe", "")
    try:
        with essai_de_mot_de_passe(courriel) as essai:
            compte = _verifier(courriel, mot_de_passe)
            if compte is None:
                return _page(401, faute=REFUS)
            essai.reussi()
    except TropTot as attente:
        return _attendre(attente)
    if compte.totp_secret:
        return _page_du_code(compte, 200)
    return _entrer(compte)


@blueprint.post("/connexion/code")
def connexion_code() -> ResponseReturnValue:
    """Check the second factor of who has just given the right password."""
    compte = _compte_de_l_etape(request.form.get("etape", ""))
    if compte is None:
        note(Fait.LIEN_REFUSE)
        return _page(401, faute=RECOMMENCER)
    try:
        with essai_de_code(compte.id) as essai:
            if not second_facteur.take_code(compte, request.form.get("code", "")):
                note(Fait.CODE_REFUSE, compte.id)
                return _page_du_code(compte, 401, faute=REFUS_CODE)
            essai.reussi()
    except TropTot as attente:
        note(Fait.ESSAIS_FREINES, compte.id)
        return _page_du_code(compte, 429, faute=attente.phrase)
    return _entrer(compte)


@blueprint.post("/deconnexion")
def deconnexion() -> ResponseReturnValue:
    """End this session, and whatever copies of its cookie there are."""
    secret, fait = sessions.secret(), "deconnexion"
    note(Fait.DECONNEXION)
    try:
        with transaction(site().engine) as base:
            ouvertes.close(base, secret)
    except EcritureImpossible:
        fait = "deconnexion-ici"
    return sessions.leave(fait)


@blueprint.get("/invitation")
def invitation() -> ResponseReturnValue:
    """The page of a link: opening it changes nothing, any number of times."""
    with reading(site().engine) as base:
        compte = comptes.find_by_invitation(base, _jeton(), sessions.moment())
    if compte is None:
        note(Fait.LIEN_REFUSE)
    return _page_d_invitation(compte, 200 if compte else 404)


@blueprint.post("/invitation")
def invitation_post() -> ResponseReturnValue:
    """Set the password and consume the link; then one signs in as always."""
    jeton, maintenant = _jeton(), sessions.moment()
    mot_de_passe = request.form.get("mot_de_passe", "")
    with reading(site().engine) as base:
        compte = comptes.find_by_invitation(base, jeton, maintenant)
    if compte is None:
        note(Fait.LIEN_REFUSE)
        return _page_d_invitation(None, 404)
    try:
        check_mot_de_passe(mot_de_passe, compte.role, compte.courriel, compte.nom)
    except SaisieError as erreur:
        return _page_d_invitation(compte, 422, faute=erreur.fautes[0].message)
    if normaliser(mot_de_passe) != normaliser(request.form.get("mot_de_passe_bis", "")):
        return _page_d_invitation(compte, 422, faute="Les deux mots de passe diffèrent.")
    empreinte = hachage.hacher(mot_de_passe)
    with transaction(site().engine) as base:
        fait = comptes.accept(base, jeton, empreinte, maintenant)
    if fait is None:
        note(Fait.LIEN_REFUSE)
        return _page_d_invitation(None, 404)
    note(Fait.MOT_DE_PASSE_CHANGE, compte.id)
    sessions.forget()
    return redirect(url_for("gestion.connexion", fait="mot-de-passe"), 303)


def _verifier(courriel: str, mot_de_passe: str) -> Compte | None:
    with reading(site().engine) as base:
        compte = comptes.find_by_courriel(base, courriel)
    ouvert = compte is not None and compte.revoque_le is None
    empreinte = compte.mot_de_passe if compte and ouvert else ""
    juste = hachage.est_le_bon(empreinte, mot_de_passe)
    if compte is None or not juste:
        note(Fait.CONNEXION_REFUSEE, compte.id if compte else None)
        return None
    if hachage.a_refaire(empreinte):
        with transaction(site().engine) as base:
            comptes.rehash(base, compte.id, hachage.hacher(mot_de_passe))
    return compte


def _entrer(compte: Compte) -> ResponseReturnValue:
    """Open the session; go where one was going, with what was typed."""
    with transaction(site().engine) as base:
        comptes.mark_signed_in(base, compte.id, sessions.moment())
        sessions.start(base, compte.id)
    g.compte = compte
    note(Fait.CONNEXION_DEUX_FACTEURS if compte.totp_secret else Fait.CONNEXION)
    typed = reprise.decode(request.form.get("reprise", ""))
    if typed is not None:
        return reprise.proposer(typed, reglage=a_regler(compte))
    suite = request.form.get("suite", "")
    return redirect(suite if reprise.is_local(suite) else accueil(), 303)


def _page(statut: int, *, faute: str = "", message: str | None = None) -> Response:
    page = render_template(
        "gestion/connexion.html",
        faute=faute,
        message=message,
        courriel=request.form.get("courriel", "")[:254],
        **_suite(),
    )
    return Response(page, statut)


def _page_du_code(compte: Compte, statut: int, *, faute: str = "") -> Response:
    etape = _signer().dumps([compte.uniquifier, int(sessions.moment().timestamp())])
    page = render_template("gestion/code.html", etape=etape, faute=faute, **_suite())
    return Response(page, statut)


def _page_d_invitation(compte: Compte | None, statut: int, *, faute: str = "") -> Response:
    page = render_template("gestion/invitation.html", compte=compte, jeton=_jeton(), faute=faute)
    return Response(page, statut)


def _attendre(attente: TropTot) -> Response:
    response = _page(429, faute=attente.phrase)
    response.headers["Retry-After"] = str(attente.secondes)
    return response


def _suite() -> dict[str, str | bool]:
    """Where to go afterwards and what was typed, carried from page to page."""
    suite = request.values.get("suite", "")
    typed = reprise.decode(request.form.get("reprise", ""))
    return {
        "suite": suite if reprise.is_local(suite) else "",
        "reprise": reprise.encode(typed),
        "interrompue": typed is not None,
    }


def _compte_de_l_etape(etape: str) -> Compte | None:
    """Whose password was right less than ten minutes ago."""
    try:
        uniquifier, quand = _signer().loads(etape)
    except (BadData, ValueError, TypeError):
        return None
    if not 0 <= sessions.moment().timestamp() - quand < ETAPE_S:
        return None
    with reading(site().engine) as base:
        return comptes.find_by_uniquifier(base, uniquifier)


def _courriel(texte: str) -> str:
    """One spelling; what is no address is looked for all the same, and not found.

    PostgreSQL takes no NUL, not even in a question.
    """
    try:
        return read_courriel(texte)
    except SaisieError:
        return texte[:254].replace("\0", "")


def _jeton() -> str:
    return request.values.get("jeton", "")[:100]


def _signer() -> URLSafeSerializer:
    return signer(str(current_app.config["SECRET_KEY"]), "gestion-etape")
