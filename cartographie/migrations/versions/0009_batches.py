"""Which batch of counts each process last handed over: none is taken twice."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: a process that has counted nothing yet begins at one."""
    op.create_table(
        "versement",
        sa.Column("processus", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.CheckConstraint("numero > 0", name=op.f("ck_versement_numero")),
        sa.PrimaryKeyConstraint("processus", name=op.f("pk_versement")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("versement")
