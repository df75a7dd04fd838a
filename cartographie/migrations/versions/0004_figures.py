"""Figures that are corrected, with their history; the text of a period in the database."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the first load leaves to say; `init-db` fills what an earlier one did not write."""
    op.add_column("periode", sa.Column("document", sa.Text(), nullable=True))
    with op.batch_alter_table("releve") as table:
        faux = sa.false()
        table.add_column(
            sa.Column("annee_deduite", sa.Boolean(), server_default=faux, nullable=False)
        )
        table.add_column(sa.Column("retire", sa.Boolean(), server_default=faux, nullable=False))
        table.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        table.create_check_constraint(op.f("ck_releve_revision"), "revision > 0")
    op.create_table(
        "revision_releve",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("moyen", sa.String(), nullable=False),
        sa.Column("avant", sa.Text(), nullable=True),
        sa.Column("apres", sa.Text(), nullable=False),
        sa.CheckConstraint("numero > 0", name=op.f("ck_revision_releve_numero")),
        sa.ForeignKeyConstraint(
            ["periode", "code"],
            ["releve.periode", "releve.code"],
            name=op.f("fk_revision_releve_periode_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_releve")),
        sa.UniqueConstraint(
            "periode", "code", "numero", name=op.f("uq_revision_releve_periode_code_numero")
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("revision_releve")
    with op.batch_alter_table("releve") as table:
        table.drop_constraint(op.f("ck_releve_revision"), type_="check")
        table.drop_column("revision")
        table.drop_column("retire")
        table.drop_column("annee_deduite")
    op.drop_column("periode", "document")
