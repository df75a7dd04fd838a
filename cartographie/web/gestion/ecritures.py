"""Undoing what one account wrote, for administrators: shown first, then confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from cartographie import comptes, registre
from cartographie.comparaison import Difference, differences
from cartographie.comptes import Compte
from cartographie.database import reading, transaction
from cartographie.horaires import PARIS
from cartographie.nombres import entier
from cartographie.registre import Annulation
from cartographie.utilisateurs import RoleCompte
from cartographie.web.gestion.garde import blueprint, exige, utilisateur_courant
from cartographie.web.site import site

ILLISIBLE = "Donnez un jour et une heure, comme 2026-03-09T08:30."


@dataclass(frozen=True, slots=True)
class AnnulableVue:
    """A record that would be put back, with what that changes in words."""

    slug: str
    nom: str
    revision: int
    ecritures: int
    creee: bool
    differences: tuple[Difference, ...]


@blueprint.get("/comptes/<int:compte>/ecritures")
@exige(RoleCompte.ADMINISTRATEUR)
def ecritures(compte: int) -> ResponseReturnValue:
    """Ask since when; then show what would be undone. Nothing is written."""
    tape = request.args.get("depuis", "")
    depuis = _moment(tape)
    faute = ILLISIBLE if tape and depuis is None else ""
    with reading(site().engine) as session:
        trouve = comptes.get_compte(session, compte)
        plan = depuis and registre.plan_undo(session, trouve.courriel, depuis, site().referentiel)
    return _page(trouve, tape, plan or None, faute=faute)


@blueprint.post("/comptes/<int:compte>/ecritures")
@exige(RoleCompte.ADMINISTRATEUR)
def annuler(compte: int) -> ResponseReturnValue:
    """Undo what was shown and ticked, where nothing moved since."""
    tape = request.form.get("depuis", "")
    depuis = _moment(tape)
    with transaction(site().engine) as session:
        trouve = comptes.get_compte(session, compte)
        if depuis is None:
            return _page(trouve, tape, None, faute=ILLISIBLE)
        fait = registre.undo(
            session,
            trouve.courriel,
            depuis,
            _vues(request.form.getlist("fiche")),
            site().referentiel,
            par=utilisateur_courant().courriel,
        )
        reste = registre.plan_undo(session, trouve.courriel, depuis, site().referentiel)
    nombre = len(fait.annulables)
    pluriel = "s" if nombre > 1 else ""
    bilan = f"C’est fait : {nombre} fiche{pluriel} remise{pluriel} en l’état."
    suite = Annulation(reste.annulables, fait.a_reprendre)
    return _page(trouve, tape, suite, bilan=bilan)


def _page(
    compte: Compte, tape: str, plan: Annulation | None, *, faute: str = "", bilan: str = ""
) -> Response:
    page = render_template(
        "gestion/ecritures.html",
        compte=compte,
        depuis=tape,
        plan=plan,
        annulables=_annulables(plan) if plan else (),
        faute=faute,
        bilan=bilan,
    )
    return Response(page, 422 if faute else 200)


def _annulables(plan: Annulation) -> tuple[AnnulableVue, ...]:
    return tuple(
        AnnulableVue(
            a.slug,
            a.actuelle.nom,
            a.revision,
            a.ecritures,
            a.creee,
            differences(a.actuelle, a.cible, site().referentiel),
        )
        for a in plan.annulables
    )


def _vues(valeurs: list[str]) -> dict[str, int]:
    """`slug:revision` of each record ticked; anything else is left out."""
    paires = (valeur.rpartition(":") for valeur in valeurs)
    lues = ((slug, entier(numero)) for slug, _, numero in paires)
    return {slug: numero for slug, numero in lues if numero is not None}


def _moment(tape: str) -> datetime | None:
    try:
        # The first hours of the year 1 in Paris are of no year in UTC.
        return datetime.fromisoformat(tape).replace(tzinfo=PARIS).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
