"""Accounts, their recovery codes, failed attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables; no account is made."""
    op.create_table(
        "utilisateur",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("courriel", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "editeur",
                "administrateur",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("uniquifier", sa.String(), nullable=False),
        sa.Column("mot_de_passe", sa.String(), nullable=False),
        sa.Column("longueur_exigee", sa.Integer(), nullable=False),
        sa.Column("totp_secret", sa.String(), nullable=False),
        sa.Column("totp_compteur", sa.Integer(), nullable=False),
        sa.Column("invitation", sa.String(), nullable=False),
        sa.Column("invitation_fin", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("connecte_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoque_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("courriel <> ''", name=op.f("ck_utilisateur_courriel")),
        sa.CheckConstraint("nom <> ''", name=op.f("ck_utilisateur_nom")),
        sa.CheckConstraint("uniquifier <> ''", name=op.f("ck_utilisateur_uniquifier")),
        sa.CheckConstraint(
            "(invitation = '') = (invitation_fin IS NULL)",
            name=op.f("ck_utilisateur_invitation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utilisateur")),
        sa.UniqueConstraint("courriel", name=op.f("uq_utilisateur_courriel")),
        sa.UniqueConstraint("uniquifier", name=op.f("uq_utilisateur_uniquifier")),
    )
    op.create_table(
        "code_secours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("utilisateur_id", sa.Integer(), nullable=False),
        sa.Column("empreinte", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["utilisateur_id"], ["utilisateur.id"], name=op.f("fk_code_secours_utilisateur_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_secours")),
        sa.UniqueConstraint(
            "utilisateur_id", "empreinte", name=op.f("uq_code_secours_utilisateur_id_empreinte")
        ),
    )
    op.create_table(
        "essai",
        sa.Column("compte", sa.String(), nullable=False),
        sa.Column("prefixe", sa.String(), nullable=False),
        sa.Column("echecs", sa.Integer(), nullable=False),
        sa.Column("dernier", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("echecs >= 0", name=op.f("ck_essai_echecs")),
        sa.PrimaryKeyConstraint("compte", "prefixe", name=op.f("pk_essai")),
    )
    op.create_index(op.f("ix_essai_dernier"), "essai", ["dernier"], unique=False)


def downgrade() -> None:
    """Drop them, children first."""
    op.drop_index(op.f("ix_essai_dernier"), "essai")
    op.drop_table("essai")
    op.drop_table("code_secours")
    op.drop_table("utilisateur")
