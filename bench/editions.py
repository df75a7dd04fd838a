"""How long an edit takes to be seen: from its commit to the first answer that shows it."""

from __future__ import annotations

import statistics
import time
import urllib.request
from dataclasses import dataclass, replace

from cartographie import registre
from cartographie.database import make_engine, transaction

PLAFOND_S = 120.0


@dataclass(frozen=True, slots=True)
class Delais:
    """Seconds until the page of the record shows it, and until a list that was being read does."""

    fiche_s: float
    liste_s: float


def mesurer_editions(port: int, adresse: str, slug: str, *, essais: int = 5) -> Delais:
    """Edit one record `essais` times; medians."""
    fiches, listes = [], []
    engine = make_engine(adresse)
    for n in range(2 * essais):
        marque = f"marque {n} {time.time_ns()}"
        with transaction(engine) as session:
            saisie, revision = registre.get_saisie(session, slug)
            apres = replace(saisie, frais=marque, sigle=f"M{n}")
            registre.update_acteur(
                session, slug, apres, revision_lue=revision, par="bench", moyen="bench"
            )
        depart = time.perf_counter()
        # In turn, so that each is once the first to ask after an edit.
        if n % 2:
            _attendre(port, f"/acteurs/{slug}", marque)
            fiches.append(time.perf_counter() - depart)
        else:
            _lire(port, "/?lieu=38269&besoin=parler")
            listes.append(time.perf_counter() - depart)
    engine.dispose()
    return Delais(statistics.median(fiches), statistics.median(listes))


def _attendre(port: int, chemin: str, marque: str) -> None:
    fin = time.perf_counter() + PLAFOND_S
    while marque not in _lire(port, chemin):
        if time.perf_counter() > fin:
            raise TimeoutError("l’édition n’est pas visible")


def _lire(port: int, chemin: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{chemin}", timeout=PLAFOND_S) as page:
        return str(page.read().decode())
