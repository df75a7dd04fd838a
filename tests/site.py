"""The site as tests see it: a fixed hour, a page that can be asked questions."""

from __future__ import annotations

import json
import re
import weakref
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from typing_extensions import override
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cartographie import create_app
from cartographie.config import RACINE, Settings
from cartographie.horaires import PARIS
from cartographie.referentiel import Referentiel
from cartographie.web.site import Horloge

# A Tuesday, no holiday, when offices are open.
MARDI = datetime(2026, 3, 10, 10, 30, tzinfo=PARIS)
SORTIE = "https://exemple.fr/meteo"
# Two sites of one test sign alike, so that their pages may be compared.
CLE = "clé des essais : ni secrète, ni employée ailleurs"
TELEPHONE = {"width": 360, "height": 740}


def installation(
    database_url: str, instance: Path, *, sortie_url: str = SORTIE, tuiles_url: str = ""
) -> Flask:
    """The site over a database that exists, at that hour; without a base map, unless one is told.

    Nothing of a test goes further than this machine.
    """
    settings = Settings(
        database_url=database_url,
        instance=instance,
        secret_key=CLE,
        sortie_url=sortie_url,
        tuiles_url=tuiles_url,
    )
    return assembler(settings, lambda: MARDI)


def assembler(settings: Settings, horloge: Horloge) -> Flask:
    """One more site of this process: what `data/` says is read once for all of them."""
    app = create_app(settings, horloge=horloge, embarque=embarque())
    # Many are dropped without a word: a connection to PostgreSQL may not be left open.
    weakref.finalize(app, app.extensions["cartographie"].engine.dispose)
    return app


@cache
def embarque() -> Referentiel:
    """The embedded data, as shipped."""
    return Referentiel.load(RACINE / "data")


class Gabarits(BytecodeCache):
    """What templates were compiled to, for every site of this process."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], Any] = {}

    @override
    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.code


def adresse_de(app: Flask, regle: Rule, arguments: Mapping[str, str]) -> str:
    """The address of a route with these arguments."""
    with app.test_request_context():
        return app.url_for(regle.endpoint, _anchor=None, **dict(arguments))  # type: ignore[arg-type]


def objet(response: TestResponse) -> Any:  # noqa: ANN401
    """The JSON of an answer. Raises when it is none."""
    return json.loads(response.text)


def lire(html: str) -> Element:
    """The page as a tree; raises when it is not well-formed HTML."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(html)
    return tree


def avec_classe(racine: Element, classe: str) -> Iterator[Element]:
    """Every element that has this class, in the order of the page."""
    return (e for e in racine.iter() if classe in e.get("class", "").split())


def par_id(racine: Element, identifiant: str) -> Element:
    """The element of this id. Raises StopIteration when there is none."""
    return next(e for e in racine.iter() if e.get("id") == identifiant)


def texte(element: Element) -> str:
    """Its words, on one line."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()
