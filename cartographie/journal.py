"""The public journal, read: what was created, changed and closed, to the day.

`registre` writes it. It is read with the catalogue of the same moment: a line whose record is not
published says nothing, unless it is that the record closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cartographie.acteurs import Fiche
from cartographie.catalogue import Catalogue
from cartographie.changements import SorteChangement
from cartographie.models import Journal


@dataclass(frozen=True, slots=True)
class Changement:
    """A day of a record. `fiche` is what it is now, None when it is closed.

    Of a closed one `codes` are those of its places and territoire, `objectifs` its parts.
    """

    slug: str
    jour: date
    sorte: SorteChangement
    nom: str
    champs: tuple[str, ...]
    fiche: Fiche | None
    codes: frozenset[str]
    objectifs: frozenset[str]


def read(session: Session, catalogue: Catalogue) -> tuple[Changement, ...]:
    """Every change, the latest day first; inside a day by slug, which tells nothing."""
    trouves = sorted(_lignes(session, catalogue), key=lambda c: c.slug)
    return tuple(sorted(trouves, key=lambda c: c.jour, reverse=True))


def _lignes(session: Session, catalogue: Catalogue) -> Iterator[Changement]:
    for ligne in session.execute(select(Journal)).scalars():
        fiche = catalogue.get(ligne.acteur)
        if (fiche is None) is (ligne.sorte is SorteChangement.FERMEE):
            yield Changement(
                slug=ligne.acteur,
                jour=ligne.jour,
                sorte=ligne.sorte,
                nom=fiche.nom if fiche else ligne.nom,
                champs=tuple(ligne.champs),
                fiche=fiche,
                codes=frozenset(ligne.codes),
                objectifs=frozenset(ligne.objectifs),
            )
