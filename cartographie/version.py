"""The number of the last write, asked at each request as cheaply as the database can be.

On PostgreSQL it has connections of its own, kept outside of transactions: to take one from the pool
is to ask first whether it lives, which costs more than the question. One that has died is found out
by asking, and another takes its place.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event, select
from sqlalchemy.pool import Pool

from cartographie.models import Version

VERSION = str(select(Version.n))
# One for each thread of a server. Whoever comes when all are being asked goes through the pool.
GARDES = 10
# A cursor for each, or nothing yet: the last one that was asked is the first to be asked again.
Places = deque[Any]
_PLACES: WeakKeyDictionary[Pool, Places] = WeakKeyDictionary()
_VERROU = Lock()


def current_version(engine: Engine) -> int:
    """The number of the last write, read from the database now; 0 before any."""
    if engine.dialect.name != "postgresql":
        return _ask_pool(engine)
    places = _PLACES.get(engine.pool)
    if places is None:
        places = _prepare(engine)
    try:
        curseur = places.pop()
    except IndexError:
        return _ask_pool(engine)
    try:
        if curseur is not None:
            try:
                return _ask(curseur)
            except engine.dialect.loaded_dbapi.Error:
                # The server was started again, or the network cut: once more, with another.
                curseur.connection.close()
        curseur = _open(engine)
        return _ask(curseur)
    finally:
        places.append(curseur)


def _ask(curseur: Any) -> int:  # noqa: ANN401
    curseur.execute(VERSION)
    ligne = curseur.fetchone()
    return int(ligne[0]) if ligne else 0


def _ask_pool(engine: Engine) -> int:
    connection = engine.raw_connection()
    try:
        return _ask(connection.cursor())
    finally:
        connection.close()


def _open(engine: Engine) -> Any:  # noqa: ANN401
    connection = engine.raw_connection()
    pilote: Any = connection.driver_connection
    connection.detach()
    # One number is its own transaction: to begin and to end one are two more trips to a server.
    pilote.autocommit = True
    return pilote.cursor()


def _prepare(engine: Engine) -> Places:
    with _VERROU:
        places = _PLACES.get(engine.pool)
        if places is None:
            places = _PLACES[engine.pool] = deque([None] * GARDES)
            event.listen(engine, "engine_disposed", partial(_close, places))
        return places


def _close(places: Places, _engine: Engine) -> None:
    for curseur in tuple(places):
        if curseur is not None:
            curseur.connection.close()
