"""Counters of consultations, and the bound on what scripts may add."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GENRES = "carte recherche fiche numero impression export integration isolement".split()
CANAUX = ["site", "integration", "api"]


def _choix(valeurs: list[str], nom: str) -> sa.Enum:
    return sa.Enum(*valeurs, name=nom, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Make both tables, empty."""
    op.create_table(
        "consultation",
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("mensuel", sa.Boolean(), nullable=False),
        sa.Column("genre", _choix(GENRES, "genre"), nullable=False),
        sa.Column("canal", _choix(CANAUX, "canal"), nullable=False),
        sa.Column("acteur", sa.String(), nullable=False),
        sa.Column("besoin", sa.String(), nullable=False),
        sa.Column("hote", sa.String(), nullable=False),
        sa.Column("epci", sa.String(), nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.CheckConstraint("nombre > 0", name=op.f("ck_consultation_nombre")),
        sa.CheckConstraint("acteur = '' OR besoin = ''", name=op.f("ck_consultation_sujet")),
        sa.PrimaryKeyConstraint(
            "jour",
            "mensuel",
            "genre",
            "canal",
            "acteur",
            "besoin",
            "hote",
            "epci",
            name=op.f("pk_consultation"),
        ),
    )
    op.create_table(
        "debit",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.CheckConstraint("nombre >= 0", name=op.f("ck_debit_nombre")),
        sa.PrimaryKeyConstraint("minute", name=op.f("pk_debit")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("debit")
    op.drop_table("consultation")
