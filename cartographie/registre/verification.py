"""« Vérifié aujourd’hui » for several records: one transaction, a revision for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from cartographie.errors import ConflitError, IntrouvableError
from cartographie.registre.fiches import get_saisie, update_acteur
from cartographie.registre.lignes import lock

MOYEN = "vérification groupée"


@dataclass(frozen=True, slots=True)
class Refus:
    """A record that was left as it is, and why."""

    slug: str
    nom: str
    raison: str


def confirm(
    session: Session,
    lues: Iterable[tuple[str, int]],
    *,
    jour: date,
    verifie_par: str,
    par: str,
    moyen: str = MOYEN,
) -> tuple[int, tuple[Refus, ...]]:
    """Mark records (slug, revision read) as verified on a day: how many were, and the others."""
    lock(session)
    faites = 0
    refus: list[Refus] = []
    for slug, revision_lue in dict(lues).items():
        nom = slug
        try:
            saisie, _ = get_saisie(session, slug)
            nom = saisie.nom
            verifiee = replace(saisie, verifie_le=jour, verifie_par=verifie_par)
            # Sent twice, the second time finds it done: nothing to refuse.
            if verifiee != saisie:
                update_acteur(
                    session, slug, verifiee, revision_lue=revision_lue, par=par, moyen=moyen
                )
            faites += 1
        except (ConflitError, IntrouvableError) as erreur:
            refus.append(Refus(slug, nom, str(erreur)))
    return faites, tuple(refus)
