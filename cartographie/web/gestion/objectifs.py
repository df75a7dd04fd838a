"""The protocol's figures: listed, added, corrected, set aside, brought by a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cartographie import chiffres, registre
from cartographie.database import reading, transaction
from cartographie.echanges.releves import read_releves, write_releves
from cartographie.errors import ConflitError, Faute, IntrouvableError, SaisieError
from cartographie.nombres import entier
from cartographie.periodes import ReleveTenu, releve_history, releves_tenus
from cartographie.protocole import Nature, Protocole
from cartographie.protocole.cumuls import PRECISIONS
from cartographie.protocole.saisie import CHAMPS, TERRITOIRE, read_releve, write_champs
from cartographie.protocole_db import add_releve, update_releve
from cartographie.web.gestion.garde import blueprint, utilisateur_courant
from cartographie.web.protocoles import find_protocole
from cartographie.web.site import site
from cartographie.web.vigie import Fait, note

MESSAGES = {
    "ajoute": "Chiffre ajouté.",
    "corrige": "Chiffre corrigé.",
    "pareil": "Rien n’avait changé : rien n’a été écrit.",
}
ABSENT = "Ce chiffre n’existe pas."


@blueprint.get("/objectifs", endpoint="objectifs")
def courants() -> ResponseReturnValue:
    """The figures of the current period."""
    periode = site().periode_courante()
    return redirect(url_for("gestion.objectifs_periode", periode=periode), 303)


@blueprint.get("/objectifs/<periode>", endpoint="objectifs_periode")
def liste(periode: str) -> ResponseReturnValue:
    """Every figure of a period, those set aside included."""
    nombre = request.args.get("lus", "")
    message = f"{nombre} chiffres ajoutés." if entier(nombre) is not None else None
    return _liste(periode, message or MESSAGES.get(request.args.get("fait", "")))


@blueprint.get("/objectifs/<periode>/chiffres.csv")
def releves_csv(periode: str) -> Response:
    """The same as a file: a model to fill, too."""
    find_protocole(site().referentiel, periode)
    with reading(site().engine) as session:
        tenus = releves_tenus(session, periode)
    lignes = ({"code": t.releve.id} | write_champs(t.releve) for t in tenus if t.montre)
    response = Response(write_releves(lignes), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="chiffres-{periode}.csv"'
    return response


@blueprint.post("/objectifs/<periode>/chiffres.csv")
def importer_releves(periode: str) -> ResponseReturnValue:
    """Add the figures of a file: all of them, or none and every fault."""
    protocole = find_protocole(site().referentiel, periode)
    fichier = request.files.get("fichier")
    try:
        lignes = read_releves(fichier.read() if fichier else b"")
    except SaisieError as erreur:
        note(Fait.FICHIER_REFUSE)
        return _liste(periode, None, fautes=_par_champ(erreur)), 422
    moyen = "fichier de chiffres"
    with transaction(site().engine) as session:
        registre.lock(session)
        acteurs = chiffres.attribuables(registre.saisies(session))
        nouveaux, fautes = chiffres.plan_releves(session, protocole, lignes, acteurs)
        par = utilisateur_courant().courriel
        if not fautes:
            chiffres.apply_releves(session, protocole, nouveaux, par=par, moyen=moyen)
    if fautes:
        return _liste(periode, None, lignes=fautes), 422
    suite = url_for("gestion.objectifs_periode", periode=periode, lus=len(nouveaux))
    return redirect(suite, 303)


@blueprint.get("/objectifs/<periode>/nouveau")
def nouveau_releve(periode: str) -> ResponseReturnValue:
    """An empty form; `?objectif=4` when one comes from an objective."""
    protocole = find_protocole(site().referentiel, periode)
    saisie = dict.fromkeys(CHAMPS, "") | {"territoire": TERRITOIRE}
    saisie["objectif"] = request.args.get("objectif", "")[:4]
    return _formulaire(protocole, saisie)


@blueprint.post("/objectifs/<periode>/nouveau")
def ajouter_releve(periode: str) -> ResponseReturnValue:
    """Add a figure, or say every fault beside its field."""
    protocole = find_protocole(site().referentiel, periode)
    try:
        with transaction(site().engine) as session:
            registre.lock(session)
            releve = read_releve(_tape(), protocole, _acteurs(session))
            chiffres.check_doublon(session, periode, releve)
            par = utilisateur_courant().courriel
            add_releve(session, periode, releve, par=par, moyen="formulaire")
    except SaisieError as erreur:
        return _formulaire(protocole, _tape(), fautes=_par_champ(erreur)), 422
    return redirect(url_for("gestion.objectifs_periode", periode=periode, fait="ajoute"), 303)


@blueprint.get("/objectifs/<periode>/<code>")
def releve(periode: str, code: str) -> ResponseReturnValue:
    """One figure with its history."""
    protocole = find_protocole(site().referentiel, periode)
    tenu = _tenu(periode, code)
    return _formulaire(protocole, write_champs(tenu.releve), tenu=tenu)


@blueprint.post("/objectifs/<periode>/<code>")
def corriger_releve(periode: str, code: str) -> ResponseReturnValue:
    """Correct a figure; a stale form gets both versions, and nothing is written."""
    protocole = find_protocole(site().referentiel, periode)
    tenu = _tenu(periode, code)
    try:
        change = _corriger(protocole, code)
    except SaisieError as erreur:
        return _formulaire(protocole, _tape(), tenu=tenu, fautes=_par_champ(erreur)), 422
    except ConflitError:
        actuel = write_champs(tenu.releve)
        ecarts = {c: v or "rien" for c, v in actuel.items() if v != _tape()[c]}
        return _formulaire(protocole, _tape(), tenu=tenu, ecarts=ecarts), 409
    fait = "corrige" if change else "pareil"
    return redirect(url_for("gestion.objectifs_periode", periode=periode, fait=fait), 303)


def _corriger(protocole: Protocole, code: str) -> bool:
    periode = protocole.periode.code
    lue = entier(request.form.get("revision", ""), 8)
    with transaction(site().engine) as session:
        registre.lock(session)
        actuel = next(t for t in releves_tenus(session, periode) if t.releve.id == code)
        # Whose figure it is may have been hidden since: to correct the rest is still possible.
        acteurs = {*_acteurs(session), actuel.releve.acteur}
        voulu = read_releve(_tape(), protocole, acteurs)
        chiffres.check_doublon(session, periode, voulu, sauf=code)
        return update_releve(
            session,
            periode,
            code,
            voulu,
            retire=request.form.get("retire") == "1",
            revision_lue=lue or 0,
            par=utilisateur_courant().courriel,
            moyen="formulaire",
        )


def _tenu(periode: str, code: str) -> ReleveTenu:
    with reading(site().engine) as session:
        for tenu in releves_tenus(session, periode):
            if tenu.releve.id == code:
                return tenu
    raise IntrouvableError(ABSENT)


def _tape() -> dict[str, str]:
    return {champ: request.form.get(champ, "") for champ in CHAMPS}


def _acteurs(session: Session) -> dict[str, str]:
    return chiffres.attribuables(registre.saisies(session))


def _par_champ(erreur: SaisieError) -> dict[str, Faute]:
    return {faute.champ: faute for faute in erreur.fautes}


def _liste(periode: str, message: str | None, **contexte: Any) -> str:  # noqa: ANN401
    referentiel = site().referentiel
    protocole = find_protocole(referentiel, periode)
    with reading(site().engine) as session:
        tenus = releves_tenus(session, periode)
    vues: dict[str, Any] = {"fautes": {}, "lignes": ()} | contexte
    return render_template(
        "gestion/objectifs.html",
        protocole=protocole,
        protocoles=referentiel.protocoles,
        tenus=tenus,
        message=message,
        colonnes=CHAMPS,
        **vues,
    )


def _formulaire(
    protocole: Protocole,
    saisie: Mapping[str, str],
    *,
    tenu: ReleveTenu | None = None,
    fautes: Mapping[str, Faute] | None = None,
    ecarts: Mapping[str, str] | None = None,
) -> str:
    periode = protocole.periode.code
    with reading(site().engine) as session:
        acteurs = _acteurs(session)
        ecritures = releve_history(session, periode, tenu.releve.id) if tenu else ()
    if tenu and tenu.releve.acteur:
        acteurs.setdefault(tenu.releve.acteur, tenu.releve.acteur)
    indicateurs = [a.indicateur for o in protocole.objectifs for a in o.actions]
    return render_template(
        "gestion/releve.html",
        protocole=protocole,
        saisie=saisie,
        tenu=tenu,
        fautes=fautes or {},
        ecarts=ecarts or {},
        retire=request.form.get("retire") == "1" if request.form else bool(tenu and tenu.retire),
        ecritures=ecritures,
        acteurs=sorted(acteurs.items(), key=lambda paire: paire[1]),
        indicateurs=sorted({*indicateurs, *(r.indicateur for r in protocole.releves)} - {""}),
        natures=tuple((n.value, n.value) for n in Nature),
        precisions=tuple((p, p) for p in PRECISIONS),
    )
