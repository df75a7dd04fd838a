"""Two files of figures side by side: the ratios of each, and what one is to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Beside requests: smaller is better.
SIMPLES = {
    "demarrage_s": "démarrage à froid, s",
    "memoire_worker_mo": "mémoire par processus, Mo",
    "edition_fiche_s": "édition visible, s",
    "edition_liste_s": "première liste après, s",
}


def comparer(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> Iterator[str]:
    """Lines of a table: ratios to the bare route before and after, then how many times."""
    yield f"{avant['quoi']} → {apres['quoi']}"
    communs = [n for n in avant["tailles"] if n in apres["tailles"]]
    for nombre in communs:
        yield ""
        yield f"{nombre + ' fiches':32}{'avant':>10}{'après':>10}{'':>8}"
        une, autre = avant["tailles"][nombre], apres["tailles"][nombre]
        for nom in une:
            if nom in SIMPLES and nom in autre:
                yield _ligne(SIMPLES[nom], une[nom], autre[nom], une[nom] / autre[nom])
            elif isinstance(une[nom], list) and nom in autre:
                for n, (a, b) in enumerate(zip(une[nom], autre[nom], strict=True)):
                    etiquette = f"{nom}, {(1, 16)[n]} connexion{'s' * n}"
                    rapport = b["rapport"] / a["rapport"]
                    yield _ligne(etiquette, a["rapport"], b["rapport"], rapport)


def _ligne(nom: str, avant: float, apres: float, rapport: float) -> str:
    return f"{nom:32}{avant:10.2f}{apres:10.2f}   × {rapport:.2f}"
