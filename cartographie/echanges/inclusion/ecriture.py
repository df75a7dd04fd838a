"""Writing data·inclusion v1: `structures` (the porteur, or the acteur itself) and `services`.

A service is an acteur at one of its doors, or without a place when it has none. Coordinates are
degrees (EPSG:4326) and stand only where a door is known by its address: whoever reads this format
draws them as a place to go to. A record published by its zone gives its commune at most.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cartographie.acteurs import Fiche, Implantation
from cartographie.echanges.inclusion import champs, table
from cartographie.vocabulaire import Coded, Vocabulaire

SOURCE = "carte-services-isere"
DESCRIPTION_MIN = 5

Objet = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Contexte:
    """What a file is written with: our words, the day, the address of fiches before their slug."""

    vocabulaire: Vocabulaire
    jour: date
    adresse_fiches: str


def write(fiches: Iterable[Fiche], connues: Mapping[str, Fiche], contexte: Contexte) -> bytes:
    """Write public records, sorted by slug: the same records give the same bytes.

    `connues` are the published records by slug: porteurs are looked for in them.
    """
    paires = [
        (fiche, _porteur(fiche, connues) or fiche)
        for fiche in sorted(fiches, key=lambda fiche: fiche.slug)
    ]
    structures = {structure.slug: structure for _, structure in paires}
    document = {
        "structures": [_structure(structures[slug], contexte) for slug in sorted(structures)],
        "services": [
            _service(fiche, structure, rang, contexte)
            for fiche, structure in paires
            for rang in range(max(len(fiche.implantations), 1))
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _porteur(fiche: Fiche, connues: Mapping[str, Fiche]) -> Fiche | None:
    return connues.get(fiche.porteur.slug) if fiche.porteur else None


def _structure(fiche: Fiche, contexte: Contexte) -> Objet:
    description = fiche.description.strip()
    return _sans_vide(
        {
            **_commun(fiche, _porte(fiche, 0), contexte),
            "id": _identifiant(fiche.slug),
            "nom": champs.nommer(fiche.nom, fiche.sigle if len(fiche.nom) < 3 else ""),
            "site_web": champs.site_web(fiche),
            "description": description if len(description) >= DESCRIPTION_MIN else None,
        }
    )


def _service(fiche: Fiche, structure: Fiche, rang: int, contexte: Contexte) -> Objet:
    """One acteur at its door number `rang`; the first keeps the identifier of the acteur."""
    porte = _porte(fiche, rang)
    vocabulaire = contexte.vocabulaire
    precision = _nom_de_porte(porte) if porte and len(fiche.implantations) > 1 else ""
    return _sans_vide(
        {
            **_commun(fiche, porte, contexte),
            "structure_id": _identifiant(structure.slug),
            "id": _identifiant(fiche.slug) + (f"--{rang + 1}" if rang else ""),
            "nom": champs.nommer(fiche.nom, precision),
            "description": _description(fiche, vocabulaire),
            "type": table.TYPES.get(fiche.type),
            "thematiques": champs.termes(fiche.missions, table.THEMATIQUES),
            "frais": champs.frais(fiche),
            "frais_precisions": fiche.frais,
            "publics": champs.publics(fiche),
            "publics_precisions": _libelles(fiche.publics, vocabulaire.publics),
            "conditions_acces": fiche.conditions,
            "zone_eligibilite": champs.zone_eligibilite(fiche.territoire),
            **champs.mobilisation(fiche, porte, vocabulaire.acces[fiche.acces].libelle),
        }
    )


def _commun(fiche: Fiche, porte: Implantation | None, contexte: Contexte) -> Objet:
    """What a structure and a service tell alike."""
    return {
        "source": SOURCE,
        "lien_source": f"{contexte.adresse_fiches}{fiche.slug}",
        "date_maj": champs.date_maj(fiche, contexte.jour),
        **champs.lieu(fiche, porte),
        "telephone": champs.telephone(fiche, porte),
        "courriel": champs.courriel(fiche),
        "horaires_accueil": champs.horaires(porte),
    }


def _identifiant(slug: str) -> str:
    return f"{SOURCE}--{slug}"


def _porte(fiche: Fiche, rang: int) -> Implantation | None:
    return fiche.implantations[rang] if rang < len(fiche.implantations) else None


def _nom_de_porte(porte: Implantation) -> str:
    return porte.libelle or porte.localisation.commune


def _description(fiche: Fiche, vocabulaire: Vocabulaire) -> str:
    """What it says of itself; else its kind and its missions, which are known."""
    if len(fiche.description.strip()) >= DESCRIPTION_MIN:
        return fiche.description.strip()
    genre = vocabulaire.types[fiche.type].libelle
    missions = _libelles(fiche.missions, vocabulaire.missions)
    return f"{genre}. Missions : {missions}." if missions else f"{genre}."


def _libelles(codes: Iterable[str], termes: Mapping[str, Coded]) -> str:
    return ", ".join(termes[code].libelle for code in codes)


def _sans_vide(objet: Objet) -> Objet:
    return {nom: valeur for nom, valeur in objet.items() if valeur not in (None, "")}
