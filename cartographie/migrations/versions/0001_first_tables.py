"""First tables: acteurs, protocol, history."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _choix(nom: str, *valeurs: str) -> sa.Enum:
    return sa.Enum(*valeurs, name=nom, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Make every table, and the one row of `version`."""
    op.create_table(
        "acteur",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("sigle", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("statut", _choix("statut", "brouillon", "publie", "archive"), nullable=False),
        sa.Column("diffusion", _choix("diffusion", "publique", "zone", "interne"), nullable=False),
        sa.Column("porteur_id", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("missions", sa.Text(), nullable=False),
        sa.Column("publics", sa.Text(), nullable=False),
        sa.Column("langues", sa.Text(), nullable=False),
        sa.Column(
            "acces",
            _choix(
                "acces",
                "direct",
                "telephone",
                "orientation",
                "decision-judiciaire",
                "professionnels",
            ),
            nullable=False,
        ),
        sa.Column("destinataires", sa.Text(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("frais", sa.String(), nullable=False),
        sa.Column("rendez_vous", _choix("rendez_vous", "oui", "non", "inconnu"), nullable=False),
        sa.Column(
            "accessible_pmr", _choix("accessible_pmr", "oui", "non", "inconnu"), nullable=False
        ),
        sa.Column(
            "enfants_accueillis",
            _choix("enfants_accueillis", "oui", "non", "inconnu"),
            nullable=False,
        ),
        sa.Column("territoire", sa.Text(), nullable=True),
        sa.Column("relais_libelle", sa.String(), nullable=False),
        sa.Column("relais_telephone", sa.String(), nullable=False),
        sa.Column("relais_horaires", sa.String(), nullable=False),
        sa.Column("site_web", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_date", sa.String(), nullable=False),
        sa.Column("verifie_le", sa.Date(), nullable=True),
        sa.Column("verifie_par", sa.String(), nullable=False),
        sa.Column("notes_internes", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version_modification", sa.Integer(), nullable=False),
        sa.Column("modifie_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(relais_libelle = '') = (relais_telephone = '')"
            " AND (relais_telephone <> '' OR relais_horaires = '')",
            name=op.f("ck_acteur_relais"),
        ),
        sa.CheckConstraint(
            "diffusion <> 'zone' OR acces <> 'direct'", name=op.f("ck_acteur_zone_acces")
        ),
        sa.CheckConstraint(
            "diffusion <> 'zone' OR site_web = ''", name=op.f("ck_acteur_zone_site_web")
        ),
        sa.CheckConstraint("nom <> ''", name=op.f("ck_acteur_nom")),
        sa.CheckConstraint("slug <> ''", name=op.f("ck_acteur_slug")),
        sa.CheckConstraint("porteur_id <> id", name=op.f("ck_acteur_porteur")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_acteur_revision")),
        sa.ForeignKeyConstraint(["porteur_id"], ["acteur.id"], name=op.f("fk_acteur_porteur_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acteur")),
        sa.UniqueConstraint("id", "diffusion", name=op.f("uq_acteur_id_diffusion")),
        sa.UniqueConstraint("slug", name=op.f("uq_acteur_slug")),
    )
    op.create_index(op.f("ix_acteur_porteur_id"), "acteur", ["porteur_id"], unique=False)
    op.create_index(
        op.f("ix_acteur_version_modification"), "acteur", ["version_modification"], unique=False
    )

    op.create_table(
        "periode",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("debut", sa.Integer(), nullable=False),
        sa.Column("fin", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("departement", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("debut <= fin", name=op.f("ck_periode_annees")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_periode")),
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_version_une_ligne")),
        sa.CheckConstraint("n >= 0", name=op.f("ck_version_n")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
    )
    op.create_table(
        "axe",
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("titre", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["periode"], ["periode.code"], name=op.f("fk_axe_periode")),
        sa.PrimaryKeyConstraint("periode", "numero", name=op.f("pk_axe")),
    )
    op.create_table(
        "capacite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur_id", sa.Integer(), nullable=False),
        sa.Column("diffusion", _choix("diffusion", "publique", "zone", "interne"), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("places_total", sa.Integer(), nullable=True),
        sa.Column("places_dediees", sa.Integer(), nullable=True),
        sa.Column("familles_nombreuses", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("diffusion <> 'zone'", name=op.f("ck_capacite_zone")),
        sa.CheckConstraint(
            "places_total >= 0 AND places_dediees >= 0 AND familles_nombreuses >= 0",
            name=op.f("ck_capacite_places"),
        ),
        sa.ForeignKeyConstraint(
            ["acteur_id", "diffusion"],
            ["acteur.id", "acteur.diffusion"],
            name=op.f("fk_capacite_acteur_id_diffusion"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacite")),
        sa.UniqueConstraint("acteur_id", "rang", name=op.f("uq_capacite_acteur_id_rang")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur_id", sa.Integer(), nullable=False),
        sa.Column("diffusion", _choix("diffusion", "publique", "zone", "interne"), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("kind", _choix("kind", "telephone", "sms", "courriel"), nullable=False),
        sa.Column("valeur", sa.String(), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("horaires", sa.String(), nullable=False),
        sa.Column("visibilite", _choix("visibilite", "publique", "interne"), nullable=False),
        sa.CheckConstraint("diffusion <> 'zone'", name=op.f("ck_contact_zone")),
        sa.CheckConstraint("valeur <> ''", name=op.f("ck_contact_valeur")),
        sa.ForeignKeyConstraint(
            ["acteur_id", "diffusion"],
            ["acteur.id", "acteur.diffusion"],
            name=op.f("fk_contact_acteur_id_diffusion"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("acteur_id", "rang", name=op.f("uq_contact_acteur_id_rang")),
    )
    op.create_table(
        "implantation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur_id", sa.Integer(), nullable=False),
        sa.Column("diffusion", _choix("diffusion", "publique", "zone", "interne"), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("kind", _choix("kind", "siege", "antenne", "permanence"), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("point", sa.LargeBinary(), nullable=False),
        sa.Column(
            "precision",
            _choix("precision", "adresse", "commune", "epci", "departement"),
            nullable=False,
        ),
        sa.Column("adresse", sa.String(), nullable=False),
        sa.Column("code_postal", sa.String(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("code_insee", sa.String(), nullable=False),
        sa.Column("code_epci", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("horaires", sa.String(), nullable=False),
        sa.Column("horaires_date", sa.String(), nullable=False),
        sa.Column("fermetures", sa.Text(), nullable=False),
        sa.Column("telephone", sa.String(), nullable=False),
        sa.CheckConstraint(
            "diffusion <> 'zone' OR (horaires = '' AND horaires_date = '' AND fermetures = '[]')",
            name=op.f("ck_implantation_zone_horaires"),
        ),
        sa.CheckConstraint(
            "diffusion <> 'zone' OR (precision <> 'adresse' AND adresse = '' AND code_postal = '')",
            name=op.f("ck_implantation_zone_adresse"),
        ),
        sa.CheckConstraint(
            "diffusion <> 'zone' OR precision = 'commune' OR (commune = '' AND code_insee = '')",
            name=op.f("ck_implantation_zone_elargie"),
        ),
        sa.CheckConstraint(
            "diffusion <> 'zone' OR rang = 0", name=op.f("ck_implantation_zone_unique")
        ),
        sa.CheckConstraint(
            "diffusion <> 'zone' OR telephone = ''", name=op.f("ck_implantation_zone_telephone")
        ),
        sa.ForeignKeyConstraint(
            ["acteur_id", "diffusion"],
            ["acteur.id", "acteur.diffusion"],
            name=op.f("fk_implantation_acteur_id_diffusion"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_implantation")),
        sa.UniqueConstraint("acteur_id", "rang", name=op.f("uq_implantation_acteur_id_rang")),
    )
    op.create_table(
        "indicateur",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["periode"], ["periode.code"], name=op.f("fk_indicateur_periode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicateur")),
        sa.UniqueConstraint("periode", "libelle", name=op.f("uq_indicateur_periode_libelle")),
    )
    op.create_table(
        "organisation",
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("categorie", sa.String(), nullable=False),
        sa.Column("generique", sa.Boolean(), nullable=False),
        sa.Column("signataire", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["periode"], ["periode.code"], name=op.f("fk_organisation_periode")
        ),
        sa.PrimaryKeyConstraint("periode", "code", name=op.f("pk_organisation")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur_id", sa.Integer(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("moyen", sa.String(), nullable=False),
        sa.Column("avant", sa.Text(), nullable=True),
        sa.Column("apres", sa.Text(), nullable=False),
        sa.CheckConstraint("(avant IS NULL) = (numero = 1)", name=op.f("ck_revision_avant")),
        sa.CheckConstraint("numero > 0", name=op.f("ck_revision_numero")),
        sa.ForeignKeyConstraint(["acteur_id"], ["acteur.id"], name=op.f("fk_revision_acteur_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("acteur_id", "numero", name=op.f("uq_revision_acteur_id_numero")),
    )
    op.create_table(
        "objectif",
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("axe", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("titre", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["periode", "axe"], ["axe.periode", "axe.numero"], name=op.f("fk_objectif_periode_axe")
        ),
        sa.PrimaryKeyConstraint("periode", "numero", name=op.f("pk_objectif")),
    )
    op.create_table(
        "action",
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("objectif", sa.Integer(), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("cible_valeur", sa.Double(), nullable=True),
        sa.Column("cible_unite", sa.String(), nullable=False),
        sa.Column("cible_periodicite", sa.String(), nullable=False),
        sa.Column("pilotes", sa.Text(), nullable=False),
        sa.Column("autres_acteurs", sa.Text(), nullable=False),
        sa.Column("financeurs", sa.Text(), nullable=False),
        sa.Column("cibles_complementaires", sa.Text(), nullable=False),
        sa.Column("echeance_debut", sa.Integer(), nullable=False),
        sa.Column("echeance_fin", sa.Integer(), nullable=False),
        sa.Column("indicateur_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("echeance_debut <= echeance_fin", name=op.f("ck_action_echeance")),
        sa.ForeignKeyConstraint(
            ["indicateur_id"], ["indicateur.id"], name=op.f("fk_action_indicateur_id")
        ),
        sa.ForeignKeyConstraint(
            ["periode", "objectif"],
            ["objectif.periode", "objectif.numero"],
            name=op.f("fk_action_periode_objectif"),
        ),
        sa.PrimaryKeyConstraint("periode", "code", name=op.f("pk_action")),
    )
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acteur_id", sa.Integer(), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("objectif", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("role", _choix("role", "pilote", "acteur"), nullable=False),
        sa.Column("origine", _choix("origine", "nommee", "deduite", "declaree"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["acteur_id"], ["acteur.id"], name=op.f("fk_participation_acteur_id")
        ),
        sa.ForeignKeyConstraint(
            ["periode", "objectif"],
            ["objectif.periode", "objectif.numero"],
            name=op.f("fk_participation_periode_objectif"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "acteur_id",
            "periode",
            "objectif",
            "action",
            "role",
            name=op.f("uq_participation_acteur_id_periode_objectif_action_role"),
        ),
        sa.UniqueConstraint("acteur_id", "rang", name=op.f("uq_participation_acteur_id_rang")),
    )
    op.create_table(
        "releve",
        sa.Column("periode", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("objectif", sa.Integer(), nullable=True),
        sa.Column("objectifs_lies", sa.Text(), nullable=False),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("indicateur_id", sa.Integer(), nullable=False),
        sa.Column("annee", sa.Integer(), nullable=True),
        sa.Column("annee_debut", sa.Integer(), nullable=True),
        sa.Column("annee_fin", sa.Integer(), nullable=True),
        sa.Column("valeur", sa.Double(), nullable=False),
        sa.Column("unite", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("precision", sa.String(), nullable=False),
        sa.Column("territoire", sa.String(), nullable=False),
        sa.Column("acteur_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "nature IN ('mesure', 'contexte', 'calcul')", name=op.f("ck_releve_nature")
        ),
        sa.ForeignKeyConstraint(["acteur_id"], ["acteur.id"], name=op.f("fk_releve_acteur_id")),
        sa.ForeignKeyConstraint(
            ["indicateur_id"], ["indicateur.id"], name=op.f("fk_releve_indicateur_id")
        ),
        sa.ForeignKeyConstraint(
            ["periode", "action"],
            ["action.periode", "action.code"],
            name=op.f("fk_releve_periode_action"),
        ),
        sa.ForeignKeyConstraint(
            ["periode", "objectif"],
            ["objectif.periode", "objectif.numero"],
            name=op.f("fk_releve_periode_objectif"),
        ),
        sa.ForeignKeyConstraint(["periode"], ["periode.code"], name=op.f("fk_releve_periode")),
        sa.PrimaryKeyConstraint("periode", "code", name=op.f("pk_releve")),
    )
    op.execute("INSERT INTO version (id, n) VALUES (1, 0)")


def downgrade() -> None:
    """Drop every table, children first."""
    op.drop_table("releve")
    op.drop_table("participation")
    op.drop_table("action")
    op.drop_table("objectif")
    op.drop_table("revision")
    op.drop_table("organisation")
    op.drop_table("indicateur")
    op.drop_table("implantation")
    op.drop_table("contact")
    op.drop_table("capacite")
    op.drop_table("axe")
    op.drop_table("version")
    op.drop_table("periode")
    op.drop_index(op.f("ix_acteur_version_modification"), "acteur")
    op.drop_index(op.f("ix_acteur_porteur_id"), "acteur")

    op.drop_table("acteur")
