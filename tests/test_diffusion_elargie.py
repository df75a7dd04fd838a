"""More people may know a record: somebody allowed it, and nothing erased comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Diffusion
from cartographie.database import reading, transaction
from cartographie.errors import SaisieError
from cartographie.reduction import Autorisation, Demande
from cartographie.referentiel import Referentiel
from tests.diffusion import AUTORISATION, DEMANDE, create, lower, read, rise
from tests.fabrique import refuge
from tests.mondes.traces import SLUG, contenu, lieu_secret, traces


def test_raising_keeps_who_allowed_it_and_brings_nothing_back(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret())
    lower(engine, referentiel)
    en_zone = read(engine)[0]
    assert rise(engine, referentiel, Demande(Diffusion.PUBLIQUE), 2) == ()
    assert read(engine) == (replace(en_zone, diffusion=Diffusion.PUBLIQUE), 3)
    with reading(engine) as session:
        derniere = registre.history(session, SLUG)[0]
    assert (derniere.autorise_par, derniere.autorise_le) == (AUTORISATION.par, AUTORISATION.le)
    assert traces(contenu(engine)) == []


def test_raising_needs_somebody_who_allowed_it(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, refuge())
    with transaction(engine) as session, pytest.raises(SaisieError, match="autorisé"):
        registre.raise_diffusion(
            session,
            "hebergement-grenoble",
            Demande(Diffusion.PUBLIQUE),
            Autorisation("  ", date(2026, 5, 4)),
            referentiel,
            revision_lue=1,
            par="camille",
        )


def test_from_internal_to_zone_the_place_is_erased_as_well(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, lieu_secret(diffusion=Diffusion.INTERNE))
    assert "implantations" in rise(engine, referentiel, DEMANDE, 1)
    assert read(engine)[0].diffusion is Diffusion.ZONE
    assert traces(contenu(engine)) == []


@pytest.mark.parametrize("vers", [Diffusion.PUBLIQUE, Diffusion.ZONE])
def test_lowering_never_raises_and_raising_never_lowers(
    engine: Engine, referentiel: Referentiel, vers: Diffusion
) -> None:
    create(engine, replace(refuge(), slug=SLUG))
    with pytest.raises(SaisieError, match="ne réduit pas"):
        lower(engine, referentiel, replace(DEMANDE, vers=vers))
    with pytest.raises(SaisieError, match="n’élargit pas"):
        rise(engine, referentiel, replace(DEMANDE, vers=Diffusion.INTERNE), 1)
