"""What must survive the loss of the database: what was erased, who lost access, how far it was.

A sealed file beside the backups, rewritten at each lowering and each backup. Its ledger only ever
grows: a restored database, which knows less, takes nothing out of it. It holds no erased value.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cartographie import comptes, registre
from cartographie.acteurs import Diffusion
from cartographie.config import Settings
from cartographie.database import reading
from cartographie.errors import SauvegardeError
from cartographie.fichiers import PRIVE, replacing
from cartographie.registre import Trace
from cartographie.sauvegardes.coffre import seal, unseal
from cartographie.sauvegardes.formes import to_line

NOM = "effacements.scelle"


@dataclass(frozen=True, slots=True)
class Memoire:
    """Lowerings, addresses of revoked accounts, the furthest version, names of erased proposals.

    All may be unknown.
    """

    effacements: frozenset[Trace] = frozenset()
    revoques: frozenset[str] = frozenset()
    version: int = 0
    propositions: frozenset[str] = frozenset()

    def then(self, suivante: Memoire) -> Memoire:
        """This, then what a later state knows: an account that was opened again is not revoked."""
        return Memoire(
            self.effacements | suivante.effacements,
            suivante.revoques,
            max(self.version, suivante.version),
            self.propositions | suivante.propositions,
        )


def remember(session: Session) -> Memoire:
    """What a database knows; its tables are current."""
    return Memoire(
        frozenset(registre.traces(session)),
        frozenset(c.courriel for c in comptes.comptes(session) if c.revoque_le is not None),
        registre.version_of(session.connection()),
    )


def keep(engine: Engine, settings: Settings, propositions: Collection[str] = ()) -> None:
    """Add what the database knows to the file, and proposals that are about to be erased.

    Does nothing without a key: there is no backup.
    """
    if not settings.sauvegarde_cle:
        return
    ici = settings.dossier_sauvegardes
    ici.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        connue = read(ici, settings.sauvegarde_cle)
    except SauvegardeError:
        # Sealed by a key that was changed: backups of that time cannot be read either.
        connue = Memoire()
    with reading(engine) as session:
        connue = connue.then(remember(session))
    connue = connue.then(replace(connue, propositions=frozenset(propositions)))
    with replacing(ici / NOM, PRIVE) as flux:
        seal((to_line(_to_json(connue)),), settings.sauvegarde_cle, flux)


def read(dossier: Path, cle: str) -> Memoire:
    """What the file of this folder says; nothing when there is none. Raises SauvegardeError."""
    try:
        with (dossier / NOM).open("rb") as flux:
            return _from_json(json.loads(b"".join(unseal(flux, cle))))
    except FileNotFoundError:
        return Memoire()


def _to_json(memoire: Memoire) -> dict[str, Any]:
    effacements = sorted(memoire.effacements, key=lambda trace: (trace.quand, trace.slug))
    return {
        "effacements": [
            [trace.slug, trace.diffusion.value, trace.quand.isoformat(), list(trace.champs)]
            for trace in effacements
        ],
        "revoques": sorted(memoire.revoques),
        "version": memoire.version,
        "propositions": sorted(memoire.propositions),
    }


def _from_json(objet: dict[str, Any]) -> Memoire:
    return Memoire(
        frozenset(
            Trace(slug, Diffusion(diffusion), datetime.fromisoformat(quand), tuple(champs))
            for slug, diffusion, quand, champs in objet["effacements"]
        ),
        frozenset(objet["revoques"]),
        objet["version"],
        # Written before proposals were remembered.
        frozenset(objet.get("propositions", ())),
    )
