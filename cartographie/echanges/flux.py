"""What changed, as an Atom feed (RFC 4287): one entry a record and day, dates to the day.

Identifiers are tag URIs (RFC 4151) of a slug and a day: they count nothing. Every text is escaped,
and characters that XML refuses are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, SubElement, indent, tostring

ATOM = "http://www.w3.org/2005/Atom"
INTERDITS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entree:
    """One entry. `lien` is the address of the fiche, or of the site when there is none any more."""

    slug: str
    jour: date
    sorte: str
    titre: str
    texte: str
    lien: str


@dataclass(frozen=True, slots=True)
class Flux:
    """The feed: its own address, that of the page, the authority of its identifiers, its words.

    `depuis` dates a feed in which nothing happened yet.
    """

    titre: str
    sous_titre: str
    adresse: str
    page: str
    autorite: str
    depuis: date


def write(flux: Flux, entrees: Iterable[Entree]) -> bytes:
    """Write the entries in the order given: the same entries give the same bytes."""
    lignes = list(entrees)
    racine = Element("feed", {"xmlns": ATOM, "xml:lang": "fr"})
    _dire(racine, "id", flux.adresse)
    _dire(racine, "title", flux.titre)
    _dire(racine, "subtitle", flux.sous_titre)
    dernier = max((entree.jour for entree in lignes), default=flux.depuis)
    _dire(racine, "updated", _moment(dernier))
    SubElement(SubElement(racine, "author"), "name").text = "Carte des services – Isère"
    SubElement(
        racine, "link", {"rel": "self", "type": "application/atom+xml", "href": flux.adresse}
    )
    SubElement(racine, "link", {"rel": "alternate", "type": "text/html", "href": flux.page})
    for entree in lignes:
        element = SubElement(racine, "entry")
        _dire(element, "id", f"tag:{flux.autorite},2026:{entree.slug}/{entree.jour.isoformat()}")
        _dire(element, "title", entree.titre)
        _dire(element, "updated", _moment(entree.jour))
        SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": entree.lien})
        SubElement(element, "category", {"term": entree.sorte})
        _dire(element, "content", entree.texte)
    indent(racine, " ")
    corps: bytes = tostring(racine, encoding="utf-8", xml_declaration=True)
    return corps + b"\n"


def _dire(parent: Element, nom: str, texte: str) -> None:
    SubElement(parent, nom).text = INTERDITS.sub("", texte)


def _moment(jour: date) -> str:
    """The day, at an hour that says nothing."""
    return f"{jour.isoformat()}T00:00:00Z"
