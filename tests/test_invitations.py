"""Opening accounts from the command line: a link each time, never a default account."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cartographie import comptes
from cartographie.config import RACINE
from cartographie.database import make_engine, reading, transaction
from cartographie.invitations import CHEMIN, first_link, is_loopback
from cartographie.migrations import upgrade
from cartographie.utilisateurs import RoleCompte
from tests.commande import run
from tests.comptes import MOT_DE_PASSE, Gestion
from tests.site import MARDI


@pytest.fixture
def base(
    vierge: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """The installation that commands see: tables, nobody."""
    monkeypatch.setenv("CARTO_INSTANCE", str(tmp_path))
    monkeypatch.setenv("CARTO_DATABASE_URL", vierge(tmp_path))
    engine = make_engine(os.environ["CARTO_DATABASE_URL"])
    upgrade(engine)
    yield engine
    engine.dispose()


def compte(engine: Engine, courriel: str) -> comptes.Compte:
    with reading(engine) as session:
        trouve = comptes.find_by_courriel(session, courriel)
    assert trouve is not None
    return trouve


def test_there_is_no_default_account(base: Engine) -> None:
    with reading(base) as session:
        assert comptes.comptes(session) == []


def test_the_command_prints_a_link_and_nothing_else_on_its_output(base: Engine) -> None:
    resultat = run(
        *("create-utilisateur", "Eve@Exemple.fr", "--role", "administrateur", "--nom", "Ève M."),
        CARTO_URL_PUBLIQUE="https://carte.exemple.fr/",
    )
    assert resultat.exit_code == 0
    assert resultat.stdout.startswith(f"https://carte.exemple.fr{CHEMIN}")
    assert "7 jours" in resultat.stderr
    eve = compte(base, "eve@exemple.fr")
    assert (eve.nom, eve.role, eve.mot_de_passe) == ("Ève M.", RoleCompte.ADMINISTRATEUR, "")


def test_the_same_address_twice_asks_for_a_new_link_in_words(base: Engine) -> None:
    run("create-utilisateur", "eve@exemple.fr")
    resultat = run("create-utilisateur", "eve@exemple.fr")
    assert (resultat.exit_code, "déjà un compte" in resultat.stderr) == (1, True)
    for faux in (("pas-une-adresse",), ("x@exemple.fr", "--nouveau-lien")):
        assert run("create-utilisateur", *faux).exit_code == 1


def test_a_new_link_lets_in_who_lost_everything(base: Engine) -> None:
    run("create-utilisateur", "eve@exemple.fr", "--role", "administrateur")
    eve = compte(base, "eve@exemple.fr")
    with transaction(base) as session:
        comptes.set_totp(session, eve.id, "secret", ["un"], 1)
    resultat = run("create-utilisateur", "eve@exemple.fr", "--nouveau-lien")
    assert CHEMIN in resultat.stdout
    assert compte(base, "eve@exemple.fr").totp_secret == ""
    assert compte(base, "eve@exemple.fr").role is RoleCompte.ADMINISTRATEUR


def test_the_first_link_is_renewed_until_somebody_has_a_password(gestion: Gestion) -> None:
    liens = [first_link(gestion.engine, MARDI) for _ in range(2)]
    premier, second = (lien or "" for lien in liens)
    qui = gestion.client()
    assert qui.get(CHEMIN + premier).status_code == 404
    assert "administrateur" in qui.get(CHEMIN + second).text
    mots = {"mot_de_passe": MOT_DE_PASSE, "mot_de_passe_bis": MOT_DE_PASSE, "jeton": second}
    assert qui.client.post("/gestion/invitation", data=mots).status_code == 303
    assert first_link(gestion.engine, MARDI) is None


@pytest.mark.parametrize(
    ("hote", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x.fr", False)],
)
def test_only_a_server_that_nobody_else_reaches_shows_it(hote: str, local: bool) -> None:
    assert is_loopback(hote) is local


def test_make_run_asks_for_it_and_production_does_not() -> None:
    assert "--premier-compte" in (RACINE / "Makefile").read_text("utf-8")
    assert "--premier-compte" not in (RACINE / "deploy/cartographie.service").read_text("utf-8")
