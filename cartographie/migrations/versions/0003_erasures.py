"""Ledger of what was erased; who allowed a record to be better known."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the ledger, and two columns that every earlier write leaves empty."""
    op.create_table(
        "effacement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column(
            "diffusion",
            sa.Enum(
                "publique",
                "zone",
                "interne",
                name="diffusion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("champs", sa.Text(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("diffusion <> 'publique'", name=op.f("ck_effacement_reduite")),
        sa.ForeignKeyConstraint(["acteur_id"], ["acteur.id"], name=op.f("fk_effacement_acteur_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effacement")),
        sa.UniqueConstraint("acteur_id", "revision", name=op.f("uq_effacement_acteur_id_revision")),
    )
    op.add_column("revision", sa.Column("autorise_par", sa.String(), nullable=True))
    op.add_column("revision", sa.Column("autorise_le", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("revision", "autorise_le")
    op.drop_column("revision", "autorise_par")
    op.drop_table("effacement")
