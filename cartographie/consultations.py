"""The counters in the database: added to by every process at once, read by months.

Adding is one UPSERT a counter, so what two processes write at the same time is summed by the
database and nothing is lost. Days become months after sixty days.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cartographie.models import Consultation, Debit, Versement
from cartographie.suivi import Canal, Cle, Genre, Ligne
from cartographie.suivi.evenements import AUTRES_HOTES, DU_SCRIPT
from cartographie.suivi.periodes import mois_de, mois_ouvert

JOURS_GARDES = 60
HOTES_MAX = 500
# What every script of every visitor may add in a minute, whatever the number of processes.
DEBIT_MAX = 3_000
LOT = 400
COLONNES = ("jour", "mensuel", "genre", "canal", "acteur", "besoin", "hote", "epci")

journal = logging.getLogger(__name__)


def claim(session: Session, processus: str, numero: int, jour: date) -> bool:
    """Take a batch in, before it is added in the same transaction; False when it already was.

    A process numbers its batches and hands over one at a time: who lost the answer asks again.
    """
    ajout = _insert(session)(Versement).values(processus=processus, numero=numero, jour=jour)
    pris = ajout.on_conflict_do_update(
        index_elements=["processus"],
        set_={"numero": numero, "jour": jour},
        where=Versement.numero < numero,
    )
    return session.execute(pris.returning(Versement.numero)).first() is not None


def add(session: Session, comptes: Mapping[Cle, int], maintenant: datetime) -> None:
    """Add to the counters. Slugs are those of published records: the caller knows them.

    A late one counts for the first day that is not published: what was published never moves.
    """
    ouvert = mois_ouvert(maintenant.date())
    sommes: Counter[Cle] = Counter()
    for cle, nombre in _bound_hosts(session, _bound_rate(session, comptes, maintenant)).items():
        sommes[replace(cle, jour=max(cle.jour, ouvert))] += nombre
    _upsert(session, ((cle, False, nombre) for cle, nombre in sommes.items()))


def fold(session: Session, aujourdhui: date) -> int:
    """Turn the days of more than sixty days ago into months; give how many there were.

    Processes that handed nothing over since then are forgotten: they have long ended.
    """
    limite = aujourdhui - timedelta(days=JOURS_GARDES)
    session.execute(delete(Versement).where(Versement.jour < limite))
    vieux = Consultation.jour < limite
    # What is deleted is what is added: two processes never take the same row.
    rendues = session.execute(
        delete(Consultation)
        .where(vieux, Consultation.mensuel.is_(False))
        .returning(*(getattr(Consultation, nom) for nom in COLONNES), Consultation.nombre)
    ).all()
    sommes: Counter[Cle] = Counter()
    for jour, _, genre, canal, acteur, besoin, hote, epci, nombre in rendues:
        sommes[Cle(mois_de(jour), genre, canal, acteur, besoin, hote, epci)] += nombre
    _upsert(session, ((cle, True, nombre) for cle, nombre in sommes.items()))
    return len(rendues)


def first_month(session: Session, fin: date) -> date | None:
    """The first month in which anything was counted before `fin`; None when nothing was.

    Of ended months it is public: what is counted is published, be it as hidden.
    """
    choix = select(func.min(Consultation.jour)).where(Consultation.jour < fin)
    premier: date | None = session.execute(choix).scalar_one()
    return mois_de(premier) if premier else None


def by_month(session: Session, debut: date, fin: date) -> tuple[Ligne, ...]:
    """What was counted from `debut` to `fin` (excluded), whoever was looked at, from any host."""
    c = Consultation
    axes = (c.jour, c.genre, c.canal, c.besoin, c.epci)
    choix = select(*axes, func.sum(c.nombre)).where(c.jour >= debut, c.jour < fin).group_by(*axes)
    sommes: Counter[tuple[date, Genre, Canal, str, str]] = Counter()
    for jour, genre, canal, besoin, epci, nombre in session.execute(choix):
        sommes[mois_de(jour), genre, canal, besoin, epci] += int(nombre)
    return tuple(Ligne(*cle, nombre) for cle, nombre in sorted(sommes.items()))


def by_host(session: Session, debut: date, fin: date) -> tuple[tuple[str, int], ...]:
    """How often the map was shown on other sites, the busiest first."""
    return _largest(session, Consultation.hote, Genre.INTEGRATION, debut, fin)


def by_acteur(
    session: Session, genre: Genre, debut: date, fin: date
) -> tuple[tuple[str, int], ...]:
    """How often each record was looked at, or dialled: slugs, the busiest first."""
    return _largest(session, Consultation.acteur, genre, debut, fin)


def _largest(
    session: Session, colonne: InstrumentedAttribute[str], genre: Genre, debut: date, fin: date
) -> tuple[tuple[str, int], ...]:
    c = Consultation
    somme = func.sum(c.nombre)
    choix = select(colonne, somme).where(c.genre == genre, c.jour >= debut, c.jour < fin)
    lignes = session.execute(choix.group_by(colonne).order_by(somme.desc(), colonne))
    return tuple((nom, int(nombre)) for nom, nombre in lignes)


def _bound_rate(
    session: Session, comptes: Mapping[Cle, int], maintenant: datetime
) -> Mapping[Cle, int]:
    """Keep of the scripts' events as many as this minute still allows, in a fixed order."""
    envoyes = sorted(cle for cle in comptes if cle.genre in DU_SCRIPT)
    demande = sum(comptes[cle] for cle in envoyes)
    if not demande:
        return comptes
    minute = maintenant.replace(second=0, microsecond=0)
    session.execute(delete(Debit).where(Debit.minute < minute - timedelta(minutes=5)))
    ajout = _insert(session)(Debit).values(minute=minute, nombre=demande)
    total = session.execute(
        ajout.on_conflict_do_update(
            index_elements=["minute"], set_={"nombre": Debit.nombre + ajout.excluded.nombre}
        ).returning(Debit.nombre)
    ).scalar_one()
    permis = min(demande, max(0, DEBIT_MAX - (total - demande)))
    if permis == demande:
        return comptes
    journal.warning("consultations : %d événements de trop laissés", demande - permis)
    gardes = {cle: nombre for cle, nombre in comptes.items() if cle.genre not in DU_SCRIPT}
    for cle in envoyes:
        gardes[cle] = min(comptes[cle], permis)
        permis -= gardes[cle]
    return {cle: nombre for cle, nombre in gardes.items() if nombre}


def _bound_hosts(session: Session, comptes: Mapping[Cle, int]) -> Mapping[Cle, int]:
    """Name no more hosts than a page can show: anybody may send one."""
    if not any(cle.hote for cle in comptes):
        return comptes
    c = Consultation
    connus = set(session.execute(select(c.hote).where(c.hote != "").distinct()).scalars())
    sommes: Counter[Cle] = Counter()
    for cle in sorted(comptes):
        hote = cle.hote
        if hote and hote not in connus:
            hote = hote if len(connus) < HOTES_MAX else AUTRES_HOTES
            connus.add(hote)
        sommes[replace(cle, hote=hote)] += comptes[cle]
    return sommes


def _upsert(session: Session, comptes: Iterable[tuple[Cle, bool, int]]) -> None:
    # Always in the same order: two processes that lock the same rows wait, and never for ever.
    valeurs = [
        {
            "jour": cle.jour,
            "mensuel": mensuel,
            "genre": cle.genre,
            "canal": cle.canal,
            "acteur": cle.acteur,
            "besoin": cle.besoin,
            "hote": cle.hote,
            "epci": cle.epci,
            "nombre": nombre,
        }
        for cle, mensuel, nombre in sorted(comptes)
    ]
    for debut in range(0, len(valeurs), LOT):
        ajout = _insert(session)(Consultation).values(valeurs[debut : debut + LOT])
        session.execute(
            ajout.on_conflict_do_update(
                index_elements=list(COLONNES),
                set_={"nombre": Consultation.nombre + ajout.excluded.nombre},
            )
        )


def _insert(session: Session) -> Any:  # noqa: ANN401
    """The INSERT that knows ON CONFLICT, in the words of the database at hand."""
    # The one of the other database would be imported for nothing, at each start.
    return import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}").insert
