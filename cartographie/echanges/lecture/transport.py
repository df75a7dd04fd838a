"""What a file says, as JSON: from the process that reads it to the one that asked, then kept."""

from __future__ import annotations

from typing import Any

from cartographie.echanges import Erreur, Ligne, Lot
from cartographie.errors import Faute
from cartographie.serialisation import read_champs, to_json

CPU_S = 6
MEMOIRE_OCTETS = 1_000_000_000


def lot_to_json(lot: Lot) -> dict[str, Any]:
    """Write it as plain values."""
    return {
        "lignes": [
            {
                "slug": ligne.slug,
                "ligne": ligne.ligne,
                "valeurs": {nom: to_json(valeur) for nom, valeur in ligne.valeurs.items()},
                "parties": ligne.parties,
            }
            for ligne in lot.lignes
        ],
        "erreurs": [
            [e.ligne, e.slug, e.faute.champ, e.faute.message, e.faute.valeur] for e in lot.erreurs
        ],
        "tableau": lot.tableau,
    }


def lot_from_json(objet: dict[str, Any]) -> Lot:
    """Read it back. Raises SaisieError, KeyError… for what `lot_to_json` did not write."""
    lignes = tuple(
        Ligne(
            ligne["slug"],
            read_champs(ligne["valeurs"]),
            ligne["ligne"],
            {
                nom: {int(rang): partie for rang, partie in parties.items()}
                for nom, parties in ligne["parties"].items()
            },
        )
        for ligne in objet["lignes"]
    )
    erreurs = tuple(
        Erreur(numero, slug, Faute(champ, message, valeur))
        for numero, slug, champ, message, valeur in objet["erreurs"]
    )
    return Lot(lignes, erreurs, objet["tableau"])
