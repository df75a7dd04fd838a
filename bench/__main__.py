"""`make bench`: ratios to a bare Flask route under the same server, then what a browser sees.

Writes the same figures to `.cache/bench.json`, so that two commits can be compared.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from bench.charge import Mesure, charger
from bench.donnees import base
from bench.navigateur import mesurer
from bench.serveur import servir
from cartographie.communes import Communes
from cartographie.config import RACINE

SORTIE = Path(__file__).resolve().parent.parent / ".cache" / "bench.json"
BASES = SORTIE.parent / "bench"
TAILLES = (150, 3_000, 30_000)
FICHE = "/acteurs/issue-de-secours-rialto-centre-vpi"
UNE_QUESTION = "/proches?lieu=38269&besoin=parler"
MANCHES = 3
REQUETES = 800


def main() -> None:
    """Measure at each size, print tables, write the figures."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--acteurs", type=int, nargs="*", default=TAILLES, help="combien de fiches")
    parser.add_argument("--manches", type=int, default=MANCHES)
    parser.add_argument("--sans-navigateur", action="store_true")
    choix = parser.parse_args()
    figures: dict[str, object] = {}
    for nombre in choix.acteurs:
        figures[str(nombre)] = _mesurer(nombre, choix.manches, navigateur=not choix.sans_navigateur)
    SORTIE.parent.mkdir(exist_ok=True)
    SORTIE.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")


def _chemins(nombre: int) -> dict[str, tuple[str, ...]]:
    """What is measured: a question asked again and again, then questions never asked before."""
    communes = Communes.load(RACINE / "data" / "communes_isere").toutes
    # Whole lists of a large directory are files to fetch once, not pages.
    petit = {"/acteurs.geojson": ("/acteurs.geojson",), "/": ("/",)} if nombre <= 3_000 else {}
    return {
        "/proches": (UNE_QUESTION,),
        "/proches, jamais posées": tuple(
            f"/proches?lieu={quote(c.libelle)}&besoin=soins" for c in communes
        ),
        "/ filtrée": ("/?lieu=38269&besoin=parler",),
        "/ filtrée, jamais posées": tuple(
            f"/?lieu={quote(c.libelle)}&besoin=droits" for c in communes
        ),
        "fiche": (FICHE,),
        **petit,
    }


def _mesurer(nombre: int, manches: int, *, navigateur: bool) -> dict[str, object]:
    fichier = Path(base(nombre, BASES).removeprefix("sqlite:///"))
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as dossier:
        produit, nu = Path(dossier) / "produit", Path(dossier) / "nu"
        produit.mkdir()
        nu.mkdir()
        with servir(produit, base=fichier) as serveur, servir(nu, nu=True) as plancher:
            print(f"\n{f'{nombre} fiches':28}{'1 connexion':>34}{'16 connexions':>34}")
            for nom, chemins in _chemins(nombre).items():
                figures[nom] = [
                    _comparer(
                        nom if n == 1 else "", serveur.port, chemins, plancher.port, n, manches
                    )
                    for n in (1, 16)
                ]
                print()
            figures["demarrage_s"] = serveur.demarrage_s
            figures["memoire_worker_mo"] = serveur.memoire_worker_mo
            print(f"démarrage à froid : {serveur.demarrage_s:.2f} s")
            print(f"mémoire par processus : {serveur.memoire_worker_mo:.0f} Mo")
            if navigateur:
                figures["navigateur"] = mesurer(serveur.port, nombre)
    return figures


def _comparer(
    nom: str, port: int, chemins: tuple[str, ...], port_nu: int, connexions: int, manches: int
) -> dict[str, float]:
    """Measure product and floor in turn; the median ratio of the rounds.

    Questions of a list are asked once each, so in the first round only they are new.
    """
    nouvelles = len(chemins) > 1
    manches = 1 if nouvelles else manches
    if nouvelles:
        moitie = len(chemins) // 2
        chemins = chemins[:moitie] if connexions == 1 else chemins[moitie:]
    else:
        charger(port, *chemins, requetes=64)
    charger(port_nu, "/", requetes=64)
    rapports: list[float] = []
    mesures: list[Mesure] = []
    for _ in range(manches):
        plancher = charger(port_nu, "/", connexions=connexions, requetes=REQUETES)
        requetes = len(chemins) if nouvelles else REQUETES
        mesure = charger(port, *chemins, connexions=connexions, requetes=requetes)
        if mesure.statut != 200:
            raise RuntimeError(f"{chemins[0]} répond {mesure.statut}")
        mesures.append(mesure)
        rapports.append(mesure.par_s / plancher.par_s)
    rapport = statistics.median(rapports)
    mediane = sorted(mesures, key=lambda m: m.par_s)[manches // 2]
    etiquette = f"{nom:28}" if nom else ""
    print(
        f"{etiquette}{mediane.par_s:9.0f}/s ×{rapport:5.2f}  "
        f"p50 {mediane.p50_ms:5.1f} p99 {mediane.p99_ms:5.1f}",
        end="",
        flush=True,
    )
    return {"rapport": rapport, **asdict(mediane)}


if __name__ == "__main__":
    main()
