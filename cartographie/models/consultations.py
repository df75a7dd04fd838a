"""Counters of consultations: nothing of who asked, and from where no finer than an EPCI."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.database import Base, Horodatage, choix
from cartographie.suivi import Canal, Genre


class Consultation(Base):
    """How many times on a day; on a whole month, of which `jour` is the first, when `mensuel`."""

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint("nombre > 0", name="nombre"),
        CheckConstraint("acteur = '' OR besoin = ''", name="sujet"),
    )

    jour: Mapped[date] = mapped_column(primary_key=True)
    mensuel: Mapped[bool] = mapped_column(primary_key=True)
    genre: Mapped[Genre] = mapped_column(choix(Genre), primary_key=True)
    canal: Mapped[Canal] = mapped_column(choix(Canal), primary_key=True)
    acteur: Mapped[str] = mapped_column(primary_key=True)
    besoin: Mapped[str] = mapped_column(primary_key=True)
    hote: Mapped[str] = mapped_column(primary_key=True)
    epci: Mapped[str] = mapped_column(primary_key=True)
    nombre: Mapped[int]


class Versement(Base):
    """The last batch of counts that a process handed over: the same one is not taken twice.

    `processus` is a word drawn at random when a process begins to count; `jour`: when it last did.
    """

    __tablename__ = "versement"
    __table_args__ = (CheckConstraint("numero > 0", name="numero"),)

    processus: Mapped[str] = mapped_column(primary_key=True)
    numero: Mapped[int]
    jour: Mapped[date]


class Debit(Base):
    """How many events the scripts of all visitors sent in one minute, through all processes."""

    __tablename__ = "debit"
    __table_args__ = (CheckConstraint("nombre >= 0", name="nombre"),)

    minute: Mapped[datetime] = mapped_column(Horodatage, primary_key=True)
    nombre: Mapped[int]
