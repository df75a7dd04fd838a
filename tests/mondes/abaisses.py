"""Records that were public and are no more, accounts, undone edits: none of it may be seen.

In the full world a place is public, then known by its zone; another becomes internal. In the bare
one the first was never anything but a zone, and the second never was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Engine

from cartographie import comptes, registre
from cartographie.acteurs import Diffusion, Saisie
from cartographie.database import transaction
from cartographie.reduction import Demande, changer
from cartographie.referentiel import Referentiel
from cartographie.utilisateurs import RoleCompte
from tests.fabrique import LE_115
from tests.mondes.traces import lieu_secret

EN_ZONE = Demande(Diffusion.ZONE, LE_115)
EN_INTERNE = Demande(Diffusion.INTERNE)
ABAISSE = "accueil-matheysine"
DISPARU = "accueil-disparu"
SLUGS = (ABAISSE, DISPARU)


def live(engine: Engine, referentiel: Referentiel, *, cacher: bool) -> None:
    """Give both worlds the same public records, one of them by way of a public past."""
    if not cacher:
        _create(engine, changer(_public(ABAISSE), EN_ZONE, referentiel.communes))
        return
    _create(engine, _public(ABAISSE), _public(DISPARU))
    for slug, demande in ((ABAISSE, EN_ZONE), (DISPARU, EN_INTERNE)):
        with transaction(engine) as session:
            registre.lower(session, slug, demande, referentiel, revision_lue=1, par="essai")
    with transaction(engine) as session:
        saisie, revision = registre.get_saisie(session, "heb-crolles")
        note = replace(saisie, notes_internes="Rappeler.")
        registre.update_acteur(
            session, saisie.slug, note, revision_lue=revision, par="essai", moyen="essai"
        )
        registre.restore(
            session, saisie.slug, revision, referentiel, revision_lue=revision + 1, par="essai"
        )
        comptes.create_compte(
            session, "eve@exemple.fr", "Ève", RoleCompte.EDITEUR, datetime(2026, 1, 1, tzinfo=UTC)
        )


def _public(slug: str) -> Saisie:
    """Without participations: a deduced one would not be the place's affair."""
    return lieu_secret(slug=slug, participations=())


def _create(engine: Engine, *saisies: Saisie) -> None:
    for saisie in saisies:
        with transaction(engine) as session:
            registre.create_acteur(session, saisie, par="essai", moyen="essai")
