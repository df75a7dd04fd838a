"""All the texts in a real browser: nothing runs, nothing is asked elsewhere, nothing is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route
from werkzeug.serving import make_server

from cartographie.web.gestion.sessions import NOM
from tests.injection.lecteurs import plat
from tests.injection.monde import Monde
from tests.injection.textes import CANARI
from tests.navigateur import attendre
from tests.preuves import Preuve
from tests.visite import ESPION

pytest_plugins = ("tests.chromium",)

ENSEMBLE = (
    "/?type=LEAO", "/annuaire?type=LEAO", "/integration/carte?type=LEAO",
    "/couverture?type=LEAO", "/gestion?type=LEAO", "/gestion/propositions",
)  # fmt: skip
AUTRES = (
    "/?type=LEAO&page=2", "/objectifs/2022-2024/2", "/acteurs/zone-02", "/gestion/comptes",
    "/ogc/collections/acteurs/items?f=html&limit=100", "/gestion/rappels", "/gestion/bilan/2023",
    "/gestion/objectifs/2022-2024",
)  # fmt: skip
PAR_FICHE = (
    "/acteurs/{}", "/gestion/acteurs/{}", "/acteurs/{}/signaler", "/gestion/acteurs/{}/historique"
)  # fmt: skip
# A page without our policy, which frames ours.
HOTE = "/page-d-un-hote"
ELEMENT = (
    '<!doctype html><html lang="fr"><title>Hôte</title>'
    '<script src="{0}/static/cartographie-acteurs-1.js" defer></script>'
    '<cartographie-acteurs type="LEAO" titre="{1}"><a href="{0}/">La carte</a>'
    "</cartographie-acteurs></html>"
)
# Every popup that the map can open, one after the other; what they say.
BULLES = """() => {
  const dits = [];
  const voir = (couche) => {
    if (couche.getLayers) couche.getLayers().forEach(voir);
    if (!couche.getPopup || !couche.getPopup()) return;
    const contenu = couche.getPopup().getContent();
    const element = typeof contenu === "function" ? contenu(couche) : contenu;
    document.querySelector("main").append(element);
    dits.push(element.textContent, couche.options.nom ?? "");
    element.remove();
  };
  cartographieCarte.carte.eachLayer(voir);
  return dits;
}"""


@dataclass
class Ecoute:
    """The site as a browser meets it, and what went wrong there."""

    adresse: str
    contexte: BrowserContext
    fautes: list[str] = field(default_factory=list)
    pages: int = 0

    def ouvrir(self, chemin: str) -> Page:
        """Go there; whatever would be a fault is written down."""
        page = self.contexte.new_page()
        page.on("console", lambda m: self.fautes.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda erreur: self.fautes.append(str(erreur)))
        page.on("dialog", self.refuser)
        page.goto(chemin if "://" in chemin else self.adresse + chemin)
        self.pages += 1
        return page

    def refuser(self, dialogue: Dialog) -> None:
        """A box that asks something: none of our pages opens one."""
        self.fautes.append(f"dialog: {dialogue.message}")
        dialogue.dismiss()

    def fermer(self, page: Page) -> None:
        """Ask the page, and each frame in it, whether anything ran; then close it."""
        for cadre in page.frames:
            if cadre.evaluate(f"window.{CANARI}") is not None:
                self.fautes.append(f"run in {cadre.url}")
            self.fautes.extend(cadre.evaluate("window.violations ?? []"))
        page.close()


@pytest.fixture(scope="module")
def ecoute(monde: Monde, navigateur: Browser) -> Iterator[Ecoute]:
    """Somebody signed in, whose every request elsewhere is a fault."""
    serveur = make_server("127.0.0.1", 0, monde.gestion.app, threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    adresse = f"http://127.0.0.1:{serveur.server_port}"
    contexte = navigateur.new_context(locale="fr-FR", service_workers="block")
    cookie = monde.administrateur.client.get_cookie(NOM)
    assert cookie is not None
    contexte.add_cookies([{"name": NOM, "value": cookie.value, "url": adresse}])
    contexte.add_init_script(ESPION)
    ici = Ecoute(adresse, contexte)
    titre = next(iter(monde.textes.values())).replace('"', "&quot;")

    def surveiller(route: Route) -> None:
        if route.request.url == adresse + HOTE:
            corps = ELEMENT.format(adresse, titre)
            route.fulfill(body=corps, content_type="text/html; charset=utf-8")
        elif route.request.url.startswith(f"{adresse}/"):
            route.continue_()
        else:
            ici.fautes.append(f"asked for {route.request.url}")
            route.abort()

    contexte.route("**/*", surveiller)
    yield ici
    contexte.close()
    serveur.shutdown()


def montrer(ecoute: Ecoute, chemins: Iterable[str]) -> None:
    for chemin in chemins:
        page = ecoute.ouvrir(chemin)
        page.mouse.move(300, 300)
        page.keyboard.press("Tab")
        ecoute.fermer(page)


def check(ecoute: Ecoute, preuve: Preuve, textes: int) -> None:
    preuve("textes × écrans", ecoute.pages * textes, "exécutions", len(ecoute.fautes))
    fautes, ecoute.fautes, ecoute.pages = ecoute.fautes, [], 0
    assert fautes == []


def test_nothing_runs_on_any_page(ecoute: Ecoute, monde: Monde, preuve: Preuve) -> None:
    slugs = list(monde.textes)
    siennes = (PAR_FICHE[rang % 2].format(slug) for rang, slug in enumerate(slugs[1:4]))
    montrer(ecoute, (*ENSEMBLE, *siennes))
    check(ecoute, preuve, len(slugs))


def test_each_popup_of_the_map_says_the_text_and_runs_nothing(
    ecoute: Ecoute, monde: Monde, preuve: Preuve
) -> None:
    page = ecoute.ouvrir("/?type=LEAO")
    page.wait_for_selector("path.carte-communes", state="attached")
    attendre(page, "document.querySelectorAll('.leaflet-marker-icon').length > 0")
    dits = plat(" ".join(page.evaluate(BULLES)))
    ecoute.fermer(page)
    absents = [slug for slug, saisie in monde.pieges.items() if plat(saisie.nom) not in dits]
    check(ecoute, preuve, len(monde.textes))
    assert absents == []


def test_nothing_runs_in_a_page_that_frames_ours(
    ecoute: Ecoute, monde: Monde, preuve: Preuve
) -> None:
    page = ecoute.ouvrir(HOTE)
    cadre = page.frame_locator("cartographie-acteurs iframe")
    cadre.locator(".resultat").first.wait_for(state="attached")
    dits = plat(cadre.locator("body").evaluate("(corps) => corps.textContent"))
    assert sum(plat(saisie.nom) in dits for saisie in monde.pieges.values()) >= 10
    ecoute.fermer(page)
    check(ecoute, preuve, len(monde.textes))


def test_what_would_run_is_seen(ecoute: Ecoute, monde: Monde) -> None:
    """The control of these proofs: a text written as markup is caught, in each way it could run."""
    for slug in ("piege-02", "piege-03", "piege-04"):
        texte = json.dumps(monde.textes[slug])
        page = ecoute.ouvrir("/mentions-legales")
        page.evaluate(f"document.querySelector('main').insertAdjacentHTML('beforeend', {texte})")
        page.wait_for_timeout(100)
        ecoute.fermer(page)
    page = ecoute.ouvrir("/mentions-legales")
    page.evaluate(f"window.{CANARI} = 1")
    ecoute.fermer(page)
    fautes, ecoute.fautes, ecoute.pages = ecoute.fautes, [], 0
    assert any("script-src" in faute for faute in fautes)  # refused by the policy, and told
    assert any("/x" in faute or "404" in faute for faute in fautes)
    assert any(faute.startswith("run in") for faute in fautes)


@pytest.mark.long
def test_nothing_runs_on_any_page_of_any_record(
    ecoute: Ecoute, monde: Monde, preuve: Preuve
) -> None:
    adresses = (modele.format(slug) for modele in PAR_FICHE for slug in monde.textes)
    montrer(ecoute, (*AUTRES, *adresses, *monde.partenaires.values()))
    check(ecoute, preuve, 1)
