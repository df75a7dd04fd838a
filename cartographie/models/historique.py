"""What was written, by whom, and the one number that says that something was."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.acteurs import Diffusion
from cartographie.database import Base, Json, choix, horodatage, json_objet, liste, pk


class Revision(Base):
    """A whole record before and after one write; `avant` is NULL for the first."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("acteur_id", "numero"),
        CheckConstraint("numero > 0", name="numero"),
        CheckConstraint("(avant IS NULL) = (numero = 1)", name="avant"),
    )

    id: Mapped[pk]
    acteur_id: Mapped[int] = mapped_column(ForeignKey("acteur.id"))
    numero: Mapped[int]
    quand: Mapped[horodatage]
    par: Mapped[str]
    moyen: Mapped[str]
    avant: Mapped[dict[str, Any] | None] = mapped_column(Json)
    apres: Mapped[json_objet]
    # Who allowed the record to be better known, and when: NULL for every other write.
    autorise_par: Mapped[str | None]
    autorise_le: Mapped[date | None]


class Effacement(Base):
    """The ledger of what was erased: names of fields, never a value.

    `revision` is that of the write that erased; every earlier one was written again without.
    """

    __tablename__ = "effacement"
    __table_args__ = (
        UniqueConstraint("acteur_id", "revision"),
        CheckConstraint("diffusion <> 'publique'", name="reduite"),
    )

    id: Mapped[pk]
    acteur_id: Mapped[int] = mapped_column(ForeignKey("acteur.id"))
    slug: Mapped[str]
    diffusion: Mapped[Diffusion] = mapped_column(choix(Diffusion))
    revision: Mapped[int]
    champs: Mapped[liste]
    quand: Mapped[horodatage]


class Version(Base):
    """One row, moved inside each write: its lock orders the commits (invariant 4)."""

    __tablename__ = "version"
    __table_args__ = (
        CheckConstraint("id = 1", name="une_ligne"),
        CheckConstraint("n >= 0", name="n"),
    )

    id: Mapped[pk]
    n: Mapped[int]
