"""A database that is saved, lowered and brought back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from cartographie import registre, sauvegardes
from cartographie.acteurs import Diffusion
from cartographie.config import Settings
from cartographie.database import Base, reading, transaction
from cartographie.reduction import TEXTES, Demande
from cartographie.referentiel import Referentiel
from tests.fabrique import LE_115, accueil

BaseVide = Callable[[str], str]
CLE = "essai-de-cle-de-quarante-caracteres-0001"
SECRET = "12 rue des Alpes"
SLUG = "ecoute-isere"
# What does not depend on the engine is proven on one.
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def maintenant() -> datetime:
    return datetime.now(UTC)


def ajouter(engine: Engine, slug: str = SLUG) -> None:
    with transaction(engine) as session:
        registre.create_acteur(session, accueil(slug), par="eve@exemple.fr", moyen="formulaire")


def abaisser(engine: Engine, referentiel: Referentiel, vers: Diffusion = Diffusion.ZONE) -> None:
    textes = dict.fromkeys(TEXTES, "") | {"nom": "Accueil", "description": "Écoute."}
    demande = Demande(vers, LE_115, textes=textes)
    with transaction(engine) as session:
        _, lue = registre.get_saisie(session, SLUG)
        registre.lower(session, SLUG, demande, referentiel, revision_lue=lue, par="eve@exemple.fr")


def octets(engine: Engine) -> str:
    """Everything that the database says, as one text."""
    dits = []
    with reading(engine) as session:
        for table in Base.metadata.sorted_tables:
            dits += [repr(tuple(ligne)) for ligne in session.execute(select(table))]
    return "\n".join(dits)


def remettre(
    engine: Engine, reglages: Settings, fichier: Path, referentiel: Referentiel, **options: bool
) -> sauvegardes.Bilan:
    plan = sauvegardes.plan_restore(engine, reglages, fichier)
    return sauvegardes.restore(engine, reglages, plan, referentiel, maintenant(), **options)
