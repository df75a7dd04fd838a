"""Files between their preview and their application: kept a day at most, by who brought them.

What is kept is what the file says once it was found without a fault, so that nothing forbidden of
a `zone` record ever is. `registre.lower` erases all of it. The addresses to look for are lines of
their own: each answer is on disk before the next question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from cartographie.acteurs import Localisation, Precision
from cartographie.errors import IntrouvableError
from cartographie.models import LotAdresse, LotImporte
from cartographie.placement import EtatAdresse, Question, Trouvees
from cartographie.serialisation import to_json

QUESTION = (
    LotAdresse.adresse,
    LotAdresse.code_postal,
    LotAdresse.commune,
    LotAdresse.code_insee,
)
DUREE = timedelta(hours=24)
# Whoever looks for addresses gives a sign of life at each: after that silence it is dead.
SILENCE = timedelta(seconds=20)
ABSENT = "Cet import n’existe plus : il a été appliqué, abandonné, ou il date de plus d’un jour."


@dataclass(frozen=True, slots=True)
class Avancement:
    """Addresses of a file: how many in all, answered, found; whether somebody is at it."""

    total: int = 0
    faites: int = 0
    trouvees: int = 0
    en_cours: bool = False
    arret: str = ""

    @property
    def restent(self) -> int:
        """Addresses without an answer."""
        return self.total - self.faites


@dataclass(frozen=True, slots=True)
class Attente:
    """A file that waits: who brought it, when, what it says, how far its addresses are."""

    id: int
    fichier: str
    cree_le: datetime
    contenu: dict[str, Any]
    trouvees: Trouvees
    avancement: Avancement


def add(
    session: Session,
    contenu: dict[str, Any],
    *,
    par: str,
    fichier: str,
    empreinte: str,
    maintenant: datetime,
) -> int:
    """Keep what a file says, as JSON; its number. The same file of one person is kept once."""
    purge(session, maintenant)
    deja = find(session, par=par, empreinte=empreinte)
    if deja is not None:
        return deja
    creation = insert(LotImporte).values(
        par=par,
        fichier=fichier,
        empreinte=empreinte,
        contenu=contenu,
        cree_le=maintenant,
        travail_le=None,
        arret="",
    )
    return session.execute(creation.returning(LotImporte.id)).scalar_one()


def find(session: Session, *, par: str, empreinte: str) -> int | None:
    """The number of a file that waits, by the digest of its bytes."""
    choix = select(LotImporte.id).where(LotImporte.par == par, LotImporte.empreinte == empreinte)
    return session.execute(choix).scalars().first()


def get(session: Session, numero: int, *, par: str, maintenant: datetime) -> Attente:
    """A file of that person. Raises IntrouvableError."""
    ligne = session.execute(
        select(LotImporte.fichier, LotImporte.cree_le, LotImporte.contenu).where(
            LotImporte.id == numero, LotImporte.par == par, LotImporte.cree_le > maintenant - DUREE
        )
    ).one_or_none()
    if ligne is None:
        raise IntrouvableError(ABSENT)
    return Attente(
        numero,
        ligne.fichier,
        ligne.cree_le,
        ligne.contenu,
        trouvees(session, numero),
        progress(session, numero, maintenant),
    )


def waiting(session: Session, *, par: str, maintenant: datetime) -> list[tuple[int, str, datetime]]:
    """Files of that person: number, name, when; the latest first."""
    lignes = session.execute(
        select(LotImporte.id, LotImporte.fichier, LotImporte.cree_le)
        .where(LotImporte.par == par, LotImporte.cree_le > maintenant - DUREE)
        .order_by(LotImporte.id.desc())
    )
    return [(ligne.id, ligne.fichier, ligne.cree_le) for ligne in lignes]


def erase(session: Session, numero: int) -> None:
    """Keep nothing of a file."""
    _erase(session, LotImporte.id == numero)


def purge(session: Session, maintenant: datetime) -> None:
    """Erase what waited for more than a day."""
    _erase(session, LotImporte.cree_le <= maintenant - DUREE)


def _erase(session: Session, lesquels: ColumnElement[bool]) -> None:
    numeros = session.execute(select(LotImporte.id).where(lesquels)).scalars().all()
    if numeros:
        session.execute(delete(LotAdresse).where(LotAdresse.lot_id.in_(numeros)))
        session.execute(delete(LotImporte).where(LotImporte.id.in_(numeros)))


# ── addresses ──


def trouvees(session: Session, numero: int) -> Trouvees:
    """What the geocoder said so far."""
    lignes = session.execute(
        select(*QUESTION, LotAdresse.localisation, LotAdresse.raison).where(
            LotAdresse.lot_id == numero, LotAdresse.etat != EtatAdresse.ATTENTE
        )
    )
    return {
        Question(*ligne[:4]): _localisation(ligne.localisation)
        if ligne.localisation
        else ligne.raison
        for ligne in lignes
    }


def progress(session: Session, numero: int, maintenant: datetime) -> Avancement:
    """How far the addresses are."""
    comptes = session.execute(
        select(LotAdresse.etat, func.count().label("nombre"))
        .where(LotAdresse.lot_id == numero)
        .group_by(LotAdresse.etat)
    )
    par_etat: dict[EtatAdresse, int] = {ligne.etat: ligne.nombre for ligne in comptes}
    total = sum(par_etat.values())
    lot = session.execute(
        select(LotImporte.travail_le, LotImporte.arret).where(LotImporte.id == numero)
    ).one_or_none()
    if lot is None:
        return Avancement()
    vivant = lot.travail_le is not None and lot.travail_le > maintenant - SILENCE
    return Avancement(
        total,
        total - par_etat.get(EtatAdresse.ATTENTE, 0),
        par_etat.get(EtatAdresse.TROUVEE, 0),
        vivant,
        lot.arret,
    )


def start(
    session: Session, numero: int, questions: Iterable[Question], maintenant: datetime
) -> bool:
    """Take the addresses of a file in hand; False when somebody has them already."""
    prise = session.execute(
        update(LotImporte)
        .where(
            LotImporte.id == numero,
            or_(LotImporte.travail_le.is_(None), LotImporte.travail_le <= maintenant - SILENCE),
        )
        .values(travail_le=maintenant, arret="")
        .returning(LotImporte.id)
    ).one_or_none()
    if prise is None:
        return False
    connues = {
        Question(*ligne)
        for ligne in session.execute(select(*QUESTION).where(LotAdresse.lot_id == numero))
    }
    nouvelles = [q for q in questions if q not in connues]
    if nouvelles:
        session.execute(
            insert(LotAdresse),
            [
                {**asdict(q), "lot_id": numero, "etat": EtatAdresse.ATTENTE, "raison": ""}
                for q in nouvelles
            ],
        )
    return True


def next_question(
    session: Session, numero: int, maintenant: datetime
) -> tuple[int, Question] | None:
    """The next address, with its key; None when all are done, or when it was asked to stop."""
    vivant = session.execute(
        update(LotImporte)
        .where(LotImporte.id == numero, LotImporte.arret == "", LotImporte.travail_le.is_not(None))
        .values(travail_le=maintenant)
        .returning(LotImporte.id)
    ).one_or_none()
    if vivant is None:
        return None
    ligne = session.execute(
        select(LotAdresse.id, *QUESTION)
        .where(LotAdresse.lot_id == numero, LotAdresse.etat == EtatAdresse.ATTENTE)
        .order_by(LotAdresse.id)
        .limit(1)
    ).one_or_none()
    return (ligne.id, Question(*ligne[1:])) if ligne else None


def note(session: Session, cle: int, reponse: Localisation | str) -> None:
    """Keep an answer: the point, or why there is none. Of a file that is gone, nothing."""
    trouvee = isinstance(reponse, Localisation)
    session.execute(
        update(LotAdresse)
        .where(LotAdresse.id == cle)
        .values(
            etat=EtatAdresse.TROUVEE if trouvee else EtatAdresse.ECHEC,
            localisation=to_json(reponse) if trouvee else None,
            raison="" if trouvee else reponse,
        )
    )


def stop(session: Session, numero: int, raison: str) -> None:
    """Ask whoever looks for the addresses to stop after the present one, and say why."""
    session.execute(update(LotImporte).where(LotImporte.id == numero).values(arret=raison))


def release(session: Session, numero: int) -> None:
    """Say that nobody looks for the addresses any more."""
    session.execute(update(LotImporte).where(LotImporte.id == numero).values(travail_le=None))


def _localisation(objet: dict[str, object]) -> Localisation:
    precision = Precision(str(objet["precision"]))
    return Localisation(**{**objet, "precision": precision})  # type: ignore[arg-type]
