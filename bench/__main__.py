"""`make bench`: ratios to a bare Flask route under the same server, then what a browser sees.

    make bench ARGS="--base postgresql --sans-navigateur --acteurs 150 100000"
    make bench ARGS="--commit 4a0da03 --sortie avant.json"
    make bench ARGS="--comparer avant.json .cache/bench.json"

Writes the same figures as JSON, so that two commits, or two engines, can be compared.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from bench.arbres import arbre, commit
from bench.bases import MOTEURS, Faire, bases
from bench.comparaison import SIMPLES, comparer
from bench.editions import mesurer_editions
from bench.navigateur import mesurer
from bench.requetes import FICHE, charges
from bench.requetes import comparer as comparer_au_nu
from bench.serveur import servir
from cartographie.config import RACINE

CACHE = RACINE / ".cache"
TAILLES = (150, 3_000, 30_000, 100_000)
MANCHES = 3


def main() -> None:
    """Measure at each size, print tables, write the figures; or compare two such files."""
    choix = _lire_commande()
    if choix.comparer:
        avant, apres = (json.loads(Path(f).read_text("utf-8")) for f in choix.comparer)
        print("\n".join(comparer(avant, apres)))
        return
    tailles: dict[str, object] = {}
    with arbre(choix.commit) as racine, bases(choix.base, CACHE / "bench") as faire:
        quoi = f"{commit(racine)}, {choix.base}"
        print(quoi)
        for nombre in choix.acteurs:
            tailles[str(nombre)] = _mesurer(
                nombre, faire, racine, choix.manches, navigateur=not choix.sans_navigateur
            )
            choix.sortie.parent.mkdir(exist_ok=True)
            choix.sortie.write_text(
                json.dumps({"quoi": quoi, "tailles": tailles}, indent=1, ensure_ascii=False),
                encoding="utf-8",
            )


def _lire_commande() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench ARGS=…",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--acteurs", type=int, nargs="*", default=TAILLES, help="combien de fiches")
    parser.add_argument("--base", choices=MOTEURS, default="sqlite", help="le moteur de la base")
    parser.add_argument("--commit", default="", help="mesurer un autre commit que ce dossier")
    parser.add_argument("--manches", type=int, default=MANCHES)
    parser.add_argument("--sans-navigateur", action="store_true")
    parser.add_argument("--sortie", type=Path, default=CACHE / "bench.json")
    parser.add_argument("--comparer", nargs=2, metavar=("AVANT", "APRÈS"), help="deux fichiers")
    return parser.parse_args()


def _mesurer(
    nombre: int, faire: Faire, racine: Path, manches: int, *, navigateur: bool
) -> dict[str, object]:
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as dossier:
        adresse = faire(nombre, Path(dossier))
        with (
            servir(Path(dossier), adresse=adresse, racine=racine) as serveur,
            servir(Path(dossier)) as plancher,
        ):
            print(f"\n{f'{nombre} fiches':28}{'1 connexion':>34}{'16 connexions':>34}")
            for nom, charge in charges(nombre).items():
                mesures = [
                    comparer_au_nu(serveur.port, charge, plancher.port, connexions, manches)
                    for connexions in (1, 16)
                ]
                figures[nom] = mesures
                print(f"{nom:28}" + "".join(map(_ligne, mesures)), flush=True)
            delais = mesurer_editions(serveur.port, adresse, FICHE)
            figures |= {
                "demarrage_s": serveur.demarrage_s,
                "memoire_worker_mo": serveur.memoire_worker_mo,
                "edition_fiche_s": delais.fiche_s,
                "edition_liste_s": delais.liste_s,
            }
            for nom, libelle in SIMPLES.items():
                print(f"{libelle:28}{figures[nom]:9.2f}")
            if navigateur:
                figures["navigateur"] = mesurer(serveur.port, nombre)
    return figures


def _ligne(mesure: dict[str, float]) -> str:
    return (
        f"{mesure['par_s']:9.0f}/s ×{mesure['rapport']:5.2f}  "
        f"p50 {mesure['p50_ms']:5.1f} p99 {mesure['p99_ms']:5.1f}"
    )


if __name__ == "__main__":
    main()
