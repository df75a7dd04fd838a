"""What the public was told of: one line a record and day, names of fields and no value of one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.changements import SorteChangement
from cartographie.database import Base, choix, liste, pk


class Journal(Base):
    """A day of the public life of the record of slug `acteur`.

    `champs` are the public fields that changed. The rest is of a closed record alone, which nobody
    can read any more: its name, the codes of its places and territoire (`departement` for all of
    Isère), its objectives (`2022-2024/22`).
    """

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("acteur", "jour"),
        CheckConstraint("(sorte = 'modifiee') = (champs <> '[]')", name="champs"),
        CheckConstraint("(sorte = 'fermee') = (nom <> '')", name="nom"),
    )

    id: Mapped[pk]
    acteur: Mapped[str] = mapped_column(index=True)
    jour: Mapped[date]
    sorte: Mapped[SorteChangement] = mapped_column(choix(SorteChangement, "sorte"))
    champs: Mapped[liste]
    nom: Mapped[str]
    codes: Mapped[liste]
    objectifs: Mapped[liste]
