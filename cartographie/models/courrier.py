"""The outbox, the links that were sent, and how each partner is to be written to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.database import Base, Horodatage, choix, horodatage, pk
from cartographie.lettres import EtatCourrier, Motif, Reponse


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


class Rappel(Base):
    """A link that was sent: which record, which number, until when, and what was answered.

    `empreinte` is the digest of the link: the link itself is only in its mail. `reponse` and
    `repondu_le` are there together: a link answers once.
    """

    __tablename__ = "rappel"
    __table_args__ = (
        UniqueConstraint("acteur", "numero"),
        CheckConstraint("numero > 0", name="numero"),
        CheckConstraint("acteur <> ''", name="acteur"),
        CheckConstraint("(reponse IS NULL) = (repondu_le IS NULL)", name="repondu"),
    )

    id: Mapped[pk]
    acteur: Mapped[str]
    numero: Mapped[int]
    empreinte: Mapped[str] = mapped_column(unique=True)
    courrier_id: Mapped[int] = mapped_column(ForeignKey("courrier.id"), index=True)
    cree_le: Mapped[horodatage]
    expire_le: Mapped[horodatage]
    reponse: Mapped[Reponse | None] = mapped_column(choix(Reponse))
    repondu_le: Mapped[horodatage | None]


class SuiviPartenaire(Base):
    """How the partner of a record is written to; a record without one follows the defaults.

    `frequence_mois` is NULL for the usual one, 0 for never; `courriel` is empty for the address
    that the record itself has.
    """

    __tablename__ = "suivi_partenaire"
    __table_args__ = (
        CheckConstraint("acteur <> ''", name="acteur"),
        CheckConstraint("frequence_mois BETWEEN 0 AND 36", name="frequence_mois"),
    )

    acteur: Mapped[str] = mapped_column(primary_key=True)
    frequence_mois: Mapped[int | None]
    courriel: Mapped[str]
