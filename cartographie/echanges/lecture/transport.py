"""What a file says, as JSON: from the process that reads it to the one that asked, then kept."""

from __future__ import annotations

from typing import Any

from cartographie.echanges import Erreur, Ligne, Lot
from cartographie.errors import Faute
from cartographie.serialisation import read_champs, to_json

# Of processor: a bound for every machine, then how many times what starting took.
CPU_S = 6
DEPARTS_MAX = 7
MEMOIRE_OCTETS = 1_000_000_000


def lot_to_json(lot: Lot) -> dict[str, Any]:
    """Write it as plain values."""
    return {
        "lignes": [_write(ligne) for ligne in lot.lignes],
        "abimees": [_write(ligne) for ligne in lot.abimees],
        "erreurs": [
            [e.ligne, e.slug, e.faute.champ, e.faute.message, e.faute.valeur] for e in lot.erreurs
        ],
        "tableau": lot.tableau,
    }


def lot_from_json(objet: dict[str, Any]) -> Lot:
    """Read it back. Raises SaisieError, KeyError… for what `lot_to_json` did not write."""
    lignes = tuple(_read(ligne) for ligne in objet["lignes"])
    # A file that waited since before they were told has none: it had no fault.
    abimees = tuple(_read(ligne) for ligne in objet.get("abimees", ()))
    erreurs = tuple(
        Erreur(numero, slug, Faute(champ, message, valeur))
        for numero, slug, champ, message, valeur in objet["erreurs"]
    )
    return Lot(lignes, erreurs, objet["tableau"], abimees)


def _write(ligne: Ligne) -> dict[str, Any]:
    return {
        "slug": ligne.slug,
        "ligne": ligne.ligne,
        "valeurs": {nom: to_json(valeur) for nom, valeur in ligne.valeurs.items()},
        "parties": ligne.parties,
    }


def _read(objet: dict[str, Any]) -> Ligne:
    return Ligne(
        objet["slug"],
        read_champs(objet["valeurs"]),
        objet["ligne"],
        {
            nom: {int(rang): partie for rang, partie in parties.items()}
            for nom, parties in objet["parties"].items()
        },
    )
