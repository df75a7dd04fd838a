"""Carry parts from one protocol to the next: who works towards what is chosen, line by line."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cartographie import registre
from cartographie.acteurs import Participation
from cartographie.database import reading, transaction
from cartographie.nombres import entier
from cartographie.protocole import Protocole
from cartographie.reprises import Part, apply_reprises, parts_a_reprendre, reprise
from cartographie.web.gestion.garde import blueprint, utilisateur_courant
from cartographie.web.protocoles import find_protocole
from cartographie.web.site import site


@blueprint.get("/objectifs/reprise", endpoint="reprise_participations")
def page() -> ResponseReturnValue:
    """Two periods, then every part of the first with a place in the second to choose."""
    return _page()


@blueprint.post("/objectifs/reprise")
def reprendre_participations() -> ResponseReturnValue:
    """Carry what was ticked; an objective without a place in the new protocol is left."""
    ancien, nouveau = _protocoles()
    if ancien is None or nouveau is None:
        return _page("Choisissez deux protocoles différents."), 422
    with transaction(site().engine) as session:
        registre.lock(session)
        parts = parts_a_reprendre(registre.saisies(session), ancien.periode.code)
        choisies = _choisies(parts, nouveau)
        nombre = apply_reprises(session, choisies, par=utilisateur_courant().courriel)
    if not choisies:
        return _page("Rien n’est coché, ou aucun objectif du nouveau protocole n’est choisi."), 422
    de, vers = ancien.periode.code, nouveau.periode.code
    suite = url_for("gestion.reprise_participations", de=de, vers=vers, fiches=nombre)
    return redirect(suite, 303)


def _choisies(
    parts: dict[int, tuple[Part, ...]], nouveau: Protocole
) -> dict[str, list[Participation]]:
    """Slug → parts wanted: the box is ticked, and its objective has a place in the new text."""
    choisies: dict[str, list[Participation]] = {}
    cochees = set(request.form.getlist("part"))
    connus = {str(o.numero): o.numero for o in nouveau.objectifs}
    for numero, lignes in parts.items():
        vers = connus.get(request.form.get(f"vers-{numero}", ""))
        for rang, part in enumerate(lignes):
            if vers is not None and f"{numero}:{rang}:{part.slug}" in cochees:
                voulue = reprise(part.participation, nouveau.periode.code, vers)
                choisies.setdefault(part.slug, []).append(voulue)
    return choisies


def _protocoles() -> tuple[Protocole | None, Protocole | None]:
    de, vers = request.values.get("de", ""), request.values.get("vers", "")
    if not de or not vers or de == vers:
        return None, None
    referentiel = site().referentiel
    return find_protocole(referentiel, de), find_protocole(referentiel, vers)


def _page(faute: str = "") -> str:
    ancien, nouveau = _protocoles()
    parts: dict[int, tuple[Part, ...]] = {}
    if ancien is not None:
        with reading(site().engine) as session:
            parts = parts_a_reprendre(registre.saisies(session), ancien.periode.code)
    nombre = request.args.get("fiches", "")
    return render_template(
        "gestion/objectifs-reprise.html",
        protocoles=site().referentiel.protocoles,
        ancien=ancien,
        nouveau=nouveau,
        parts=parts,
        faute=faute,
        message=f"Fiches complétées : {nombre}." if entier(nombre) is not None else "",
    )
