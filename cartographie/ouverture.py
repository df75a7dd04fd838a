"""The next protocol: its file opens a period beside the others, and nothing is written over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from cartographie.datafiles import read_json
from cartographie.errors import DonneesError
from cartographie.protocole import Protocole, build_protocole
from cartographie.protocole.schema import schema_faults
from cartographie.protocole_db import has_periode

DEJA = "Cette période est déjà ouverte : rien ne la remplace. Ses chiffres se corrigent un par un."


@dataclass(frozen=True, slots=True)
class PlanPeriode:
    """What a file would open, or everything that is wrong with it."""

    protocole: Protocole | None
    fautes: tuple[str, ...]

    @property
    def bilan(self) -> str:
        """Count what would be opened."""
        if self.protocole is None:
            return ""
        actions = sum(len(objectif.actions) for objectif in self.protocole.objectifs)
        return (
            f"Protocole {self.protocole.periode.code} : {len(self.protocole.objectifs)} objectifs,"
            f" {actions} actions, {len(self.protocole.releves)} chiffres."
        )


def is_protocole(fichier: Path) -> bool:
    """Whether a file is a protocol rather than records: `.json`, with a key that only those have.

    Raises DonneesError when it is no JSON at all.
    """
    if fichier.suffix.lower() != ".json":
        return False
    valeur = read_json(fichier).value
    return isinstance(valeur, dict) and "protocole" in valeur


def plan_periode(session: Session, fichier: Path, data: Path) -> PlanPeriode:
    """Hold a file to the schema, follow the names inside, look whether its years are taken."""
    racine = read_json(fichier)
    fautes = schema_faults(racine, data)
    if fautes:
        return PlanPeriode(None, tuple(str(faute) for faute in fautes))
    try:
        protocole = build_protocole(racine)
    except DonneesError as erreur:
        return PlanPeriode(None, (str(erreur),))
    if has_periode(session, protocole.periode.code):
        return PlanPeriode(None, (f"{protocole.periode.code} : {DEJA}",))
    return PlanPeriode(protocole, ())
