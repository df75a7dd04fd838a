"""Files that wait between their preview and their application, and their addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ETATS = ["attente", "trouvee", "echec"]


def upgrade() -> None:
    """Make both tables, empty."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "lot_importe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("fichier", sa.String(), nullable=False),
        sa.Column("empreinte", sa.String(), nullable=False),
        sa.Column("contenu", sa.Text(), nullable=False),
        sa.Column("cree_le", moment, nullable=False),
        sa.Column("travail_le", moment, nullable=True),
        sa.Column("arret", sa.String(), nullable=False),
        sa.CheckConstraint("par <> ''", name=op.f("ck_lot_importe_par")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_importe")),
    )
    op.create_table(
        "lot_adresse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("adresse", sa.String(), nullable=False),
        sa.Column("code_postal", sa.String(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("code_insee", sa.String(), nullable=False),
        sa.Column(
            "etat",
            sa.Enum(*ETATS, name="etat", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("localisation", sa.Text(), nullable=True),
        sa.Column("raison", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(etat = 'trouvee') = (localisation IS NOT NULL)", name=op.f("ck_lot_adresse_trouvee")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot_importe.id"], name=op.f("fk_lot_adresse_lot_id_lot_importe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_adresse")),
        sa.UniqueConstraint(
            "lot_id",
            "adresse",
            "code_postal",
            "commune",
            "code_insee",
            name=op.f("uq_lot_adresse_lot_id_adresse_code_postal_commune_code_insee"),
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("lot_adresse")
    op.drop_table("lot_importe")
