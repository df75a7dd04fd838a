"""The form in a real browser: with a mouse, by keyboard only, and without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cartographie.referentiel import Referentiel
from tests.comptes import MOT_DE_PASSE
from tests.edition import PROCESSUS, SLUGS, servir

pytest_plugins = ("tests.chromium",)
CHEMIN = f"/gestion/acteurs/{SLUGS[0]}"
NUMERO, LISIBLE = "0476999999", "04 76 99 99 99"


@pytest.fixture(scope="module")
def serveur(
    vierge: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
    referentiel: Referentiel,
) -> Iterator[str]:
    """`cartographie serve`, two processes, two accounts."""
    dossier: Path = tmp_path_factory.mktemp("navigateur")
    with servir(dossier, vierge(dossier), referentiel, 2) as adresse:
        yield adresse


def entrer(contexte: BrowserContext, adresse: str, courriel: str = "e0@exemple.fr") -> Page:
    """Sign in with the keyboard alone."""
    page = contexte.new_page()
    page.goto(f"{adresse}/gestion/connexion?suite={CHEMIN}")
    page.locator("#courriel").focus()
    page.keyboard.type(courriel)
    page.keyboard.press("Tab")
    page.keyboard.type(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    # A password costs what it should: seconds, on a machine that does something else as well.
    expect(page.locator("[data-fiche]")).to_be_attached(timeout=30_000)
    return page


def contexte(navigateur: Browser, **options: Any) -> BrowserContext:  # noqa: ANN401
    return navigateur.new_context(viewport={"width": 1280, "height": 900}, **options)


def ecrire(page: Page, champ: str, texte: str) -> None:
    """Replace what a field holds, with the keyboard."""
    page.locator(f'[name="{champ}"]').focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(texte)


def presser(page: Page, geste: str) -> None:
    """Reach a button and press it with the keyboard."""
    page.locator(f'button[name="geste"][value="{geste}"]:not([tabindex])').last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False], ids=["script", "sans-script"])
def test_a_number_is_changed_seen_before_and_public_on_every_process(
    serveur: str, navigateur: Browser, script: bool
) -> None:
    un, autre = (contexte(navigateur, java_script_enabled=script) for _ in range(2))
    page, vieille = entrer(un, serveur), entrer(autre, serveur, "e1@exemple.fr")
    numero, lisible = (NUMERO, LISIBLE) if script else ("0476888888", "04 76 88 88 88")
    ecrire(page, "contacts.0.valeur", numero)
    presser(page, "apercu")
    expect(page.locator(".apercu").first).to_contain_text(lisible)
    expect(page.locator(".apercu").nth(1)).to_contain_text(lisible)
    presser(page, "enregistrer")
    expect(page.locator("#enregistre")).to_contain_text("C’est enregistré")
    # Each request may meet another process: all of them know.
    for _ in range(PROCESSUS * 6):
        assert lisible in un.request.get(f"{serveur}/?q=Accueil+de+La+Mure").text()
    # The second editor has the old form.
    ecrire(vieille, "contacts.0.valeur", "0476111111")
    ecrire(vieille, "frais", f"Le mien {script}")
    presser(vieille, "enregistrer")
    tableau = vieille.locator("table.conflit")
    for mot in (numero, "0476111111", f"Le mien {script}"):
        expect(tableau).to_contain_text(mot)
    vieille.locator('[name="choix.contacts.0.valeur"][value="leurs"]').focus()
    vieille.keyboard.press("Space")
    vieille.get_by_role("button", name="Enregistrer ces choix").focus()
    with vieille.expect_navigation():
        vieille.keyboard.press("Enter")
    expect(vieille.locator("#enregistre")).to_be_visible()
    expect(vieille.locator('[name="contacts.0.valeur"]')).to_have_value(numero)
    expect(vieille.locator('[name="frais"]')).to_have_value(f"Le mien {script}")
    un.close()
    autre.close()


def test_a_fault_takes_the_focus_and_its_link_leads_to_the_field(
    serveur: str, navigateur: Browser
) -> None:
    page = entrer(contexte(navigateur), serveur)
    ecrire(page, "contacts.0.semaine.Mo.0", "neuf heures")
    presser(page, "enregistrer")
    expect(page.locator("#erreurs")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    champ = page.locator('[name="contacts.0.semaine.Mo.0"]')
    expect(champ).to_be_focused()
    expect(champ).to_have_value("neuf heures")
    page.context.close()


def test_a_block_is_added_in_place_and_a_point_placed_on_the_map(
    serveur: str, navigateur: Browser
) -> None:
    page = entrer(contexte(navigateur), serveur)
    page.get_by_role("button", name="Ajouter un lieu").click()
    nouvelle = page.locator('[name="implantations.1.commune"]')
    expect(nouvelle).to_be_visible()
    nouvelle.fill("Mens")
    ajoutee = page.locator("#implantations-1")
    ajoutee.get_by_role("button", name="Ajouter une fermeture").click()
    expect(page.locator('[name="implantations.1.fermetures.0.debut"]')).to_be_focused()
    page.locator('[name="implantations.1.fermetures.0.debut"]').fill("2026-12-24")
    ajoutee.get_by_role("button", name="Ajouter une fermeture").click()
    page.locator('[name="implantations.1.fermetures.1.debut"]').fill("2026-12-31")
    assert page.locator("[name$='fermetures.0.debut']").count() == 2
    bloc = page.locator("#implantations-0")
    bloc.get_by_role("button", name="Placer le point sur la carte").click()
    carte = bloc.locator("[data-carte-cadre]")
    expect(carte).to_contain_text("Plan IGN, Géoplateforme")
    avant = page.locator('[name="implantations.0.latitude"]').input_value()
    carte.click(position={"x": 200, "y": 90})
    apres = page.locator('[name="implantations.0.latitude"]').input_value()
    assert avant != apres
    # The same with the keyboard: the arrows move the map, Enter places the point at its middle.
    carte.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    assert page.locator('[name="implantations.0.latitude"]').input_value() != apres
    presser(page, "enregistrer")
    expect(page.locator("#enregistre")).to_be_visible()
    expect(page.locator('[name="implantations.1.commune"]')).to_have_value("Mens")
    expect(page.locator("#implantations-0")).to_contain_text("point indiqué à la main")
    for n, jour in enumerate(("2026-12-24", "2026-12-31")):
        for borne in ("debut", "fin"):
            champ = page.locator(f'[name="implantations.1.fermetures.{n}.{borne}"]')
            expect(champ).to_have_value(jour)
    page.context.close()


def test_the_drawing_follows_what_is_chosen(serveur: str, navigateur: Browser) -> None:
    page = entrer(contexte(navigateur), serveur)
    adresse, dessin = page.url, page.locator(".croquis__territoire")
    expect(page.get_by_role("button", name="Dessiner ce territoire")).to_be_hidden()
    matheysine = dessin.get_attribute("d") or ""
    page.locator('[name="territoire.communes"]').fill("Grenoble")
    expect(dessin).not_to_have_attribute("d", matheysine)
    page.locator('label[for="territoire-2"]').click()
    expect(dessin).to_have_attribute(
        "d", page.locator(".croquis__isere").get_attribute("d") or "aucun"
    )
    page.locator('label[for="territoire-1"]').click()
    expect(dessin).to_have_count(0)
    # Nothing was saved, and the page is still the one that was opened.
    assert page.url == adresse
    # When the server is out of reach the button comes back.
    page.context.set_offline(True)
    page.locator('label[for="territoire-2"]').click()
    expect(page.get_by_role("button", name="Dessiner ce territoire")).to_be_visible()
    page.context.close()
