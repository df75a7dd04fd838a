"""What a person waits for, in a real browser: bytes, requests, markers, smooth frames, a filter.

Each figure is the median of several navigations with an empty cache, after one that is left out.
Times are milliseconds since the navigation; a round is one context of its own.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from cartographie.config import RACINE
from cartographie.referentiel import Referentiel
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
OBSERVER = (Path(__file__).parent / "observer.js").read_text("utf-8")
TELEPHONE = {"width": 360, "height": 740}
BUREAU = {"width": 1280, "height": 900}
ATTENTE_S = 120.0
# Clicked in turn, so that each question differs from the one before.
BESOINS = ("soins", "droits", "parler")
# Seconds until markers, measured on two cores with the same records.
UMAP_S = {150: 1.6, 3_000: 3.4, 30_000: 21.0}
# From here on every record is asked for: by default a page shows who answers to « parler ».
PETIT = 150
TYPES = Referentiel.load(RACINE / "data").vocabulaire.types
TOUT = "/?" + "&".join(f"type={code}" for code in TYPES)
# A frame that misses more than this of its turn is a task that blocks (Total Blocking Time).
TACHE_MS = 50.0


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line and a processor, as DevTools and Lighthouse slow them down.

    `latence_ms` is added to every request, `debit` is bytes a second in both ways (0: as it is).
    """

    nom: str
    latence_ms: float = 0.0
    debit: float = 0.0
    ralenti: float = 1.0


SUR_PLACE = Ligne("sur place")
# Lighthouse's own figures for "slow 4G" and "regular 3G", applied request by request.
LIGNES = (
    Ligne("4G lente, processeur ÷ 4", 562.5, 1_600 * 1_024 / 8 * 0.9, 4.0),
    Ligne("3G, processeur ÷ 4", 1_125.0, 700 * 1_024 / 8 * 0.9, 4.0),
)


@dataclass(frozen=True, slots=True)
class Vue:
    """A first view with an empty cache. Bytes as they travelled, headers and tiles left out.

    `marqueurs_ms`: since the navigation where the map is in sight, else since the tap that shows
    it, which is then measured apart from all the rest. `regulier_ms`: when ten frames in a row
    were on time after the markers, or after the list. `blocage_ms`: what long tasks held back
    beyond 50 ms each. `tas_mo`: what scripts hold, arrays included.
    """

    requetes: int
    octets: int
    liste_ms: float
    marqueurs_ms: float
    regulier_ms: float
    lcp_ms: float
    blocage_ms: float
    decalage: float
    plus_longue_tache_ms: float
    tas_mo: float
    noeuds: int


@dataclass(frozen=True, slots=True)
class Filtrage:
    """From the click on a besoin to the frame with both list and map; asked first, asked again."""

    premier_ms: float
    encore_ms: float


def premiere_vue(
    port: int,
    chemin: str = "/",
    *,
    ligne: Ligne = SUR_PLACE,
    taille: Mapping[str, int] = TELEPHONE,
    essais: int = 5,
) -> Vue:
    """Open a page `essais` times with an empty cache; medians."""
    with _chromium() as navigateur:
        vues = [_une_vue(navigateur, port, chemin, ligne, taille) for _ in range(essais + 1)][1:]
    return Vue(
        requetes=vues[-1].requetes,
        octets=vues[-1].octets,
        liste_ms=_mediane(vues, lambda v: v.liste_ms),
        marqueurs_ms=_mediane(vues, lambda v: v.marqueurs_ms),
        regulier_ms=_mediane(vues, lambda v: v.regulier_ms),
        lcp_ms=_mediane(vues, lambda v: v.lcp_ms),
        blocage_ms=_mediane(vues, lambda v: v.blocage_ms),
        decalage=_mediane(vues, lambda v: v.decalage),
        plus_longue_tache_ms=_mediane(vues, lambda v: v.plus_longue_tache_ms),
        tas_mo=_mediane(vues, lambda v: v.tas_mo),
        noeuds=vues[-1].noeuds,
    )


def filtrer(port: int, chemin: str = "/", *, essais: int = 3) -> Filtrage:
    """Click each besoin, then each again; medians over all of them, at 1280 × 900."""
    premiers: list[float] = []
    encore: list[float] = []
    with _chromium() as navigateur:
        for _ in range(essais):
            with _page(navigateur, SUR_PLACE, BUREAU) as (page, _session):
                _ouvrir(page, port, chemin)
                premiers += [_un_filtre(page, besoin) for besoin in BESOINS]
                encore += [_un_filtre(page, besoin) for besoin in BESOINS]
    return Filtrage(statistics.median(premiers), statistics.median(encore))


def mesurer(port: int, nombre: int) -> dict[str, object]:
    """Measure one directory of `nombre` records, whole, and print ratios to what a peer needs."""
    chemin = "/" if nombre <= PETIT else TOUT
    figures: dict[str, object] = {}
    for nom, ligne, taille, essais in (
        ("360 px", SUR_PLACE, TELEPHONE, 5),
        ("1280 px", SUR_PLACE, BUREAU, 5),
        *((f"360 px, {ligne.nom}", ligne, TELEPHONE, 3) for ligne in LIGNES),
    ):
        vue = premiere_vue(port, chemin, ligne=ligne, taille=taille, essais=essais)
        figures[nom] = asdict(vue)
        print(
            f"{nom:30} {vue.requetes:3} requêtes {vue.octets / 1e3:5.0f} ko · marqueurs "
            f"{vue.marqueurs_ms:5.0f} ms, images régulières {vue.regulier_ms:5.0f} ms · "
            f"LCP {vue.lcp_ms:5.0f} ms, blocage {vue.blocage_ms:5.0f} ms, "
            f"décalage {vue.decalage:.3f} · {vue.tas_mo:3.0f} Mo, {vue.noeuds} nœuds"
        )
        if nom == "1280 px" and nombre in UMAP_S:
            print(f"{'':30} × {vue.marqueurs_ms / 1e3 / UMAP_S[nombre]:.2f} du temps d’uMap")
    filtrage = filtrer(port, chemin)
    figures["filtrage"] = asdict(filtrage)
    premier, encore = filtrage.premier_ms, filtrage.encore_ms
    print(f"filtre → à l’écran : {premier:.0f} ms, {encore:.0f} ms quand on le redemande")
    return figures


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(
            executable_path=str(ensure_chromium()), args=DRAPEAUX
        )
        yield navigateur
        navigateur.close()


@contextmanager
def _page(
    navigateur: Browser, ligne: Ligne, taille: Mapping[str, int]
) -> Iterator[tuple[Page, CDPSession]]:
    largeur, hauteur = taille["width"], taille["height"]
    contexte = navigateur.new_context(viewport={"width": largeur, "height": hauteur})
    page = contexte.new_page()
    page.add_init_script(OBSERVER)
    session = contexte.new_cdp_session(page)
    if ligne.debit:
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": ligne.latence_ms,
                "downloadThroughput": ligne.debit,
                "uploadThroughput": ligne.debit,
            },
        )
    session.send("Emulation.setCPUThrottlingRate", {"rate": ligne.ralenti})
    yield page, session
    contexte.close()


def _ouvrir(page: Page, port: int, chemin: str) -> dict[str, Any]:
    """Navigate, and wait until frames are regular after the markers: what was noticed by then."""
    page.goto(f"http://127.0.0.1:{port}{chemin}", wait_until="commit")
    _attendre(page, "window.__releve?.regulier > 0")
    page.wait_for_load_state("networkidle")
    releve: dict[str, Any] = page.evaluate("window.__releve")
    return releve


def _une_vue(
    navigateur: Browser, port: int, chemin: str, ligne: Ligne, taille: Mapping[str, int]
) -> Vue:
    with _page(navigateur, ligne, taille) as (page, session):
        releve = _ouvrir(page, port, chemin)
        octets = page.evaluate(
            "performance.getEntries().filter(e => 'encodedBodySize' in e)"
            # Tiles are somebody else's picture, and come when they come.
            ".filter(e => !e.name.includes('/tuiles/')).map(e => e.encodedBodySize)"
        )
        session.send("HeapProfiler.collectGarbage")
        tas = session.send("Runtime.getHeapUsage")
        noeuds = session.send("Memory.getDOMCounters")["nodes"]
        # What was held back before anything was painted is in the time of that paint.
        durees = [debut + duree - max(debut, releve["fcp"]) for debut, duree in releve["taches"]]
        return Vue(
            requetes=len(octets),
            octets=sum(octets),
            liste_ms=releve["liste"],
            marqueurs_ms=releve["marqueurs"] or _montrer(page),
            regulier_ms=releve["regulier"],
            lcp_ms=releve["lcp"],
            blocage_ms=sum(max(duree - TACHE_MS, 0.0) for duree in durees),
            decalage=releve["cls"],
            plus_longue_tache_ms=max((duree for _, duree in releve["taches"]), default=0.0),
            tas_mo=(tas["usedSize"] + tas.get("backingStorageSize", 0)) / 1e6,
            noeuds=noeuds,
        )


def _montrer(page: Page) -> float:
    """Tap « Voir la carte »: milliseconds until the first markers."""
    page.evaluate("__montrer(document.querySelector('.bascule'))")
    _attendre(page, "window.__releve.carte > 0")
    return float(page.evaluate("window.__releve.carte"))


def _un_filtre(page: Page, besoin: str) -> float:
    page.evaluate("code => __filtrer(document.querySelector(`[data-besoin=${code}]`))", besoin)
    _attendre(page, "window.__releve.filtre > 0")
    return float(page.evaluate("window.__releve.filtre"))


def _attendre(page: Page, expression: str) -> None:
    fin = time.monotonic() + ATTENTE_S
    while not page.evaluate(expression):
        if time.monotonic() > fin:
            raise TimeoutError(expression)
        page.wait_for_timeout(50)


def _mediane(vues: list[Vue], lire: Callable[[Vue], float]) -> float:
    return statistics.median(map(lire, vues))
