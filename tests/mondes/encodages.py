"""How a secret could be written: each encoding by its name, with the bytes to look for.

A form stands alone when nothing else is likely to look like it; a pair of forms (three decimals of
a longitude and of a latitude) has to be found within a few bytes of each other, in any order.
"""

from __future__ import annotations

import base64
import html
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import codepoint2name
from urllib.parse import quote, quote_plus

import shapely
from pyproj import Transformer

from cartographie.texte import fold

VERS_LAMBERT = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
VERS_MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
FRACTIONS = range(5, 8)
# Shorter ones are found in any list of coordinates: only with their other half.
FRACTIONS_COURTES = (3, 4)
SEPARATEURS = ("", " ", ".", "-", "/", "\u00a0", "\u202f", "%20", "+")
ESPACES = ("", " ", "\u00a0", "\u202f", ",")
GEOHASH = "0123456789bcdefghjkmnpqrstuvwxyz"
GEOHASH_LONGUEUR = 7
OCTETS_MIN = 5


@dataclass(frozen=True, slots=True)
class Forme:
    """One way to write a secret; with `moitie`, found only beside one of the other half."""

    encodage: str
    octets: bytes
    moitie: str = ""


@dataclass(frozen=True, slots=True)
class Texte:
    """A street, a name, an address of mail, a site, a message."""

    valeur: str

    def formes(self) -> Iterator[Forme]:
        """As typed, without accents, without spaces, in capitals, in every escaping."""
        plie = fold(self.valeur)
        voulues = {self.valeur, self.valeur.replace(" ", ""), plie, plie.replace(" ", "")}
        voulues |= {self.valeur.upper(), self.valeur.replace("’", "'")}
        for valeur in sorted(voulues):
            yield from _ecrites(valeur)


@dataclass(frozen=True, slots=True)
class Numero:
    """A telephone number of France, as ten digits."""

    chiffres: str

    def formes(self) -> Iterator[Forme]:
        """In groups, in one word, with the code of the country, backwards."""
        paires = [self.chiffres[n : n + 2] for n in range(0, 10, 2)]
        suite = [self.chiffres[1], *paires[1:]]
        for separateur in SEPARATEURS:
            yield Forme("numéro", separateur.join(paires).encode())
            yield Forme("numéro à rebours", separateur.join(paires[::-1]).encode())
            for indicatif in ("+33", "0033", "33", "+33 (0)", "%2B33"):
                dit = separateur.join([indicatif, *suite])
                yield Forme("numéro international", dit.encode())
        yield Forme("chiffres à rebours", self.chiffres[::-1].encode())
        for dit in (" ".join(paires), self.chiffres, "+33" + self.chiffres[1:]):
            yield from (f for f in _ecrites(dit) if f.encodage in ("base64", "utf-16", "json"))


@dataclass(frozen=True, slots=True)
class Position:
    """A point: degrees (EPSG:4326)."""

    longitude: float
    latitude: float

    def formes(self) -> Iterator[Forme]:
        """Degrees, metres, degrees and minutes, doubles, WKB, geohash."""
        yield from self._decimales()
        yield from self._sexagesimales()
        yield from self._metres()
        yield from self._binaires()
        yield Forme("geohash", geohash(self.longitude, self.latitude).encode())

    def _decimales(self) -> Iterator[Forme]:
        for cote, valeur in (("x", self.longitude), ("y", self.latitude)):
            for fraction in (*FRACTIONS_COURTES, *FRACTIONS):
                moitie = f"degrés {cote}" if fraction in FRACTIONS_COURTES else ""
                for dit in sorted({f"{valeur:.{fraction}f}", coupe(valeur, fraction)}):
                    nom = f"{fraction} décimales"
                    yield Forme(nom, dit.encode(), moitie)
                    yield Forme(f"{nom}, virgule", dit.replace(".", ",").encode(), moitie)
            yield Forme("millionièmes", str(round(valeur * 10**6)).encode(), f"entiers {cote}")
            yield Forme("dix-millionièmes", str(round(valeur * 10**7)).encode())
        for fraction in FRACTIONS:
            couple = [f"{v:.{fraction}f}" for v in (self.longitude, self.latitude)]
            for ordre in (couple, couple[::-1]):
                for separateur in (",", ", ", " ", ";"):
                    yield from _base64(separateur.join(ordre))

    def _sexagesimales(self) -> Iterator[Forme]:
        for valeur in (self.longitude, self.latitude):
            degres, reste = divmod(valeur * 3600, 3600)
            minutes, secondes = divmod(reste, 60)
            for ds, ms in (("°", "'"), ("°", "′"), ("° ", "' "), ("° ", "′ "), ("&deg;", "'")):
                for chiffre in (f"{secondes:.1f}", f"{int(secondes)}", f"{secondes:04.1f}"):
                    dit = f"{int(degres)}{ds}{int(minutes):02d}{ms}{chiffre}"
                    yield Forme("degrés, minutes, secondes", dit.encode())
                    yield Forme("degrés, minutes, secondes", dit.encode("latin-1", "replace"))

    def _metres(self) -> Iterator[Forme]:
        for nom, projection in (("Lambert-93", VERS_LAMBERT), ("Mercator", VERS_MERCATOR)):
            metres = projection.transform(self.longitude, self.latitude)
            for cote, valeur in zip("xy", metres, strict=True):
                for entier in sorted({int(valeur), round(valeur)}):
                    for espace in ESPACES:
                        dit = f"{entier:,}".replace(",", espace)
                        yield Forme(nom, dit.encode(), f"{nom} {cote}")
                yield from _doubles(valeur, f"{nom} binaire")

    def _binaires(self) -> Iterator[Forme]:
        for valeur in (self.longitude, self.latitude):
            yield from _doubles(valeur, "double")
        for ordre in "<>":
            for couple in ((self.longitude, self.latitude), (self.latitude, self.longitude)):
                yield Forme("flottants", struct.pack(f"{ordre}2f", *couple))
        wkb = shapely.to_wkb(shapely.Point(self.longitude, self.latitude))
        yield Forme("WKB", wkb)
        yield Forme("WKB hexadécimal", wkb.hex().encode())
        yield from (Forme("WKB base64", octets) for octets in decalees(wkb))


Secret = Texte | Numero | Position


def _ecrites(valeur: str) -> Iterator[Forme]:
    """One text in every escaping; those of one spelling are the same bytes."""
    yield Forme("texte", valeur.encode())
    yield Forme("latin-1", valeur.encode("latin-1", "replace"))
    yield Forme("utf-16", valeur.encode("utf-16-le"))
    yield Forme("utf-16", valeur.encode("utf-16-be"))
    yield Forme("adresse", quote(valeur, safe="").encode())
    yield Forme("formulaire", quote_plus(valeur).encode())
    yield Forme("html", html.escape(valeur).encode())
    yield Forme("html", valeur.encode("ascii", "xmlcharrefreplace"))
    yield Forme("html", "".join(map(_nommee, valeur)).encode())
    yield Forme("html", "".join(f"&#x{ord(c):x};" for c in valeur).encode())
    yield Forme("json", json.dumps(valeur)[1:-1].encode())
    yield Forme("json", "".join(f"\\u{ord(c):04x}" for c in valeur).encode())
    yield Forme("hexadécimal", valeur.encode().hex().encode())
    yield from _base64(valeur)


def _nommee(lettre: str) -> str:
    nom = codepoint2name.get(ord(lettre))
    return f"&{nom};" if nom else lettre


def _base64(valeur: str) -> Iterator[Forme]:
    yield from (Forme("base64", octets) for octets in decalees(valeur.encode()))


def decalees(octets: bytes) -> Iterator[bytes]:
    """What is sure of the base64 of bytes that stand anywhere in others: three beginnings."""
    for decalage in range(3):
        brut = base64.b64encode(b"\0" * decalage + octets)
        yield brut[4 if decalage else 0 : len(brut) // 4 * 4 - 4]


def _doubles(valeur: float, nom: str) -> Iterator[Forme]:
    for ordre in "<>":
        octets = struct.pack(f"{ordre}d", valeur)
        yield Forme(nom, octets)
        yield Forme(f"{nom}, hexadécimal", octets.hex().encode())


def coupe(valeur: float, fraction: int) -> str:
    """A number cut, not rounded: `5.7871`."""
    entier, _, reste = f"{valeur:.12f}".partition(".")
    return f"{entier}.{reste[:fraction]}"


def geohash(longitude: float, latitude: float) -> str:
    """The geohash of a point, to a hundred and fifty metres."""
    bornes = [[-180.0, 180.0], [-90.0, 90.0]]
    code, bits = "", 0
    for rang in range(GEOHASH_LONGUEUR * 5):
        borne, valeur = bornes[rang % 2], (longitude, latitude)[rang % 2]
        milieu = sum(borne) / 2
        bits = bits * 2 + (valeur >= milieu)
        borne[valeur < milieu] = milieu
        if rang % 5 == 4:
            code, bits = code + GEOHASH[bits], 0
    return code
