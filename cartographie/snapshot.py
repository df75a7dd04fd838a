"""The published directory in memory, kept while nothing was written.

One entry for each database and process, keyed by the Version row. A new version loads the
records written since, and the services of the porteurs among them, in one read transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Select, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from cartographie.acteurs import Fiche
from cartographie.catalogue import Catalogue
from cartographie.communes import Communes
from cartographie.lecture import read_saisies
from cartographie.models import Acteur, Version
from cartographie.publication import publier
from cartographie.referentiel import Referentiel


@dataclass(frozen=True, slots=True)
class _Etat:
    version: int
    referentiel: Referentiel
    fiches: Mapping[str, Fiche]
    catalogue: Catalogue


# By pool: engines that differ by their execution options share the pool of one database.
_ETATS: WeakKeyDictionary[Pool, _Etat] = WeakKeyDictionary()
_VERROU = Lock()
VERSION = str(select(Version.n))


def current_version(engine: Engine) -> int:
    """The number of the last write, asked as cheaply as the database can be."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(VERSION)
        ligne = cursor.fetchone()
        return int(ligne[0]) if ligne else 0
    finally:
        connection.close()


def current_catalogue(session: Session, referentiel: Referentiel) -> Catalogue:
    """The directory as last committed: the same object as long as nothing public changed.

    `session` is one of `database.reading`, in which nothing was written.
    """
    catalogue = _catalogue(session, referentiel, premiere_vue=True)
    if catalogue is None:
        # This transaction began before what another thread has loaded since: look again.
        session.rollback()
        catalogue = _catalogue(session, referentiel, premiere_vue=False)
    assert catalogue is not None  # noqa: S101 -- only a first look may be too old
    return catalogue


def _catalogue(
    session: Session, referentiel: Referentiel, *, premiere_vue: bool
) -> Catalogue | None:
    """The directory of the version this session sees; None when a later one is known.

    Everything is read by the one session: were a thread to hold the database open and wait for
    another connection, a writer waiting for the first and making the second wait would stop all.
    """
    pool = _pool(session)
    version = session.execute(select(Version.n)).scalar_one()
    etat = _ETATS.get(pool)
    if etat is not None and etat.version == version and _same_words(etat, referentiel):
        return etat.catalogue
    # One thread loads, the others wait for what it loads.
    with _VERROU:
        ancien = _ETATS.get(pool)
        if ancien is not None and not _same_words(ancien, referentiel):
            ancien = None
        if ancien is not None and ancien.version == version:
            return ancien.catalogue
        if ancien is not None and ancien.version > version:
            if premiere_vue:
                return None
            # The version went back: another database was put in place of the first.
            ancien = None
        etat = _load(session, version, referentiel, ancien)
        _ETATS[pool] = etat
        return etat.catalogue


def _same_words(etat: _Etat, referentiel: Referentiel) -> bool:
    """Whether Fiches made with one stand under the other: a new figure or period changes none."""
    return (
        etat.referentiel.communes is referentiel.communes
        and etat.referentiel.vocabulaire is referentiel.vocabulaire
    )


def _pool(session: Session) -> Pool:
    bind = session.get_bind()
    return bind.engine.pool if isinstance(bind, Connection) else bind.pool


def _load(session: Session, version: int, referentiel: Referentiel, ancien: _Etat | None) -> _Etat:
    depuis = ancien.version if ancien is not None else -1
    changees = _published_since(session, depuis, referentiel.communes)
    if ancien is None:
        fiches = {slug: fiche for slug, fiche in changees.items() if fiche is not None}
        return _Etat(
            version, referentiel, fiches, Catalogue(fiches.values(), referentiel.vocabulaire)
        )
    # Nothing is ever deleted, but a backup that was put in place may know fewer records.
    connus = set(session.execute(select(Acteur.slug)).scalars())
    changees |= dict.fromkeys(ancien.fiches.keys() - connus)
    if all(ancien.fiches.get(slug) == fiche for slug, fiche in changees.items()):
        return _Etat(version, referentiel, ancien.fiches, ancien.catalogue)
    toutes = {**ancien.fiches, **changees}
    fiches = {slug: fiche for slug, fiche in toutes.items() if fiche is not None}
    return _Etat(version, referentiel, fiches, Catalogue(fiches.values(), referentiel.vocabulaire))


def _published_since(session: Session, version: int, communes: Communes) -> dict[str, Fiche | None]:
    """Fiches of the records written after `version` and of their services; None when hidden."""
    ecrits: Select[Any] = select(Acteur.id).where(Acteur.version_modification > version)
    touches = select(Acteur.id).where(
        or_(Acteur.version_modification > version, Acteur.porteur_id.in_(ecrits))
    )
    porteurs = select(Acteur.porteur_id).where(
        Acteur.id.in_(touches), Acteur.porteur_id.is_not(None)
    )
    saisies = read_saisies(session, touches)
    par_slug = {s.slug: s for s in read_saisies(session, porteurs).values()}
    return {
        saisie.slug: publier(saisie, par_slug.get(saisie.porteur), communes)
        for saisie in saisies.values()
    }
