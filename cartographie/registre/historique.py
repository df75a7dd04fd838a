"""What was written: read again, brought back, or undone together. Nothing is ever taken out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from cartographie.acteurs import Saisie
from cartographie.errors import ConflitError, IntrouvableError, SaisieError
from cartographie.models import Acteur, Revision
from cartographie.referentiel import Referentiel
from cartographie.registre.diffusion import Efface, erasures
from cartographie.registre.fiches import porteurs, update_acteur
from cartographie.registre.lignes import find, lock, read
from cartographie.serialisation import from_dict
from cartographie.validation import valider

# With its own fields, what was erased takes along how one gets there: both were chosen together.
AVEC_LA_ZONE = ("acces", "relais")
CHAMPS = frozenset(champ.name for champ in fields(Saisie))


@dataclass(frozen=True, slots=True)
class Ecriture:
    """One write: who, when, through what, and the whole record before (None: created) and after.

    `autorise_par`, `autorise_le`: who allowed the record to be better known, when it was.
    """

    slug: str
    numero: int
    quand: datetime
    par: str
    moyen: str
    avant: Saisie | None
    apres: Saisie
    autorise_par: str = ""
    autorise_le: date | None = None


def history(session: Session, slug: str) -> tuple[Ecriture, ...]:
    """Every write of a record, latest first. Raises IntrouvableError."""
    ecritures = read_ecritures(session, choix_ecritures().where(Acteur.slug == slug))
    if not ecritures:
        raise IntrouvableError("Cette fiche n’existe pas.")
    return ecritures


def last_write(session: Session, slug: str) -> Ecriture:
    """The latest write of a record, however many there were. Raises IntrouvableError."""
    ecritures = read_ecritures(session, choix_ecritures().where(Acteur.slug == slug).limit(1))
    if not ecritures:
        raise IntrouvableError("Cette fiche n’existe pas.")
    return ecritures[0]


def first_write(session: Session) -> datetime | None:
    """When the first record was written; None when there is none."""
    return session.execute(select(Revision.quand).order_by(Revision.quand).limit(1)).scalar()


def saisie_at(session: Session, slug: str, numero: int) -> Saisie:
    """The record as this revision left it. Raises IntrouvableError."""
    ecritures = read_ecritures(
        session, choix_ecritures().where(Acteur.slug == slug, Revision.numero == numero)
    )
    if not ecritures:
        raise IntrouvableError("Cette révision n’existe pas.")
    return ecritures[0].apres


def ledger(session: Session, slug: str) -> tuple[Efface, ...]:
    """What was erased of a record, oldest first: names of fields, never values."""
    acteur_id = find(session, slug)
    return erasures(session, acteur_id) if acteur_id is not None else ()


def restorable(session: Session, slug: str, numero: int) -> tuple[Saisie, int]:
    """The record as restoring this revision would make it, and the number of the current one.

    The diffusion of today stays; so does what was erased since, whatever the old state says.
    Raises IntrouvableError.
    """
    acteur_id, actuelle, revision = read(session, slug)
    ecritures = read_ecritures(
        session, choix_ecritures().where(Acteur.slug == slug, Revision.numero == numero)
    )
    if not ecritures:
        raise IntrouvableError("Cette révision n’existe pas.")
    perdus = {
        champ
        for efface in erasures(session, acteur_id)
        if efface.revision > numero
        for champ in (*efface.champs, *AVEC_LA_ZONE)
        # The ledger also names figures and proposals, which are no part of a revision.
        if champ in CHAMPS
    }
    gardes: dict[str, Any] = {champ: getattr(actuelle, champ) for champ in perdus}
    return replace(ecritures[0].apres, **gardes | {"diffusion": actuelle.diffusion}), revision


def restore(
    session: Session,
    slug: str,
    numero: int,
    referentiel: Referentiel,
    *,
    revision_lue: int,
    par: str,
) -> bool:
    """Bring an earlier state back as a new revision; False when it is already the present one.

    Raises IntrouvableError, ConflitError, SaisieError when rules have changed since.
    """
    lock(session)
    cible, actuelle = restorable(session, slug, numero)
    if actuelle != revision_lue:
        raise ConflitError(slug, revision_lue, actuelle)
    fautes = valider(cible, referentiel, porteurs(session))
    if fautes:
        raise SaisieError(fautes)
    return update_acteur(
        session,
        slug,
        cible,
        revision_lue=revision_lue,
        par=par,
        moyen=f"restauration de la révision {numero}",
    )


def read_ecritures(session: Session, choix: Select[Revision, str]) -> tuple[Ecriture, ...]:
    """Read the writes that `choix` selects, latest first."""
    return tuple(_ecriture(ligne) for ligne in session.execute(choix))


def choix_ecritures() -> Select[Revision, str]:
    """Every write with the slug of its record, latest first: to be narrowed."""
    choix = select(Revision, Acteur.slug)
    return choix.join(Acteur, Acteur.id == Revision.acteur_id).order_by(Revision.numero.desc())


def _ecriture(ligne: Row[Revision, str]) -> Ecriture:
    revision = ligne.Revision
    return Ecriture(
        slug=ligne.slug,
        numero=revision.numero,
        quand=revision.quand,
        par=revision.par,
        moyen=revision.moyen,
        avant=from_dict(revision.avant) if revision.avant is not None else None,
        apres=from_dict(revision.apres),
        autorise_par=revision.autorise_par or "",
        autorise_le=revision.autorise_le,
    )
