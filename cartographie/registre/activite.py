"""What was written in a year, counted: never who wrote, nor what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cartographie.models import Revision


@dataclass(frozen=True, slots=True)
class Activite:
    """Writes between two moments: how many, on how many records, of which created then.

    `moyens`: through what, the most used first, by the first words of what each write says.
    """

    ecritures: int
    fiches: int
    creations: int
    moyens: tuple[tuple[str, int], ...]


def activity(session: Session, debut: datetime, fin: datetime) -> Activite:
    """Count from `debut` to `fin` (aware, excluded), records that nobody sees included."""
    entre = (Revision.quand >= debut.astimezone(UTC), Revision.quand < fin.astimezone(UTC))
    total = session.execute(
        select(func.count(), func.count(Revision.acteur_id.distinct())).where(*entre)
    ).one()
    creations = select(func.count()).where(*entre, Revision.numero == 1)
    par_moyen: dict[str, int] = {}
    choix = select(Revision.moyen, func.count()).where(*entre).group_by(Revision.moyen)
    for moyen, nombre in session.execute(choix):
        court = moyen.split(" ")[0]
        par_moyen[court] = par_moyen.get(court, 0) + nombre
    return Activite(
        ecritures=total[0],
        fiches=total[1],
        creations=session.execute(creations).scalar_one(),
        moyens=tuple(sorted(par_moyen.items(), key=lambda un: (-un[1], un[0]))),
    )
