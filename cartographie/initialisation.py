"""The first load: tables, protocols, and the records of `data/` into an empty database.

Later changes of the file are proposed by `import`, never applied at the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Saisie
from cartographie.database import transaction
from cartographie.echanges import Erreur, geojson
from cartographie.errors import DonneesError
from cartographie.imports import faults
from cartographie.migrations import upgrade
from cartographie.protocole_db import add_protocole
from cartographie.referentiel import Referentiel

PAR = "commande"
MOYEN = "init-db"


@dataclass(frozen=True, slots=True)
class Bilan:
    """What a first load wrote: codes of periods, number of records (0: some were there)."""

    periodes: tuple[str, ...]
    acteurs: int


def init_db(engine: Engine, referentiel: Referentiel, fichier: Path) -> Bilan:
    """Make the tables and load what is missing, in one transaction: all of it or nothing.

    Started twice at once, the second waits and finds the work done. Raises DonneesError.
    """
    saisies = load_saisies(fichier, referentiel)
    upgrade(engine)
    with transaction(engine) as session:
        registre.lock(session)
        periodes = tuple(
            protocole.periode.code
            for protocole in referentiel.protocoles
            if add_protocole(session, protocole)
        )
        if not registre.is_empty(session):
            return Bilan(periodes, 0)
        for saisie in registre.porteurs_first(saisies):
            registre.create_acteur(session, saisie, par=PAR, moyen=MOYEN)
    return Bilan(periodes, len(saisies))


def load_saisies(fichier: Path, referentiel: Referentiel) -> tuple[Saisie, ...]:
    """Read the records of `data/`, all valid. Raises DonneesError with the first fault's line."""
    try:
        with fichier.open("rb") as flux:
            lot = geojson.read(flux)
    except OSError as erreur:
        raise DonneesError(fichier, "le fichier manque ou ne peut pas être lu.") from erreur
    erreurs = lot.erreurs or faults(lot, {}, referentiel)
    if erreurs:
        raise DonneesError(fichier, _raison(erreurs), erreurs[0].ligne)
    return lot.saisies


def _raison(erreurs: tuple[Erreur, ...]) -> str:
    premiere = erreurs[0]
    autres = f" ({len(erreurs) - 1} autres fautes)" if len(erreurs) > 1 else ""
    return f"{premiere.slug} {premiere.faute.champ} : {premiere.faute.message}{autres}".strip()
