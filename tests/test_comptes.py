"""Accounts: what a password must be, links that work once, the last administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from cartographie import comptes
from cartographie.comptes import INVITATION, ouvertes
from cartographie.database import make_engine, reading, transaction
from cartographie.errors import SaisieError
from cartographie.migrations import downgrade, upgrade
from cartographie.models import SessionOuverte, Utilisateur
from cartographie.utilisateurs import (
    RoleCompte,
    check_mot_de_passe,
    read_courriel,
    read_nom,
    read_role,
)
from tests.comptes import MOT_DE_PASSE, en_parallele
from tests.moteurs import MOTEURS
from tests.site import MARDI

EDITEUR, ADMINISTRATEUR = RoleCompte.EDITEUR, RoleCompte.ADMINISTRATEUR


# ── rules ──


@pytest.mark.parametrize(
    ("mot_de_passe", "role", "dit"),
    [
        ("tortue velo", EDITEUR, "12 caractères"),
        ("tortue velours 9", ADMINISTRATEUR, None),
        ("tortue velours!", ADMINISTRATEUR, "16 caractères"),
        ("motdepasse1234", EDITEUR, "devine"),
        ("aaaaaaaaaaaaaaaaaaaa", EDITEUR, "devine"),
        ("eve.martin@isere.gouv.fr", EDITEUR, "devine"),
        ("prefecture isere 38", EDITEUR, "devine"),
        ("tortue velours neuf marins " * 10, EDITEUR, "trop long"),
        (MOT_DE_PASSE, EDITEUR, None),
        ("tortue velours neuf marins " * 9, ADMINISTRATEUR, None),
    ],
)
def test_a_password_is_long_and_not_guessable(
    mot_de_passe: str, role: RoleCompte, dit: str | None
) -> None:
    connus = ("eve.martin@isere.gouv.fr", "Ève Martin")
    if dit is None:
        check_mot_de_passe(mot_de_passe, role, *connus)
        return
    with pytest.raises(SaisieError, match=dit):
        check_mot_de_passe(mot_de_passe, role, *connus)


def test_an_address_has_one_spelling() -> None:
    assert read_courriel("  Eve.Martin@Isere.Gouv.FR ") == "eve.martin@isere.gouv.fr"
    for faux in ("", "eve", "eve@", "@isere", "eve @isere.fr", "a@b\nc", "a@" + "b" * 260):
        with pytest.raises(SaisieError):
            read_courriel(faux)


def test_a_name_and_a_role_are_needed() -> None:
    assert read_nom("  Ève   Martin ") == "Ève Martin"
    assert read_role("editeur") is EDITEUR
    for lire_ce, faux in ((read_nom, " "), (read_nom, "a" * 121), (read_role, "dieu")):
        with pytest.raises(SaisieError):
            lire_ce(faux)


# ── the table ──


def compte(engine: Engine, role: RoleCompte = EDITEUR, courriel: str = "eve@exemple.fr") -> int:
    with transaction(engine) as base:
        nouveau = comptes.create_compte(base, courriel, "Ève", role, MARDI)
        comptes.set_mot_de_passe(base, nouveau.id, "empreinte")
        return nouveau.id


def ouvrir(base: Session, qui: int, heures: int = 0) -> str:
    """A session that was opened so many hours after; its secret."""
    return ouvertes.open_session(base, qui, MARDI + timedelta(hours=heures))


def test_a_link_works_until_it_is_used_or_replaced_or_old(engine: Engine) -> None:
    qui = compte(engine)
    with transaction(engine) as base:
        premier = comptes.invite(base, qui, MARDI)
        second = comptes.invite(base, qui, MARDI)
    with reading(engine) as base:
        assert comptes.find_by_invitation(base, premier, MARDI) is None
        for _ in range(5):
            assert comptes.find_by_invitation(base, second, MARDI) is not None
        juste_avant = MARDI + INVITATION - timedelta(seconds=1)
        assert comptes.find_by_invitation(base, second, juste_avant) is not None
        assert comptes.find_by_invitation(base, second, MARDI + INVITATION) is None
        assert comptes.find_by_invitation(base, "", MARDI) is None
    with transaction(engine) as base:
        assert comptes.accept(base, second, "autre", MARDI) is not None
    with transaction(engine) as base:
        assert comptes.accept(base, second, "volé", MARDI) is None
        assert comptes.get_compte(base, qui).mot_de_passe == "autre"


def test_the_table_holds_no_link_that_works(engine: Engine) -> None:
    qui = compte(engine)
    with transaction(engine) as base:
        jeton = comptes.invite(base, qui, MARDI)
    with reading(engine) as base:
        garde = base.execute(select(Utilisateur.invitation)).scalar_one()
        assert jeton not in garde
        assert comptes.find_by_invitation(base, garde, MARDI) is None


def test_a_link_used_twice_at_once_is_used_once(engine: Engine) -> None:
    qui = compte(engine)
    with transaction(engine) as base:
        jeton = comptes.invite(base, qui, MARDI)
    faits = en_parallele(engine, 4, lambda base, n: comptes.accept(base, jeton, str(n), MARDI))
    assert sum(fait is not None for fait in faits) == 1


def test_one_address_has_one_account(engine: Engine) -> None:
    compte(engine)
    with (
        pytest.raises(SaisieError, match="déjà un compte"),
        transaction(engine) as base,
    ):
        comptes.create_compte(base, "eve@exemple.fr", "Autre", EDITEUR, MARDI)


def test_what_ends_every_session(engine: Engine) -> None:
    qui = compte(engine)
    gestes: tuple[Callable[..., object], ...] = (
        lambda base: comptes.set_mot_de_passe(base, qui, "autre"),
        lambda base: comptes.sign_out_everywhere(base, qui),
        lambda base: comptes.set_totp(base, qui, "secret", ["a", "b"], 7),
        lambda base: comptes.clear_totp(base, qui),
        lambda base: comptes.revoke(base, qui, MARDI),
    )
    for geste in gestes:
        with transaction(engine) as base:
            etape = comptes.get_compte(base, qui).uniquifier
            secrets = [ouvrir(base, qui) for _ in range(2)]
            assert comptes.find_by_uniquifier(base, etape) is not None
            assert all(comptes.find_by_session(base, secret) for secret in secrets)
            geste(base)
            assert comptes.find_by_uniquifier(base, etape) is None
            assert not any(comptes.find_by_session(base, secret) for secret in secrets)
    with transaction(engine) as base:
        assert comptes.find_by_session(base, ouvrir(base, qui)) is None
        assert comptes.find_by_uniquifier(base, comptes.get_compte(base, qui).uniquifier) is None


def test_a_session_is_closed_by_its_owner_alone_and_forgotten_when_its_life_is_over(
    engine: Engine,
) -> None:
    eve, paul = compte(engine), compte(engine, EDITEUR, "paul@exemple.fr")
    with transaction(engine) as base:
        vieille, neuve, autre = ouvrir(base, eve), ouvrir(base, eve, 1), ouvrir(base, paul)
        vues = ouvertes.sessions_of(base, eve, vieille)
        assert [(vue.ouverte_le - MARDI, vue.actuelle) for vue in vues] == [
            (timedelta(hours=1), False),
            (timedelta(), True),
        ]
        assert ouvertes.close_numbered(base, paul, [vue.id for vue in vues]) == 0
        assert ouvertes.close_numbered(base, eve, [vues[0].id]) == 1
        assert comptes.find_by_session(base, neuve) is None
        assert comptes.find_by_session(base, vieille) is not None
        ouvertes.close(base, vieille)
        ouvertes.close(base, vieille)
        assert comptes.find_by_session(base, vieille) is None
        ouvertes.purge(base, MARDI - timedelta(minutes=1))
        assert comptes.find_by_session(base, autre) is not None
        ouvertes.purge(base, MARDI)
        assert comptes.find_by_session(base, autre) is None
        for rien in ("", autre, "é" * 50):
            assert comptes.find_by_session(base, rien) is None


def test_the_table_holds_no_secret_of_a_session(engine: Engine) -> None:
    qui = compte(engine)
    with transaction(engine) as base:
        secret = ouvrir(base, qui)
        lignes = base.execute(select(SessionOuverte.__table__)).mappings().all()
        assert [set(ligne) for ligne in lignes] == [
            {"id", "utilisateur_id", "empreinte", "ouverte_le"}
        ]
        assert secret not in str(lignes)


def test_the_last_administrator_stays(engine: Engine) -> None:
    premier = compte(engine, ADMINISTRATEUR)
    gestes: tuple[Callable[[Session], None], ...] = (
        lambda base: comptes.revoke(base, premier, MARDI),
        lambda base: comptes.set_role(base, premier, EDITEUR),
    )
    for geste in gestes:
        with pytest.raises(SaisieError, match="dernier"), transaction(engine) as base:
            geste(base)
    second = compte(engine, ADMINISTRATEUR, "deux@exemple.fr")
    with transaction(engine) as base:
        comptes.revoke(base, premier, MARDI)
    with pytest.raises(SaisieError, match="dernier"), transaction(engine) as base:
        comptes.revoke(base, second, MARDI)


def test_two_administrators_cannot_close_each_other_at_once(engine: Engine) -> None:
    paires = [compte(engine, ADMINISTRATEUR, f"{n}@exemple.fr") for n in range(2)]

    def fermer(base: Session, n: int) -> bool:
        try:
            comptes.revoke(base, paires[n], MARDI)
        except SaisieError:
            return False
        return True

    assert sorted(en_parallele(engine, 2, fermer)) == [False, True]


def test_a_time_step_and_a_recovery_code_are_taken_once(engine: Engine) -> None:
    qui = compte(engine)
    with transaction(engine) as base:
        comptes.set_totp(base, qui, "secret", ["un", "deux"], 100)
    for pas, pris in ((100, False), (99, False), (101, True), (101, False), (103, True)):
        with transaction(engine) as base:
            assert comptes.use_counter(base, qui, pas) is pris
    assert sum(en_parallele(engine, 4, lambda base, _: comptes.use_counter(base, qui, 110))) == 1
    assert sum(en_parallele(engine, 4, lambda base, _: comptes.use_code(base, qui, "un"))) == 1
    with reading(engine) as base:
        assert comptes.count_codes(base, qui) == 1


@pytest.mark.parametrize(
    "faux",
    [
        {"courriel": ""},
        {"nom": ""},
        {"uniquifier": ""},
        {"role": "dieu"},
        {"invitation": "sans fin"},
    ],
)
def test_the_base_refuses_what_makes_no_account(engine: Engine, faux: dict[str, str]) -> None:
    juste = {
        "courriel": "a@b.fr", "nom": "A", "role": "editeur", "uniquifier": "u", "mot_de_passe": "",
        "longueur_exigee": 0, "totp_secret": "", "totp_compteur": 0, "invitation": "",
        "cree_le": MARDI,
    }  # fmt: skip
    with pytest.raises((DBAPIError, StatementError)), transaction(engine) as base:
        base.execute(insert(Utilisateur).values(juste | faux))
    with transaction(engine) as base:
        base.execute(insert(Utilisateur).values(juste))


@pytest.mark.parametrize("moteur", MOTEURS)
def test_the_accounts_come_and_go_with_their_migration(
    base_vide: Callable[[str], str], moteur: str
) -> None:
    engine = make_engine(base_vide(moteur))
    upgrade(engine)
    compte(engine)
    downgrade(engine, "0001")
    upgrade(engine)
    with reading(engine) as base:
        assert comptes.comptes(base) == []
        assert comptes.nobody_signed_up(base)
    engine.dispose()
