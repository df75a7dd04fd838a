"""The register of what is done with personal data: one file, shown to everybody.

`data/registre_rgpd.json` is the source; the page renders it, `docs/rgpd.md` is written from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from cartographie.datafiles import read_text
from cartographie.errors import DonneesError

FICHIER = "registre_rgpd.json"


@dataclass(frozen=True, slots=True)
class Traitement:
    """One line of the register; `tables` are those of the database that hold it."""

    code: str
    nom: str
    finalite: str
    base: str
    personnes: str
    donnees: str
    destinataires: str
    duree: str
    tables: tuple[str, ...]


@cache
def load_traitements(dossier: Path) -> tuple[Traitement, ...]:
    """Read the register. Raises DonneesError."""
    fichier = dossier / FICHIER
    voulus = {champ.name for champ in fields(Traitement)}
    try:
        lignes = json.loads(read_text(fichier))["traitements"]
        for ligne in lignes:
            if set(ligne) != voulus:
                raise DonneesError(fichier, f"{ligne.get('code')} : champs à revoir.")
        return tuple(Traitement(**ligne | {"tables": tuple(ligne["tables"])}) for ligne in lignes)
    except (ValueError, KeyError, TypeError) as erreur:
        raise DonneesError(fichier, "le registre est mal formé.") from erreur


def to_markdown(traitements: tuple[Traitement, ...]) -> str:
    """The register as `docs/rgpd.md` shows it: a section and its table for each line."""
    return "\n\n".join(_section(traitement) for traitement in traitements) + "\n"


def _section(t: Traitement) -> str:
    tables = ", ".join(f"`{nom}`" for nom in t.tables) or "aucune"
    lignes = (
        ("Finalité", t.finalite),
        ("Base légale", t.base),
        ("Personnes", t.personnes),
        ("Données", t.donnees),
        ("Destinataires", t.destinataires),
        ("Durée", t.duree),
        ("Tables", tables),
    )
    corps = "\n".join(f"| {titre} | {texte} |" for titre, texte in lignes)
    return f"## {t.nom}\n\n| | |\n|---|---|\n{corps}"
