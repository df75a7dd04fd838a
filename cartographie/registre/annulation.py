"""Undoing what one account wrote, all at once: decided first, shown, then applied as new writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from cartographie.acteurs import Saisie, Statut
from cartographie.models import Acteur, Revision
from cartographie.referentiel import Referentiel
from cartographie.registre.fiches import porteurs, update_acteur
from cartographie.registre.historique import Ecriture, choix_ecritures, read_ecritures
from cartographie.registre.lignes import lock, read
from cartographie.validation import valider


@dataclass(frozen=True, slots=True)
class Annulable:
    """A record that only this account wrote since: `cible` is what it would be again.

    Nothing is deleted: a record that the account created would be archived.
    """

    slug: str
    revision: int
    ecritures: int
    actuelle: Saisie
    cible: Saisie
    creee: bool


@dataclass(frozen=True, slots=True)
class AReprendre:
    """A record that a person has to look at, and why."""

    slug: str
    nom: str
    raison: str


@dataclass(frozen=True, slots=True)
class Annulation:
    """What undoing would do."""

    annulables: tuple[Annulable, ...]
    a_reprendre: tuple[AReprendre, ...]


def plan_undo(
    session: Session, compte: str, depuis: datetime, referentiel: Referentiel
) -> Annulation:
    """Decide what can be undone of the writes of `compte` since a moment; nothing is written."""
    choix = (
        choix_ecritures()
        .where(
            Revision.acteur_id.in_(
                select(Revision.acteur_id).where(Revision.par == compte, Revision.quand >= depuis)
            )
        )
        .order_by(None)
        .order_by(Acteur.slug, Revision.numero)
    )
    parents = porteurs(session)
    juges = [
        juge
        for slug, suite in groupby(read_ecritures(session, choix), key=lambda e: e.slug)
        if (juge := _judge(session, slug, list(suite), compte, depuis, referentiel, parents))
    ]
    return Annulation(
        tuple(juge for juge in juges if isinstance(juge, Annulable)),
        tuple(juge for juge in juges if isinstance(juge, AReprendre)),
    )


def undo(
    session: Session,
    compte: str,
    depuis: datetime,
    vues: Mapping[str, int],
    referentiel: Referentiel,
    *,
    par: str,
) -> Annulation:
    """Undo what was shown (slug → revision seen) and still can be; give what was done, and not."""
    lock(session)
    plan = plan_undo(session, compte, depuis, referentiel)
    faits = tuple(a for a in plan.annulables if vues.get(a.slug) == a.revision)
    for annulable in faits:
        update_acteur(
            session,
            annulable.slug,
            annulable.cible,
            revision_lue=annulable.revision,
            par=par,
            moyen=f"annulation des écritures de {compte}",
        )
    ecartees = tuple(
        AReprendre(a.slug, a.actuelle.nom, "La fiche a changé depuis l’essai.")
        for a in plan.annulables
        if a.slug in vues and vues[a.slug] != a.revision
    )
    return Annulation(faits, (*plan.a_reprendre, *ecartees))


def _judge(
    session: Session,
    slug: str,
    suite: list[Ecriture],
    compte: str,
    depuis: datetime,
    referentiel: Referentiel,
    parents: Mapping[str, str],
) -> Annulable | AReprendre | None:
    """Look at one record; None when it already is as it was before the account wrote."""
    premiere = next(e for e in suite if e.par == compte and e.quand >= depuis)
    siennes = [e for e in suite if e.numero >= premiere.numero]
    _, actuelle, revision = read(session, slug)
    cible = premiere.avant or replace(actuelle, statut=Statut.ARCHIVE)
    if cible == actuelle:
        return None
    autre = next((e for e in siennes if e.par != compte), None)
    if autre is not None:
        raison = f"{autre.par} a écrit depuis (révision {autre.numero})."
        return AReprendre(slug, actuelle.nom, raison)
    if any(_change_diffusion(ecriture) for ecriture in siennes):
        return AReprendre(slug, actuelle.nom, "La diffusion a changé : elle ne s’annule pas.")
    fautes = valider(cible, referentiel, {**parents, slug: cible.porteur})
    if fautes:
        return AReprendre(slug, actuelle.nom, f"L’état d’avant serait refusé : {fautes[0].message}")
    return Annulable(slug, revision, len(siennes), actuelle, cible, premiere.avant is None)


def _change_diffusion(ecriture: Ecriture) -> bool:
    return ecriture.avant is not None and ecriture.avant.diffusion != ecriture.apres.diffusion
