"""Links that were sent and what was answered; how each partner is to be written to."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from cartographie.lettres import Reponse
from cartographie.models import Courrier, Rappel, SuiviPartenaire
from cartographie.rappels import Envoi, LienVu, Suivi


def next_number(session: Session, slug: str) -> int:
    """The number of the next sending about a record: numbers of erased ones may come again."""
    dernier = session.execute(
        select(func.max(Rappel.numero)).where(Rappel.acteur == slug)
    ).scalar_one()
    return (dernier or 0) + 1


def add_link(
    session: Session,
    slug: str,
    numero: int,
    empreinte: str,
    courrier_id: int,
    *,
    maintenant: datetime,
    expire_le: datetime,
) -> None:
    """Keep the digest of a link whose mail is in the outbox."""
    session.execute(
        insert(Rappel).values(
            acteur=slug,
            numero=numero,
            empreinte=empreinte,
            courrier_id=courrier_id,
            cree_le=maintenant,
            expire_le=expire_le,
        )
    )


def find_link(session: Session, slug: str, numero: int, empreinte: str) -> LienVu | None:
    """The link of this record, number and digest; None when there is none, or no longer."""
    rappel = session.execute(
        select(Rappel).where(
            Rappel.acteur == slug, Rappel.numero == numero, Rappel.empreinte == empreinte
        )
    ).scalar_one_or_none()
    if rappel is None:
        return None
    return LienVu(slug, numero, empreinte, rappel.expire_le, rappel.reponse, rappel.repondu_le)


def answer(session: Session, lien: LienVu, reponse: Reponse, maintenant: datetime) -> bool:
    """Use a link up: True for the first who answers in time, False for everybody else."""
    change = (
        update(Rappel)
        .where(
            Rappel.acteur == lien.slug,
            Rappel.empreinte == lien.empreinte,
            Rappel.repondu_le.is_(None),
            Rappel.expire_le > maintenant,
        )
        .values(reponse=reponse, repondu_le=maintenant)
        .returning(Rappel.id)
    )
    return session.execute(change).first() is not None


def envois(session: Session, slug: str = "") -> dict[str, tuple[Envoi, ...]]:
    """Slug → what was sent about it, oldest first; of one record when `slug` is given."""
    choix = (
        select(Rappel, Courrier.a, Courrier.etat, Courrier.envoye_le, Courrier.reponse)
        .join(Courrier, Courrier.id == Rappel.courrier_id)
        .order_by(Rappel.acteur, Rappel.numero)
    )
    if slug:
        choix = choix.where(Rappel.acteur == slug)
    trouves: defaultdict[str, list[Envoi]] = defaultdict(list)
    for rappel, a, etat, envoye_le, dit in session.execute(choix):
        trouves[rappel.acteur].append(
            Envoi(
                numero=rappel.numero,
                courrier=rappel.courrier_id,
                a=a,
                etat=etat,
                cree_le=rappel.cree_le,
                envoye_le=envoye_le,
                expire_le=rappel.expire_le,
                reponse=rappel.reponse,
                repondu_le=rappel.repondu_le,
                dit=dit,
            )
        )
    return {nom: tuple(liste) for nom, liste in trouves.items()}


def suivis(session: Session) -> dict[str, Suivi]:
    """Slug → how its partner is written to, where somebody chose it."""
    lignes = session.execute(select(SuiviPartenaire)).scalars()
    return {ligne.acteur: Suivi(ligne.frequence_mois, ligne.courriel) for ligne in lignes}


def set_suivi(session: Session, slug: str, suivi: Suivi) -> None:
    """Choose it; the defaults are no row. The caller holds the lock of the records."""
    session.execute(delete(SuiviPartenaire).where(SuiviPartenaire.acteur == slug))
    if suivi != Suivi():
        valeurs = {"frequence_mois": suivi.frequence_mois, "courriel": suivi.courriel}
        session.execute(insert(SuiviPartenaire).values(acteur=slug, **valeurs))
