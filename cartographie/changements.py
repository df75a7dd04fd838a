"""What may happen to a published record, as the public is told of it."""

from __future__ import annotations

from enum import StrEnum


class SorteChangement(StrEnum):
    """One kind of news: a fiche is new, says something else, or is not published any more."""

    CREEE = "creee"
    MODIFIEE = "modifiee"
    FERMEE = "fermee"
