"""In a real browser without JavaScript: hide a place, then bring an old number back."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from werkzeug.serving import make_server

from cartographie import registre
from cartographie.acteurs import Contact, ContactKind
from cartographie.database import transaction
from tests.comptes import Gestion, connecter
from tests.fabrique import accueil
from tests.mondes.traces import SLUG, lieu_secret, traces

pytest_plugins = ["tests.chromium"]

LIGNE = Contact(ContactKind.TELEPHONE, "04 76 30 00 09", "Nouvelle ligne")


@pytest.fixture
def ecran(gestion: Gestion, navigateur: Browser) -> Iterator[Page]:
    """A small screen without JavaScript, an editor signed in, the site listening."""
    client = gestion.app.test_client()
    connecter(client, "editeur")
    cookie = client.get_cookie("carto")
    assert cookie is not None
    serveur = make_server("127.0.0.1", 0, gestion.app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{serveur.server_port}"
    contexte = navigateur.new_context(
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        base_url=base,
        locale="fr-FR",
    )
    contexte.add_cookies([{"name": "carto", "value": cookie.value, "url": base}])
    yield contexte.new_page()
    contexte.close()
    serveur.shutdown()


def prepare(engine: Engine) -> None:
    with transaction(engine) as session:
        for saisie in (lieu_secret(), accueil()):
            registre.create_acteur(session, saisie, par="camille", moyen="essai")
        registre.update_acteur(
            session,
            "accueil-la-mure",
            accueil(contacts=(LIGNE,)),
            revision_lue=1,
            par="camille",
            moyen="essai",
        )


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_place_is_hidden_without_javascript(gestion: Gestion, ecran: Page) -> None:
    prepare(gestion.engine)
    ecran.goto("/gestion")
    expect(ecran.get_by_role("link", name="Accueil de la Matheysine")).to_be_visible()
    ecran.goto(f"/gestion/acteurs/{SLUG}/diffusion")
    expect(ecran.get_by_role("heading", name="Ce que révèle cette fiche")).to_be_visible()
    ecran.get_by_role("link", name="Ne montrer que la zone").click()
    expect(ecran.locator(".suivi-pertes")).to_contain_text("12 Grand’Rue des Épinettes")
    ecran.get_by_role("button", name="Effacer et ne montrer que la zone").click()
    expect(ecran.get_by_role("alert")).to_contain_text("Rien n’a été changé")
    ecran.get_by_text("115 – Samu social, SIAO de l’Isère").click()
    ecran.get_by_label("Recopiez ce nom pour confirmer").fill("Accueil de la Matheysine")
    ecran.get_by_role("button", name="Effacer et ne montrer que la zone").click()
    expect(ecran.get_by_role("status")).to_contain_text("sont effacées")
    ecran.goto(f"/acteurs/{SLUG}")
    assert traces(ecran.content().encode()) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_old_number_comes_back_without_javascript(gestion: Gestion, ecran: Page) -> None:
    prepare(gestion.engine)
    ecran.goto("/acteurs/accueil-la-mure")
    expect(ecran.locator(".fiche__joindre")).to_contain_text("04 76 30 00 09")
    ecran.goto("/gestion/acteurs/accueil-la-mure/historique")
    ecran.get_by_role("link", name="Revenir à l’état de la révision 1").click()
    expect(ecran.locator(".suivi-table--champs")).to_contain_text("04 76 30 00 02")
    ecran.get_by_role("button", name="Restaurer cet état").click()
    expect(ecran.get_by_role("status")).to_contain_text("revenue à l’état choisi")
    ecran.goto("/acteurs/accueil-la-mure")
    expect(ecran.locator(".fiche__joindre")).to_contain_text("04 76 30 00 02")
