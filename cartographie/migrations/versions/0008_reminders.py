"""Links sent to partners, and how each of them is written to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REPONSES = ["exact", "proposition"]


def upgrade() -> None:
    """Make both tables, empty."""
    moment = sa.DateTime(timezone=True)
    reponse = sa.Enum(
        *REPONSES, name="reponse", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "rappel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("empreinte", sa.String(), nullable=False),
        sa.Column("courrier_id", sa.Integer(), nullable=False),
        sa.Column("cree_le", moment, nullable=False),
        sa.Column("expire_le", moment, nullable=False),
        sa.Column("reponse", reponse, nullable=True),
        sa.Column("repondu_le", moment, nullable=True),
        sa.CheckConstraint("numero > 0", name=op.f("ck_rappel_numero")),
        sa.CheckConstraint("acteur <> ''", name=op.f("ck_rappel_acteur")),
        sa.CheckConstraint(
            "(reponse IS NULL) = (repondu_le IS NULL)", name=op.f("ck_rappel_repondu")
        ),
        sa.ForeignKeyConstraint(
            ["courrier_id"], ["courrier.id"], name=op.f("fk_rappel_courrier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rappel")),
        sa.UniqueConstraint("acteur", "numero", name=op.f("uq_rappel_acteur_numero")),
        sa.UniqueConstraint("empreinte", name=op.f("uq_rappel_empreinte")),
    )
    op.create_index(op.f("ix_rappel_courrier_id"), "rappel", ["courrier_id"])
    op.create_table(
        "suivi_partenaire",
        sa.Column("acteur", sa.String(), nullable=False),
        sa.Column("frequence_mois", sa.Integer(), nullable=True),
        sa.Column("courriel", sa.String(), nullable=False),
        sa.CheckConstraint("acteur <> ''", name=op.f("ck_suivi_partenaire_acteur")),
        sa.CheckConstraint(
            "frequence_mois BETWEEN 0 AND 36", name=op.f("ck_suivi_partenaire_frequence_mois")
        ),
        sa.PrimaryKeyConstraint("acteur", name=op.f("pk_suivi_partenaire")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("suivi_partenaire")
    op.drop_table("rappel")
