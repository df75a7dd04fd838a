"""Parts carried from one protocol to the next: a person chooses each; nothing follows by itself.

What is carried is `declaree`, never `nommee`: the new text did not name anybody, somebody of the
administration says that the work goes on. A part that was deduced from a category is carried as
that of an acteur: nobody becomes a pilot by name because its category was one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from cartographie import registre
from cartographie.acteurs import Origine, Participation, Role, Saisie, Statut

MOYEN = "reprise des participations"


@dataclass(frozen=True, slots=True)
class Part:
    """A part that may be carried: whose, and as it stands in the earlier protocol."""

    slug: str
    nom: str
    participation: Participation


def parts_a_reprendre(saisies: Iterable[Saisie], periode: str) -> dict[int, tuple[Part, ...]]:
    """Number of an objective of that period → parts taken in it, by name; archives left out."""
    parts: dict[int, list[Part]] = {}
    for saisie in sorted(saisies, key=lambda s: (s.nom, s.slug)):
        if saisie.statut is not Statut.ARCHIVE:
            for p in saisie.participations:
                if p.periode == periode:
                    parts.setdefault(p.objectif, []).append(Part(saisie.slug, saisie.nom, p))
    return {numero: tuple(parts[numero]) for numero in sorted(parts)}


def reprise(ancienne: Participation, periode: str, objectif: int) -> Participation:
    """The same part in another protocol. Its action is not carried: that one has its own."""
    deduite = ancienne.origine is Origine.DEDUITE
    return Participation(
        periode=periode,
        objectif=objectif,
        role=Role.ACTEUR if deduite else ancienne.role,
        origine=Origine.DECLAREE,
        source=f"reprise de {ancienne.periode}, objectif {ancienne.objectif}",
    )


def reprendre(saisie: Saisie, nouvelles: Iterable[Participation]) -> Saisie:
    """Add parts to a record, each once; an action apart, what it says already stays as it is."""
    gardees = list(saisie.participations)
    deja = {(p.periode, p.objectif, p.role) for p in gardees}
    for part in nouvelles:
        if (part.periode, part.objectif, part.role) not in deja:
            gardees.append(part)
            deja.add((part.periode, part.objectif, part.role))
    return replace(saisie, participations=tuple(gardees))


def apply_reprises(
    session: Session, choisies: Mapping[str, Iterable[Participation]], *, par: str
) -> int:
    """Add the parts chosen (slug → parts), with one revision a record; how many records changed.

    Parts are added to the record of the moment: nobody's edit is in the way, none is lost.
    Raises IntrouvableError.
    """
    registre.lock(session)
    changees = 0
    for slug, nouvelles in choisies.items():
        saisie, revision = registre.get_saisie(session, slug)
        voulue = reprendre(saisie, nouvelles)
        changees += registre.update_acteur(
            session, slug, voulue, revision_lue=revision, par=par, moyen=MOYEN
        )
    return changees
