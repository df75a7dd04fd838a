"""A protocol is a period: axes, objectives, actions, indicators and what was measured.

Natural keys inside a period: the next protocol is a file more, never a change of code.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.database import Base, Json, horodatage, json_objet, liste, pk


class Periode(Base):
    """A signed protocol, `2022-2024`; both years included.

    `document` is its file without the figures, which live in `releve`: what pages show of the text
    is read there. The other tables hold the names that figures and participations lean on. It is
    NULL only in a database made before the column, until `init-db` runs.
    """

    __tablename__ = "periode"
    __table_args__ = (CheckConstraint("debut <= fin", name="annees"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    debut: Mapped[int]
    fin: Mapped[int]
    signature: Mapped[str]
    departement: Mapped[str]
    source: Mapped[str]
    document: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Organisation(Base):
    """Whom a protocol names: a code, its name, and whether it is a category or somebody."""

    __tablename__ = "organisation"

    periode: Mapped[str] = mapped_column(ForeignKey("periode.code"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    categorie: Mapped[str]
    generique: Mapped[bool]
    signataire: Mapped[bool]


class Axe(Base):
    """A chapter of a protocol."""

    __tablename__ = "axe"

    periode: Mapped[str] = mapped_column(ForeignKey("periode.code"), primary_key=True)
    numero: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    titre: Mapped[str]


class Objectif(Base):
    """A numbered objective; an axe without themes has one that bears its own title."""

    __tablename__ = "objectif"
    __table_args__ = (ForeignKeyConstraint(("periode", "axe"), ("axe.periode", "axe.numero")),)

    periode: Mapped[str] = mapped_column(primary_key=True)
    numero: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    axe: Mapped[int]
    theme: Mapped[str]
    titre: Mapped[str]


class Indicateur(Base):
    """What is counted, in the words of the protocol."""

    __tablename__ = "indicateur"
    __table_args__ = (UniqueConstraint("periode", "libelle"),)

    id: Mapped[pk]
    periode: Mapped[str] = mapped_column(ForeignKey("periode.code"))
    libelle: Mapped[str]


class Action(Base):
    """An action (`2.2`) with its target when it has a figure; lists hold organisation codes."""

    __tablename__ = "action"
    __table_args__ = (
        ForeignKeyConstraint(("periode", "objectif"), ("objectif.periode", "objectif.numero")),
        CheckConstraint("echeance_debut <= echeance_fin", name="echeance"),
    )

    periode: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    objectif: Mapped[int]
    rang: Mapped[int]
    libelle: Mapped[str]
    cible_valeur: Mapped[float | None]
    cible_unite: Mapped[str]
    cible_periodicite: Mapped[str]
    pilotes: Mapped[liste]
    autres_acteurs: Mapped[liste]
    financeurs: Mapped[liste]
    cibles_complementaires: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    echeance_debut: Mapped[int]
    echeance_fin: Mapped[int]
    indicateur_id: Mapped[int | None] = mapped_column(ForeignKey("indicateur.id"))
    note: Mapped[str]


class Releve(Base):
    """One dated figure. `objectif` NULL: a figure of context, or one with `objectifs_lies`.

    A figure is not deleted: `retire` keeps it from being shown.
    """

    __tablename__ = "releve"
    __table_args__ = (
        ForeignKeyConstraint(("periode", "objectif"), ("objectif.periode", "objectif.numero")),
        ForeignKeyConstraint(("periode", "action"), ("action.periode", "action.code")),
        CheckConstraint("nature IN ('mesure', 'contexte', 'calcul')", name="nature"),
        CheckConstraint("revision > 0", name="revision"),
    )

    periode: Mapped[str] = mapped_column(ForeignKey("periode.code"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    objectif: Mapped[int | None]
    objectifs_lies: Mapped[list[int]] = mapped_column(Json)
    action: Mapped[str | None]
    indicateur_id: Mapped[int] = mapped_column(ForeignKey("indicateur.id"))
    annee: Mapped[int | None]
    annee_debut: Mapped[int | None]
    annee_fin: Mapped[int | None]
    valeur: Mapped[float]
    unite: Mapped[str]
    nature: Mapped[str]
    precision: Mapped[str]
    territoire: Mapped[str]
    acteur_id: Mapped[int | None] = mapped_column(ForeignKey("acteur.id"))
    source: Mapped[str]
    note: Mapped[str]
    annee_deduite: Mapped[bool] = mapped_column(server_default=false())
    retire: Mapped[bool] = mapped_column(server_default=false())
    revision: Mapped[int] = mapped_column(server_default="1")


class RevisionReleve(Base):
    """A whole figure before and after one write; those of the signed text have none before."""

    __tablename__ = "revision_releve"
    __table_args__ = (
        ForeignKeyConstraint(("periode", "code"), ("releve.periode", "releve.code")),
        UniqueConstraint("periode", "code", "numero"),
        CheckConstraint("numero > 0", name="numero"),
    )

    id: Mapped[pk]
    periode: Mapped[str]
    code: Mapped[str]
    numero: Mapped[int]
    quand: Mapped[horodatage]
    par: Mapped[str]
    moyen: Mapped[str]
    avant: Mapped[dict[str, Any] | None] = mapped_column(Json)
    apres: Mapped[json_objet]
