"""The only writer of proposals: kept until somebody decides, then ninety days, then counted only.

Every function works in the session of the caller. A proposal never moves the Version: it changes
nothing that the public could see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cartographie import models, registre
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.depots import (
    Decision,
    Depot,
    MotifDepot,
    OrigineDepot,
    Proposition,
    examiner,
    normaliser,
)
from cartographie.errors import Faute, IntrouvableError, SaisieError
from cartographie.horaires import PARIS
from cartographie.models import DecisionComptee
from cartographie.referentiel import Referentiel

GARDE = timedelta(days=90)
MOYEN = "proposition"
MOT_MAX = 500
# Where a proposal stands, to be written again without what was erased.
TABLES = ("proposition",)
ABSENTE = "Cette proposition n’existe pas, ou a été effacée."

__all__ = ["Depot", "Proposition", "Verdict", "decide", "erase", "get", "submit"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided. `saisie`: the record as it becomes, None when it stays as it is."""

    decision: Decision
    par: str
    mot: str = ""
    saisie: Saisie | None = None
    revision_lue: int = 0


def submit(
    session: Session, depot: Depot, referentiel: Referentiel, *, maintenant: datetime
) -> int:
    """Keep a proposal and give its number.

    Raises SaisieError with every fault, IntrouvableError when there is no such record, or for
    the public no such record that it sees.
    """
    # Whoever lowers the record at this moment has to find this row, or we his.
    registre.lock(session)
    base, revision = registre.get_saisie(session, depot.slug)
    visible = base.statut is Statut.PUBLIE and base.diffusion is not Diffusion.INTERNE
    if depot.origine == OrigineDepot.PUBLIC and not visible:
        raise IntrouvableError("Cette fiche n’existe pas.")
    lue = revision if depot.revision is None else depot.revision
    if lue != revision:
        base = registre.saisie_at(session, depot.slug, lue)
    examiner(depot, base, referentiel, registre.porteurs(session))
    return _insert(session, depot, lue, maintenant)


def get(session: Session, numero: int) -> Proposition:
    """One proposal. Raises IntrouvableError."""
    ligne = session.scalars(
        select(models.Proposition).where(models.Proposition.id == numero)
    ).one_or_none()
    if ligne is None:
        raise IntrouvableError(ABSENTE)
    return _lire(ligne)


def pending(session: Session) -> tuple[Proposition, ...]:
    """Those that wait: what puts somebody in danger first, then the oldest."""
    p = models.Proposition
    ordre = case((p.motif == MotifDepot.DANGER, 0), else_=1)
    choix = (
        select(models.Proposition).where(p.decision.is_(None)).order_by(ordre, p.deposee_le, p.id)
    )
    return tuple(_lire(ligne) for ligne in session.scalars(choix))


def decided(session: Session, limite: int = 50) -> tuple[Proposition, ...]:
    """Those that were decided and are still kept, latest first."""
    p = models.Proposition
    choix = (
        select(models.Proposition)
        .where(p.decision.is_not(None))
        .order_by(p.decidee_le.desc(), p.id.desc())
    )
    return tuple(_lire(ligne) for ligne in session.scalars(choix.limit(limite)))


def about(session: Session, slug: str) -> tuple[Proposition, ...]:
    """Everything that is kept about a record, oldest first."""
    choix = (
        select(models.Proposition)
        .where(models.Proposition.acteur == slug)
        .order_by(models.Proposition.id)
    )
    return tuple(_lire(ligne) for ligne in session.scalars(choix))


def count(session: Session) -> tuple[int, int]:
    """How many wait, and how many of them say that somebody is in danger."""
    p = models.Proposition
    danger = func.coalesce(func.sum(case((p.motif == MotifDepot.DANGER, 1), else_=0)), 0)
    ligne = session.execute(select(func.count(), danger).where(p.decision.is_(None))).one()
    return int(ligne[0]), int(ligne[1])


def decisions(session: Session) -> tuple[tuple[date, MotifDepot, Decision, int], ...]:
    """How many were decided, day by day: what stays when everything else is erased."""
    d = DecisionComptee
    choix = select(d.jour, d.motif, d.decision, d.nombre).order_by(d.jour, d.motif, d.decision)
    return tuple(tuple(ligne) for ligne in session.execute(choix))  # type: ignore[misc]


def decide(session: Session, numero: int, verdict: Verdict, *, maintenant: datetime) -> bool:
    """Write the decision, and the record when it changes; False when it was decided already.

    Raises IntrouvableError, SaisieError, ConflitError when the record moved on meanwhile.
    """
    registre.lock(session)
    proposition = get(session, numero)
    if proposition.decision is not None:
        return False
    mot = normaliser(verdict.mot)
    if len(mot) > MOT_MAX:
        raise SaisieError((Faute("mot", f"Ce mot est trop long : {MOT_MAX} caractères au plus."),))
    if verdict.saisie is not None:
        registre.update_acteur(
            session,
            proposition.slug,
            verdict.saisie,
            revision_lue=verdict.revision_lue,
            par=verdict.par,
            moyen=MOYEN,
        )
    session.execute(
        update(models.Proposition)
        .where(models.Proposition.id == numero)
        .values(decision=verdict.decision, decidee_le=maintenant, decidee_par=verdict.par, mot=mot)
    )
    _compter(session, _jour(maintenant), proposition.motif, verdict.decision, 1)
    purge(session, maintenant)
    return True


def erase(session: Session, numero: int) -> None:
    """Leave nothing of it, not even its place in the counts. Raises IntrouvableError."""
    registre.lock(session)
    proposition = get(session, numero)
    if proposition.decision is not None and proposition.decidee_le is not None:
        jour = _jour(proposition.decidee_le)
        _compter(session, jour, proposition.motif, proposition.decision, -1)
    session.execute(delete(models.Proposition).where(models.Proposition.id == numero))


def name_of(proposition: Proposition) -> str:
    """What tells a proposal apart for good (a number may serve again), and nothing of it."""
    return f"{proposition.id} {proposition.deposee_le.astimezone(UTC).isoformat()}"


def erase_again(session: Session, noms: Collection[str]) -> int:
    """Erase those of these names that a backup brought back; how many there were."""
    p = models.Proposition
    revenues = [ligne.id for ligne in session.scalars(select(p)) if name_of(_lire(ligne)) in noms]
    for numero in revenues:
        erase(session, numero)
    return len(revenues)


def purge(session: Session, maintenant: datetime) -> int:
    """Erase what was decided ninety days ago; the counts stay. Gives how many went."""
    vieilles = models.Proposition.decidee_le < maintenant - GARDE
    parties = session.execute(
        delete(models.Proposition).where(vieilles).returning(models.Proposition.id)
    )
    return len(parties.all())


def _insert(session: Session, depot: Depot, revision: int, maintenant: datetime) -> int:
    p = models.Proposition
    precisions = {n: net for n, v in depot.precisions.items() if (net := normaliser(v))}
    ajout = insert(p).values(
        acteur=depot.slug,
        origine=OrigineDepot(depot.origine),
        motif=MotifDepot(depot.motif),
        deposee_le=maintenant,
        revision=revision,
        texte=normaliser(depot.texte),
        precisions=precisions,
        changements=dict(depot.changements),
        envoi=depot.envoi or None,
        decidee_par="",
        mot="",
    )
    try:
        with session.begin_nested():
            return session.execute(ajout.returning(p.id)).scalar_one()
    except IntegrityError:
        # The button was pressed twice.
        return session.execute(select(p.id).where(p.envoi == depot.envoi)).scalar_one()


def _compter(
    session: Session, jour: date, motif: MotifDepot, decision: Decision, nombre: int
) -> None:
    """Add to a count. The lock on the Version, taken before, keeps others away."""
    d = DecisionComptee
    ou = (d.jour == jour, d.motif == motif, d.decision == decision)
    present = session.execute(select(d.nombre).where(*ou)).scalar_one_or_none()
    if present is None:
        valeurs = {"jour": jour, "motif": motif, "decision": decision, "nombre": nombre}
        session.execute(insert(d).values(valeurs))
    elif present + nombre > 0:
        session.execute(update(d).where(*ou).values(nombre=present + nombre))
    else:
        session.execute(delete(d).where(*ou))


def _jour(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def _lire(p: models.Proposition) -> Proposition:
    return Proposition(
        id=p.id,
        slug=p.acteur,
        origine=p.origine,
        motif=p.motif,
        deposee_le=p.deposee_le,
        revision=p.revision,
        texte=p.texte,
        precisions=p.precisions,
        changements=p.changements,
        decision=p.decision,
        decidee_le=p.decidee_le,
        decidee_par=p.decidee_par,
        mot=p.mot,
    )
