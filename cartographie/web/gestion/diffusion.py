"""Who may know a record: what it reveals, and the page that lowers or raises its diffusion."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cartographie import propositions, registre, sauvegardes
from cartographie.acteurs import Diffusion, Saisie
from cartographie.database import reading, transaction
from cartographie.errors import ConflitError, Faute, IntrouvableError, SaisieError
from cartographie.revelation import reveler
from cartographie.web.gestion import revisions
from cartographie.web.gestion.changement import (
    Changement,
    Tape,
    autoriser,
    construire,
    demander,
    lire_tape,
    verifier,
)
from cartographie.web.gestion.examens import MOTIFS
from cartographie.web.gestion.garde import blueprint, utilisateur_courant
from cartographie.web.site import site

FAITS = {
    "reduite": "C’est fait : les données du lieu sont effacées de la fiche et de son historique.",
    "a-compacter": (
        "C’est fait : les données du lieu sont effacées de la fiche et de son historique. La base"
        " était occupée : demandez à la personne qui l’héberge de la compacter (VACUUM)."
    ),
    "elargie": "C’est fait : la fiche est plus largement connue.",
}
RELUE = (
    "Un collègue a enregistré cette fiche entre-temps : rien n’a été changé. La page est à jour ;"
    " relisez-la, puis confirmez de nouveau."
)


@blueprint.get("/acteurs/<slug>/diffusion")
def diffusion(slug: str) -> ResponseReturnValue:
    """How far a record is known and what it reveals; with `vers`, the page that changes it."""
    vers = _vers(request.args.get("vers", ""))
    with reading(site().engine) as session:
        saisie, revision = registre.get_saisie(session, slug)
        if vers is not None and vers is not saisie.diffusion:
            porteur = _porteur(session, saisie)
        else:
            autres = registre.saisies(session)
            effacements = registre.ledger(session, slug)
            vers = None
    if vers is not None:
        changement = construire(saisie, vers, porteur, Tape(), site().referentiel)
        return _page(changement, Tape(), revision, ())
    return render_template(
        "gestion/diffusion.html",
        saisie=saisie,
        revelation=reveler(saisie, autres, site().referentiel.communes),
        effacements=effacements,
        fait=FAITS.get(request.args.get("fait", "")),
    )


@blueprint.post("/acteurs/<slug>/diffusion")
def diffusion_post(slug: str) -> ResponseReturnValue:
    """Change it, once everything is said; else the page comes back with all that was typed."""
    vers = _vers(request.form.get("vers", ""))
    if vers is None:
        raise IntrouvableError("Cette page n’existe pas, ou n’existe plus.")
    tape = lire_tape(request.form)
    with reading(site().engine) as session:
        saisie, revision = registre.get_saisie(session, slug)
        porteur = _porteur(session, saisie)
    if vers is saisie.diffusion:
        # The form was sent twice: it is done.
        return redirect(url_for("gestion.diffusion", slug=slug), 303)
    changement = construire(saisie, vers, porteur, tape, site().referentiel)
    if revisions.read(slug, request.form.get("revision", "")) != revision:
        return _page(changement, tape, revision, (), conflit=True)
    fautes = verifier(changement, tape, site().horloge().date())
    if fautes:
        return _page(changement, tape, revision, fautes)
    try:
        _ecrire(changement, tape, revision)
    except SaisieError as erreur:
        return _page(changement, tape, revision, erreur.fautes)
    except ConflitError as erreur:
        return _page(changement, tape, erreur.actuelle, (), conflit=True)
    return redirect(url_for("gestion.diffusion", slug=slug, fait=_suite(changement)), 303)


def _ecrire(changement: Changement, tape: Tape, revision: int) -> None:
    slug, par = changement.saisie.slug, utilisateur_courant().courriel
    demande, referentiel = demander(changement, tape), site().referentiel
    with transaction(site().engine) as session:
        if changement.abaisse:
            registre.lower(session, slug, demande, referentiel, revision_lue=revision, par=par)
        else:
            accord = autoriser(tape)
            registre.raise_diffusion(
                session, slug, demande, accord, referentiel, revision_lue=revision, par=par
            )


def _suite(changement: Changement) -> str:
    if not changement.efface:
        return "elargie"
    # Noted beside the backups: none of them may bring back what has just gone. A folder that is
    # full or absent stops nobody; the next backup notes it.
    with suppress(OSError):
        sauvegardes.keep(site().engine, site().settings)
    return "reduite" if registre.compact(site().engine) else "a-compacter"


def _page(
    changement: Changement,
    tape: Tape,
    revision: int,
    fautes: Sequence[Faute],
    *,
    conflit: bool = False,
) -> Response:
    par_champ: dict[str, str] = {}
    for faute in fautes:
        par_champ.setdefault(faute.champ, faute.message)
    with reading(site().engine) as session:
        effacees = propositions.about(session, changement.saisie.slug)
    page = render_template(
        "gestion/diffusion_changer.html",
        changement=changement,
        saisie=changement.saisie,
        tape=tape,
        revision=revisions.sign(changement.saisie.slug, revision),
        fautes=par_champ,
        effacees=effacees if changement.efface else (),
        motifs=MOTIFS,
        relue=RELUE if conflit else "",
    )
    return Response(page, 409 if conflit else 422 if fautes else 200)


def _vers(code: str) -> Diffusion | None:
    return Diffusion(code) if code in set(Diffusion) else None


def _porteur(session: Session, saisie: Saisie) -> Saisie | None:
    return registre.get_saisie(session, saisie.porteur)[0] if saisie.porteur else None
