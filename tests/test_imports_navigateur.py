"""A file in a real browser: chosen, read, decided on, written; with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from cartographie import registre
from cartographie.database import reading, transaction
from tests.comptes import Gestion, connecter
from tests.fabrique import accueil
from tests.tableaux import texte as table

pytest_plugins = ["tests.chromium"]

TETE = ["slug", "nom", "type", "acces", "statut", "diffusion", "frais", "implantation_1_adresse",
        "implantation_1_code_postal", "implantation_1_commune"]  # fmt: skip
MENS = ["Place de la Mairie", "38710", "Mens"]
LA_MURE = ["1 place du Théâtre", "38350", "La Mure"]
LIGNES = [
    TETE,
    ["accueil-la-mure", "", "", "", "", "", "Sur devis", "", "", ""],
    ["ecoute-mens", "Écoute du Trièves", "LEAO", "direct", "publie", "publique", "", *MENS],
    ["accueil-bis", "Accueil de la Mure", "LEAO", "direct", "publie", "publique", "", *LA_MURE],
]  # fmt: skip
FAUTIVES = [*LIGNES, ["x", "X", "CAFE", "direct", "publie", "publique", "", *MENS]]


@dataclass(frozen=True, slots=True)
class Bureau:
    """The site listening, an editor signed in at a page, the site behind."""

    gestion: Gestion
    page: Page

    def choisir(self, lignes: list[list[str]]) -> None:
        """Choose a file and send it."""
        self.page.goto("/gestion/imports")
        fichier = {"name": "fiches.csv", "mimeType": "text/csv", "buffer": table(lignes)}
        self.page.get_by_label("Fichier").set_input_files(fichier)  # type: ignore[arg-type]
        self.page.get_by_role("button", name="Voir ce qui changerait").click()

    def slugs(self) -> set[str]:
        with reading(self.gestion.engine) as session:
            return {saisie.slug for saisie in registre.saisies(session)}


@pytest.fixture(params=[True, False], ids=["script", "sans-script"])
def ecran(
    gestion: Gestion, navigateur: Browser, request: pytest.FixtureRequest
) -> Iterator[Bureau]:
    with transaction(gestion.engine) as session:
        registre.create_acteur(session, accueil(), par="camille", moyen="essai")
    client = gestion.app.test_client()
    connecter(client, "editeur")
    cookie = client.get_cookie("carto")
    assert cookie is not None
    serveur = make_server("127.0.0.1", 0, gestion.app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{serveur.server_port}"
    contexte = navigateur.new_context(
        java_script_enabled=request.param,
        viewport={"width": 360, "height": 740},
        base_url=base,
        locale="fr-FR",
    )
    contexte.add_cookies([{"name": "carto", "value": cookie.value, "url": base}])
    contexte.set_default_timeout(20_000)
    yield Bureau(gestion, contexte.new_page())
    contexte.close()
    serveur.shutdown()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_file_is_chosen_read_decided_on_and_written(ecran: Bureau) -> None:
    page = ecran.page
    ecran.choisir(FAUTIVES)
    alerte = page.get_by_role("alert")
    expect(alerte).to_contain_text("n’est pas importé : 1 faute à corriger")
    expect(alerte).to_contain_text("Ligne 5, x, colonne type")
    ecran.choisir(LIGNES)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que « fiches.csv » changerait")
    marques = page.locator(".suivi-marque").all_inner_texts()
    assert marques == [
        "À créer : 1", "À changer : 1", "Inchangées : 0", "Douteuses : 1", "Refusées : 0",
    ]  # fmt: skip
    expect(page.locator(".suivi-revision")).to_contain_text("Sur devis")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    appliquer = page.get_by_role("button", name="Appliquer")
    appliquer.click()
    # Undecided: the browser asks, nothing left.
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que « fiches.csv » changerait")
    assert ecran.slugs() == {"accueil-la-mure"}
    page.get_by_text("Ignorer cette ligne : c’est la même fiche").click()
    appliquer.click()
    expect(page.get_by_role("status")).to_contain_text("fiches créées : 1 ; fiches changées : 1")
    assert ecran.slugs() == {"accueil-la-mure", "ecoute-mens"}
    page.goto("/acteurs/ecoute-mens")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Écoute du Trièves")
    expect(page.locator("main")).to_contain_text("Place de la Mairie")
    page.goto("/acteurs/accueil-la-mure")
    expect(page.locator("main")).to_contain_text("Sur devis")
    page.goto("/gestion/acteurs/accueil-la-mure/historique")
    derniere = page.locator(".suivi-revision").first
    expect(derniere.locator(".suivi-qui")).to_contain_text("import fiches.csv")
    expect(derniere.locator("tbody tr")).to_have_count(1)
