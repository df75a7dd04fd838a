"""The map in somebody else's page, in a browser: every sandbox that a site may put around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from threading import Thread
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Page, expect
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests.hote import AILLEURS, ecouter
from tests.site import installation

pytest_plugins = ("tests.chromium",)

SEUL = "allow-scripts"
ONGLETS = "allow-scripts allow-popups"
SORTIE = "allow-scripts allow-top-navigation-by-user-activation"
BACS = (None, SEUL, ONGLETS, SORTIE)
CAS = [
    pytest.param(bac, js, id=f"{bac or 'sans bac'}, {'avec' if js else 'sans'} JavaScript")
    for bac, js in product(BACS, (True, False))
]
# What Chromium itself says of a way that the host closed; nothing else may be said.
REFUS = re.compile("frame attempting navigation|sandboxed|Unsafe attempt to initiate navigation")
MARQUEURS = ".leaflet-marker-icon:is(.carte-porte, .carte-zone, .carte-grappe)"

Encadrer = Callable[..., Page]


@pytest.fixture(scope="module")
def hote() -> Iterator[str]:
    with ecouter() as adresse:
        yield adresse


@pytest.fixture(scope="module")
def carte(
    base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory, hote: str
) -> Iterator[str]:
    """Our site, whose exit leads to a page of these tests."""
    app = installation(
        str(base_chargee.url), tmp_path_factory.mktemp("cadre"), sortie_url=hote + AILLEURS
    )
    serveur = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()


@pytest.fixture
def plaintes() -> list[str]:
    """What the console said and what was asked elsewhere."""
    return []


@pytest.fixture
def encadrer(navigateur: Browser, hote: str, carte: str, plaintes: list[str]) -> Iterator[Encadrer]:
    """Open somebody else's page around ours; nothing stored, asked elsewhere or complained of."""
    contextes: list[BrowserContext] = []

    def faire(
        bac: str | None = None, *, js: bool = True, chemin: str = "/integration/carte?version=1",
        largeur: int = 800,
    ) -> Page:  # fmt: skip
        contexte = navigateur.new_context(
            java_script_enabled=js, viewport={"width": 1000, "height": 600}
        )
        contextes.append(contexte)
        contexte.on("page", ecouter_page)
        page = contexte.new_page()
        attributs = {"src": carte + chemin, "width": str(largeur)}
        attributs |= {"sandbox": bac} if bac else {}
        page.goto(f"{hote}/?{urlencode(attributs)}")
        return page

    def ecouter_page(page: Page) -> None:
        page.on("console", lambda m: plaintes.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((carte, hote)) else plaintes.append(r.url),
        )

    yield faire
    for contexte in contextes:
        etat = contexte.storage_state()
        contexte.close()
        assert (etat["cookies"], etat["origins"]) == ([], [])
    assert [plainte for plainte in plaintes if not REFUS.search(plainte)] == []


def cadre_de(page: Page) -> FrameLocator:
    return page.frame_locator("#cadre")


def frame_de(page: Page) -> Frame:
    return page.frames[1]


# ── it shows, it answers ──


@pytest.mark.parametrize(("bac", "js"), CAS)
def test_the_map_or_the_list_shows_and_a_filter_works(
    encadrer: Encadrer, plaintes: list[str], bac: str | None, js: bool
) -> None:
    page = encadrer(bac, js=js, chemin="/integration/carte?version=1&liste=0")
    cadre = cadre_de(page)
    if js:
        expect(cadre.locator(MARQUEURS).first).to_be_visible()
        expect(cadre.locator(".carte-resume")).to_contain_text("services")
        cadre.get_by_role("link", name=re.compile("Voir la liste")).click()
    expect(cadre.locator(".resultat").first).to_be_visible()
    avant = cadre.locator("#bilan").text_content() or ""
    cadre.locator('[data-besoin="soins"]').click()
    expect(cadre.locator('[data-besoin="soins"]')).to_have_attribute("aria-current", "true")
    expect(cadre.locator("#bilan")).not_to_have_text(avant)
    expect(cadre.locator(".resultat", has_text="Centre").first).to_be_visible()
    expect(cadre.get_by_role("link", name="3919").first).to_be_visible()
    assert plaintes == []


@pytest.mark.parametrize("bac", BACS)
def test_a_place_can_be_typed_even_where_forms_are_forbidden(
    encadrer: Encadrer, plaintes: list[str], bac: str | None
) -> None:
    cadre = cadre_de(encadrer(bac))
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    cadre.locator("#lieu").fill("Mens")
    cadre.locator("#lieu").press("Enter")
    expect(cadre.locator("#bilan")).to_contain_text("Depuis Mens")
    expect(cadre.locator(".carte-repere")).to_have_attribute("title", re.compile("Mens"))
    cadre.locator("#lieu").fill("Vienne")
    cadre.get_by_role("button", name="Chercher").click()
    expect(cadre.locator("#bilan")).to_contain_text("Depuis Vienne")
    assert plaintes == []


def test_storage_is_out_of_reach_and_nothing_misses_it(encadrer: Encadrer) -> None:
    page = encadrer(SEUL)
    expect(cadre_de(page).locator(MARQUEURS).first).to_be_visible()
    assert frame_de(page).evaluate("self.origin") == "null"
    assert frame_de(page).evaluate("(() => { try { localStorage } catch (e) { return e.name } })()")


def test_what_has_no_meaning_leaves_the_map_in_place(encadrer: Encadrer) -> None:
    page = encadrer(SEUL, chemin="/integration/carte?type=BIDULE&zoom=99&centre=45.19,5.72")
    cadre = cadre_de(page)
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    expect(cadre.locator(".cadre__ecarts")).to_contain_text("« BIDULE »")
    centre = frame_de(page).evaluate(
        "(c => [c.lat.toFixed(2), c.lng.toFixed(2)])(cartographieCarte.carte.getCenter())"
    )
    assert centre == ["45.19", "5.72"]


# ── the way out ──


@pytest.mark.parametrize(("bac", "js"), CAS)
def test_the_exit_takes_the_window_away_or_blanks_the_frame(
    encadrer: Encadrer, hote: str, bac: str | None, js: bool
) -> None:
    page = encadrer(bac, js=js)
    cadre = cadre_de(page)
    if js:
        expect(cadre.locator(MARQUEURS).first).to_be_visible()
    cadre.get_by_role("link", name="Quitter vite").click()
    if bac in (None, SORTIE):
        page.wait_for_url(hote + AILLEURS)
        expect(page.get_by_text("Il fait beau")).to_be_visible()
        return
    if not js:
        cadre.get_by_role("link", name="Vider").click()
    expect(cadre.get_by_text("Ce cadre a été vidé.")).to_be_visible()
    expect(cadre.get_by_text("elle interdit qu’on la quitte d’ici")).to_be_visible()
    expect(cadre.get_by_text("3919")).to_have_count(0)
    assert page.url.startswith(hote + "/?")


def test_back_does_not_bring_the_page_back(encadrer: Encadrer, hote: str) -> None:
    page = encadrer()
    cadre = cadre_de(page)
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    cadre.get_by_role("link", name="Quitter vite").click()
    page.wait_for_url(hote + AILLEURS)
    page.go_back()
    assert not page.url.startswith(hote + "/?")


@pytest.mark.parametrize("bac", [None, SEUL])
def test_three_presses_of_shift_leave_too(encadrer: Encadrer, hote: str, bac: str | None) -> None:
    page = encadrer(bac)
    cadre = cadre_de(page)
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    cadre.locator("#lieu").click()
    for _ in range(3):
        page.keyboard.press("Shift")
    if bac is None:
        page.wait_for_url(hote + AILLEURS)
    else:
        expect(cadre.get_by_text("Ce cadre a été vidé.")).to_be_visible()


# ── towards other pages ──


@pytest.mark.parametrize("bac", [None, ONGLETS])
@pytest.mark.parametrize("depuis", ["liste", "carte"])
def test_a_record_opens_in_its_own_tab(encadrer: Encadrer, bac: str | None, depuis: str) -> None:
    page = encadrer(
        bac, chemin="/integration/carte?type=SANTE&lieu=La+Mure&centre=44.9066,5.7847&zoom=14"
    )
    cadre = cadre_de(page)
    lien = cadre.locator(".resultat[data-slug] h3 a").first
    if depuis == "carte":
        cadre.locator(".carte-porte").first.click()
        lien = cadre.locator(".carte-fiche-nom a").first
    nom = lien.text_content() or "?"
    with page.expect_popup() as onglet:
        lien.click()
    expect(onglet.value.locator("h1")).to_contain_text(nom)
    assert onglet.value.evaluate("window.opener") is None
    assert onglet.value.evaluate("document.referrer") == ""


@pytest.mark.parametrize("adresse", ["/", "/acteurs/aiv-grenoble", "/integration"])
def test_other_pages_are_not_shown_in_a_frame(
    encadrer: Encadrer, plaintes: list[str], adresse: str
) -> None:
    page = encadrer(chemin=adresse)
    page.wait_for_timeout(300)
    assert frame_de(page).url.startswith("chrome-error:")
    assert "frame-ancestors" in plaintes.pop()


# ── the host is left alone ──


@pytest.mark.parametrize("bac", BACS)
def test_the_host_keeps_its_focus_its_scroll_and_learns_the_height(
    encadrer: Encadrer, bac: str | None
) -> None:
    page = encadrer(bac, largeur=300)
    cadre = cadre_de(page)
    expect(cadre.locator(MARQUEURS).first).to_be_visible()
    expect(cadre.locator(".carte-resume")).to_contain_text("services")
    assert page.evaluate("document.activeElement.id") == "ici"
    assert page.evaluate("scrollY") == 0
    assert frame_de(page).evaluate("document.documentElement.scrollWidth") == 300
    avant = page.evaluate("hauteurs.at(-1)")
    assert avant["type"] == "cartographie:hauteur"
    cadre.locator(".cadre__recherche > summary").click()
    page.wait_for_timeout(200)
    apres = page.evaluate("hauteurs.at(-1)")
    assert set(apres) == {"type", "hauteur"}
    assert 0 < apres["hauteur"] < avant["hauteur"]


def test_a_jump_in_our_address_does_not_move_the_host(encadrer: Encadrer) -> None:
    page = encadrer(chemin="/integration/carte?version=1#groupe-recevoir", largeur=300)
    expect(cadre_de(page).locator(MARQUEURS).first).to_be_visible()
    assert page.evaluate("scrollY") == 0


def test_a_frame_as_high_as_it_says_needs_no_scroll_and_stops_growing(encadrer: Encadrer) -> None:
    page = encadrer(chemin="/integration/carte?liste=0&compact=1")
    expect(cadre_de(page).locator(".carte-resume")).to_contain_text("services")
    ajuster = "document.getElementById('cadre').height = hauteurs.at(-1).hauteur"
    for _ in range(3):
        hauteur = page.evaluate(ajuster)
        page.wait_for_timeout(150)
    assert page.evaluate("hauteurs.at(-1).hauteur") == hauteur
    assert frame_de(page).evaluate(
        "document.documentElement.scrollHeight <= document.documentElement.clientHeight + 1"
    )


@pytest.mark.parametrize("bac", [None, SEUL])
def test_showing_a_line_of_the_list_moves_the_frame_never_the_host(
    encadrer: Encadrer, bac: str | None
) -> None:
    page = encadrer(
        bac,
        chemin="/integration/carte?type=SANTE&liste=0&lieu=La+Mure&centre=44.9066,5.7847&zoom=14",
        largeur=600,
    )
    cadre = cadre_de(page)
    cadre.locator(".carte-porte").first.click()
    avant = page.evaluate("scrollY")
    cadre.get_by_role("button", name="Voir dans la liste").click()
    expect(cadre.locator(".resultat--choisi")).to_be_in_viewport()
    page.wait_for_timeout(600)
    assert page.evaluate("scrollY") == avant


# ── the page that writes the code ──


def test_the_builder_follows_each_choice_without_reload(
    navigateur: Browser, carte: str, plaintes: list[str]
) -> None:
    contexte = navigateur.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = contexte.new_page()
    page.on("console", lambda m: plaintes.append(m.text))
    page.goto(carte + "/integration")
    apercu = page.frame_locator("#apercu")
    expect(apercu.locator(MARQUEURS).first).to_be_visible()
    historique = page.evaluate("history.length")
    page.locator("#type").select_option("SANTE")
    page.locator("#titre").fill("Se soigner")
    expect(page.locator("#code")).to_have_value(re.compile("type=SANTE&amp;.*titre=Se"))
    expect(apercu.locator(".cadre__titre")).to_have_text("Se soigner")
    apercu.get_by_role("button", name="Agrandir la carte").click()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Reprendre la vue de l’aperçu").click()
    expect(page.locator("#code")).to_have_value(
        re.compile(r"centre=4\d\.\d+%2C5\.\d+&amp;zoom=1?\d")
    )
    page.get_by_role("button", name="Copier le code").click()
    expect(page.locator("#copie")).to_have_text("Code copié.")
    copie = page.evaluate("navigator.clipboard.readText()")
    assert copie.startswith("<iframe src=")
    assert copie.endswith("</iframe>")
    assert page.evaluate("history.length") == historique
    assert "type=SANTE" in page.url
    contexte.close()
    assert plaintes == []


def test_the_builder_works_without_javascript(navigateur: Browser, carte: str) -> None:
    contexte = navigateur.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.goto(carte + "/integration")
    page.locator("#lieu").fill("Vienne")
    page.get_by_role("button", name="Mettre à jour").click()
    expect(page.locator("#code")).to_have_value(re.compile("lieu=Vienne"))
    apercu = page.frame_locator("#apercu")
    expect(apercu.locator("#bilan")).to_contain_text("Depuis Vienne")
    expect(apercu.locator(".resultat").first).to_be_visible()
    contexte.close()
