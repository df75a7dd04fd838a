"""The outbox, the links that were sent, and how each partner is to be written to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.database import Base, Horodatage, choix, horodatage, pk
from cartographie.lettres import EtatCourrier, Motif


class Courrier(Base):
    """A mail to send, or sent. `acteur` is the slug of the record it is about, or nothing.

    `reclame_le` is when a process last took it to send it: another one may once that is old.
    `identifiant` is its Message-ID, the same at each try.
    """

    __tablename__ = "courrier"
    __table_args__ = (
        CheckConstraint("a <> ''", name="a"),
        CheckConstraint("sujet <> ''", name="sujet"),
        CheckConstraint("essais >= 0", name="essais"),
        CheckConstraint("etat <> 'attente' OR corps <> ''", name="corps"),
        CheckConstraint("etat <> 'envoye' OR envoye_le IS NOT NULL", name="envoye"),
        Index(None, "etat", "prochain_essai"),
        Index(None, "acteur"),
    )

    id: Mapped[pk]
    motif: Mapped[Motif] = mapped_column(choix(Motif))
    a: Mapped[str]
    sujet: Mapped[str]
    corps: Mapped[str]
    acteur: Mapped[str]
    identifiant: Mapped[str] = mapped_column(unique=True)
    etat: Mapped[EtatCourrier] = mapped_column(choix(EtatCourrier, "etat"))
    essais: Mapped[int]
    reponse: Mapped[str]
    cree_le: Mapped[horodatage]
    prochain_essai: Mapped[datetime] = mapped_column(Horodatage)
    perime_le: Mapped[horodatage | None]
    reclame_le: Mapped[horodatage | None]
    envoye_le: Mapped[horodatage | None]
