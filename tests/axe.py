"""axe-core in a page, in a world of its own: the page's policy allows no script from elsewhere.

The debugger's protocol makes that world. Nothing of it is seen by the page, and axe is served by
nobody: it is read from where the assets are built.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from scripts.assets import CACHE
from scripts.npm import install_packages
from tests.navigateur import attendre

# WCAG 2.0 to 2.2, A and AA, and what axe calls best practices.
REGLES = (
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
)  # fmt: skip
# Of WCAG 2.2, but axe leaves it out unless it is named.
CIBLES = "target-size"
# Four things that axe sees and that are not so:
# - markers of a map may lie over each other: each has its line in the list, which is the exception
#   of criterion 2.5.8 (test_carte_liste holds it);
# - what is cut by a bar that stays is small only there: it is looked at again in the middle;
# - over the whole page the map stands before the rest, which waits with its heading;
# - with forced colours it reads the author's colour of a text (`-webkit-text-fill-color`), which is
#   not the one that is drawn.
REGARDER = """async (options, cibles) => {
  const forcees = matchMedia("(forced-colors: active)").matches;
  const vrai = {
    [cibles]: async (element) => {
      if (element.matches(".leaflet-marker-icon")) return false;
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const seule = { ...options, runOnly: { type: "rule", values: [cibles] } };
      return (await axe.run(element, seule)).violations.length > 0;
    },
    "page-has-heading-one": async () => !document.querySelector(".carte-plein-ecran"),
    "color-contrast": async (element) =>
      !forcees || getComputedStyle(element).forcedColorAdjust !== "auto",
  };
  const trouve = (await axe.run(document, options)).violations;
  const ou = { left: scrollX, top: scrollY, behavior: "instant" };
  for (const violation of trouve) {
    const juge = vrai[violation.id];
    if (!juge) continue;
    const restent = [];
    for (const noeud of violation.nodes) {
      const element = document.querySelector(noeud.target[0]);
      // The map may have drawn its markers again meanwhile: what is gone is no fault.
      if (element && (await juge(element))) restent.push(noeud);
    }
    violation.nodes = restent;
  }
  scrollTo(ou);
  return trouve;
}"""


@cache
def node_modules() -> Path:
    """The packages of the lock: there already when the assets are."""
    return install_packages(CACHE / "npm", CACHE / "npm-neuf")


@cache
def _source() -> str:
    return (node_modules() / "axe-core" / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds in the page as it is now: a rule, and where, one a line.

    Frames are not entered: the page that a frame shows is looked at by itself. What fades in is
    waited for: half way it has other colours.
    """
    attendre(page, "document.getAnimations().every((a) => a.playState !== 'running')")
    session = page.context.new_cdp_session(page)
    try:
        monde = _monde(session)
        options = {
            "runOnly": {"type": "tag", "values": REGLES},
            "rules": {CIBLES: {"enabled": True}},
            "resultTypes": ["violations"],
            "iframes": False,
            "preload": False,  # no rule of these reads the sheets again
        }
        arguments = ", ".join(map(json.dumps, (options, CIBLES)))
        trouve = _evaluer(session, monde, f"({REGARDER})({arguments})")
    finally:
        session.detach()
    return [
        f"{v['id']} : {' '.join(map(str, n['target']))} — {n['html'][:160]} — {_pourquoi(n)}"
        for v in trouve
        for n in v["nodes"]
    ]


def _monde(session: CDPSession) -> int:
    cadre = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    monde = session.send("Page.createIsolatedWorld", {"frameId": cadre, "worldName": "axe"})
    contexte: int = monde["executionContextId"]
    session.send("Runtime.evaluate", {"expression": _source(), "contextId": contexte})
    return contexte


def _evaluer(session: CDPSession, contexte: int, expression: str) -> Any:  # noqa: ANN401
    reponse = session.send(
        "Runtime.evaluate",
        {
            "expression": expression,
            "contextId": contexte,
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    assert "exceptionDetails" not in reponse, reponse
    return reponse["result"]["value"]


def _pourquoi(noeud: dict[str, Any]) -> str:
    causes = [*noeud["any"], *noeud["all"], *noeud["none"]]
    return " ; ".join(str(cause["message"]) for cause in causes)[:240]
