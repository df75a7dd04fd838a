"""Figures in two worlds: the same public ones, and in one of them figures of hidden acteurs before.

Codes are given in the order of entry: were one to be seen, it would count the hidden aloud.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Origine, Participation, Role
from cartographie.database import transaction
from cartographie.protocole import Nature, Releve
from cartographie.protocole_db import add_releve, update_releve

PERIODE = "2022-2024"
CACHES = ("cache-38269", "brouillon-38269", "archive-38269", "osj-hebergement-grenoble")
CHIFFRE = Releve(
    id="",
    objectif=3,
    objectifs_lies=(22,),
    indicateur="Femmes reçues",
    annee=2023,
    valeur=40,
    unite="femmes",
    territoire="Isère",
    source="bilan 2023",
    nature=Nature.MESURE,
    precision="exacte",
    note="",
    annee_deduite=False,
    acteur="aiv-grenoble",
)


def live(engine: Engine, *, cacher: bool) -> None:
    """Enter figures, correct one; in one world, hidden figures and parts stand in between."""
    if cacher:
        hide(engine)
    with transaction(engine) as session:
        code = add_releve(session, PERIODE, CHIFFRE, par="essai", moyen="essai")
        autre = replace(CHIFFRE, acteur="osj-le-relais-grenoble", valeur=20)
        add_releve(session, PERIODE, autre, par="essai", moyen="essai")
    if cacher:
        hide(engine, annee=2022)
    with transaction(engine) as session:
        corrige = replace(CHIFFRE, valeur=41)
        update_releve(
            session, PERIODE, code, corrige, retire=False, revision_lue=1, par="e", moyen="e"
        )


def hide(engine: Engine, annee: int = 2023) -> None:
    """Figures of the same kind, which would make another sum, and parts in the objective."""
    with transaction(engine) as session:
        connus = {s.slug for s in registre.saisies(session)}
        for slug in connus.intersection(CACHES):
            cache = replace(CHIFFRE, acteur=slug, annee=annee, valeur=7, source="zirconium")
            add_releve(session, PERIODE, cache, par="zirconium", moyen="essai")
            contexte = replace(cache, objectif=None)
            add_releve(session, PERIODE, contexte, par="zirconium", moyen="essai")
        saisie, revision = registre.get_saisie(session, CACHES[0])
        part = Participation(PERIODE, 3, Role.PILOTE, Origine.DECLAREE, source=str(annee))
        voulue = replace(saisie, participations=(part,))
        registre.update_acteur(
            session, CACHES[0], voulue, revision_lue=revision, par="essai", moyen="essai"
        )
