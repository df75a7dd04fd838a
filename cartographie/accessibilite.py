"""Where the site stands before the 106 criteria of the RGAA 4.1.2: one file, told twice.

`data/rgaa.json` is the source; the statement of `/accessibilite` counts from it, `docs/rgaa.md` is
written from it. No number here says that the site conforms: only the audit of a person may.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path

from cartographie.datafiles import read_text
from cartographie.errors import DonneesError

FICHIER = "rgaa.json"
CRITERES = 106


class EtatCritere(StrEnum):
    """What is known of a criterion."""

    CONFORME = "conforme"
    NON_CONFORME = "non-conforme"
    NON_APPLICABLE = "non-applicable"
    A_VERIFIER = "a-verifier"


LIBELLES = {
    EtatCritere.CONFORME: "conforme",
    EtatCritere.NON_CONFORME: "non conforme",
    EtatCritere.NON_APPLICABLE: "non applicable",
    EtatCritere.A_VERIFIER: "à vérifier par une personne",
}


@dataclass(frozen=True, slots=True)
class Critere:
    """One criterion; `preuve` is a test or what was seen."""

    numero: str
    titre: str
    etat: EtatCritere
    preuve: str


@dataclass(frozen=True, slots=True)
class Thematique:
    """Criteria of one subject, in their order."""

    titre: str
    criteres: tuple[Critere, ...]


@dataclass(frozen=True, slots=True)
class Grille:
    """All of it."""

    version: str
    thematiques: tuple[Thematique, ...]

    @property
    def criteres(self) -> Iterator[Critere]:
        """Every criterion, in order."""
        return (c for thematique in self.thematiques for c in thematique.criteres)

    @property
    def nombres(self) -> dict[EtatCritere, int]:
        """How many criteria are in each state."""
        compte = Counter(c.etat for c in self.criteres)
        return {etat: compte[etat] for etat in EtatCritere}

    def in_state(self, etat: EtatCritere) -> tuple[Critere, ...]:
        """The criteria that are in this state."""
        return tuple(c for c in self.criteres if c.etat is etat)


@cache
def load_grille(dossier: Path) -> Grille:
    """Read the file. Raises DonneesError when a criterion is missing, or said twice."""
    fichier = dossier / FICHIER
    try:
        lu = json.loads(read_text(fichier))
        thematiques = tuple(
            Thematique(t["titre"], tuple(_critere(c) for c in t["criteres"]))
            for t in lu["thematiques"]
        )
        grille = Grille(lu["version"], thematiques)
    except (ValueError, KeyError, TypeError) as erreur:
        raise DonneesError(fichier, "la grille est mal formée.") from erreur
    numeros = [c.numero for c in grille.criteres]
    if len(numeros) != CRITERES or len(set(numeros)) != CRITERES:
        raise DonneesError(fichier, f"il faut {CRITERES} critères, chacun une fois.")
    return grille


def _critere(ligne: dict[str, str]) -> Critere:
    if set(ligne) != {champ.name for champ in fields(Critere)}:
        raise ValueError(ligne)
    return Critere(ligne["numero"], ligne["titre"], EtatCritere(ligne["etat"]), ligne["preuve"])


def to_markdown(grille: Grille) -> str:
    """The grid as `docs/rgaa.md` shows it: the counts, then a table for each subject."""
    compte = "\n".join(f"| {LIBELLES[e]} | {n} |" for e, n in grille.nombres.items())
    tables = "\n\n".join(
        f"## {rang}. {t.titre}\n\n| critère | | état | preuve ou constat |\n|---|---|---|---|\n"
        + "\n".join(
            f"| {c.numero} | {c.titre} | {LIBELLES[c.etat]} | {c.preuve} |" for c in t.criteres
        )
        for rang, t in enumerate(grille.thematiques, 1)
    )
    return f"| état | critères |\n|---|---|\n{compte}\n\n{tables}\n"
