"""Databases of tests: copied from a model; on PostgreSQL brought back to it between two tests.

To create and to drop a database costs half a second of a slow disk, more than most tests do. What
a test wrote is therefore emptied and the rows of the model put back; a database whose tables
are no longer the very same is thrown away. Each use has a name of its own: whoever of an earlier
test would still write finds no database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import starmap
from pathlib import Path
from shutil import copy
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from cartographie.database import make_engine, transaction
from cartographie.migrations import upgrade
from cartographie.protocole_db import add_protocole
from cartographie.referentiel import Referentiel

# Whatever a test may have made, dropped or changed of the tables, but for what they hold.
FORME = """
SELECT md5(string_agg(ligne, '|' ORDER BY ligne)) FROM (
  SELECT concat('relation ', oid, relname, relkind, relowner, reloptions) FROM pg_class
   WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat('colonne ', attrelid, attname, atttypid, attnotnull, attisdropped)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
   WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat('contrainte ', oid, conname, convalidated) FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat('regle ', oid, tgname, tgenabled) FROM pg_trigger
  UNION ALL SELECT concat('fonction ', oid, xmin) FROM pg_proc
   WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat('espace ', nspname) FROM pg_namespace WHERE nspname !~ '^pg_'
  UNION ALL SELECT concat('reglage ', setconfig) FROM pg_db_role_setting
   WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
) formes(ligne)
"""
TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
)
COMPTEURS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
ESSAIS = 5
CHASSER = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"


def adresse_de(serveur: str, nom: str) -> str:
    """The address of a database of that server."""
    return serveur.replace("/postgres?", f"/{nom}?")


def adresse(engine: Engine) -> str:
    """The address of a database that is open."""
    return engine.url.render_as_string(hide_password=False)


def vierge(serveur: str, dossier: Path, nom: str) -> str:
    """The address of a database without any table; without a server, of a file of that folder."""
    if not serveur:
        return f"sqlite:///{dossier / f'{nom}.sqlite'}"
    voulue = nom_de(f"{dossier} {nom}")
    ordonner(serveur, f"CREATE DATABASE {voulue}")
    return adresse_de(serveur, voulue)


def copier(source: Engine, dossier: Path, nom: str = "base") -> str:
    """The address of a copy of a database; on SQLite it is a file of that folder."""
    if source.dialect.name == "sqlite":
        fichier = dossier / f"{nom}.sqlite"
        copy(str(source.url.database), fichier)
        return f"sqlite:///{fichier}"
    voulue = nom_de(f"{dossier} {nom}")
    url = source.url.set(database="postgres")
    serveur = url.render_as_string(hide_password=False)
    ordonner(serveur, f"CREATE DATABASE {voulue} TEMPLATE {_modele_de(serveur, source)}")
    return adresse_de(serveur, voulue)


def figer(source: Engine) -> None:
    """Keep a twin, that nobody opens, of a database that will be copied while it is served."""
    if source.dialect.name == "postgresql":
        source.dispose()
        serveur = source.url.set(database="postgres").render_as_string(hide_password=False)
        nom = source.url.database
        ordonner(serveur, f"CREATE DATABASE {nom}_modele TEMPLATE {nom}")


def _modele_de(serveur: str, source: Engine) -> str:
    """The twin when there is one: PostgreSQL copies no database that somebody has open."""
    with ouvrir(serveur) as connexion:
        jumelle = f"{source.url.database}_modele"
        connue = connexion.execute("SELECT FROM pg_database WHERE datname = %s", (jumelle,))
        return jumelle if connue.rowcount else str(source.url.database)


def nom_de(texte: str) -> str:
    """The name of the database of a test."""
    return "essai_" + hashlib.sha256(texte.encode()).hexdigest()[:16]


def ouvrir(adresse: str) -> psycopg.Connection[Any]:
    """A connection without SQLAlchemy, each order of which is a transaction of its own."""
    return psycopg.connect(adresse.replace("+psycopg", ""), autocommit=True)


def ordonner(serveur: str, ordre: str) -> None:
    """One order outside any transaction."""
    with ouvrir(serveur) as connexion:
        connexion.execute(ordre.encode())


def preparer(adresse: str, referentiel: Referentiel) -> None:
    """The tables and the protocol."""
    engine = make_engine(adresse)
    upgrade(engine)
    with transaction(engine) as session:
        for protocole in referentiel.protocoles:
            add_protocole(session, protocole)
    engine.dispose()


@dataclass
class Reserve:
    """One database at a time, as its model is."""

    serveur: str
    modele: str
    nom: str = ""
    forme: str = ""
    lignes: dict[str, bytes] = field(default_factory=dict)
    contenu: dict[str, str] = field(default_factory=dict)
    compteurs: list[tuple[str, int | None]] = field(default_factory=list)

    def prendre(self, nom: str) -> str:
        """The address of a database of that name."""
        if self.nom:
            ordonner(self.serveur, f"ALTER DATABASE {self.nom} RENAME TO {nom}")
        else:
            ordonner(self.serveur, f"CREATE DATABASE {nom} TEMPLATE {self.modele}")
        self.nom = nom
        if not self.forme:
            self._apprendre()
        return adresse_de(self.serveur, nom)

    def rendre(self) -> None:
        """Send everybody away, and put back what was there, under a name that nobody knows."""
        self._ecarter(nom_de(f"{self.nom} au repos"))
        with ouvrir(adresse_de(self.serveur, self.nom)) as connexion:
            entiere = connexion.execute(FORME).fetchone() == (self.forme,)
            if entiere:
                with connexion.transaction():
                    self._remettre(connexion)
        if not entiere:
            self.jeter()

    def jeter(self) -> None:
        """Drop it: the next one is made from the model."""
        if self.nom:
            ordonner(self.serveur, f"DROP DATABASE {self.nom} WITH (FORCE)")
        self.nom = self.forme = ""

    def _ecarter(self, repos: str) -> None:
        """Whoever was sent away may come back at once, until the name is another."""
        for reste in reversed(range(ESSAIS)):
            try:
                with ouvrir(self.serveur) as connexion:
                    connexion.execute(CHASSER, (self.nom,))
                    connexion.execute(f"ALTER DATABASE {self.nom} RENAME TO {repos}".encode())
            except psycopg.errors.ObjectInUse:
                if not reste:
                    raise
            else:
                self.nom = repos
                return

    def _apprendre(self) -> None:
        with ouvrir(adresse_de(self.serveur, self.nom)) as connexion:
            ligne = connexion.execute(FORME).fetchone()
            self.forme = ligne[0] if ligne else ""
            tables = [nom for (nom,) in connexion.execute(TABLES)]
            self.contenu = _empreintes(connexion, tables)
            self.lignes = {table: _copie(connexion, table) for table in tables}
            self.compteurs = connexion.execute(COMPTEURS).fetchall()

    def _remettre(self, connexion: psycopg.Connection[Any]) -> None:
        """Every row and every counter; the samples of the planner go too."""
        # Neither foreign keys nor triggers have a say in what was there before.
        connexion.execute("SET LOCAL session_replication_role = replica")
        for table in self._ecrites(connexion):
            # TRUNCATE makes every file of a table and of its indexes anew: a tenth of a second.
            connexion.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            if self.lignes[table]:
                ordre = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                with connexion.cursor().copy(ordre) as copie:
                    copie.write(self.lignes[table])
        connexion.execute(
            sql.SQL("SELECT {}").format(sql.SQL(", ").join(starmap(_regler, self.compteurs)))
        )
        connexion.execute(
            "DELETE FROM pg_statistic USING pg_class WHERE starelid = pg_class.oid"
            " AND relnamespace = 'public'::regnamespace"
        )

    def _ecrites(self, connexion: psycopg.Connection[Any]) -> list[str]:
        """Tables that do not hold what the model does."""
        presentes = _empreintes(connexion, list(self.contenu))
        return [nom for nom, empreinte in self.contenu.items() if presentes[nom] != empreinte]


def _empreintes(connexion: psycopg.Connection[Any], tables: list[str]) -> dict[str, str]:
    """Table → digest of its rows."""
    une = sql.SQL("SELECT {}, md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t")
    ordre = sql.SQL(" UNION ALL ").join(une.format(nom, sql.Identifier(nom)) for nom in tables)
    return dict(connexion.execute(ordre).fetchall())


def _copie(connexion: psycopg.Connection[Any], table: str) -> bytes:
    ordre = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connexion.cursor().copy(ordre) as copie:
        return b"".join(bytes(morceau) for morceau in copie)


def _regler(compteur: str, valeur: int | None) -> sql.Composed:
    return sql.SQL("setval({}::regclass, {}, {})").format(compteur, valeur or 1, valeur is not None)
