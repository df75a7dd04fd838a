"""A PDF as a reader that nobody here wrote sees it: its tags, its words, its picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pypdfium2
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


def ouvrir(octets: bytes) -> PdfReader:
    """Read it; raises when it is none."""
    return PdfReader(BytesIO(octets), strict=True)


def mots(octets: bytes) -> str:
    """Its text, every page, in the order of the file, on one line."""
    return " ".join(" ".join(pages(octets)).split())


def pages(octets: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(octets)
    return [page.get_textpage().get_text_bounded() for page in document]


@dataclass(frozen=True, slots=True)
class Balise:
    """An element of the structure: `/H1`, `/P`…, and the words that stand for a picture."""

    sorte: str
    alt: str


def racine(lecteur: PdfReader) -> Any:  # noqa: ANN401
    """The catalogue of the document."""
    return lecteur.trailer["/Root"]


def balises(lecteur: PdfReader) -> Iterator[Balise]:
    """Every element of the structure, in reading order."""
    arbre = racine(lecteur)["/StructTreeRoot"]
    pile: list[Any] = [arbre]
    while pile:
        un = pile.pop()
        if isinstance(un, IndirectObject):
            un = un.get_object()
        if not isinstance(un, DictionaryObject):
            continue
        if "/S" in un:
            yield Balise(str(un["/S"]), str(un.get("/Alt", "")))
        enfants = un.get("/K", ArrayObject())
        enfants = enfants.get_object() if isinstance(enfants, IndirectObject) else enfants
        liste = list(enfants) if isinstance(enfants, ArrayObject) else [enfants]
        pile.extend(reversed(liste))


def encre(octets: bytes, page: int) -> float:
    """The part of a page that is not white, from 0 to 1."""
    image = pypdfium2.PdfDocument(octets)[page].render(scale=0.5, grayscale=True)
    points = bytes(image.buffer)
    return sum(point < 128 for point in points) / len(points)
