"""The outbox: mails wait in the database until a server takes them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOTIFS = ["rappel", "alerte", "reponse"]
ETATS = ["attente", "envoye", "refuse", "revenu", "perime"]


def _choix(valeurs: list[str], nom: str) -> sa.Enum:
    return sa.Enum(*valeurs, name=nom, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Make the table, empty."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "courrier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motif", _choix(MOTIFS, "motif"), nullable=False),
        *(
            sa.Column(nom, sa.String(), nullable=False)
            for nom in ("a", "sujet", "corps", "acteur", "identifiant")
        ),
        sa.Column("etat", _choix(ETATS, "etat"), nullable=False),
        sa.Column("essais", sa.Integer(), nullable=False),
        sa.Column("reponse", sa.String(), nullable=False),
        sa.Column("cree_le", moment, nullable=False),
        sa.Column("prochain_essai", moment, nullable=False),
        sa.Column("perime_le", moment, nullable=True),
        sa.Column("reclame_le", moment, nullable=True),
        sa.Column("envoye_le", moment, nullable=True),
        sa.CheckConstraint("a <> ''", name=op.f("ck_courrier_a")),
        sa.CheckConstraint("sujet <> ''", name=op.f("ck_courrier_sujet")),
        sa.CheckConstraint("essais >= 0", name=op.f("ck_courrier_essais")),
        sa.CheckConstraint("etat <> 'attente' OR corps <> ''", name=op.f("ck_courrier_corps")),
        sa.CheckConstraint(
            "etat <> 'envoye' OR envoye_le IS NOT NULL", name=op.f("ck_courrier_envoye")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courrier")),
        sa.UniqueConstraint("identifiant", name=op.f("uq_courrier_identifiant")),
    )
    op.create_index(op.f("ix_courrier_etat_prochain_essai"), "courrier", ["etat", "prochain_essai"])
    op.create_index(op.f("ix_courrier_acteur"), "courrier", ["acteur"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("courrier")
