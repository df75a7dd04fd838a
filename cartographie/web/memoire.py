"""Answers kept as bytes: a question that was just asked is answered without being worked out again.

    request → version of the database (one row, every time) → kept answer, or the application

An answer is kept only for as long as working it out again would give the same bytes: the same
published records and protocols (the very objects: a hidden edit leaves them, and the answers with
them), the same minute, the same host, the same ways of reading. What has not been committed to is
not kept: only a 200 of the routes below. Counting goes on: each answer remembers what it counts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError
from werkzeug.http import parse_etags, remove_entity_headers

from cartographie.catalogue import Catalogue
from cartographie.database import reading
from cartographie.periodes import current_referentiel
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from cartographie.suivi import Cle
from cartographie.version import current_version
from cartographie.web.allocation import give_back
from cartographie.web.site import PRESENT, Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# What answers from published records, the protocols, the minute and the address alone.
MEMORABLES = frozenset(
    {
        "pages.accueil",
        "pages.acteur",
        "api.proches",
        "exports.acteurs_csv",
        "exports.acteurs_xlsx",
        "exports.acteurs_geojson",
        "fond.carte_json",
        "points.points",
        "ouvertures.acteurs_gpkg",
        "ouvertures.contact",
        "ouvertures.data_inclusion",
    }
)
OCTETS_MAX = 48 * 1024 * 1024
# One answer as large as this would push out all the others.
UNE_REPONSE_MAX = OCTETS_MAX // 8
RETENUE = "cartographie.retenue"
# With one of these the application decides what to answer.
PARTICULIERS = ("HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_COOKIE")
LECTURES = frozenset({"GET", "HEAD", "OPTIONS"})
# All that a page reads of a request, beside its address: each value has its own answer.
LUS = (
    "PATH_INFO",
    "QUERY_STRING",
    "SCRIPT_NAME",
    "HTTP_HOST",
    "wsgi.url_scheme",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_SEC_FETCH_SITE",
)

Entetes = list[tuple[str, str]]
Question = tuple[str, ...]
Compter = Callable[[tuple[Cle, ...], Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class Etat:
    """What answers are made of; compared by identity: equal records are the same objects."""

    catalogue: Catalogue
    referentiel: Referentiel
    minute: datetime

    def est(self, autre: Etat) -> bool:
        """Whether the same question has the same answer under both."""
        return (
            self.catalogue is autre.catalogue
            and self.referentiel is autre.referentiel
            and self.minute == autre.minute
        )


@dataclass(frozen=True, slots=True)
class Retenue:
    """What the application says of an answer that may be kept."""

    catalogue: Catalogue
    referentiel: Referentiel
    comptes: tuple[Cle, ...]


@dataclass(frozen=True, slots=True)
class Gardee:
    """One answer. `comptes` is what giving it counts, `inchangee` the headers of its 304."""

    entetes: Entetes
    inchangee: Entetes
    corps: bytes
    etag: str
    comptes: tuple[Cle, ...]


class Memoire:
    """A WSGI application before another. `compter` counts an answer given to these headers."""

    def __init__(self, suite: WSGIApplication, installation: Site, compter: Compter) -> None:
        self._suite = suite
        self._site = installation
        self._compter = compter
        self._verrou = Lock()
        self._etat: Etat | None = None
        self._version = -1
        self._gardees: OrderedDict[Question, Gardee] = OrderedDict()
        self._octets = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory, else let the application answer and remember it."""
        methode = environ["REQUEST_METHOD"]
        if methode != "GET" or any(nom in environ for nom in PARTICULIERS):
            corps = self._suite(environ, start_response)
            if methode not in LECTURES:
                self._suivre()
            return corps
        question = tuple(environ.get(nom, "") for nom in LUS)
        try:
            etat = self._present()
        except (DBAPIError, self._site.engine.dialect.loaded_dbapi.Error):
            # The database cannot be read: the application says so in a page, not a bare 500.
            return self._suite(environ, start_response)
        gardee = self._lire(question)
        if gardee is None:
            environ[PRESENT] = etat
            return self._demander(question, etat, environ, start_response)
        self._compter(gardee.comptes, environ)
        return _rendre(gardee, environ, start_response)

    def _suivre(self) -> None:
        """Whoever writes pays for what that changes, before being answered.

        Were it left to the next visitor, how long he waits would tell him that somebody had just
        written, also what nobody may see.
        """
        with suppress(DBAPIError, self._site.engine.dialect.loaded_dbapi.Error):
            self._present()

    def _present(self) -> Etat:
        """What is published at this minute. Forgets every answer when that has changed."""
        installation = self._site
        version = current_version(installation.engine)
        minute = installation.horloge().replace(second=0, microsecond=0)
        etat = self._etat
        if etat is not None and version == self._version and minute == etat.minute:
            return etat
        if etat is not None and version == self._version:
            present = replace(etat, minute=minute)
        else:
            with reading(installation.engine) as session:
                referentiel = current_referentiel(session, installation.embarque)
                present = Etat(current_catalogue(session, referentiel), referentiel, minute)
        with self._verrou:
            oubliees = self._etat is None or not self._etat.est(present)
            if oubliees:
                self._gardees.clear()
                self._octets = 0
            self._etat, self._version = present, version
        if oubliees:
            give_back()
        return present

    def _lire(self, question: Question) -> Gardee | None:
        with self._verrou:
            gardee = self._gardees.get(question)
            if gardee is not None:
                self._gardees.move_to_end(question)
            return gardee

    def _demander(
        self,
        question: Question,
        etat: Etat,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        dit: list[tuple[Any, ...]] = []

        def noter(*debut: Any) -> Any:  # noqa: ANN401
            dit.append(debut)

        corps = self._suite(environ, noter)
        retenue: Retenue | None = environ.get(RETENUE)
        if retenue is None:
            start_response(*dit[-1])
            return corps
        octets = b"".join(corps)
        fermer = getattr(corps, "close", None)
        if fermer is not None:
            fermer()
        minute = self._site.horloge().replace(second=0, microsecond=0)
        entetes: Entetes = list(dit[-1][1])
        etag = dict(entetes).get("ETag", "").removeprefix("W/").strip('"')
        gardee = Gardee(entetes, sans_corps(entetes), octets, etag, retenue.comptes)
        if etat.est(Etat(retenue.catalogue, retenue.referentiel, minute)):
            self._garder(question, etat, gardee)
        return _rendre(gardee, environ, start_response)

    def _garder(self, question: Question, etat: Etat, gardee: Gardee) -> None:
        poids = len(gardee.corps) + 2_000
        if poids > UNE_REPONSE_MAX or not gardee.etag:
            return
        with self._verrou:
            if self._etat is None or not self._etat.est(etat) or question in self._gardees:
                return
            self._gardees[question] = gardee
            self._octets += poids
            while self._octets > OCTETS_MAX:
                _, ancienne = self._gardees.popitem(last=False)
                self._octets -= len(ancienne.corps) + 2_000


def _rendre(
    gardee: Gardee, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """The answer, or that it has not changed for whoever has these very bytes."""
    connus = environ.get("HTTP_IF_NONE_MATCH")
    if connus and parse_etags(connus).contains_weak(gardee.etag):
        start_response("304 NOT MODIFIED", list(gardee.inchangee))
        return ()
    start_response("200 OK", list(gardee.entetes))
    return (gardee.corps,)


def init_app(app: Flask, installation: Site, compter: Compter) -> None:
    """Stand before the application."""
    app.wsgi_app = Memoire(app.wsgi_app, installation, compter)  # type: ignore[method-assign]


def retenir(response: Response, comptes: tuple[Cle, ...]) -> None:
    """Tell that this answer may be kept, when it is of the kind that may and memory asked for it.

    It is then given whole, also to whoever has it: memory itself says that it has not changed.
    """
    if (
        request.endpoint in MEMORABLES
        and PRESENT in request.environ
        and response.status_code == 200
        and "catalogue" in g
    ):
        request.environ[RETENUE] = Retenue(g.catalogue, g.referentiel, comptes)


def est_retenue() -> bool:
    """Whether the answer to this request goes to memory."""
    return RETENUE in request.environ


def sans_corps(entetes: Entetes) -> Entetes:
    """The headers of « not modified »: those that tell nothing of a body."""
    restants = list(entetes)
    remove_entity_headers(restants)
    return restants
