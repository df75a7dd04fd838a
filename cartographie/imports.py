"""An import: what a file would change, decided before anything is written (invariant 3)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from cartographie import registre
from cartographie.acteurs import Saisie, Statut
from cartographie.echanges import Erreur, Ligne, Lot, fusionner
from cartographie.echanges.colonnes import colonne, groupe_de
from cartographie.errors import Faute, SaisieError
from cartographie.placement import Placeur, Question, Trouvees
from cartographie.referentiel import Referentiel
from cartographie.ressemblances import Ressemblance, ressemblances
from cartographie.serialisation import ORDRE, to_dict
from cartographie.validation import valider


class Choix(StrEnum):
    """What a person decides of a new record that resembles another one."""

    CREER = "creer"
    IGNORER = "ignorer"


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
class Douteuse:
    """A new record that may be one that is known already; `choix` once somebody decided."""

    ligne: int
    saisie: Saisie
    semblables: tuple[Ressemblance, ...]
    choix: Choix | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would do. With any fault or doubt left, nothing is applied.

    `creees` has the doubtful ones that were accepted. `questions` are addresses that the geocoder
    has not answered; `remarques` what the file says and an import never does.
    """

    creees: tuple[Saisie, ...]
    changees: tuple[Changement, ...]
    inchangees: int
    erreurs: tuple[Erreur, ...]
    douteuses: tuple[Douteuse, ...] = ()
    questions: tuple[Question, ...] = ()
    remarques: tuple[Erreur, ...] = ()

    @property
    def indecises(self) -> tuple[Douteuse, ...]:
        """Doubtful records that nobody decided on."""
        return tuple(douteuse for douteuse in self.douteuses if douteuse.choix is None)

    @property
    def empreinte(self) -> str:
        """A digest of what a person would have read: the same file may mean something else later.

        It does not depend on what was decided of doubtful records.
        """
        douteuses = {d.saisie.slug for d in self.douteuses}
        lu = [
            [to_dict(s) for s in self.creees if s.slug not in douteuses],
            [[to_dict(c.avant), to_dict(c.apres)] for c in self.changees],
            self.inchangees,
            [[to_dict(d.saisie), [s.slug for s in d.semblables]] for d in self.douteuses],
            [str(erreur) for erreur in self.erreurs],
        ]
        return sha256(json.dumps(lu, sort_keys=True).encode()).hexdigest()


def plan_import(
    lot: Lot,
    existantes: Mapping[str, Saisie],
    referentiel: Referentiel,
    *,
    choix: Mapping[str, Choix] | None = None,
    trouvees: Trouvees | None = None,
) -> Plan:
    """Decide what a file means for the records that exist (slug → Saisie)."""
    placeur = Placeur(referentiel.communes, trouvees or {})
    apres, incompletes = _merge(lot, existantes, placeur)
    douteuses = _doubtful(apres, existantes, choix or {})
    ecartees = {d.saisie.slug for d in douteuses if d.choix is Choix.IGNORER}
    gardees = [(ligne, saisie) for ligne, saisie in apres if saisie.slug not in ecartees]
    changements = tuple(
        Changement(existantes[saisie.slug], saisie)
        for _, saisie in gardees
        if saisie.slug in existantes and saisie != existantes[saisie.slug]
    )
    indecises = {d.saisie.slug for d in douteuses if d.choix is None}
    nouvelles = [saisie for _, saisie in gardees if saisie.slug not in existantes]
    return Plan(
        creees=tuple(saisie for saisie in nouvelles if saisie.slug not in indecises),
        changees=changements,
        inchangees=len(gardees) - len(nouvelles) - len(changements),
        erreurs=(
            *lot.erreurs,
            *_a_l_ecran(lot, [*incompletes, *_validate(gardees, existantes, referentiel)]),
            *_beside(lot, existantes, referentiel, placeur),
        ),
        douteuses=douteuses,
        questions=tuple(dict.fromkeys(placeur.questions)),
        remarques=tuple(_remarks(lot, existantes)),
    )


def faults(
    lot: Lot, existantes: Mapping[str, Saisie], referentiel: Referentiel
) -> tuple[Erreur, ...]:
    """Every rule that the records of a file would break, in the order of the file."""
    return plan_import(lot, existantes, referentiel).erreurs


def apply_import(session: Session, plan: Plan, *, par: str, moyen: str) -> None:
    """Write a plan without fault or doubt, made under `registre.lock` in this transaction."""
    if plan.erreurs:
        raise SaisieError(tuple(erreur.faute for erreur in plan.erreurs))
    if plan.indecises:
        message = "Dites s’il faut créer cette fiche, ou l’ignorer."
        raise SaisieError(tuple(Faute(d.saisie.slug, message) for d in plan.indecises))
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
    lot: Lot, existantes: Mapping[str, Saisie], placeur: Placeur
) -> tuple[list[tuple[Ligne, Saisie]], list[Erreur]]:
    apres: list[tuple[Ligne, Saisie]] = []
    erreurs: list[Erreur] = []
    for ligne in lot.lignes:
        try:
            apres.append((ligne, fusionner(existantes.get(ligne.slug), ligne, placeur)))
        except SaisieError as erreur:
            erreurs.extend(Erreur(ligne.ligne, ligne.slug, faute) for faute in erreur.fautes)
    return apres, erreurs


def _doubtful(
    apres: list[tuple[Ligne, Saisie]],
    existantes: Mapping[str, Saisie],
    choix: Mapping[str, Choix],
) -> tuple[Douteuse, ...]:
    nouvelles = {s.slug: (ligne.ligne, s) for ligne, s in apres if s.slug not in existantes}
    connues = [s for s in existantes.values() if s.statut is not Statut.ARCHIVE]
    semblables = ressemblances([s for _, s in nouvelles.values()], connues)
    return tuple(
        Douteuse(*nouvelles[slug], memes, choix.get(slug)) for slug, memes in semblables.items()
    )


def _validate(
    apres: list[tuple[Ligne, Saisie]], existantes: Mapping[str, Saisie], referentiel: Referentiel
) -> Iterator[Erreur]:
    """Judge new and changed records alone: an old one is not a fault of the file."""
    porteurs = {slug: saisie.porteur for slug, saisie in existantes.items()}
    porteurs |= {saisie.slug: saisie.porteur for _, saisie in apres}
    for ligne, saisie in apres:
        if saisie != existantes.get(saisie.slug):
            for faute in valider(saisie, referentiel, porteurs):
                yield Erreur(ligne.ligne, saisie.slug, faute)


def _beside(
    lot: Lot, existantes: Mapping[str, Saisie], referentiel: Referentiel, placeur: Placeur
) -> Iterator[Erreur]:
    """What else is wrong on lines that have a cell nobody can read: told at once, not later.

    What touches the field of such a cell may come from it, and is left out.
    """
    porteurs = {slug: saisie.porteur for slug, saisie in existantes.items()}
    porteurs |= {ligne.slug: ligne.valeurs.get("porteur", "") for ligne in lot.lignes}
    illisibles: defaultdict[int, set[str]] = defaultdict(set)
    for erreur in lot.erreurs:
        illisibles[erreur.ligne].add(groupe_de(erreur.faute.champ))
    for ligne in lot.abimees:
        try:
            saisie = fusionner(existantes.get(ligne.slug), ligne, placeur)
            fautes = tuple(valider(saisie, referentiel, porteurs))
        except SaisieError as refus:
            fautes = refus.fautes
        for erreur in _a_l_ecran(lot, [Erreur(ligne.ligne, ligne.slug, f) for f in fautes]):
            if groupe_de(erreur.faute.champ) not in illisibles[ligne.ligne]:
                yield erreur


def _a_l_ecran(lot: Lot, erreurs: list[Erreur]) -> Iterator[Erreur]:
    """Name the column of a table where a file has paths."""
    for erreur in erreurs:
        faute = erreur.faute
        champ = colonne(faute.champ) if lot.tableau else faute.champ
        yield Erreur(erreur.ligne, erreur.slug, Faute(champ, faute.message, faute.valeur))


def _remarks(lot: Lot, existantes: Mapping[str, Saisie]) -> Iterator[Erreur]:
    """Say what an import leaves alone, so that nobody believes that it was done."""
    for ligne in lot.lignes:
        existante = existantes.get(ligne.slug)
        if existante is None:
            continue
        dites: Mapping[str, Any] = ligne.valeurs
        if dites.get("diffusion", existante.diffusion) != existante.diffusion:
            message = "Un import ne change pas la diffusion : elle se change depuis la fiche."
            yield Erreur(ligne.ligne, ligne.slug, Faute("diffusion", message, dites["diffusion"]))
        statuts = {existante.statut, dites.get("statut", existante.statut)}
        if len(statuts) > 1 and Statut.ARCHIVE in statuts:
            message = "Un import n’archive pas une fiche et ne la sort pas des archives."
            yield Erreur(ligne.ligne, ligne.slug, Faute("statut", message, dites["statut"]))
