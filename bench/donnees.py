"""A directory of any size for the bench: the real records, moved and renamed, always the same."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Diffusion, Implantation, Precision, Saisie, Statut
from cartographie.config import RACINE
from cartographie.database import make_engine, transaction
from cartographie.initialisation import init_db, load_saisies
from cartographie.migrations import upgrade
from cartographie.referentiel import Referentiel

REELS = RACINE / "data" / "acteurs.geojson"
# Around a real door, in degrees: some five kilometres.
ECART = 0.05
GRAINE = 38_000
LOT = 5_000
HORAIRES = ("", "Mo-Fr 09:00-12:00,14:00-17:00", "Tu,Th 13:30-18:00", "24/7", "We 09:00-12:00")


def peupler(adresse: str, nombre: int) -> None:
    """Make a database with the real records, and copies of them until there are `nombre`."""
    referentiel = Referentiel.load(RACINE / "data")
    engine = make_engine(adresse)
    init_db(engine, referentiel, REELS)
    modeles = [s for s in load_saisies(REELS, referentiel) if s.statut is Statut.PUBLIE]
    # One in twenty is known by its zone alone, as in the real records.
    zones = [s for s in modeles if s.diffusion is Diffusion.ZONE]
    autres = [s for s in modeles if s.diffusion is Diffusion.PUBLIQUE]
    hasard = random.Random(GRAINE)
    manquent = range(nombre - len(modeles))
    for debut in range(0, len(manquent), LOT):
        _ecrire(engine, [_copie(n, zones, autres, hasard) for n in manquent[debut : debut + LOT]])
    engine.dispose()


def _ecrire(engine: Engine, saisies: list[Saisie]) -> None:
    with transaction(engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="bench", moyen="bench")


def _copie(n: int, zones: list[Saisie], autres: list[Saisie], hasard: random.Random) -> Saisie:
    modele = hasard.choice(zones if n % 20 == 0 else autres)
    if modele.diffusion is Diffusion.ZONE:
        return replace(
            modele, slug=f"{modele.slug}-{n}", porteur="", description=_propre(modele, n)
        )
    portes = tuple(_deplacee(porte, hasard) for porte in modele.implantations)
    return replace(
        modele,
        slug=f"{modele.slug}-{n}",
        nom=f"{modele.nom} {n}",
        description=_propre(modele, n),
        porteur="",
        implantations=portes,
        participations=modele.participations[:2],
    )


def _propre(modele: Saisie, n: int) -> str:
    """A description of its own, as records have: shared ones would weigh nothing in memory."""
    return f"{modele.description} {n}".strip()


def _deplacee(porte: Implantation, hasard: random.Random) -> Implantation:
    lieu = porte.localisation
    return replace(
        porte,
        horaires=hasard.choice(HORAIRES),
        localisation=replace(
            lieu,
            precision=Precision.ADRESSE,
            adresse=lieu.adresse or "1 place de la Mairie",
            longitude=round(lieu.longitude + hasard.uniform(-ECART, ECART), 6),
            latitude=round(lieu.latitude + hasard.uniform(-ECART, ECART), 6),
        ),
    )


def base(nombre: int, dossier: Path) -> Path:
    """The SQLite file of such a database, made once and kept: the larger ones take minutes."""
    dossier.mkdir(parents=True, exist_ok=True)
    fichier = dossier / f"acteurs-{nombre}.sqlite"
    if not fichier.exists():
        neuf = fichier.with_suffix(".neuf")
        neuf.unlink(missing_ok=True)
        peupler(f"sqlite:///{neuf}", nombre)
        neuf.rename(fichier)
    engine = make_engine(f"sqlite:///{fichier}")
    # One that was kept may be of before the last migration.
    upgrade(engine)
    engine.dispose()
    return fichier
