"""`make bench`: ratios to a bare Flask route under the same server, then what a browser sees.

Writes the same figures to `.cache/bench.json`, so that two commits can be compared.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench.charge import Mesure, charger
from bench.navigateur import premiere_vue
from bench.serveur import servir

SORTIE = Path(__file__).resolve().parent.parent / ".cache" / "bench.json"
CHEMINS = {
    "/proches": "/proches?lieu=38269&besoin=parler",
    "/": "/",
    "/ filtrée": "/?lieu=38269&besoin=parler",
    "fiche": "/acteurs/issue-de-secours-rialto-centre-vpi",
    "/acteurs.geojson": "/acteurs.geojson",
}
MANCHES = 3


def main() -> None:
    """Measure, print a table, write the figures."""
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as dossier:
        produit, nu = Path(dossier) / "produit", Path(dossier) / "nu"
        produit.mkdir()
        nu.mkdir()
        with servir(produit) as serveur, servir(nu, nu=True) as plancher:
            print(f"{'':24}{'1 connexion':>34}{'16 connexions':>34}")
            for nom, chemin in CHEMINS.items():
                figures[nom] = [
                    _comparer(nom if n == 1 else "", serveur.port, chemin, plancher.port, n)
                    for n in (1, 16)
                ]
                print()
            figures["demarrage_s"] = serveur.demarrage_s
            figures["memoire_worker_mo"] = serveur.memoire_worker_mo
            vue = premiere_vue(serveur.port)
            figures["premiere_vue"] = asdict(vue)
    print(f"démarrage à froid : {figures['demarrage_s']:.2f} s")
    print(f"mémoire par processus : {figures['memoire_worker_mo']:.0f} Mo")
    print(f"première vue : {vue.requetes} requêtes, {vue.octets / 1000:.0f} ko")
    print(f"liste visible : {vue.liste_ms:.0f} ms ; marqueurs : {vue.marqueurs_ms:.0f} ms")
    SORTIE.parent.mkdir(exist_ok=True)
    SORTIE.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")


def _comparer(nom: str, port: int, chemin: str, port_nu: int, connexions: int) -> dict[str, float]:
    """Measure product and floor in turn; the median ratio of the rounds."""
    charger(port, chemin, requetes=64)
    charger(port_nu, "/", requetes=64)
    rapports: list[float] = []
    mesures: list[Mesure] = []
    for _ in range(MANCHES):
        plancher = charger(port_nu, "/", connexions=connexions)
        mesure = charger(port, chemin, connexions=connexions, requetes=800)
        if mesure.statut != 200:
            raise RuntimeError(f"{chemin} répond {mesure.statut}")
        mesures.append(mesure)
        rapports.append(mesure.par_s / plancher.par_s)
    rapport = statistics.median(rapports)
    mediane = sorted(mesures, key=lambda m: m.par_s)[MANCHES // 2]
    etiquette = f"{nom:24}" if nom else ""
    print(
        f"{etiquette}{mediane.par_s:9.0f}/s ×{rapport:5.2f}  "
        f"p50 {mediane.p50_ms:5.1f} p99 {mediane.p99_ms:5.1f}",
        end="",
    )
    return {"rapport": rapport, **asdict(mediane)}


if __name__ == "__main__":
    main()
