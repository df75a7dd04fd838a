"""Proposals, and how many were decided."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ORIGINES = ["public", "partenaire"]
MOTIFS = ["numero-faux", "ferme", "demenage", "autre", "mise-a-jour", "danger"]
DECISIONS = ["acceptee", "partielle", "traitee", "refusee"]


def _choix(valeurs: list[str], nom: str) -> sa.Enum:
    return sa.Enum(*valeurs, name=nom, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Make both tables, empty."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "proposition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur", sa.String(), nullable=False),
        sa.Column("origine", _choix(ORIGINES, "origine"), nullable=False),
        sa.Column("motif", _choix(MOTIFS, "motif"), nullable=False),
        sa.Column("deposee_le", moment, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("texte", sa.String(), nullable=False),
        sa.Column("precisions", sa.Text(), nullable=False),
        sa.Column("changements", sa.Text(), nullable=False),
        sa.Column("envoi", sa.String(), nullable=True),
        sa.Column("decision", _choix(DECISIONS, "sorte"), nullable=True),
        sa.Column("decidee_le", moment, nullable=True),
        sa.Column("decidee_par", sa.String(), nullable=False),
        sa.Column("mot", sa.String(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_proposition_revision")),
        sa.CheckConstraint(
            "(decision IS NULL) = (decidee_le IS NULL)", name=op.f("ck_proposition_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposition")),
        sa.UniqueConstraint("envoi", name=op.f("uq_proposition_envoi")),
    )
    op.create_index(op.f("ix_proposition_acteur"), "proposition", ["acteur"])
    op.create_table(
        "decision_comptee",
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("motif", _choix(MOTIFS, "motif"), nullable=False),
        sa.Column("decision", _choix(DECISIONS, "sorte"), nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.CheckConstraint("nombre > 0", name=op.f("ck_decision_comptee_nombre")),
        sa.PrimaryKeyConstraint("jour", "motif", "decision", name=op.f("pk_decision_comptee")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("decision_comptee")
    op.drop_table("proposition")
