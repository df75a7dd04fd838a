"""What others read of an answer: parsed by libraries that nobody here wrote, or refused.

Each reader gives every text of a document as one string, its blanks made single; it raises when
the document is broken, or when a part of it could run.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

import feedparser
import html5lib
import openpyxl
import vobject

from tests.pdf import mots

ENTRE = "\x1f"
# Attributes that lead somewhere, and where they may lead.
LIENS = frozenset("href src action formaction srcset poster data cite background ping".split())
SCHEMAS = frozenset({"", "http", "https", "tel", "sms", "mailto"})
# Where a link of our own pages goes, beside what a record says to be a site of its own.
VOISINS = re.compile(
    r"(localhost|127\.0\.0\.1|carte\.exemple\.fr|exemple\.fr|accueil\.exemple\.fr|([\w-]+\.)*gouv\.fr"
    r"|www\.opengis\.net|www\.etalab\.gouv\.fr|([\w-]+\.)*(cnil|defenseurdesdroits|ign|geopf)\.fr"
    r"|github\.com|www\.w3\.org|([\w-]+\.)*qgis\.org|openstreetmap\.org)(:\d+)?"
)
# The elements that begin something else than a text.
ETRANGERS = frozenset({"object", "embed", "applet", "base", "frame", "frameset", "math", "marquee"})
FORMULE = re.compile(r"[=+\-@\t\r\n]")
NOMBRE = re.compile(r"[+-]?\d[\d \u00a0\u202f.,]*%?")
# Closures and parts in objectives: several in one cell.
LISTE = re.compile(r"\d{4}-\d\d(-\d\d au |\d\d, objectif )")
CARTE = frozenset("version fn n org x-abshowas tel email adr geo url note x-ablabel".split())


def plat(texte: str) -> str:
    """Blanks made single, as a page shows them."""
    return " ".join(texte.split())


def page(octets: bytes) -> str:
    """An HTML page without a fault, of which nothing runs but our own files."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    racine: Element = parser.parse(octets.decode())
    for element in racine.iter():
        if isinstance(element.tag, str):
            check_inert(element)
    for saut in racine.iter("br"):
        saut.text = "\n"
    attributs = (valeur for e in racine.iter() for valeur in e.attrib.values())
    return ENTRE.join([plat("".join(racine.itertext())), *map(plat, attributs)])


def check_inert(element: Element) -> None:
    """Raise when an element would run something, or lead to somewhere that a text chose."""
    assert element.tag not in ETRANGERS, element.tag
    if element.tag == "script":
        assert not (element.text or "").strip(), "a script in the page"
        assert element.get("src", "").startswith("/"), element.attrib
    assert element.tag != "style", "a style in the page"
    for nom, valeur in element.attrib.items():
        assert not nom.startswith("on"), (element.tag, nom)
        assert nom not in ("style", "srcdoc"), (element.tag, nom)
        if nom in LIENS:
            check_link(valeur)


def check_link(adresse: str) -> None:
    """Raise when an address is none of ours and none of those that pages name."""
    parties = urlsplit(adresse.strip())
    assert parties.scheme.lower() in SCHEMAS, adresse
    if parties.scheme == "mailto":
        assert not parties.query, adresse
    elif parties.scheme == "sms" and parties.query:
        assert [nom for nom, _ in parse_qsl(parties.query)] == ["body"], adresse
    elif parties.netloc:
        assert VOISINS.fullmatch(parties.netloc), adresse


def objet_json(octets: bytes) -> str:
    """Every text of a JSON document."""
    return ENTRE.join(map(plat, _textes(json.loads(octets))))


def _textes(valeur: object) -> Iterator[str]:
    if isinstance(valeur, str):
        yield valeur
    elif isinstance(valeur, Mapping):
        for nom, une in valeur.items():
            yield str(nom)
            yield from _textes(une)
    elif isinstance(valeur, list):
        for une in valeur:
            yield from _textes(une)


def table_csv(octets: bytes) -> str:
    """Every cell; as many in each row, and none that a spreadsheet would compute."""
    rangees = list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len({len(rangee) for rangee in rangees}) == 1
    cellules = [cellule for rangee in rangees for cellule in rangee]
    for cellule in cellules:
        assert not FORMULE.match(cellule) or NOMBRE.fullmatch(cellule), cellule
    return ENTRE.join(map(cellule_lue, cellules))


def cellule_lue(cellule: str) -> str:
    """A cell as `docs/echanges.md` tells to read it: in a list, bar and backslash are escaped."""
    if LISTE.match(cellule):
        cellule = re.sub(r"\\([\\p])", lambda m: "|" if m[1] == "p" else "\\", cellule)
    return plat(cellule)


def classeur(octets: bytes) -> str:
    """Every cell of a workbook; none is a formula, none leads anywhere."""
    livre = openpyxl.load_workbook(io.BytesIO(octets))
    cellules = [c for feuille in livre for rangee in feuille.iter_rows() for c in rangee]
    assert [c.coordinate for c in cellules if c.data_type == "f" or c.hyperlink] == []
    return ENTRE.join(cellule_lue(str(c.value)) for c in cellules if c.value is not None)


def geopaquet(octets: bytes) -> str:
    """Every text of every table of a GeoPackage."""
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "a.gpkg"
        fichier.write_bytes(octets)
        base = sqlite3.connect(fichier)
        try:
            assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            lignes = [
                ligne
                for (nom,) in tables.fetchall()
                for ligne in base.execute(f'SELECT * FROM "{nom}"')
            ]
        finally:
            base.close()
    return ENTRE.join(plat(v) for ligne in lignes for v in ligne if isinstance(v, str))


def contact(octets: bytes) -> str:
    """One card, whose properties are those that we write."""
    (carte,) = list(vobject.readComponents(octets.decode()))
    assert set(carte.contents) <= CARTE, set(carte.contents) - CARTE
    textes = [str(v.value) for valeurs in carte.contents.values() for v in valeurs]
    return ENTRE.join(map(plat, textes))


def flux(octets: bytes) -> str:
    """A feed that is well-formed, whose texts are texts."""
    lu = feedparser.parse(octets)
    assert not lu.bozo, lu.get("bozo_exception")
    textes = []
    for entree in lu.entries:
        assert entree.title_detail.type == "text/plain"
        (contenu,) = entree.content
        assert contenu.type == "text/plain"
        check_link(entree.link)
        textes += [entree.title, contenu.value]
    return ENTRE.join(map(plat, textes))


def document(octets: bytes) -> str:
    """The words of a PDF, without blanks and hyphens: lines are cut where they end."""
    return serre(mots(octets))


def serre(texte: str) -> str:
    """Without blanks nor hyphens."""
    return re.sub(r"[\s\-\u00ad\u200b\u2010\ufffe\x02]+", "", texte)


LECTEURS: Mapping[str, Callable[[bytes], str]] = {
    "text/html": page,
    "application/json": objet_json,
    "application/geo+json": objet_json,
    "application/vnd.oai.openapi+json": objet_json,
    "application/schema+json": objet_json,
    "text/csv": table_csv,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": classeur,
    "application/geopackage+sqlite3": geopaquet,
    "text/vcard": contact,
    "application/atom+xml": flux,
    "application/pdf": document,
}
