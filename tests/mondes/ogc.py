"""What is asked of the API in both worlds, to bring the hidden out: places, boxes, dates, slugs."""

from __future__ import annotations

from collections.abc import Iterator

COLLECTIONS = ("acteurs", "territoires", "communes", "objectifs")
OBJETS = ("cache-38269", "brouillon-38269", "aiv-grenoble", "38269", "2022-2024-22")
QUESTIONS = (
    "limit=1000",
    "limit=3&offset=60",
    "bbox=5.75,44.88,5.82,44.93",
    "bbox=5,44,100,6,46,900&limit=1000",
    "datetime=2026-03-09",
    "datetime=../2026-03-10T00:00:00Z&limit=1000",
    "lieu=La+Mure&limit=1000",
    "depuis=5.79,44.9&limit=1000",
    "codes_insee=38269",
    "porteur=cache-38269",
    "slug=cache-38269",
    "missions=hebergement-urgence&limit=1000",
    "langues=kl",
    "objectifs=2022-2024/22&limit=1000",
    "acteurs=cache-38269",
    "communes=38269",
    "en_zone=true&limit=1000&f=html",
)


def adresses() -> Iterator[str]:
    """Each page of each collection with each question, one that it refuses included."""
    for collection in COLLECTIONS:
        ici = f"/ogc/collections/{collection}"
        yield from (f"{ici}?f={forme}" for forme in ("json", "html"))
        yield from (f"{ici}/items?{question}" for question in QUESTIONS)
        yield from (f"{ici}/items/{objet}?f=html" for objet in OBJETS)
