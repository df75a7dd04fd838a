"""`/gestion/acteurs/<slug>`: the form of a record, what the public will see, and conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cartographie import comptes, presence, registre
from cartographie.acteurs import Diffusion, Saisie
from cartographie.comparaison import Ecart, Touche, comparer, fusionner
from cartographie.database import reading
from cartographie.errors import SaisieError
from cartographie.resultats import Contexte, resultat
from cartographie.saisies import Champs
from cartographie.saisies.lieux import A_LA_MAIN
from cartographie.web import fiches
from cartographie.web.gestion import revisions
from cartographie.web.gestion.enregistrement import (
    Conflit,
    Lue,
    base_lue,
    champs_de,
    lire_formulaire,
    preview,
    save,
    save_form,
    validate,
)
from cartographie.web.gestion.formulaire import SECTIONS, Formulaire
from cartographie.web.gestion.garde import blueprint, utilisateur_courant
from cartographie.web.site import catalogue, site

AJOUTER, GEOCODER = "ajouter.", "geocoder."
ILLISIBLE = 422


@blueprint.get("/acteurs/<slug>")
def acteur(slug: str) -> str:
    """The form of a record as it is kept now."""
    with reading(site().engine) as session:
        saisie, numero = registre.get_saisie(session, slug)
    moi, maintenant = utilisateur_courant(), site().horloge()
    dossier = site().settings.instance
    presence.mark(dossier, slug, moi.courriel, moi.nom, maintenant)
    return page_du_formulaire(
        formulaire(saisie, numero, champs_de(saisie)),
        enregistre=request.args.get("enregistre") == str(numero),
        presents=presence.others(dossier, slug, moi.courriel, maintenant),
    )


@blueprint.post("/acteurs/<slug>")
def acteur_post(slug: str) -> ResponseReturnValue:
    """One more block, a point, a preview, or the save: the button that was pressed says which."""
    numero = revisions.read(slug, request.form.get("revision", ""))
    champs = request.form.to_dict(flat=False)
    geste = request.form.get("geste", "apercu")
    if geste.startswith(AJOUTER):
        return _ajouter(slug, numero, champs, geste.removeprefix(AJOUTER))
    if geste == "croquis":
        return _croquis(slug, numero, champs)
    if geste.startswith(GEOCODER):
        champs = _sans_point(champs, geste.removeprefix(GEOCODER))
    lue = lire_formulaire(slug, numero, champs)
    if geste == "corriger" or geste.startswith(GEOCODER) or geste == "territoire":
        return page_du_formulaire(_relu(lue))
    if lue.fautes:
        return Response(page_du_formulaire(_relu(lue)), ILLISIBLE)
    if geste != "enregistrer":
        return _apercu(lue)
    return _enregistrer(slug, lue)


@blueprint.post("/acteurs/<slug>/conflit")
def conflit(slug: str) -> ResponseReturnValue:
    """Keep, field by field, theirs or mine; what only one of us changed is kept anyway."""
    numero = revisions.read(slug, request.form.get("revision", ""))
    vue = revisions.read(slug, request.form.get("revision_vue", ""))
    champs = request.form.to_dict(flat=False)
    lue = lire_formulaire(slug, numero, champs)
    with reading(site().engine) as session:
        leurs = base_lue(session, slug, vue)
    choix = {
        nom.removeprefix("choix."): valeurs[0]
        for nom, valeurs in champs.items()
        if nom.startswith("choix.")
    }
    ecarts = comparer(lue.base, leurs, lue.saisie, site().referentiel)
    oublies = [e for e in ecarts if e.touche is Touche.DEUX and e.chemin not in choix]
    if oublies:
        return _page_du_conflit(lue, leurs, vue, choix, oublies)
    gardee = fusionner(lue.base, leurs, lue.saisie, choix)
    try:
        validate(gardee)
        return _enregistree(slug, save(slug, gardee, vue))
    except SaisieError as erreur:
        corrige = formulaire(leurs, vue, champs_de(gardee), fautes=erreur.fautes)
        return Response(page_du_formulaire(corrige), ILLISIBLE)
    except Conflit as encore:
        return _page_du_conflit(lue, encore.leurs, encore.numero, choix)


def formulaire(saisie: Saisie, numero: int, champs: Champs, **reste: Any) -> Formulaire:  # noqa: ANN401
    """The form over a record, with these fields in it."""
    porteurs = tuple((fiche.slug, fiche.nom) for fiche in catalogue().fiches)
    return Formulaire(
        base=saisie,
        champs=champs,
        revision=revisions.sign(saisie.slug, numero),
        referentiel=site().referentiel,
        porteurs=tuple(sorted(porteurs, key=lambda porteur: porteur[1].lower())),
        **reste,
    )


def page_du_formulaire(
    f: Formulaire, *, enregistre: bool = False, presents: tuple[str, ...] = ()
) -> str:
    """The page of the form."""
    return render_template(
        "gestion/fiche.html",
        f=f,
        sections=SECTIONS,
        enregistre=enregistre,
        presents=presents,
        fond=site().settings.mention_du_fond,
    )


def _relu(lue: Lue) -> Formulaire:
    """The form with everything that was typed, what is wrong, and what became of addresses."""
    return formulaire(
        lue.base,
        lue.numero,
        _avec_points(lue),
        fautes=lue.fautes,
        avis=lue.lecture.avis,
    )


def _avec_points(lue: Lue) -> Champs:
    """Put the points that were just found into the form: they are seen before they are saved."""
    champs = dict(lue.champs)
    ecrits = champs_de(lue.saisie) if lue.saisie.diffusion is not Diffusion.ZONE else {}
    for rang, n in enumerate(lue.lecture.blocs.get("implantations", ())):
        for nom in ("longitude", "latitude", "automatique"):
            ecrit = ecrits.get(f"implantations.{rang}.{nom}")
            a_la_main = nom == "automatique" and _a_la_main(lue, rang)
            if ecrit is not None and not a_la_main:
                champs[f"implantations.{n}.{nom}"] = ecrit
    return champs


def _a_la_main(lue: Lue, rang: int) -> bool:
    return lue.saisie.implantations[rang].localisation.source == A_LA_MAIN


def _sans_point(champs: Mapping[str, list[str]], bloc: str) -> dict[str, list[str]]:
    """Forget the point of a block, so that its address is asked for again."""
    return {**champs, **{f"{bloc}.{nom}": [""] for nom in ("longitude", "latitude")}}


def _ajouter(slug: str, numero: int, champs: Champs, prefixe: str) -> str:
    """The same form with one more block; nothing is read, nothing is judged."""
    avant = _tape(slug, numero, champs)
    ouverts = {prefixe: (*avant.blocs(prefixe), avant.suivant(prefixe))}
    return page_du_formulaire(formulaire(avant.base, numero, champs, ouverts=ouverts))


def _croquis(slug: str, numero: int, champs: Champs) -> str:
    """The drawing of the territoire alone, for the script that follows what is chosen."""
    return render_template("gestion/fiche/_croquis.html", f=_tape(slug, numero, champs))


def _tape(slug: str, numero: int, champs: Champs) -> Formulaire:
    with reading(site().engine) as session:
        base = base_lue(session, slug, numero)
    return formulaire(base, numero, champs)


def _apercu(lue: Lue) -> str:
    """Exactly the public page and line, made by the same gate and the same templates."""
    maintenant, referentiel = site().horloge(), site().referentiel
    fiche = preview(lue.saisie)
    vue: dict[str, Any] = {}
    if fiche is not None:
        vue = {
            "resultat": resultat(fiche, (), Contexte(None, (), maintenant, referentiel)),
            "vocabulaire": referentiel.vocabulaire,
            "portes": fiches.portes(fiche, maintenant),
            "lignes": fiches.lignes(fiche, maintenant),
            "parts": fiches.parts(fiche, referentiel),
            "territoire": fiches.territoire_fr(fiche, referentiel.communes),
        }
    return render_template("gestion/fiche-apercu.html", f=_relu(lue), fiche=fiche, **vue)


def _enregistrer(slug: str, lue: Lue) -> ResponseReturnValue:
    try:
        return _enregistree(slug, save_form(slug, lue))
    except SaisieError as erreur:
        refuse = formulaire(lue.base, lue.numero, lue.champs, fautes=erreur.fautes)
        return Response(page_du_formulaire(refuse), ILLISIBLE)
    except Conflit as conflit:
        return _page_du_conflit(lue, conflit.leurs, conflit.numero, {})


def _enregistree(slug: str, numero: int) -> ResponseReturnValue:
    presence.forget(site().settings.instance, slug, utilisateur_courant().courriel)
    # The proposal that the form was opened from stays beside it: it is still to be decided.
    suite = request.form.get("proposition") or None
    return redirect(url_for("gestion.acteur", slug=slug, enregistre=numero, proposition=suite), 303)


def _page_du_conflit(
    lue: Lue,
    leurs: Saisie,
    numero: int,
    choix: Mapping[str, str],
    oublies: list[Ecart] | None = None,
) -> Response:
    """Three columns: before, theirs, mine. Nothing was written."""
    slug = lue.base.slug
    with reading(site().engine) as session:
        derniere = registre.last_write(session, slug)
        noms = comptes.noms(session)
    page = render_template(
        "gestion/fiche-conflit.html",
        f=_relu(lue),
        revision_vue=revisions.sign(slug, numero),
        ecarts=comparer(lue.base, leurs, lue.saisie, site().referentiel),
        choix=choix,
        oublies=[ecart.chemin for ecart in oublies or ()],
        par=noms.get(derniere.par, derniere.par),
        quand=derniere.quand,
    )
    return Response(page, 409)
