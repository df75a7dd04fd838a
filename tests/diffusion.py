"""Making a record known by less, or by more, as the form of an editor does."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Acces, Diffusion, Saisie
from cartographie.database import reading, transaction
from cartographie.reduction import Autorisation, Demande
from cartographie.referentiel import Referentiel
from tests.fabrique import LE_115
from tests.mondes.traces import SLUG

DEMANDE = Demande(Diffusion.ZONE, LE_115, Acces.ORIENTATION)
AUTORISATION = Autorisation("Mme Martin, directrice", date(2026, 5, 4))


def create(engine: Engine, *saisies: Saisie) -> None:
    """Put records into the directory."""
    with transaction(engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="camille@exemple.fr", moyen="formulaire")


def write(engine: Engine, saisie: Saisie, revision: int) -> None:
    """Change a record that is at this revision."""
    with transaction(engine) as session:
        registre.update_acteur(
            session, saisie.slug, saisie, revision_lue=revision, par="camille", moyen="formulaire"
        )


def read(engine: Engine, slug: str = SLUG) -> tuple[Saisie, int]:
    """What is kept of a record, and its revision."""
    with reading(engine) as session:
        return registre.get_saisie(session, slug)


def lower(
    engine: Engine, referentiel: Referentiel, demande: Demande = DEMANDE, lue: int = 1
) -> tuple[str, ...]:
    """Let fewer people know the secret place; the fields that went."""
    with transaction(engine) as session:
        return registre.lower(
            session, SLUG, demande, referentiel, revision_lue=lue, par="camille@exemple.fr"
        )


def rise(
    engine: Engine, referentiel: Referentiel, demande: Demande, lue: int, slug: str = SLUG
) -> tuple[str, ...]:
    """Let more people know a record, as somebody allowed; the fields that went."""
    with transaction(engine) as session:
        return registre.raise_diffusion(
            session, slug, demande, AUTORISATION, referentiel, revision_lue=lue, par="camille"
        )
