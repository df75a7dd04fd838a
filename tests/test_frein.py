"""The throttle: it slows whoever guesses, and locks nobody out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, select

from cartographie import frein
from cartographie.database import transaction
from cartographie.frein import Cle
from cartographie.models import Essai
from tests.comptes import en_parallele
from tests.site import MARDI

PAIRE = Cle("compte", "prefixe", gratuits=3, efface=True)


def test_each_failure_makes_the_next_wait_longer_and_nobody_is_locked_out(engine: Engine) -> None:
    maintenant, attentes = MARDI, []
    for _ in range(16):
        with transaction(engine) as base:
            attente = frein.reserve(base, [PAIRE], maintenant)
        attentes.append(round(attente.total_seconds()))
        maintenant += attente
        if attente:
            with transaction(engine) as base:
                assert frein.reserve(base, [PAIRE], maintenant) == timedelta()
    assert attentes[:7] == [0, 0, 0, 1, 2, 4, 8]
    assert attentes == sorted(attentes)
    assert max(attentes) == 900
    with transaction(engine) as base:
        frein.forgive(base, [PAIRE])
        assert frein.reserve(base, [PAIRE], maintenant) == timedelta()


def test_another_prefix_does_not_wait(engine: Engine) -> None:
    with transaction(engine) as base:
        for _ in range(3):
            assert not frein.reserve(base, [PAIRE], MARDI)
        assert frein.reserve(base, [PAIRE], MARDI)
        assert not frein.reserve(base, [Cle("compte", "autre", 3)], MARDI)


def test_a_success_takes_back_its_own_attempt_only(engine: Engine) -> None:
    large = Cle("", "prefixe", gratuits=5)
    with transaction(engine) as base:
        for _ in range(4):
            frein.reserve(base, [large], MARDI)
        frein.forgive(base, [large])
        assert base.execute(select(Essai.echecs)).scalar_one() == 3


def test_attempts_at_once_gain_nothing_and_old_ones_are_forgotten(engine: Engine) -> None:
    attentes = en_parallele(engine, 8, lambda base, _: frein.reserve(base, [PAIRE], MARDI))
    assert sum(not attente for attente in attentes) == 3
    with transaction(engine) as base:
        assert not frein.reserve(base, [Cle("x", "y", 1)], MARDI + timedelta(days=1, seconds=1))
        assert base.execute(select(Essai.compte)).scalars().all() == ["x"]
