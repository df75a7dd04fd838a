"""Who may write, how they prove it, and how often somebody tried."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cartographie.database import Base, Horodatage, choix, horodatage, pk
from cartographie.utilisateurs import RoleCompte


class Utilisateur(Base):
    """An account. `uniquifier` is what a step of a sign-in holds: another one ends it.

    `mot_de_passe` is an argon2id hash, or empty while the link was not used; `longueur_exigee`
    is the rule it was chosen under. `invitation` is the digest of the one link that still works.
    """

    __tablename__ = "utilisateur"
    __table_args__ = (
        CheckConstraint("courriel <> ''", name="courriel"),
        CheckConstraint("nom <> ''", name="nom"),
        CheckConstraint("uniquifier <> ''", name="uniquifier"),
        CheckConstraint("(invitation = '') = (invitation_fin IS NULL)", name="invitation"),
    )

    id: Mapped[pk]
    courriel: Mapped[str] = mapped_column(unique=True)
    nom: Mapped[str]
    role: Mapped[RoleCompte] = mapped_column(choix(RoleCompte, "role"))
    uniquifier: Mapped[str] = mapped_column(unique=True)
    mot_de_passe: Mapped[str]
    longueur_exigee: Mapped[int]
    totp_secret: Mapped[str]
    totp_compteur: Mapped[int]
    invitation: Mapped[str]
    invitation_fin: Mapped[horodatage | None]
    cree_le: Mapped[horodatage]
    connecte_le: Mapped[horodatage | None]
    revoque_le: Mapped[horodatage | None]


class CodeSecours(Base):
    """The digest of a recovery code; its use takes the row away."""

    __tablename__ = "code_secours"
    __table_args__ = (UniqueConstraint("utilisateur_id", "empreinte"),)

    id: Mapped[pk]
    utilisateur_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"))
    empreinte: Mapped[str]


class SessionOuverte(Base):
    """A session by the digest of its secret; its end takes the row away."""

    __tablename__ = "session_ouverte"

    id: Mapped[pk]
    utilisateur_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"), index=True)
    empreinte: Mapped[str] = mapped_column(unique=True)
    ouverte_le: Mapped[horodatage] = mapped_column(Horodatage, index=True)


class Essai(Base):
    """Failed attempts to sign in: on an account, from a prefix of addresses, both as digests."""

    __tablename__ = "essai"
    __table_args__ = (CheckConstraint("echecs >= 0", name="echecs"),)

    compte: Mapped[str] = mapped_column(primary_key=True)
    prefixe: Mapped[str] = mapped_column(primary_key=True)
    echecs: Mapped[int]
    dernier: Mapped[horodatage] = mapped_column(Horodatage, index=True)
