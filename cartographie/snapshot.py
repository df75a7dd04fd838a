"""The published directory in memory, kept while nothing was written.

One entry for each database and process, keyed by the Version row. A new version loads the
records written since, and the services of the porteurs among them, in one read transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from cartographie import cycles
from cartographie.acteurs import Fiche, Saisie
from cartographie.catalogue import Catalogue
from cartographie.communes import Communes
from cartographie.lecture import Partages, read_saisies
from cartographie.models import Acteur, Version
from cartographie.publication import publier
from cartographie.referentiel import Referentiel


@dataclass(frozen=True, slots=True)
class _Etat:
    version: int
    referentiel: Referentiel
    catalogue: Catalogue


# By pool: engines that differ by their execution options share the pool of one database.
_ETATS: WeakKeyDictionary[Pool, _Etat] = WeakKeyDictionary()
_VERROU = Lock()
# How many records are read at once.
LOT = 1_000
# From so many new values on they are left out of the search for cycles.
FIGES_MIN = 100_000


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
    communes, vocabulaire = referentiel.communes, referentiel.vocabulaire
    if ancien is None:
        with cycles.without_search():
            toutes = dict(_published(session, _all(session), communes))
            publies = (fiche for fiche in toutes.values() if fiche is not None)
            etat = _Etat(version, referentiel, Catalogue(publies, vocabulaire))
            if cycles.count() > FIGES_MIN:
                cycles.leave_out()
            return etat
    avant = ancien.catalogue
    if _all_written(session, ancien):
        # A backup was put in place, which may know fewer records; nothing else deletes any.
        changees = dict.fromkeys(fiche.slug for fiche in avant.fiches)
        changees |= dict(_published(session, _all(session), communes))
    else:
        changees = dict(_published(session, _written(session, ancien), communes))
    reelles = {slug: fiche for slug, fiche in changees.items() if avant.get(slug) != fiche}
    return _Etat(version, referentiel, avant.changer(reelles) if reelles else avant)


def _all_written(session: Session, ancien: _Etat) -> bool:
    """Whether every record was written since, as a restoration does."""
    plus_ancienne = session.execute(select(func.min(Acteur.version_modification))).scalar()
    return plus_ancienne is None or plus_ancienne > ancien.version


def _all(session: Session) -> Iterator[ColumnElement[bool]]:
    """Which records are read at once, of all."""
    dernier = session.execute(select(func.max(Acteur.id))).scalar() or 0
    return (Acteur.id.between(debut, debut + LOT - 1) for debut in range(1, dernier + 1, LOT))


def _written(session: Session, ancien: _Etat) -> Iterator[ColumnElement[bool]]:
    """The same, of records written since and of the services of the porteurs among them."""
    depuis = Acteur.version_modification > ancien.version
    ids = dict.fromkeys(session.execute(select(Acteur.id).where(depuis)).scalars())
    for ecrits in _batches(tuple(ids), LOT):
        services = select(Acteur.id).where(Acteur.porteur_id.in_(ecrits))
        ids |= dict.fromkeys(session.execute(services).scalars())
    return (Acteur.id.in_(lot) for lot in _batches(tuple(ids), LOT))


def _published(
    session: Session, lots: Iterable[ColumnElement[bool]], communes: Communes
) -> Iterator[tuple[str, Fiche | None]]:
    """Slug and Fiche of these records, None for what is hidden; a lot at a time.

    Records as they are stored weigh several times what is published of them.
    """
    partages, porteurs = Partages(), dict[str, Saisie]()
    for lot in lots:
        saisies = read_saisies(session, select(Acteur.id).where(lot), partages)
        demandes = {s.porteur for s in saisies.values() if s.porteur} - porteurs.keys()
        if demandes:
            portants = select(Acteur.id).where(Acteur.slug.in_(demandes))
            lus = read_saisies(session, portants, partages)
            porteurs |= {saisie.slug: saisie for saisie in lus.values()}
        for saisie in saisies.values():
            yield saisie.slug, publier(saisie, porteurs.get(saisie.porteur), communes)


def _batches(ids: tuple[int, ...], nombre: int) -> Iterator[tuple[int, ...]]:
    return (ids[debut : debut + nombre] for debut in range(0, len(ids), nombre))
