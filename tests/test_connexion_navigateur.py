"""Signing in in a real browser: by the keyboard alone, without JavaScript, nothing typed lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from cartographie import comptes
from cartographie.config import Settings
from cartographie.database import make_engine, transaction
from cartographie.migrations import upgrade
from cartographie.utilisateurs import RoleCompte
from tests.comptes import EVE, MOT_DE_PASSE, Gestion, Horloge, creer_compte, totp_du_moment
from tests.site import assembler

pytest_plugins = ["tests.chromium"]

SANS_SCRIPT = [True, False]
LARGEUR = 360


@pytest.fixture
def sur_place(vierge: Callable[..., str], tmp_path: Path) -> Iterator[tuple[Gestion, str]]:
    """A site nobody has an account on, and its address."""
    url = vierge(tmp_path)
    engine = make_engine(url)
    upgrade(engine)
    horloge = Horloge()
    app = assembler(Settings(database_url=url, instance=tmp_path), horloge)
    serveur = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield Gestion(app, engine, horloge), f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()
    engine.dispose()


def taper(page: Page, nom: str, texte: str) -> None:
    """Reach a field by Tab alone, then type."""
    champ = page.locator(f"#{nom}")
    for _ in range(40):
        if champ.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(champ).to_be_focused()
    page.keyboard.type(texte)


@pytest.mark.parametrize("scripts", SANS_SCRIPT)
def test_from_the_link_to_the_first_page_by_keyboard(
    sur_place: tuple[Gestion, str], navigateur: Browser, scripts: bool
) -> None:
    gestion, adresse = sur_place
    with transaction(gestion.engine) as base:
        role = RoleCompte.ADMINISTRATEUR
        compte = comptes.create_compte(base, EVE, "Ève Martin", role, gestion.horloge())
        jeton = comptes.invite(base, compte.id, gestion.horloge())
    contexte = navigateur.new_context(
        java_script_enabled=scripts, viewport={"width": LARGEUR, "height": 740}
    )
    page = contexte.new_page()
    plaintes: list[str] = []
    page.on("console", lambda message: plaintes.append(message.text))
    page.goto(f"{adresse}/gestion/invitation?jeton={jeton}")
    assert contexte.cookies() == []
    taper(page, "mot_de_passe", MOT_DE_PASSE)
    taper(page, "mot_de_passe_bis", MOT_DE_PASSE)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Mot de passe enregistré")).to_be_visible()
    assert contexte.cookies() == []
    taper(page, "courriel", EVE)
    taper(page, "mot_de_passe", MOT_DE_PASSE)
    page.keyboard.press("Enter")
    expect(page.get_by_text("a besoin d’un code à usage unique")).to_be_visible()
    (temoin,) = contexte.cookies()
    assert (temoin["httpOnly"], temoin["sameSite"], temoin["expires"]) == (True, "Lax", -1)
    page.goto(f"{adresse}/gestion/profil/second-facteur")
    secret = page.locator("[name=code_secret]").input_value()
    expect(page.locator(".gestion-qr svg")).to_be_visible()
    taper(page, "code", totp_du_moment(gestion, secret))
    page.keyboard.press("Enter")
    expect(page.locator(".gestion-codes code")).to_have_count(10)
    page.goto(f"{adresse}/gestion/comptes")
    expect(page.get_by_role("heading", name="Ève Martin")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= LARGEUR
    page.get_by_role("button", name="Se déconnecter").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    assert contexte.cookies() == []
    # The browser tells that it obeyed; nothing else is said.
    (efface,) = plaintes
    assert efface.endswith('Cleared data types: "cache", "storage".')
    contexte.close()


def test_what_was_typed_comes_back_after_the_session_ended(
    sur_place: tuple[Gestion, str], navigateur: Browser
) -> None:
    gestion, adresse = sur_place
    compte = creer_compte(gestion.app, "administrateur", EVE)
    contexte = navigateur.new_context(java_script_enabled=False)
    page = contexte.new_page()

    def entrer() -> None:
        gestion.horloge.avance(seconds=31)
        page.locator("#courriel").fill(EVE)
        page.locator("#mot_de_passe").fill(MOT_DE_PASSE)
        page.keyboard.press("Enter")
        page.locator("#code").fill(totp_du_moment(gestion, compte.totp_secret))
        page.keyboard.press("Enter")

    page.goto(f"{adresse}/gestion/comptes")
    entrer()
    expect(page.get_by_role("heading", name="Inviter")).to_be_visible()
    page.locator("#courriel").fill("zoe@exemple.fr")
    page.locator("#nom").fill("Zoé “Petit”")
    gestion.horloge.avance(hours=2)
    page.get_by_role("button", name="Créer le compte").click()
    expect(page.get_by_text("Rien n’est perdu")).to_be_visible()
    entrer()
    expect(page.get_by_role("heading", name="Votre saisie vous attend")).to_be_visible()
    page.get_by_role("button", name="Envoyer ma saisie").click()
    expect(page.get_by_text("Zoé “Petit”")).to_be_visible()
    assert "/gestion/invitation?jeton=" in page.locator("#lien").input_value()
    contexte.close()
