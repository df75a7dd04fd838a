"""A new record, a copy of another, and the life of one: draft, published, archived."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cartographie import registre
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.database import reading, transaction
from cartographie.errors import Faute, ParametreError, SaisieError
from cartographie.libelles import TERMES
from cartographie.saisies import lire_creation, slug_neutre, un
from cartographie.texte import fold
from cartographie.validation import valider
from cartographie.web.gestion import revisions
from cartographie.web.gestion.enregistrement import Conflit, champs_de, save, validate
from cartographie.web.gestion.fiches import ILLISIBLE, formulaire, page_du_formulaire
from cartographie.web.gestion.garde import blueprint, utilisateur_courant
from cartographie.web.site import site

MOYENS = {
    Statut.PUBLIE: "publication",
    Statut.ARCHIVE: "archivage",
    Statut.BROUILLON: "retour au brouillon",
}
DIFFUSIONS = (
    (Diffusion.PUBLIQUE, "Oui", "L’adresse et les numéros figurent sur la carte."),
    (
        Diffusion.ZONE,
        "Non : le lieu doit rester secret",
        "Seules une grande commune ou une intercommunalité et une ligne publique sont montrées. "
        "L’adresse n’est pas enregistrée.",
    ),
    (Diffusion.INTERNE, "Non : la fiche reste interne", "Rien n’en paraît, pas même son nom."),
)


@blueprint.get("/acteurs/nouveau")
def nouveau() -> str:
    """What is asked first: a name, a sort, and whether the address may be known."""
    return _page({}, ())


@blueprint.post("/acteurs/nouveau")
def nouveau_post() -> ResponseReturnValue:
    """Make a draft and open it. Pressing twice makes one; a name already there is asked about."""
    champs = request.form.to_dict(flat=False)
    with transaction(site().engine) as session:
        registre.lock(session)
        toutes = registre.saisies(session)
        creation = lire_creation(champs, {s.slug for s in toutes}, site().referentiel.vocabulaire)
        fautes = creation.fautes or _judge(session, creation.saisie)
        if creation.saisie is None or fautes:
            return Response(_page(champs, fautes), ILLISIBLE)
        memes = [s for s in toutes if fold(s.nom) == fold(creation.saisie.nom)]
        neuve = next((s for s in memes if _est_neuve(session, s, creation.saisie)), None)
        if neuve is None and memes and not un(champs, "quand_meme"):
            faute = Faute("nom", "Une fiche porte déjà ce nom.", creation.saisie.nom)
            return Response(_page(champs, (faute,), tuple(memes)), ILLISIBLE)
        if neuve is None or un(champs, "quand_meme"):
            _creer(session, creation.saisie, "création")
            neuve = creation.saisie
    return redirect(url_for("gestion.acteur", slug=neuve.slug), 303)


@blueprint.post("/acteurs/<slug>/dupliquer")
def dupliquer(slug: str) -> ResponseReturnValue:
    """Copy a record into a draft: what was verified of the first is not true of the second."""
    with transaction(site().engine) as session:
        registre.lock(session)
        modele, _ = registre.get_saisie(session, slug)
        toutes = registre.saisies(session)
        copie = replace(
            modele,
            nom=f"Copie de {modele.nom}"[:200],
            statut=Statut.BROUILLON,
            verifie_le=None,
            verifie_par="",
            capacites=(),
        )
        deja = next((s for s in toutes if _est_neuve(session, s, copie)), None)
        if deja is None:
            nom = "" if copie.diffusion is Diffusion.ZONE else copie.nom
            deja = replace(copie, slug=slug_neutre(nom, copie.type, {s.slug for s in toutes}))
            _creer(session, deja, f"copie de {slug}")
    return redirect(url_for("gestion.acteur", slug=deja.slug), 303)


@blueprint.post("/acteurs/<slug>/statut")
def statut(slug: str) -> ResponseReturnValue:
    """Publish, archive, or take back into drafts. A record is published only when it is valid."""
    numero = revisions.read(slug, request.form.get("revision", ""))
    try:
        voulu = Statut(request.form.get("statut", ""))
    except ValueError as erreur:
        raise ParametreError("statut", "", "Cet état n’existe pas.") from erreur
    with reading(site().engine) as session:
        actuelle, revision = registre.get_saisie(session, slug)
    if actuelle.statut is voulu:
        return redirect(url_for("gestion.acteur", slug=slug, enregistre=revision), 303)
    nouvelle = replace(actuelle, statut=voulu)
    try:
        if voulu is Statut.PUBLIE:
            validate(nouvelle)
        revision = save(slug, nouvelle, numero, moyen=MOYENS[voulu])
    except SaisieError as erreur:
        refuse = formulaire(actuelle, revision, champs_de(actuelle), fautes=erreur.fautes)
        return Response(page_du_formulaire(refuse), ILLISIBLE)
    except Conflit as conflit:
        recente = formulaire(
            conflit.leurs,
            conflit.numero,
            champs_de(conflit.leurs),
            fautes=(
                Faute(
                    "",
                    "Cette fiche a été modifiée pendant que vous la lisiez : la voici comme elle "
                    f"est maintenant. Relisez-la, puis demandez de nouveau « {TERMES[voulu]} ».",
                ),
            ),
        )
        return Response(page_du_formulaire(recente), 409)
    return redirect(url_for("gestion.acteur", slug=slug, enregistre=revision), 303)


def _judge(session: Session, saisie: Saisie | None) -> tuple[Faute, ...]:
    if saisie is None:
        return ()
    return valider(saisie, site().referentiel, registre.porteurs(session))


def _est_neuve(session: Session, existante: Saisie, voulue: Saisie) -> bool:
    """Whether it is the very draft that the same person has just made of the same answers."""
    if replace(existante, slug=voulue.slug) != voulue:
        return False
    premiere = registre.history(session, existante.slug)
    return len(premiere) == 1 and premiere[0].par == utilisateur_courant().courriel


def _creer(session: Session, saisie: Saisie, moyen: str) -> None:
    registre.create_acteur(session, saisie, par=utilisateur_courant().courriel, moyen=moyen)


def _page(
    champs: dict[str, list[str]], fautes: tuple[Faute, ...], memes: tuple[Saisie, ...] = ()
) -> str:
    types = site().referentiel.vocabulaire.types.values()
    return render_template(
        "gestion/fiche-nouvelle.html",
        tapes={nom: un(champs, nom) for nom in ("nom", "type", "diffusion")},
        fautes=fautes,
        memes=memes,
        types=tuple((t.code, t.libelle) for t in types),
        diffusions=DIFFUSIONS,
    )
