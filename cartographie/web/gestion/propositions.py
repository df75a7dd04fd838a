"""`/gestion/propositions`: what waits, what was said, and the decision of a person."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cartographie import comptes, database, propositions, registre, sauvegardes
from cartographie.database import reading, transaction
from cartographie.depots import Proposition
from cartographie.errors import ConflitError, Faute, IntrouvableError, SaisieError
from cartographie.nombres import entier
from cartographie.propositions import Verdict
from cartographie.web.gestion import reponses, revisions
from cartographie.web.gestion.enregistrement import validate
from cartographie.web.gestion.examens import (
    DECISIONS,
    MOTIFS,
    Examen,
    Geste,
    build_examen,
    choisir,
    placer,
)
from cartographie.web.gestion.garde import blueprint, utilisateur_courant
from cartographie.web.site import site

FAITS = {
    "decidee": "C’est décidé.",
    "effacee": "Le message est effacé : il n’en reste rien.",
    "a-compacter": (
        "Le message est effacé. La base était occupée : demandez à la personne qui l’héberge de"
        " la compacter (VACUUM)."
    ),
}
RELUE = (
    "Un collègue a enregistré cette fiche entre-temps : rien n’a été changé. La page est à jour ;"
    " relisez-la, puis décidez de nouveau."
)
DEJA = "Un collègue a décidé avant vous : rien n’a été changé."


@blueprint.context_processor
def a_cote() -> dict[str, Any]:
    """For the form of a record: `proposition_a_cote(slug)`, the one that is answered by hand."""
    return {"proposition_a_cote": proposition_a_cote}


def proposition_a_cote(slug: str) -> Proposition | None:
    """The proposal that the form was opened from, while it waits; None for one of elsewhere."""
    numero = entier(request.values.get("proposition", ""))
    if numero is None:
        return None
    with reading(site().engine) as session:
        siennes = propositions.about(session, slug)
    return next((p for p in siennes if p.id == numero and p.decision is None), None)


@blueprint.get("/propositions")
def propositions_page() -> str:
    """What waits: danger first, then the oldest; below, what was decided lately."""
    with reading(site().engine) as session:
        attente = propositions.pending(session)
        decidees = propositions.decided(session)
        noms = {saisie.slug: saisie.nom for saisie in registre.saisies(session)}
        auteurs = comptes.noms(session)
    return render_template(
        "gestion/propositions.html",
        attente=attente,
        decidees=decidees,
        noms=noms,
        auteurs=auteurs,
        motifs=MOTIFS,
        decisions=DECISIONS,
        alerte_par_courriel=bool(site().settings.courriel_ddfe),
        fait=FAITS.get(request.args.get("fait", "")),
    )


@blueprint.get("/propositions/<int:numero>")
def proposition(numero: int) -> Response:
    """One proposal, field by field beside the record of today."""
    return _page(_relire(numero))


@blueprint.post("/propositions/<int:numero>")
def decider(numero: int) -> ResponseReturnValue:
    """Accept all, some or none; the record and the decision are one transaction."""
    geste = _geste(request.form.get("geste", ""))
    choisis = request.form.getlist("champ")
    mot = request.form.get("mot", "")
    with reading(site().engine) as session:
        examen = _examen(session, propositions.get(session, numero))
    # What the moderator saw is what is accepted: the revision is the one of that page.
    lue = revisions.read(examen.proposition.slug, request.form.get("revision", ""))
    if lue != examen.revision:
        return _page(examen, mot=mot, relue=RELUE, statut=409)
    try:
        decision, saisie = choisir(examen, geste, choisis, site().referentiel)
        if saisie is not None:
            saisie = placer(saisie, examen.actuelle, site().geocodeur_ecriture)
            validate(saisie)
        verdict = Verdict(decision, utilisateur_courant().courriel, mot, saisie, lue)
        if not _ecrire(numero, examen, verdict):
            return _page(_relire(numero), relue=DEJA, statut=409)
    except SaisieError as erreur:
        return _page(examen, mot=mot, choisis=choisis, fautes=erreur.fautes, statut=422)
    except ConflitError:
        return _page(_relire(numero), mot=mot, relue=RELUE, statut=409)
    return redirect(url_for("gestion.propositions_page", fait="decidee"), 303)


@blueprint.post("/propositions/<int:numero>/effacer")
def effacer(numero: int) -> ResponseReturnValue:
    """Ask once, then leave nothing of it."""
    if request.form.get("confirme") != "oui":
        with reading(site().engine) as session:
            examen = _examen(session, propositions.get(session, numero))
        return render_template("gestion/proposition-effacer.html", e=examen, motifs=MOTIFS)
    with reading(site().engine) as session:
        nom = propositions.name_of(propositions.get(session, numero))
    # Noted first: a backup of before is never put in place without it.
    with suppress(OSError):
        sauvegardes.keep(site().engine, site().settings, (nom,))
    with transaction(site().engine) as session:
        propositions.erase(session, numero)
    vide = database.compact(site().engine, propositions.TABLES)
    fait = "effacee" if vide else "a-compacter"
    return redirect(url_for("gestion.propositions_page", fait=fait), 303)


def _ecrire(numero: int, examen: Examen, verdict: Verdict) -> bool:
    maintenant = site().horloge().astimezone(UTC)
    with transaction(site().engine) as session:
        fait = propositions.decide(session, numero, verdict, maintenant=maintenant)
        if fait:
            reponses.queue(session, examen.proposition, verdict, maintenant)
    return fait


def _relire(numero: int) -> Examen:
    with reading(site().engine) as session:
        return _examen(session, propositions.get(session, numero))


def _examen(session: Session, proposition: Proposition) -> Examen:
    """The proposal beside the record that it was made of and the one of today."""
    actuelle, revision = registre.get_saisie(session, proposition.slug)
    try:
        base = registre.saisie_at(session, proposition.slug, proposition.revision)
    except IntrouvableError:
        base = actuelle
    adresse = reponses.adresse(session, proposition)
    return build_examen(proposition, base, actuelle, revision, adresse, site().referentiel)


def _page(
    examen: Examen,
    *,
    mot: str = "",
    choisis: list[str] | None = None,
    relue: str = "",
    fautes: tuple[Faute, ...] = (),
    statut: int = 200,
) -> Response:
    with reading(site().engine) as session:
        auteurs = comptes.noms(session)
    page = render_template(
        "gestion/proposition.html",
        e=examen,
        auteurs=auteurs,
        jeton_revision=revisions.sign(examen.proposition.slug, examen.revision),
        mot=mot,
        choisis=choisis or [],
        relue=relue,
        fautes=fautes,
        motifs=MOTIFS,
        decisions=DECISIONS,
        mot_max=propositions.MOT_MAX,
    )
    return Response(page, statut)


def _geste(code: str) -> Geste:
    return Geste(code) if code in set(Geste) else Geste.RIEN
