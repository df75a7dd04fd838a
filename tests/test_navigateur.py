"""In a real browser: the exit works, nothing leaves the site, and nothing is needed but links."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.navigateur import Ouvrir, attendre
from tests.site import SORTIE, TELEPHONE

pytest_plugins = ["tests.chromium", "tests.visite"]

TRACES = """async () => ({
  local: localStorage.length, session: sessionStorage.length,
  bases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  ouvriers: (await navigator.serviceWorker.getRegistrations()).length,
  cookies: document.cookie, violations: window.violations,
})"""
RIEN = {
    "local": 0, "session": 0, "bases": 0, "caches": 0, "ouvriers": 0, "cookies": "",
    "violations": [],
}  # fmt: skip


def chemin(page: Page) -> str:
    return re.sub("^https?://[^/]+", "", page.url)


def test_after_every_control_was_used_nothing_was_kept_or_asked_elsewhere(
    visiter: Ouvrir,
) -> None:
    page = visiter("/", viewport={"width": 1280, "height": 900})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for code in page.locator("[data-besoin]").evaluate_all("es => es.map(e => e.dataset.besoin)"):
        page.locator(f'[data-besoin="{code}"]').click()
        expect(page.locator(f'[data-besoin="{code}"]')).to_have_attribute("aria-current", "true")
    page.locator('[data-besoin="parler"]').click()
    page.get_by_label("Commune ou code postal").fill("la mu")
    page.get_by_role("option", name="La Mure (38350)").click()
    expect(page.locator("#bilan")).to_contain_text("Depuis La Mure")
    page.get_by_text("Plus de filtres").click()
    for nom in page.locator(".filtres select").evaluate_all("es => es.map(e => e.name)"):
        liste = page.locator(f"select[name={nom}]")
        if liste.locator("option").count() > 1:
            liste.select_option(index=1)
            expect(page).to_have_url(re.compile(f"{nom}="))
            page.locator(f"select[name={nom}]").select_option(index=0)
            expect(page).not_to_have_url(re.compile(f"{nom}="))
    page.get_by_label("Masquer ce qui est fermé").check(force=True)
    expect(page).to_have_url(re.compile("ouvert=1"))
    page.get_by_label("Nom, sigle ou mot").fill("accueil")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator(".actifs")).to_contain_text("« accueil »")
    page.locator(".actifs a").first.click()
    for bouton in page.locator(".carte-cadre button, .carte-cadre .leaflet-bar a").all():
        bouton.click()
        page.keyboard.press("Escape")  # out of full screen, when it was that button
    for marqueur in page.locator(".leaflet-marker-icon").all()[:3]:
        marqueur.dispatch_event("click")
    for resume in page.locator("summary").all():
        resume.click()
    assert page.evaluate(TRACES) == RIEN
    page.locator(".resultat h3 a").first.click()
    page.get_by_role("button", name="Copier les coordonnées").click()
    expect(page.locator("#copie")).to_have_text("Coordonnées copiées.")
    assert page.evaluate(TRACES) == RIEN
    for pied in ("Objectifs du protocole", "Données personnelles", "Mentions légales"):
        page.locator(".pied").get_by_role("link", name=pied).click()
        assert page.evaluate(TRACES) == RIEN


def test_without_javascript_every_control_works(visiter: Ouvrir, adresse: str) -> None:
    page = visiter("/", java_script_enabled=False, viewport=TELEPHONE)
    for code in page.locator("[data-besoin]").evaluate_all("es => es.map(e => e.dataset.besoin)"):
        page.locator(f'[data-besoin="{code}"]').click()
        expect(page.locator(f'[data-besoin="{code}"]')).to_have_attribute("aria-current", "true")
    page.locator('[data-besoin="abri"]').click()
    page.get_by_label("Commune ou code postal").fill("la mure")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator("#bilan")).to_contain_text("Depuis La Mure")
    assert "besoin=abri" in page.url
    page.get_by_text("Plus de filtres").click()
    page.get_by_label("Distance").select_option("50")
    page.get_by_label("Masquer ce qui est fermé").check(force=True)
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator(".actifs a")).to_have_count(2)
    page.goto(f"{adresse}/?lieu=Grenoble")
    premiers = page.locator("#groupe-recevoir .resultat").count()
    page.locator("#groupe-recevoir .groupe__suite a").click()
    assert page.locator("#groupe-recevoir .resultat").count() > premiers
    expect(page.locator(".carte-sans-script")).to_be_visible()
    page.locator(".resultat h3 a").first.click()
    expect(page.locator("#actions")).to_be_hidden()
    page.locator("#quitter").click()
    page.wait_for_url(SORTIE)


@pytest.mark.parametrize("depart", ["clic", "clavier", "evitement"])
def test_the_exit_replaces_the_page_so_that_back_does_not_bring_it_again(
    visiter: Ouvrir, depart: str
) -> None:
    page = visiter("/mentions-legales")
    page.goto(page.url.replace("/mentions-legales", "/acteurs/aiv-grenoble"))
    if depart == "clic":
        page.locator("#quitter").click()
    elif depart == "clavier":
        for _ in range(3):
            page.keyboard.press("Shift")
    else:
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator(".fr-skiplinks a").nth(1)).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.locator("#quitter").press("Enter")
    page.wait_for_url(SORTIE)
    page.go_back()
    expect(page).to_have_title(re.compile("Mentions légales"))


def test_the_screen_is_blank_before_the_other_site_answers(visiter: Ouvrir) -> None:
    page = visiter("/acteurs/aiv-grenoble")
    affichage, titre = page.evaluate(
        """() => {
          document.getElementById("quitter").click();
          return [getComputedStyle(document.body).display, document.title];
        }"""
    )
    assert (affichage, titre.strip("\u200b")) == ("none", "")
    page.wait_for_url(SORTIE)


def test_capitals_and_slow_presses_do_not_leave(visiter: Ouvrir) -> None:
    page = visiter("/")
    page.get_by_label("Commune ou code postal").click()
    for lettre in "LMG":
        page.keyboard.press(f"Shift+{lettre}")
    for _ in range(2):
        page.keyboard.press("Shift")
    page.wait_for_timeout(5_200)
    page.keyboard.press("Shift")
    page.wait_for_timeout(200)
    assert chemin(page) == "/"


def test_a_filter_acts_without_reload_and_adds_no_history_entry(visiter: Ouvrir) -> None:
    page = visiter("/?lieu=38269", viewport={"width": 1280, "height": 900})
    page.evaluate("window.temoin = 1")
    avant = page.evaluate("history.length")
    page.locator('[data-besoin="abri"]').click()
    expect(page.locator('[data-besoin="abri"]')).to_have_attribute("aria-current", "true")
    expect(page.locator('[data-besoin="abri"]')).to_be_focused()
    assert chemin(page).split("#")[0] == "/?lieu=38269&besoin=abri"
    expect(page.locator("#annonce")).to_have_text(page.locator("#bilan").inner_text())
    page.get_by_text("Plus de filtres").click()
    page.get_by_label("Classement").select_option("distance")
    expect(page).to_have_url(re.compile("tri=distance"))
    expect(page.locator(".filtres")).to_have_attribute("open", "")
    assert page.evaluate("[window.temoin, history.length]") == [1, avant]
    noms = page.locator(".resultat h3").all_inner_texts()
    page.reload()
    assert page.locator(".resultat h3").all_inner_texts() == noms


def test_what_is_wrong_is_shown_without_reload_too(adresse: str, navigateur: Browser) -> None:
    # Outside `visiter`: the browser itself notes a 400 in its console.
    page = navigateur.new_page()
    page.goto(adresse)
    page.get_by_label("Commune ou code postal").fill("38350")
    page.keyboard.press("Enter")
    expect(page.locator("#lieu-erreur")).to_contain_text("plusieurs communes")
    expect(page.get_by_label("Commune ou code postal")).to_have_value("38350")
    page.locator("#lieu-erreur").get_by_text("Susville").click()
    expect(page.locator("#bilan")).to_contain_text("Depuis Susville")
    page.get_by_label("Commune ou code postal").fill("12 rue des Alpes, 38350 La Mure")
    page.keyboard.press("Enter")
    expect(page.locator("#resultats")).to_contain_text("Nous n’avons gardé que la commune")
    assert "Alpes" not in page.url
    expect(page.get_by_label("Commune ou code postal")).not_to_have_value(re.compile("Alpes"))
    page.close()


def test_back_from_a_record_finds_the_same_list_at_the_same_place(visiter: Ouvrir) -> None:
    page = visiter("/?lieu=38185", viewport=TELEPHONE)
    page.locator('[data-besoin="soins"]').click()
    expect(page).to_have_url(re.compile("besoin=soins"))
    lien = page.locator("#groupe-recevoir .resultat h3 a").nth(8)
    lien.scroll_into_view_if_needed()
    hauteur = page.evaluate("scrollY")
    lien.click()
    page.wait_for_url(re.compile("/acteurs/"))
    page.get_by_role("link", name="Retour à la liste").click()
    expect(page).to_have_url(re.compile(r"/\?lieu=38185&besoin=soins"))
    attendre(page, f"Math.abs(scrollY - {hauteur}) < 4")
    expect(page.locator('[data-besoin="soins"]')).to_have_attribute("aria-current", "true")


def test_the_commune_is_completed_with_the_keyboard(visiter: Ouvrir) -> None:
    page = visiter("/")
    champ = page.get_by_role("combobox", name="Commune ou code postal")
    champ.fill("villard")
    expect(champ).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    choisie = page.locator('#lieu-choix [aria-selected="true"]')
    expect(champ).to_have_attribute("aria-activedescendant", choisie.get_attribute("id") or "?")
    page.keyboard.press("Escape")
    expect(champ).to_have_attribute("aria-expanded", "false")
    expect(champ).to_have_value("villard")
    champ.press_sequentially("-de-l")
    expect(page.locator("#lieu-choix li")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#bilan")).to_contain_text("Depuis Villard-de-Lans")
    expect(page.get_by_role("combobox", name="Commune ou code postal")).to_be_focused()


def test_what_is_copied_and_what_is_printed_is_enough_to_join(visiter: Ouvrir) -> None:
    page = visiter("/acteurs/osj-le-relais-grenoble")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    numero = page.locator(".fiche .appel").first.inner_text().split("\n")[-1].strip()
    page.get_by_role("button", name="Copier les coordonnées").click()
    expect(page.locator("#copie")).to_have_text("Coordonnées copiées.")
    copie = page.evaluate("navigator.clipboard.readText()")
    assert page.locator("h1").inner_text().split(" (")[0] in copie
    assert numero.replace("Appeler le ", "") in copie
    page.emulate_media(media="print")
    expect(page.locator("#remise")).to_be_visible()
    expect(page.locator("#remise")).to_contain_text(numero.replace("Appeler le ", ""))
    for cache in (".entete", ".urgences", ".fiche", ".pied"):
        expect(page.locator(cache)).to_be_hidden()
