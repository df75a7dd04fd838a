"""What stays while the process lives: communes, vocabulary, national numbers, protocols."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cartographie.communes import Communes
from cartographie.errors import DonneesError
from cartographie.protocole import Protocole, load_protocole
from cartographie.traitements import load_traitements
from cartographie.vocabulaire import Numero, Vocabulaire, load_numeros


@dataclass(frozen=True, slots=True)
class Referentiel:
    """The embedded data of `data/`, checked at the start: a broken file stops it."""

    communes: Communes
    vocabulaire: Vocabulaire
    numeros: tuple[Numero, ...]
    protocoles: tuple[Protocole, ...]

    @classmethod
    def load(cls, data: Path) -> Referentiel:
        """Read every embedded file below `data`. Raises DonneesError naming file, line, reason."""
        fichiers = sorted(data.glob("protocole-*.json"))
        if not fichiers:
            raise DonneesError(data / "protocole-*.json", "aucun protocole")
        vocabulaire = Vocabulaire.load(data / "vocabulaire.json")
        # A page reads it later: a folder without it stops the start, not that page.
        load_traitements(data)
        numeros = load_numeros(data / "numeros.json")
        for numero in numeros:
            for besoin in numero.besoins:
                if besoin not in vocabulaire.besoins:
                    raise DonneesError(data / "numeros.json", f"besoin inconnu : {besoin}")
        return cls(
            communes=Communes.load(data / "communes_isere"),
            vocabulaire=vocabulaire,
            numeros=numeros,
            protocoles=tuple(load_protocole(fichier) for fichier in fichiers),
        )

    def protocole(self, periode: str) -> Protocole | None:
        """Find a protocol by the code of its period (`2022-2024`)."""
        return next((p for p in self.protocoles if p.periode.code == periode), None)

    def protocole_courant(self, jour: date) -> Protocole:
        """The protocol of `jour`; between two, the latest that has begun; else the first."""
        commences = [p for p in self.protocoles if p.periode.debut <= jour.year]
        return max(commences or self.protocoles[:1], key=lambda p: p.periode.debut)
