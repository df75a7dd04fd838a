"""axe-core finds nothing on any page: at two widths here, in every mode in the long proofs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from mimetypes import guess_type
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route

from cartographie.config import RACINE
from cartographie.referentiel import Referentiel
from cartographie.web.panne import PAGES, write_pages
from tests.axe import violations
from tests.preuves import Preuve
from tests.site import SORTIE
from tests.vues import Vue
from tests.vues_ecran import Ecran
from tests.vues_monde import Monde

pytest_plugins = ("tests.chromium", "tests.vues_essais")

VUES, VIOLATIONS = "pages × états relues par axe", "violations"
ROLES = ("", "editeur", "administrateur")
LARGE = {"width": 1280, "height": 900}
TELEPHONE = {"width": 360, "height": 740}
# A page of 1280 × 1024 pixels enlarged to 400 % has this left.
AGRANDI = {"width": 320, "height": 256}
MODES: dict[str, dict[str, Any]] = {
    "1280": {"viewport": LARGE},
    "360": {"viewport": TELEPHONE},
    "320, à 400 %": {"viewport": AGRANDI},
    "sombre": {"viewport": LARGE, "color_scheme": "dark"},
    "sombre, 360": {"viewport": TELEPHONE, "color_scheme": "dark"},
    "couleurs forcées": {"viewport": LARGE, "forced_colors": "active"},
    "couleurs forcées, sombre": {
        "viewport": TELEPHONE, "forced_colors": "active", "color_scheme": "dark",
    },
    "sans mouvement": {"viewport": LARGE, "reduced_motion": "reduce"},
    "sans script": {"viewport": TELEPHONE, "script": False},
}  # fmt: skip
# What is a frame of another page; and what the server in front shows, which has its own test.
MORCEAUX = {"base.html", "gestion/base.html", "panne.html"}


def regarder(
    ecran: Ecran,
    navigateur: Browser,
    options: Mapping[str, Any],
    lesquelles: Sequence[Vue],
    aussi: Sequence[Mapping[str, int]] = (),
) -> Iterator[str]:
    """What axe says of these pages under these options, then at other sizes."""
    script = options.get("script", True)
    reglages = {nom: valeur for nom, valeur in options.items() if nom != "script"}
    for role in ROLES:
        with ecran.contexte(navigateur, role, **reglages) as contexte:
            page = contexte.new_page()
            for vue in lesquelles:
                if vue.role != role or (vue.geste and not script):
                    continue
                page.set_viewport_size(options["viewport"])
                ecran.montrer(page, vue, script=script)
                yield from (f"{vue.nom} : {v}" for v in violations(page))
                for taille in aussi:
                    page.set_viewport_size(taille)  # type: ignore[arg-type]
                    yield from (f"{vue.nom}, {taille} : {v}" for v in violations(page))


def une_par_page(toutes: Sequence[Vue]) -> list[Vue]:
    """The first state of each address: what nobody did anything on."""
    premieres: dict[str, Vue] = {}
    for vue in toutes:
        if vue.html is None and vue.geste is None:
            premieres.setdefault(vue.chemin.partition("?")[0], vue)
    return list(premieres.values())


def test_every_page_is_looked_at(monde: Monde, toutes: list[Vue], rendus: set[str]) -> None:
    # A template that is added has to be shown to axe: see `tests/vues.py`.
    for vue in toutes:
        if vue.html is None:
            assert monde.qui(vue.role).get(vue.chemin).status_code == vue.statut, vue.nom
    dossier = RACINE / "templates"
    pages = {str(f.relative_to(dossier)) for f in dossier.rglob("*.html") if f.name[0] != "_"}
    assert pages - MORCEAUX - rendus == set()


def test_axe_finds_nothing_on_any_page(ecran: Ecran, navigateur: Browser, preuve: Preuve) -> None:
    pages = une_par_page(ecran.vues)
    trouve = list(regarder(ecran, navigateur, {"viewport": LARGE}, pages, [TELEPHONE]))
    preuve(VUES, 2 * len(pages), VIOLATIONS, len(trouve))
    assert trouve == []


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_in_any_state_or_mode(
    ecran: Ecran, navigateur: Browser, mode: str, preuve: Preuve
) -> None:
    trouve = list(regarder(ecran, navigateur, MODES[mode], ecran.vues))
    preuve(VUES, len(ecran.vues), VIOLATIONS, len(trouve))
    assert trouve == []


@pytest.mark.parametrize("couleurs", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_failure(
    navigateur: Browser, referentiel: Referentiel, couleurs: Literal["light", "dark"]
) -> None:
    fichiers = write_pages(referentiel.numeros, SORTIE)

    def servir(route: Route) -> None:
        chemin = urlsplit(route.request.url).path.lstrip("/")
        route.fulfill(body=fichiers[chemin], content_type=guess_type(chemin)[0])

    with navigateur.new_context(color_scheme=couleurs) as contexte:
        contexte.route("**/*", servir)
        page = contexte.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        for nom in PAGES:
            page.goto(f"http://carte.exemple.fr/panne/{nom}")
            assert violations(page) == []


def test_axe_is_really_there(ecran: Ecran, navigateur: Browser) -> None:
    """The proof must be able to fail: a page with four faults has four."""
    fautes = (
        "<title>x</title><h1>x</h1><main><img src='data:,'><input id='a'>"
        "<p style='color:#aaa;background:#fff'>gris</p>"
        "<button style='width:9px;height:9px;padding:0'>a</button>"
        "<button style='width:9px;height:9px;padding:0'>b</button></main>"
    )
    with ecran.contexte(navigateur, "") as contexte:
        page = contexte.new_page()
        page.set_content(f"<!doctype html><html lang='fr'>{fautes}</html>")
        regles = {v.split(" : ")[0] for v in violations(page)}
    assert {"image-alt", "label", "color-contrast", "target-size"} <= regles
