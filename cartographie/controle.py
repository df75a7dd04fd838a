"""What `check` looks at: data that lost its way, records that break rules, a database that is
not what the software expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from cartographie import registre
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.database import reading
from cartographie.datafiles import read_table
from cartographie.migrations import is_current
from cartographie.periodes import current_referentiel
from cartographie.referentiel import Referentiel
from cartographie.validation import valider

COLONNES = ("missions", "publics")


@dataclass(frozen=True, slots=True)
class Controle:
    """Sentences: `remarques` are to be known, `fautes` are to be mended."""

    remarques: tuple[str, ...]
    fautes: tuple[str, ...]


def check(engine: Engine, referentiel: Referentiel, data: Path) -> Controle:
    """Look at everything; nothing is written."""
    libelles = tuple(unmapped_labels(data, referentiel))
    if not is_current(engine):
        retard = "Les tables ne sont pas à jour : lancez « cartographie init-db »."
        return Controle((), (*libelles, retard))
    with reading(engine) as session:
        saisies = registre.saisies(session)
        referentiel = current_referentiel(session, referentiel)
    return Controle(
        remarques=tuple(missions_of_nobody(saisies, referentiel)),
        fautes=(*libelles, *_integrity(engine), *_invalid(saisies, referentiel)),
    )


def missions_of_nobody(saisies: Iterable[Saisie], referentiel: Referentiel) -> Iterator[str]:
    """Missions of the vocabulary that no published record has."""
    assurees = {
        mission
        for saisie in saisies
        if saisie.statut is Statut.PUBLIE and saisie.diffusion is not Diffusion.INTERNE
        for mission in saisie.missions
    }
    for code, mission in referentiel.vocabulaire.missions.items():
        if code not in assurees:
            yield f"Mission que personne n’assure : {mission.libelle} ({code})."


def unmapped_labels(data: Path, referentiel: Referentiel) -> Iterator[str]:
    """Free labels of the source without a line in correspondances.csv, or with a dead one."""
    vocabulaire = referentiel.vocabulaire
    connues = {"missions": vocabulaire.missions, "publics": vocabulaire.publics}
    lues = read_table(data / "correspondances.csv", ("colonne", "libelle", "type", "codes", "note"))
    correspondances: dict[tuple[str, str, str], str] = {}
    for ligne, rangee in lues:
        colonne = rangee["colonne"]
        correspondances[colonne, rangee["libelle"], rangee["type"]] = rangee["codes"]
        codes = [code.strip() for code in rangee["codes"].split(";") if code.strip()]
        for code in codes:
            if code not in connues.get(colonne, ()):
                yield f"correspondances.csv, ligne {ligne} : {code} n’existe pas."
        if not codes:
            yield f"correspondances.csv, ligne {ligne} : {rangee['libelle']} ne mène nulle part."
    yield from _labels_without_line(data, correspondances)


def _labels_without_line(
    data: Path, correspondances: Mapping[tuple[str, str, str], str]
) -> Iterator[str]:
    lues = read_table(data / "sources" / "acteurs_isere.csv", ("id_slug", "type", *COLONNES))
    for ligne, rangee in lues:
        for colonne in COLONNES:
            for libelle in filter(None, (mot.strip() for mot in rangee[colonne].split(";"))):
                cles = ((colonne, libelle, rangee["type"]), (colonne, libelle, ""))
                if not any(cle in correspondances for cle in cles):
                    yield (
                        f"acteurs_isere.csv, ligne {ligne} : « {libelle} » ({colonne}) n’est pas"
                        " dans correspondances.csv."
                    )


def _integrity(engine: Engine) -> Iterator[str]:
    """What SQLite knows of its own file; PostgreSQL's integrity is its server's business."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        for (etat,) in connection.execute(text("PRAGMA integrity_check")):
            if etat != "ok":
                yield f"Base abîmée : {etat}."
        for rangee in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"Base abîmée : {rangee[0]}, ligne {rangee[1]}, renvoie à {rangee[2]}."


def _invalid(saisies: Iterable[Saisie], referentiel: Referentiel) -> Iterator[str]:
    toutes = list(saisies)
    porteurs = {saisie.slug: saisie.porteur for saisie in toutes}
    for saisie in toutes:
        for faute in valider(saisie, referentiel, porteurs):
            yield f"{saisie.slug}, {faute.champ} : {faute.message}"
