"""An import: what a file would change, decided before anything is written (invariant 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cartographie import registre
from cartographie.acteurs import Saisie
from cartographie.echanges import Erreur, Ligne, Lot, fusionner
from cartographie.errors import SaisieError
from cartographie.referentiel import Referentiel
from cartographie.serialisation import ORDRE
from cartographie.validation import valider


@dataclass(frozen=True, slots=True)
class Changement:
    """A record that exists, as it is and as the file would have it."""

    avant: Saisie
    apres: Saisie

    @property
    def champs(self) -> tuple[str, ...]:
        """Names of the fields that differ."""
        return tuple(nom for nom in ORDRE if getattr(self.avant, nom) != getattr(self.apres, nom))


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would do. With any fault, nothing is applied."""

    creees: tuple[Saisie, ...]
    changees: tuple[Changement, ...]
    inchangees: int
    erreurs: tuple[Erreur, ...]


def plan_import(lot: Lot, existantes: Mapping[str, Saisie], referentiel: Referentiel) -> Plan:
    """Decide what a file means for the records that exist (slug → Saisie)."""
    apres, incompletes = _merge(lot, existantes)
    changements = [
        Changement(existantes[saisie.slug], saisie)
        for _, saisie in apres
        if saisie.slug in existantes and saisie != existantes[saisie.slug]
    ]
    creees = tuple(saisie for _, saisie in apres if saisie.slug not in existantes)
    return Plan(
        creees=creees,
        changees=tuple(changements),
        inchangees=len(apres) - len(creees) - len(changements),
        erreurs=(*lot.erreurs, *incompletes, *_validate(apres, existantes, referentiel)),
    )


def faults(
    lot: Lot, existantes: Mapping[str, Saisie], referentiel: Referentiel
) -> tuple[Erreur, ...]:
    """Every rule that the records of a file would break, in the order of the file."""
    return plan_import(lot, existantes, referentiel).erreurs


def apply_import(session: Session, plan: Plan, *, par: str, moyen: str) -> None:
    """Write a plan without fault, made under `registre.lock` in this same transaction."""
    if plan.erreurs:
        raise SaisieError(tuple(erreur.faute for erreur in plan.erreurs))
    for saisie in registre.porteurs_first(plan.creees):
        registre.create_acteur(session, saisie, par=par, moyen=moyen)
    revisions = registre.revisions(session)
    for changement in plan.changees:
        registre.update_acteur(
            session,
            changement.avant.slug,
            changement.apres,
            revision_lue=revisions[changement.avant.slug],
            par=par,
            moyen=moyen,
        )


def _merge(
    lot: Lot, existantes: Mapping[str, Saisie]
) -> tuple[list[tuple[Ligne, Saisie]], list[Erreur]]:
    apres: list[tuple[Ligne, Saisie]] = []
    erreurs: list[Erreur] = []
    for ligne in lot.lignes:
        try:
            apres.append((ligne, fusionner(existantes.get(ligne.slug), ligne)))
        except SaisieError as erreur:
            erreurs.extend(Erreur(ligne.ligne, ligne.slug, faute) for faute in erreur.fautes)
    return apres, erreurs


def _validate(
    apres: list[tuple[Ligne, Saisie]], existantes: Mapping[str, Saisie], referentiel: Referentiel
) -> tuple[Erreur, ...]:
    """Judge new and changed records alone: an old one is not a fault of the file."""
    porteurs = {slug: saisie.porteur for slug, saisie in existantes.items()}
    porteurs |= {saisie.slug: saisie.porteur for _, saisie in apres}
    return tuple(
        Erreur(ligne.ligne, saisie.slug, faute)
        for ligne, saisie in apres
        if saisie != existantes.get(saisie.slug)
        for faute in valider(saisie, referentiel, porteurs)
    )
