"""Files that wait for somebody's decision, and the addresses they ask about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.database import Base, Horodatage, Json, choix, horodatage, json_objet, pk
from cartographie.placement import EtatAdresse


class LotImporte(Base):
    """What a file says, read and without a fault, until it is applied or given up: a day at most.

    `travail_le` is the last sign of life of whoever looks for its addresses.
    """

    __tablename__ = "lot_importe"
    __table_args__ = (CheckConstraint("par <> ''", name="par"),)

    id: Mapped[pk]
    par: Mapped[str]
    fichier: Mapped[str]
    empreinte: Mapped[str]
    contenu: Mapped[json_objet]
    cree_le: Mapped[horodatage]
    travail_le: Mapped[datetime | None] = mapped_column(Horodatage)
    arret: Mapped[str]


class LotAdresse(Base):
    """An address of a record that everybody may see, and what the geocoder said of it."""

    __tablename__ = "lot_adresse"
    __table_args__ = (
        UniqueConstraint("lot_id", "adresse", "code_postal", "commune", "code_insee"),
        CheckConstraint("(etat = 'trouvee') = (localisation IS NOT NULL)", name="trouvee"),
    )

    id: Mapped[pk]
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot_importe.id"))
    adresse: Mapped[str]
    code_postal: Mapped[str]
    commune: Mapped[str]
    code_insee: Mapped[str]
    etat: Mapped[EtatAdresse] = mapped_column(choix(EtatAdresse, "etat"))
    localisation: Mapped[dict[str, Any] | None] = mapped_column(Json)
    raison: Mapped[str]
