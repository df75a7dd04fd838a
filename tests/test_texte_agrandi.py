"""Text twice as large, and spaced as some readers need it: nothing is cut, nothing overflows."""

from __future__ import annotations

import pytest

from tests.navigateur import Ouvrir

pytest_plugins = ["tests.chromium", "tests.visite"]

# WCAG 1.4.12.
ESPACE = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
    " word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"
)
# WCAG 1.4.4: the text alone, not the page.
DOUBLE = ":root { font-size: 200% !important; }"
PAGES = (
    "/?lieu=38185", "/acteurs/osj-le-relais-grenoble", "/acteurs/osj-le-relais-grenoble/signaler",
    "/objectifs/2022-2024/22", "/couverture", "/integration/carte?lieu=La+Mure",
    "/mentions-legales",
)  # fmt: skip
# A sheet made by a script: the page's policy lets no other in.
HABILLER = """(regles) => {
  const feuille = new CSSStyleSheet();
  feuille.replaceSync(regles);
  document.adoptedStyleSheets = [feuille];
}"""
AILLEURS = ".carte-cadre, .fr-sr-only, .evitement, .accueil__titre, .signaler__machine"
# Words of which a part is neither seen nor reached by scrolling. What is hidden on purpose for
# readers of screens, the map and what scrolls are left aside.
COUPES = """(ailleurs) => [...document.querySelectorAll("body *")].filter((e) => {
  if (!e.checkVisibility() || !e.textContent.trim()) return false;
  if (e.closest(`${ailleurs}, svg`)) return false;
  const style = getComputedStyle(e);
  const coupe = (axe) => ["hidden", "clip"].includes(style[`overflow${axe}`]);
  return (coupe("X") && e.scrollWidth > e.clientWidth + 2)
    || (coupe("Y") && e.scrollHeight > e.clientHeight + 2);
}).map((e) => `${e.className} : ${e.textContent.trim().slice(0, 60)}`)"""


@pytest.mark.parametrize("regles", [ESPACE, DOUBLE], ids=["espacé", "double"])
def test_nothing_is_lost_when_text_grows(visiter: Ouvrir, regles: str) -> None:
    largeurs = (1280, 360) if regles == ESPACE else (1280,)
    fautes = []
    for chemin in PAGES:
        page = visiter(chemin, viewport={"width": 1280, "height": 900})
        page.evaluate(HABILLER, regles)
        for largeur in largeurs:
            page.set_viewport_size({"width": largeur, "height": 900})
            debord = page.evaluate("document.documentElement.scrollWidth") - largeur
            fautes += [f"{chemin} {largeur} : dépasse de {debord}"] if debord > 0 else []
            fautes += [f"{chemin} {largeur} : {coupe}" for coupe in page.evaluate(COUPES, AILLEURS)]
        page.close()
    assert fautes == []
