"""Sessions that are open, so that one that was ended serves nobody any more."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: everybody signs in once more."""
    op.create_table(
        "session_ouverte",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("utilisateur_id", sa.Integer(), nullable=False),
        sa.Column("empreinte", sa.String(), nullable=False),
        sa.Column("ouverte_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["utilisateur_id"], ["utilisateur.id"], name=op.f("fk_session_ouverte_utilisateur_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_ouverte")),
        sa.UniqueConstraint("empreinte", name=op.f("uq_session_ouverte_empreinte")),
    )
    op.create_index(
        op.f("ix_session_ouverte_utilisateur_id"), "session_ouverte", ["utilisateur_id"]
    )
    op.create_index(op.f("ix_session_ouverte_ouverte_le"), "session_ouverte", ["ouverte_le"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("session_ouverte")
