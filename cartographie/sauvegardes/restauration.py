"""Putting a backup in place: one transaction, and nothing of what was erased since comes back.

What is known to have been erased comes from the database that is replaced, when it can be read,
and from the file beside the backups. Who is serving meanwhile sees the old state, then the new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, func, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cartographie import comptes, courrier, propositions, registre
from cartographie.acteurs import Saisie
from cartographie.cles import load_secret_key, replace_secret_key
from cartographie.config import Settings
from cartographie.database import reading, writing_engine
from cartographie.errors import SauvegardeError
from cartographie.migrations import is_current, upgrade_within
from cartographie.referentiel import Referentiel
from cartographie.registre import Trace
from cartographie.sauvegardes import memoire
from cartographie.sauvegardes.ecriture import require_key
from cartographie.sauvegardes.formes import Empreinte, Forme, read_lines, write_lines
from cartographie.sauvegardes.lecture import Contenu, read_backup
from cartographie.sauvegardes.memoire import Memoire

# A lowering is dated inside its transaction: one that ends after a backup began may be older.
MARGE = timedelta(hours=1)
ILLISIBLE = (
    "La base présente ne peut pas être lue : mettez-la de côté (renommez son fichier),"
    " puis relancez."
)
PLUS_RECENTE = (
    "La base présente contient des écritures que la sauvegarde n’a pas : elles seraient perdues."
    " Ajoutez --remplacer pour le faire quand même."
)
MEMOIRE_ILLISIBLE = (
    f"{memoire.NOM}, à côté de la sauvegarde, ne se lit pas avec cette clé : ce qui a été effacé"
    " depuis pourrait revenir. Remettez celui qui va avec elle ; sans lui, retirez ce fichier, puis"
    " relisez chaque fiche réduite."
)
DIFFERENTE = "La table {} n’est pas revenue comme elle avait été sauvegardée : rien n’est changé."


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restoration would do. `presente`: version of the database there now, if any."""

    fichier: Path
    contenu: Contenu
    presente: int | None
    connue: Memoire
    fiches: Mapping[str, Saisie] = field(repr=False)
    effacements: Mapping[str, tuple[Trace, ...]]

    @property
    def perd(self) -> bool:
        """Whether the present database has writes that the backup does not have."""
        return self.presente is not None and self.presente > self.contenu.entete.version


@dataclass(frozen=True, slots=True)
class Bilan:
    """What was done: rows by table, records lowered again, the new version."""

    tables: Mapping[str, int]
    reduites: tuple[str, ...]
    version: int
    cle_changee: bool


def plan_restore(engine: Engine, settings: Settings, fichier: Path) -> Plan:
    """Read the backup whole, and what the present database knows. Writes nothing.

    Raises SauvegardeError, OSError, ConfigurationError without a key.
    """
    cle = require_key(settings)
    contenu = read_backup(fichier, cle)
    connue, illisible = _known(settings, fichier, cle)
    presente, fiches = None, {}
    if _has_tables(engine):
        with reading(engine) as session:
            ici = memoire.remember(session)
            fiches = {saisie.slug: saisie for saisie in registre.saisies(session)}
        presente, connue = ici.version, connue.then(ici)
    elif illisible:
        raise SauvegardeError(MEMOIRE_ILLISIBLE)
    effacements = _since(connue, contenu.entete.quand)
    return Plan(fichier, contenu, presente, connue, fiches, effacements)


def restore(
    engine: Engine,
    settings: Settings,
    plan: Plan,
    referentiel: Referentiel,
    maintenant: datetime,
    *,
    remplacer: bool = False,
) -> Bilan:
    """Put it in place, in one transaction. Raises SauvegardeError: then nothing has changed."""
    if plan.perd and not remplacer:
        raise SauvegardeError(PLUS_RECENTE)
    with writing_engine(engine).begin() as connection:
        _drop(connection)
        upgrade_within(connection, plan.contenu.entete.migration)
        relu = read_backup(
            plan.fichier,
            require_key(settings),
            lambda forme, lignes: _load(connection, forme, lignes),
        )
        _compare(connection, relu)
        upgrade_within(connection)
        with Session(connection) as session:
            reduites = _replay(session, plan, referentiel)
            comptes.close_after_restore(session, plan.connue.revoques, maintenant)
            courrier.purge(session, maintenant)
            propositions.erase_again(session, plan.connue.propositions)
            propositions.purge(session, maintenant)
            version = max(registre.version_of(connection), plan.connue.version) + 1
            registre.renumber(session, version)
            session.commit()
    registre.compact(engine)
    changee = _put_key(settings, plan.contenu.entete.secret)
    memoire.keep(engine, settings)
    lignes = {nom: nombre for nom, (nombre, _) in relu.tables.items()}
    return Bilan(lignes, reduites, version, changee)


def _has_tables(engine: Engine) -> bool:
    """Whether there is a database to replace. Raises SauvegardeError when it cannot be read."""
    try:
        with engine.connect() as connection:
            if not inspect(connection).get_table_names():
                return False
        if is_current(engine):
            return True
    except DBAPIError as erreur:
        raise SauvegardeError(ILLISIBLE) from erreur
    raise SauvegardeError(
        "La base présente n’est pas à jour : lancez « cartographie init-db », ou mettez-la de côté."
    )


def _known(settings: Settings, fichier: Path, cle: str) -> tuple[Memoire, bool]:
    """What the files beside the backup and in our own folder say; whether one cannot be read."""
    connue, illisible = Memoire(), False
    for ici in dict.fromkeys((fichier.resolve().parent, settings.dossier_sauvegardes)):
        try:
            connue = connue.then(memoire.read(ici, cle))
        except SauvegardeError:
            # Of another key: the database that is replaced knows the same, when it is there.
            illisible = True
    return connue, illisible


def _since(connue: Memoire, quand: datetime) -> dict[str, tuple[Trace, ...]]:
    par_slug: dict[str, list[Trace]] = defaultdict(list)
    for trace in sorted(connue.effacements, key=lambda trace: (trace.quand, trace.slug)):
        if trace.quand > quand - MARGE:
            par_slug[trace.slug].append(trace)
    return {slug: tuple(traces) for slug, traces in par_slug.items()}


def _drop(connection: Connection) -> None:
    presentes = MetaData()
    presentes.reflect(connection)
    presentes.drop_all(connection)


def _load(connection: Connection, forme: Forme, lignes: Iterator[bytes]) -> None:
    table = forme.table()
    # A migration may have put a first row in its table.
    connection.execute(table.delete())
    write_lines(connection, forme, lignes)
    if connection.dialect.name == "postgresql" and forme.cle == ("id",):
        dernier = connection.execute(select(func.max(table.c.id))).scalar_one()
        suite = func.pg_get_serial_sequence(forme.nom, "id")
        connection.execute(select(func.setval(suite, dernier or 1, dernier is not None)))


def _compare(connection: Connection, contenu: Contenu) -> None:
    for forme in contenu.formes:
        empreinte = Empreinte()
        for ligne in read_lines(connection, forme):
            empreinte.add(ligne)
        if (empreinte.lignes, empreinte.hex) != contenu.tables[forme.nom]:
            raise SauvegardeError(DIFFERENTE.format(forme.nom))


def _replay(session: Session, plan: Plan, referentiel: Referentiel) -> tuple[str, ...]:
    sues = {(trace.slug, trace.quand) for trace in registre.traces(session)}
    reduites = []
    for slug, traces in plan.effacements.items():
        nouvelles = tuple(t for t in traces if (t.slug, t.quand) not in sues)
        presente = plan.fiches.get(slug)
        if nouvelles and registre.replay(session, slug, nouvelles, referentiel, presente):
            reduites.append(slug)
    return tuple(reduites)


def _put_key(settings: Settings, secret: str) -> bool:
    """Take the key back that the restored second factors and links were made with."""
    if settings.secret_key or not secret or load_secret_key(settings) == secret:
        return False
    replace_secret_key(settings, secret)
    return True
