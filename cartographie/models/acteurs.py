"""An acteur and what hangs on it.

Children repeat the `diffusion` of their acteur, held by a foreign key on (id, diffusion): so a
CHECK of one table can refuse what invariant 1 forbids, and an acteur cannot become `zone` while
a door or a number of the place is still stored.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from cartographie.acteurs import (
    Acces,
    ContactKind,
    Diffusion,
    ImplantationKind,
    Origine,
    Precision,
    Role,
    Statut,
    Trivalent,
    Visibilite,
)
from cartographie.database import Base, Json, choix, geometrie, horodatage, liste, pk


def _of_acteur(*autres: SchemaItem) -> tuple[SchemaItem, ...]:
    """Constraints common to the children: their acteur with its diffusion, and their order."""
    return (
        ForeignKeyConstraint(
            ("acteur_id", "diffusion"),
            ("acteur.id", "acteur.diffusion"),
            onupdate="CASCADE",
        ),
        UniqueConstraint("acteur_id", "rang"),
        *autres,
    )


class Acteur(Base):
    """One record. `slug` is neutral and never changes; nothing is deleted, it is archived."""

    __tablename__ = "acteur"
    __table_args__ = (
        UniqueConstraint("id", "diffusion"),
        CheckConstraint("slug <> ''", name="slug"),
        CheckConstraint("nom <> ''", name="nom"),
        CheckConstraint("porteur_id <> id", name="porteur"),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint("diffusion <> 'zone' OR acces <> 'direct'", name="zone_acces"),
        CheckConstraint("diffusion <> 'zone' OR site_web = ''", name="zone_site_web"),
        CheckConstraint(
            "(relais_libelle = '') = (relais_telephone = '')"
            " AND (relais_telephone <> '' OR relais_horaires = '')",
            name="relais",
        ),
        Index(None, "version_modification"),
    )

    id: Mapped[pk]
    slug: Mapped[str] = mapped_column(unique=True)
    nom: Mapped[str]
    sigle: Mapped[str]
    type: Mapped[str]
    statut: Mapped[Statut] = mapped_column(choix(Statut))
    diffusion: Mapped[Diffusion] = mapped_column(choix(Diffusion))
    porteur_id: Mapped[int | None] = mapped_column(ForeignKey("acteur.id"), index=True)
    description: Mapped[str]
    missions: Mapped[liste]
    publics: Mapped[liste]
    langues: Mapped[liste]
    acces: Mapped[Acces] = mapped_column(choix(Acces))
    destinataires: Mapped[liste]
    conditions: Mapped[str]
    frais: Mapped[str]
    rendez_vous: Mapped[Trivalent] = mapped_column(choix(Trivalent, "rendez_vous"))
    accessible_pmr: Mapped[Trivalent] = mapped_column(choix(Trivalent, "accessible_pmr"))
    enfants_accueillis: Mapped[Trivalent] = mapped_column(choix(Trivalent, "enfants_accueillis"))
    # NULL is "not known"; an object without any value would say "nowhere".
    territoire: Mapped[dict[str, Any] | None] = mapped_column(Json)
    relais_libelle: Mapped[str]
    relais_telephone: Mapped[str]
    relais_horaires: Mapped[str]
    site_web: Mapped[str]
    source: Mapped[str]
    source_date: Mapped[str]
    verifie_le: Mapped[date | None]
    verifie_par: Mapped[str]
    notes_internes: Mapped[str]
    revision: Mapped[int]
    version_modification: Mapped[int]
    modifie_le: Mapped[horodatage]


class Implantation(Base):
    """A door; with `precision` below `adresse` its point is that of the commune, EPCI…"""

    __tablename__ = "implantation"
    __table_args__ = _of_acteur(
        CheckConstraint(
            "diffusion <> 'zone' OR (precision <> 'adresse' AND adresse = '' AND code_postal = '')",
            name="zone_adresse",
        ),
        CheckConstraint("diffusion <> 'zone' OR telephone = ''", name="zone_telephone"),
        CheckConstraint(
            "diffusion <> 'zone' OR (horaires = '' AND horaires_date = '' AND fermetures = '[]')",
            name="zone_horaires",
        ),
        CheckConstraint(
            "diffusion <> 'zone' OR precision = 'commune' OR (commune = '' AND code_insee = '')",
            name="zone_elargie",
        ),
        CheckConstraint("diffusion <> 'zone' OR rang = 0", name="zone_unique"),
    )

    id: Mapped[pk]
    acteur_id: Mapped[int]
    diffusion: Mapped[Diffusion] = mapped_column(choix(Diffusion))
    rang: Mapped[int]
    kind: Mapped[ImplantationKind] = mapped_column(choix(ImplantationKind, "kind"))
    libelle: Mapped[str]
    point: Mapped[geometrie]
    precision: Mapped[Precision] = mapped_column(choix(Precision))
    adresse: Mapped[str]
    code_postal: Mapped[str]
    commune: Mapped[str]
    code_insee: Mapped[str]
    code_epci: Mapped[str]
    source: Mapped[str]
    horaires: Mapped[str]
    horaires_date: Mapped[str]
    fermetures: Mapped[list[dict[str, str]]] = mapped_column(Json)
    telephone: Mapped[str]


class Contact(Base):
    """A line or an address to write to; a `zone` record has none, it has a relais."""

    __tablename__ = "contact"
    __table_args__ = _of_acteur(
        CheckConstraint("diffusion <> 'zone'", name="zone"),
        CheckConstraint("valeur <> ''", name="valeur"),
    )

    id: Mapped[pk]
    acteur_id: Mapped[int]
    diffusion: Mapped[Diffusion] = mapped_column(choix(Diffusion))
    rang: Mapped[int]
    kind: Mapped[ContactKind] = mapped_column(choix(ContactKind, "kind"))
    valeur: Mapped[str]
    libelle: Mapped[str]
    horaires: Mapped[str]
    visibilite: Mapped[Visibilite] = mapped_column(choix(Visibilite))


class Capacite(Base):
    """Places on a date; a `zone` record has none."""

    __tablename__ = "capacite"
    __table_args__ = _of_acteur(
        CheckConstraint("diffusion <> 'zone'", name="zone"),
        CheckConstraint(
            "places_total >= 0 AND places_dediees >= 0 AND familles_nombreuses >= 0",
            name="places",
        ),
    )

    id: Mapped[pk]
    acteur_id: Mapped[int]
    diffusion: Mapped[Diffusion] = mapped_column(choix(Diffusion))
    rang: Mapped[int]
    date: Mapped[date]
    places_total: Mapped[int | None]
    places_dediees: Mapped[int | None]
    familles_nombreuses: Mapped[int | None]
    source: Mapped[str]


class Participation(Base):
    """A part in an objective; it belongs to the porteur when there is one."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("acteur_id", "rang"),
        UniqueConstraint("acteur_id", "periode", "objectif", "action", "role"),
        ForeignKeyConstraint(("periode", "objectif"), ("objectif.periode", "objectif.numero")),
    )

    id: Mapped[pk]
    acteur_id: Mapped[int] = mapped_column(ForeignKey("acteur.id"))
    rang: Mapped[int]
    periode: Mapped[str]
    objectif: Mapped[int]
    action: Mapped[str]
    role: Mapped[Role] = mapped_column(choix(Role))
    origine: Mapped[Origine] = mapped_column(choix(Origine))
    source: Mapped[str]
