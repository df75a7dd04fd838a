"""What the database says of the protocols: each period with its figures, and their past.

`current_referentiel` is the embedded data with the protocols as they are now, kept in memory while
nothing was written: it is how every process sees a new period, or a corrected figure, at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from cartographie import models
from cartographie.datafiles import as_node
from cartographie.protocole import Nature, Protocole, Releve, build_protocole
from cartographie.referentiel import Referentiel


@dataclass(frozen=True, slots=True)
class ReleveTenu:
    """A figure as it is kept: the number of its revision, and whether it was set aside."""

    releve: Releve
    revision: int
    retire: bool

    @property
    def montre(self) -> bool:
        """Whether pages show it."""
        return not self.retire


@dataclass(frozen=True, slots=True)
class EcritureReleve:
    """One write of a figure: who, when, through what, what was (None: added) and what is."""

    numero: int
    quand: datetime
    par: str
    moyen: str
    avant: dict[str, Any] | None
    apres: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Etat:
    """`textes`: the protocols without figures; a period is never written over."""

    version: int
    embarque: Referentiel
    textes: Mapping[str, Protocole]
    referentiel: Referentiel


# By pool: engines that differ by their execution options share the pool of one database.
_ETATS: WeakKeyDictionary[Pool, _Etat] = WeakKeyDictionary()


def current_referentiel(session: Session, embarque: Referentiel) -> Referentiel:
    """`embarque` with every period that is open; the same object while no protocol changed.

    `session` is one of `database.reading`, or a writer that holds the lock.
    """
    bind = session.get_bind()
    pool = bind.engine.pool if isinstance(bind, Connection) else bind.pool
    version = session.execute(select(models.Version.n)).scalar_one()
    etat = _ETATS.get(pool)
    if etat is not None and etat.embarque is not embarque:
        etat = None
    if etat is None or etat.version != version:
        # Two threads may both read: they find the same, and the later one is kept.
        etat = _load(session, version, embarque, etat)
        _ETATS[pool] = etat
    return etat.referentiel


def releves_tenus(session: Session, periode: str) -> tuple[ReleveTenu, ...]:
    """Every figure of a period, those set aside included, in the order of their codes."""
    choix = (
        select(models.Releve, models.Indicateur.libelle, models.Acteur.slug)
        .join(models.Indicateur, models.Indicateur.id == models.Releve.indicateur_id)
        .outerjoin(models.Acteur, models.Acteur.id == models.Releve.acteur_id)
        .where(models.Releve.periode == periode)
    )
    tenus = (_tenu(*ligne) for ligne in session.execute(choix))
    return tuple(sorted(tenus, key=lambda t: (len(t.releve.id), t.releve.id)))


def releve_history(session: Session, periode: str, code: str) -> tuple[EcritureReleve, ...]:
    """Every write of a figure, latest first; empty for one untouched since the signed text."""
    choix = (
        select(models.RevisionReleve)
        .where(models.RevisionReleve.periode == periode, models.RevisionReleve.code == code)
        .order_by(models.RevisionReleve.numero.desc())
    )
    return tuple(
        EcritureReleve(r.numero, r.quand, r.par, r.moyen, r.avant, r.apres)
        for r in session.execute(choix).scalars()
    )


def _load(session: Session, version: int, embarque: Referentiel, ancien: _Etat | None) -> _Etat:
    # A version that went back is another database, put in the place of the first.
    connus = ancien.textes if ancien is not None and ancien.version < version else {}
    textes = _textes(session, embarque, connus)
    protocoles = tuple(
        replace(texte, releves=tuple(t.releve for t in releves_tenus(session, code) if t.montre))
        for code, texte in textes.items()
    )
    for candidat in (ancien.referentiel if ancien else embarque, embarque):
        if candidat.protocoles == protocoles:
            return _Etat(version, embarque, textes, candidat)
    # Without any period (tables just made), what is embedded is all there is.
    referentiel = replace(embarque, protocoles=protocoles or embarque.protocoles)
    return _Etat(version, embarque, textes, referentiel)


def _textes(
    session: Session, embarque: Referentiel, connus: Mapping[str, Protocole]
) -> dict[str, Protocole]:
    """Every period, oldest first: those already read are not understood again."""
    codes = select(models.Periode.code).order_by(models.Periode.debut, models.Periode.code)
    textes: dict[str, Protocole] = {}
    for code in session.execute(codes).scalars().all():
        textes[code] = connus[code] if code in connus else _texte(session, embarque, code)
    return textes


def _texte(session: Session, embarque: Referentiel, code: str) -> Protocole:
    choix = select(models.Periode.document).where(models.Periode.code == code)
    document = session.execute(choix).scalar_one()
    fourni = embarque.protocole(code)
    if document is None and fourni is not None:
        return replace(fourni, releves=())
    return build_protocole(as_node(document, f"période {code} de la base"))


def _tenu(ligne: models.Releve, indicateur: str, acteur: str | None) -> ReleveTenu:
    bornes = ligne.annee_debut is not None and ligne.annee_fin is not None
    releve = Releve(
        id=ligne.code,
        objectif=ligne.objectif,
        objectifs_lies=tuple(ligne.objectifs_lies),
        indicateur=indicateur,
        annee=ligne.annee,
        valeur=ligne.valeur,
        unite=ligne.unite,
        territoire=ligne.territoire,
        source=ligne.source,
        nature=Nature(ligne.nature),
        precision=ligne.precision,
        note=ligne.note,
        annee_deduite=ligne.annee_deduite,
        periode=(ligne.annee_debut or 0, ligne.annee_fin or 0) if bornes else None,
        action=ligne.action or "",
        acteur=acteur or "",
    )
    return ReleveTenu(releve, ligne.revision, ligne.retire)
