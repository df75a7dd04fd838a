"""`/partenaires/<jeton>`: a partner confirms or corrects its record by a link, without an account.

The link is the proof, so there is no cookie. Opening it changes nothing, any number of times:
mail scanners open every link. The first POST in time uses it up, in the same transaction as what
it says. A link of a record that the public does not see is answered like any wrong text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cartographie import courrier, jetons, propositions, registre
from cartographie.acteurs import Fiche, Saisie
from cartographie.database import reading, transaction
from cartographie.depots import TEXTE_MAX, Depot, MotifDepot, OrigineDepot
from cartographie.errors import Faute, IntrouvableError, SaisieError
from cartographie.geocodage import GeocodeurCommunes
from cartographie.lettres import Reponse
from cartographie.rappels import LienVu, is_visible
from cartographie.saisies import Champs, Contexte, Lecture, changes, ecrire, read_partner, shown, un
from cartographie.web import fiches
from cartographie.web.gestion import revisions
from cartographie.web.gestion.formulaire import Formulaire
from cartographie.web.site import site
from cartographie.web.vigie import Fait, note

PAR = "partenaire"
AJOUTER = "ajouter."
REMARQUE = "remarque"
RIEN = (
    "Rien n’a été modifié dans ce formulaire. Si tout est exact, revenez à la page précédente et"
    " appuyez sur « Tout est exact »."
)
RELIRE = (
    "Cette fiche vient d’être modifiée par la délégation : la voici à jour. Relisez-la, puis"
    " répondez ; rien n’a encore été enregistré."
)

blueprint = Blueprint("partenaires", __name__, url_prefix="/partenaires")


@dataclass(frozen=True, slots=True)
class Ouvert:
    """A link that may still answer, and the record it is about, as the public sees it."""

    lien: LienVu
    saisie: Saisie
    revision: int
    fiche: Fiche


class Mort(Exception):
    """A link that opens nothing: the status of the answer, and when it was used, if it was."""

    def __init__(self, statut: int, lien: LienVu | None = None) -> None:
        self.statut = statut
        self.lien = lien
        super().__init__(statut)


class Relire(Exception):
    """The record moved on since the page was made: the transaction is undone."""


@blueprint.get("/<jeton>")
def lien(jeton: str) -> ResponseReturnValue:
    """What the record says, and the two ways to answer; with `modifier`, the form."""
    ouvert = _open(jeton)
    if isinstance(ouvert, Mort):
        return _page_morte(ouvert)
    if request.args.get("modifier"):
        champs = ecrire(shown(ouvert.saisie), site().referentiel.communes)
        return _page_du_formulaire(jeton, ouvert, champs)
    return _page(jeton, ouvert)


@blueprint.post("/<jeton>")
def repondre(jeton: str) -> ResponseReturnValue:
    """« Tout est exact », one more block of the form, or what has changed."""
    ouvert = _open(jeton)
    if isinstance(ouvert, Mort):
        return _page_morte(ouvert)
    numero = revisions.read(ouvert.lien.slug, request.form.get("revision", ""))
    champs = request.form.to_dict(flat=False)
    geste = un(champs, "geste")
    try:
        if geste == "exact":
            return _confirm(ouvert, numero)
        if geste.startswith(AJOUTER):
            return _ajouter(jeton, ouvert, numero, champs, geste.removeprefix(AJOUTER))
        return _propose(jeton, ouvert, numero, champs)
    except Relire:
        return _page(jeton, _open_again(jeton), relire=RELIRE, statut=409)
    except Mort as mort:
        return _page_morte(mort)


@blueprint.get("/merci")
def merci() -> str:
    """After an answer: nothing of the record, nothing of the link in the address bar."""
    return render_template("partenaire/merci.html", reponse=request.args.get("reponse", ""))


# ── the link ──


def _open(jeton: str) -> Ouvert | Mort:
    with reading(site().engine) as session:
        try:
            return _open_in(session, jeton)
        except Mort as mort:
            return mort


def _open_again(jeton: str) -> Ouvert:
    with reading(site().engine) as session:
        return _open_in(session, jeton)


def _open_in(session: Session, jeton: str) -> Ouvert:
    """The record of a link that may still answer. Raises Mort."""
    lu = jetons.read(str(current_app.secret_key), jeton)
    vu = courrier.find_link(session, *lu, jetons.digest(jeton)) if lu else None
    if vu is None:
        raise Mort(404)
    try:
        saisie, revision = registre.get_saisie(session, vu.slug)
    except IntrouvableError:
        raise Mort(404) from None
    fiche = registre.preview(session, saisie, site().referentiel.communes)
    if not is_visible(saisie) or fiche is None:
        raise Mort(404)
    if vu.repondu_le is not None or vu.expire_le <= _maintenant():
        raise Mort(410, vu)
    return Ouvert(vu, saisie, revision, fiche)


def _use(session: Session, ouvert: Ouvert, reponse: Reponse) -> None:
    """Use the link up under the lock of the records. Raises Mort when somebody was first."""
    registre.lock(session)
    lien = ouvert.lien
    if not courrier.answer(session, lien, reponse, _maintenant()):
        encore = courrier.find_link(session, lien.slug, lien.numero, lien.empreinte)
        raise Mort(410 if encore else 404, encore)


# ── the two answers ──


def _confirm(ouvert: Ouvert, numero: int) -> ResponseReturnValue:
    with transaction(site().engine) as session:
        _use(session, ouvert, Reponse.EXACT)
        _, refus = registre.confirm(
            session,
            [(ouvert.lien.slug, numero)],
            jour=site().horloge().date(),
            verifie_par=PAR,
            par=PAR,
            moyen=f"lien de rappel n° {ouvert.lien.numero}",
        )
        if refus:
            raise Relire
    return redirect(url_for("partenaires.merci", reponse=Reponse.EXACT.value), 303)


def _propose(jeton: str, ouvert: Ouvert, numero: int, champs: Champs) -> ResponseReturnValue:
    base = shown(_base(ouvert, numero))
    lecture = read_partner(champs, base, _contexte())
    fautes = lecture.fautes
    depot = Depot(
        slug=ouvert.lien.slug,
        origine=OrigineDepot.PARTENAIRE,
        motif=MotifDepot.MISE_A_JOUR,
        texte=un(champs, REMARQUE),
        changements=changes(base, lecture.saisie),
        revision=numero,
    )
    if not fautes and not depot.changements and not depot.texte:
        fautes = (Faute("", RIEN),)
    if not fautes:
        try:
            with transaction(site().engine) as session:
                _use(session, ouvert, Reponse.PROPOSITION)
                propositions.submit(session, depot, site().referentiel, maintenant=_maintenant())
        except SaisieError as erreur:
            fautes = _a_l_ecran(lecture, erreur)
    if fautes:
        page = _page_du_formulaire(jeton, ouvert, champs, numero, fautes)
        return Response(page, 422)
    return redirect(url_for("partenaires.merci", reponse=Reponse.PROPOSITION.value), 303)


def _a_l_ecran(lecture: Lecture, erreur: SaisieError) -> tuple[Faute, ...]:
    """Faults of the proposal by the fields of the form: its `texte` is our `remarque`."""
    fautes = lecture.a_l_ecran(erreur.fautes)
    return tuple(Faute(REMARQUE, f.message) if f.champ == "texte" else f for f in fautes)


def _base(ouvert: Ouvert, numero: int) -> Saisie:
    """The record that the form was made of; the present one when its diffusion changed since."""
    if numero == ouvert.revision:
        return ouvert.saisie
    with reading(site().engine) as session:
        ancienne = registre.saisie_at(session, ouvert.lien.slug, numero)
    if ancienne.diffusion != ouvert.saisie.diffusion:
        raise Relire
    return ancienne


def _ajouter(
    jeton: str, ouvert: Ouvert, numero: int, champs: Champs, prefixe: str
) -> ResponseReturnValue:
    avant = _formulaire(ouvert, champs, numero)
    ouverts = {prefixe: (*avant.blocs(prefixe), avant.suivant(prefixe))}
    return _page_du_formulaire(jeton, ouvert, champs, numero, ouverts=ouverts)


def _contexte() -> Contexte:
    """No geocoder: the DDFE places the point when it accepts the address."""
    referentiel = site().referentiel
    geocodeur = GeocodeurCommunes(referentiel.communes)
    return Contexte(referentiel, geocodeur, site().horloge().date(), PAR)


def _maintenant() -> datetime:
    return site().horloge()


# ── pages ──


def _page(jeton: str, ouvert: Ouvert, *, relire: str = "", statut: int = 200) -> Response:
    maintenant, referentiel, fiche = _maintenant(), site().referentiel, ouvert.fiche
    page = render_template(
        "partenaire/lien.html",
        jeton=jeton,
        lien=ouvert.lien,
        revision=revisions.sign(fiche.slug, ouvert.revision),
        relire=relire,
        fiche=fiche,
        vocabulaire=referentiel.vocabulaire,
        portes=fiches.portes(fiche, maintenant),
        lignes=fiches.lignes(fiche, maintenant),
        parts=(),
        territoire=fiches.territoire_fr(fiche, referentiel.communes),
    )
    return Response(page, statut)


def _page_du_formulaire(
    jeton: str,
    ouvert: Ouvert,
    champs: Champs,
    numero: int | None = None,
    fautes: tuple[Faute, ...] = (),
    ouverts: Mapping[str, tuple[int, ...]] | None = None,
) -> str:
    f = _formulaire(ouvert, champs, numero, fautes, ouverts)
    return render_template(
        "partenaire/formulaire.html", f=f, jeton=jeton, lien=ouvert.lien, longueur=TEXTE_MAX
    )


def _formulaire(
    ouvert: Ouvert,
    champs: Champs,
    numero: int | None = None,
    fautes: tuple[Faute, ...] = (),
    ouverts: Mapping[str, tuple[int, ...]] | None = None,
) -> Formulaire:
    lue = ouvert.revision if numero is None else numero
    return Formulaire(
        base=shown(ouvert.saisie if lue == ouvert.revision else _base(ouvert, lue)),
        champs=champs,
        revision=revisions.sign(ouvert.lien.slug, lue),
        referentiel=site().referentiel,
        porteurs=(),
        fautes=fautes,
        ouverts=ouverts or {},
    )


def _page_morte(mort: Mort) -> Response:
    note(Fait.LIEN_REFUSE)
    return Response(render_template("partenaire/mort.html", lien=mort.lien), mort.statut)
