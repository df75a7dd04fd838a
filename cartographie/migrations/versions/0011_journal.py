"""What changed of published records, to the day: the feed is made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SORTES = ["creee", "modifiee", "fermee"]


def upgrade() -> None:
    """Make the table, empty: what was published before is not news."""
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur", sa.String(), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column(
            "sorte",
            sa.Enum(*SORTES, name="sorte", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("champs", sa.Text(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("objectifs", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(sorte = 'modifiee') = (champs <> '[]')", name=op.f("ck_journal_champs")
        ),
        sa.CheckConstraint("(sorte = 'fermee') = (nom <> '')", name=op.f("ck_journal_nom")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("acteur", "jour", name=op.f("uq_journal_acteur_jour")),
    )
    op.create_index(op.f("ix_journal_acteur"), "journal", ["acteur"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("journal")
