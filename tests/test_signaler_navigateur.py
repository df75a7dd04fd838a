"""The whole circle in a browser: a visitor signals, a moderator accepts, the page says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cartographie import registre
from cartographie.acteurs import Contact, ContactKind
from cartographie.database import make_engine, transaction
from cartographie.referentiel import Referentiel
from tests.comptes import MOT_DE_PASSE
from tests.edition import servir
from tests.fabrique import accueil

pytest_plugins = ("tests.chromium",)
FICHES = {True: "permanence-la-mure", False: "permanence-de-mens"}
NUMERO = "04 76 30 00 01"
# A person reads first; so does the stamp.
LECTURE_MS = 3_500


@pytest.fixture(scope="module")
def serveur(
    vierge: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
    referentiel: Referentiel,
) -> Iterator[str]:
    """`cartographie serve`, two processes, one account; a number that stands at two places."""
    dossier: Path = tmp_path_factory.mktemp("cercle")
    base = vierge(dossier)
    with servir(dossier, base, referentiel, 1) as adresse:
        engine = make_engine(base)
        with transaction(engine) as session:
            for slug in FICHES.values():
                contacts = (Contact(ContactKind.TELEPHONE, NUMERO, "Accueil"),)
                saisie = accueil(slug, contacts=contacts)
                registre.create_acteur(session, saisie, par="essai", moyen="essai")
        engine.dispose()
        yield adresse


def signaler(page: Page, fiche: str, script: bool) -> None:
    """The same number is wrong in two places: two fields would change."""
    page.goto(fiche)
    page.get_by_role("link", name="Signaler une erreur ou proposer un changement").click()
    expect(page.locator("#depuis")).to_be_hidden()
    page.get_by_text("Ce service a déménagé").click()
    expect(page.locator("#numero_juste")).to_be_hidden()
    page.get_by_label("La nouvelle adresse").fill("3 place de la Mairie")
    page.get_by_text("Le numéro de téléphone est faux").click()
    expect(page.locator("#adresse")).to_be_hidden()
    page.get_by_label("Quel numéro est faux").select_option(NUMERO)
    page.get_by_label("Le bon numéro").fill("04 76 30 00 66")
    page.get_by_label("Votre message").fill("L’autre ne répond plus.")
    reste = "Il reste 477 caractères." if script else "500 caractères au plus."
    expect(page.locator("[data-compte]")).to_have_text(reste)
    page.wait_for_timeout(LECTURE_MS)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("h1")).to_have_text("Merci, votre message est bien arrivé")
    assert page.url.endswith("/merci")


def moderer(page: Page, adresse: str) -> None:
    """Sign in, read, tick one of two, decide."""
    page.goto(f"{adresse}/gestion/connexion?suite=/gestion/propositions")
    page.locator("#courriel").fill("e0@exemple.fr")
    page.locator("#mot_de_passe").fill(MOT_DE_PASSE)
    page.locator("#mot_de_passe").press("Enter")
    # A password costs what it should: seconds, on a machine that does something else as well.
    expect(page.locator("h1")).to_have_text("Propositions", timeout=30_000)
    page.locator(".proposition__titre a").first.click()
    expect(page.locator("#message")).to_have_text("L’autre ne répond plus.")
    lignes = page.locator(".proposition__champs tbody tr")
    expect(lignes).to_have_count(2)
    lignes.filter(has_text="téléphone sur place").locator("label").click()
    page.get_by_role("button", name="Accepter ce qui est coché").click()
    expect(page.locator(".fr-alert--success")).to_contain_text("C’est décidé")


@pytest.mark.parametrize("script", [True, False], ids=["script", "sans-script"])
def test_a_visitor_signals_a_moderator_accepts_one_field_of_two(
    serveur: str, navigateur: Browser, script: bool
) -> None:
    slug = FICHES[script]
    fiche = f"{serveur}/acteurs/{slug}"
    visite = navigateur.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=script
    )
    public = visite.new_page()
    signaler(public, fiche, script)
    assert visite.cookies() == []
    gestion = navigateur.new_context(java_script_enabled=script)
    page = gestion.new_page()
    moderer(page, serveur)
    public.goto(fiche)
    corps = public.locator("main").inner_text()
    assert "04 76 30 00 66" in corps
    assert NUMERO in corps
    page.goto(f"{serveur}/gestion/acteurs/{slug}/historique")
    derniere = page.locator(".suivi-revision").first
    expect(derniere.locator(".suivi-qui")).to_contain_text("(proposition)")
    expect(derniere.locator("tbody tr")).to_have_count(1)
    expect(derniere.locator("tbody tr")).to_contain_text(re.compile("00 01.*00 66", re.DOTALL))
    visite.close()
    gestion.close()
