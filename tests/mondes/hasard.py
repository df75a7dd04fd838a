"""Requests drawn at random, right and wrong, over every route: the same seed draws the same ones.

Every route comes once before any comes twice. What one answer gave (an ETag, a date) is sent back
with later questions: `Hasard.apprendre`.
"""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse

from tests.mondes.corps import Corps
from tests.mondes.questions import CHEMINS, CONNUES, FAUSSES, LENTES, VALEURS
from tests.site import adresse_de

METHODES = ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "BREW")
GESTION = "gestion."
# One document in so many of those that are slow to make.
RARE = 12
ENTETES: Mapping[str, tuple[str, ...]] = {
    "Accept": ("*/*", "text/html", "application/json", "application/geo+json;q=0.1", "x/y", ";;"),
    "Accept-Encoding": ("gzip", "identity", "br, zstd", "gzip;q=0", "*;q=0", "deflate, gzip"),
    "Accept-Language": ("fr", "en-GB,en;q=0.5", "*"),
    "Host": ("localhost", "exemple.fr", "LOCALHOST:8000", "10.0.0.1", "[::1]", "a b", "é.fr"),
    "Range": ("bytes=0-99", "bytes=-5", "bytes=9999999-", "bytes=0-1,5-6", "lignes=1-2"),
    "If-Modified-Since": ("Mon, 09 Mar 2026 10:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "x"),
    "If-Unmodified-Since": ("Thu, 01 Jan 1970 00:00:00 GMT",),
    "If-None-Match": ("*", '"abc"', 'W/"abc"', '"'),
    "If-Match": ("*", '"abc"'),
    "If-Range": ('"abc"',),
    "Origin": ("null", "https://ailleurs.exemple", "http://localhost"),
    "Referer": ("https://ailleurs.exemple/page", "http://localhost/gestion", "zzz"),
    "Sec-Fetch-Site": ("same-origin", "cross-site", "none", "zzz"),
    "Sec-Fetch-Dest": ("iframe", "empty", "image", "document"),
    "Sec-Purpose": ("prefetch",),
    "User-Agent": ("Mozilla/5.0", "Googlebot/2.1", ""),
    "Cookie": ("session=x", "carto=eyJ9.x.y"),
    "Authorization": ("Bearer " + "x" * 40, "Basic eDp5"),
    "X-Forwarded-For": ("10.9.8.7", "x", "::1, 10.9.8.7"),
    "X-HTTP-Method-Override": ("DELETE",),
    "Content-Encoding": ("gzip",),
    "Transfer-Encoding": ("chunked",),
}
# Networks from which visitors ask; hidden work comes from none of them.
RESEAUX = ("127.0.0.1", "192.0.2.7", "198.51.100.9", "2001:db8::1", "203.0.113.4", "192.0.2.200")


@dataclass(frozen=True, slots=True)
class Demande:
    """One request, ready to be sent any number of times."""

    methode: str
    adresse: str
    entetes: tuple[tuple[str, str], ...] = ()
    corps: bytes = b""
    type: str = ""
    de: str = RESEAUX[0]

    def envoyer(self, client: Client) -> TestResponse:
        """Ask it as a client without memory would."""
        options: dict[str, Any] = {"content_type": self.type} if self.type else {}
        chemin, _, question = self.adresse.partition("?")
        # Put down as a server would: a client of tests has its own idea of « //.. ».
        brut = {
            "REMOTE_ADDR": self.de,
            "PATH_INFO": unquote_to_bytes(chemin).decode("latin-1"),
            "QUERY_STRING": question,
            "REQUEST_URI": self.adresse,
        }
        return client.open(
            "/",
            method=self.methode,
            headers=list(self.entetes),
            data=self.corps or None,
            environ_overrides=brut,
            **options,
        )


class Hasard:
    """A source of requests for one site. Raises KeyError for a route or a word not told to it."""

    def __init__(self, app: Flask, graine: int, *, rapide: bool = False) -> None:
        self._app = app
        self._tirage = random.Random(graine)
        self._rapide = rapide
        self._connus: deque[tuple[str, str]] = deque(maxlen=60)
        self._corps = Corps(app, self._tirage)
        self.vus: set[str] = set()

    def demandes(self, nombre: int) -> Iterator[Demande]:
        """As many requests, every route in turn in an order drawn anew each time."""
        faites = 0
        while faites < nombre:
            regles = [r for r in self._app.url_map.iter_rules() if self._voulue(r)]
            for regle in self._tirage.sample(regles, len(regles))[: nombre - faites]:
                self.vus.add(regle.endpoint)
                faites += 1
                yield self._demande(regle)

    def apprendre(self, response: TestResponse) -> None:
        """Remember what a next question can be bound to."""
        etag = response.headers.get("ETag")
        if etag:
            self._connus.append((response.request.path, etag))

    def _voulue(self, regle: Rule) -> bool:
        deja = regle.endpoint in self.vus
        if regle.endpoint in LENTES and deja:
            return not self._rapide and self._tirage.randrange(RARE) == 0
        # Every path of what needs an account answers the same to who has none.
        return not (deja and regle.endpoint.startswith(GESTION)) or self._parfois(6)

    def _demande(self, regle: Rule) -> Demande:
        methode = self._methode(regle)
        chemin = self._chemin(regle)
        noms = CONNUES[regle.endpoint] if not regle.endpoint.startswith(GESTION) else ()
        question = self._question(noms)
        entetes = tuple(self._entetes(chemin))
        corps, genre = b"", ""
        if methode not in ("GET", "HEAD", "OPTIONS") or self._parfois(30):
            corps, genre = self._corps.tirer(regle.endpoint, noms, chemin)
        de = self._tirage.choice(RESEAUX)
        return Demande(methode, chemin + question, entetes, corps, genre, de)

    def _methode(self, regle: Rule) -> str:
        if self._parfois(5):
            return self._tirage.choice(METHODES)
        return self._tirage.choice(sorted((regle.methods or set()) - {"HEAD", "OPTIONS"}))

    def _chemin(self, regle: Rule) -> str:
        mots = {nom: self._tirage.choice(CHEMINS[nom]) for nom in sorted(regle.arguments)}
        chemin = adresse_de(self._app, regle, mots)
        if self._parfois(25):
            chemin += self._tirage.choice(("/", "x", "%00", "/../gestion", ";a=1", "%c3%28", "//"))
        return chemin

    def _question(self, noms: tuple[str, ...]) -> str:
        if not noms and not self._parfois(4):
            return ""
        voulus = self._tirage.sample(noms, min(len(noms), self._tirage.choice((0, 1, 1, 2, 2, 4))))
        if self._parfois(10):
            voulus.append(self._tirage.choice((*VALEURS, "inconnu", "Lieu", "q[]", "")))
        paires = [(nom, self._valeur(nom)) for nom in voulus]
        if paires and self._parfois(15):
            paires.append(paires[0])
        if self._parfois(60):
            return "?" + self._tirage.choice(("%ff=%fe", "&&&", "q=" + "a" * 2_100, "q=%00", "=&="))
        return "?" + urlencode(paires) if paires else ""

    def _valeur(self, nom: str) -> str:
        if nom not in VALEURS or self._parfois(12):
            return self._tirage.choice(FAUSSES)
        return self._tirage.choice(VALEURS[nom])

    def _entetes(self, chemin: str) -> Iterator[tuple[str, str]]:
        if self._connus and self._parfois(3):
            ici = [etag for vu, etag in self._connus if quote(vu) == chemin]
            etag = ici[-1] if ici else self._tirage.choice(self._connus)[1]
            yield self._tirage.choice(("If-None-Match", "If-Match", "If-Range")), etag
        if self._parfois(3):
            for nom in self._tirage.sample(sorted(ENTETES), self._tirage.choice((1, 1, 2, 3))):
                yield nom, self._tirage.choice(ENTETES[nom])

    def _parfois(self, sur: int) -> bool:
        return self._tirage.randrange(sur) == 0


def en_mots(demande: Demande) -> str:
    """The request as somebody would read it in a report."""
    dits = [f"{nom}: {valeur}" for nom, valeur in demande.entetes]
    corps = json.dumps(demande.corps.decode("utf-8", "replace")) if demande.corps else ""
    return " | ".join(filter(None, [demande.methode, demande.adresse, *dits, demande.type, corps]))
