"""What people propose to change, and how many were decided: nothing of who sends one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.database import Base, choix, horodatage, json_objet, pk
from cartographie.depots import Decision, MotifDepot, OrigineDepot


class Proposition(Base):
    """A proposal about the record of slug `acteur`, as long as it is kept.

    `revision` is that of the record it was made of.
    `envoi` is one sending, so that the same one arriving twice is one row; NULL when not known.
    """

    __tablename__ = "proposition"
    __table_args__ = (
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint("(decision IS NULL) = (decidee_le IS NULL)", name="decision"),
    )

    id: Mapped[pk]
    acteur: Mapped[str] = mapped_column(index=True)
    origine: Mapped[OrigineDepot] = mapped_column(choix(OrigineDepot, "origine"))
    motif: Mapped[MotifDepot] = mapped_column(choix(MotifDepot, "motif"))
    deposee_le: Mapped[horodatage]
    revision: Mapped[int]
    texte: Mapped[str]
    precisions: Mapped[json_objet]
    changements: Mapped[json_objet]
    envoi: Mapped[str | None] = mapped_column(unique=True)
    decision: Mapped[Decision | None] = mapped_column(choix(Decision, "sorte"))
    decidee_le: Mapped[horodatage | None]
    decidee_par: Mapped[str]
    mot: Mapped[str]


class DecisionComptee(Base):
    """How many were decided on a day, by motif and decision: all that stays in the end."""

    __tablename__ = "decision_comptee"
    __table_args__ = (CheckConstraint("nombre > 0", name="nombre"),)

    jour: Mapped[date] = mapped_column(primary_key=True)
    motif: Mapped[MotifDepot] = mapped_column(choix(MotifDepot, "motif"), primary_key=True)
    decision: Mapped[Decision] = mapped_column(choix(Decision, "sorte"), primary_key=True)
    nombre: Mapped[int]
