"""What a person waits for: bytes, requests and the time until markers are on the map."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from scripts.browser import ensure_chromium

DRAPEAUX = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MARQUEUR = ".leaflet-marker-icon:is(.carte-porte, .carte-zone, .carte-grappe)"


@dataclass(frozen=True, slots=True)
class Vue:
    """A first view with an empty cache. Bytes as they travelled, headers left out."""

    requetes: int
    octets: int
    liste_ms: float
    marqueurs_ms: float


def premiere_vue(port: int, *, essais: int = 5) -> Vue:
    """Open `/` `essais` times with an empty cache; medians, at 360 × 740."""
    vues = []
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(
            executable_path=str(ensure_chromium()), args=DRAPEAUX
        )
        for _ in range(essais):
            contexte = navigateur.new_context(viewport={"width": 360, "height": 740})
            page = contexte.new_page()
            depart = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
            page.wait_for_selector("#resultats li")
            liste = time.perf_counter() - depart
            page.wait_for_selector(MARQUEUR, state="attached")
            marqueurs = time.perf_counter() - depart
            page.wait_for_load_state("networkidle")
            octets = page.evaluate(
                "performance.getEntries().filter(e => 'encodedBodySize' in e)"
                # Tiles are somebody else's picture, and come when they come.
                ".filter(e => !e.name.includes('/tuiles/'))"
                ".map(e => e.encodedBodySize)"
            )
            vues.append(Vue(len(octets), sum(octets), liste * 1e3, marqueurs * 1e3))
            contexte.close()
        navigateur.close()
    return Vue(
        requetes=vues[-1].requetes,
        octets=vues[-1].octets,
        liste_ms=statistics.median(vue.liste_ms for vue in vues),
        marqueurs_ms=statistics.median(vue.marqueurs_ms for vue in vues),
    )
