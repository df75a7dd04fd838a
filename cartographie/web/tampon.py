"""A signed moment, bound to one record: a form that was opened, some time ago, by a person.

It holds nothing but the slug and the second: no number that hidden edits would move.
"""

from __future__ import annotations

from enum import StrEnum

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from cartographie.jetons import signer
from cartographie.web.site import site

# Reading the first choice takes longer; a form left open since the morning is not refused.
MINIMUM_S = 3
MAXIMUM_S = 6 * 3600


class Age(StrEnum):
    """How a form comes back."""

    BON = "bon"
    TROP_TOT = "trop-tot"
    TROP_TARD = "trop-tard"
    ILLISIBLE = "illisible"


def stamp(slug: str) -> str:
    """What the form of a record carries."""
    return str(_signer().dumps([slug, _maintenant()]))


def read(slug: str, tampon: str) -> Age:
    """Judge a stamp that comes back."""
    try:
        pour, moment = _signer().loads(tampon)
    except (BadData, ValueError, TypeError):
        return Age.ILLISIBLE
    if pour != slug or not isinstance(moment, int):
        return Age.ILLISIBLE
    age_s = _maintenant() - moment
    if age_s < MINIMUM_S:
        return Age.TROP_TOT
    return Age.BON if age_s <= MAXIMUM_S else Age.TROP_TARD


def _maintenant() -> int:
    return int(site().horloge().timestamp())


def _signer() -> URLSafeSerializer:
    return signer(str(current_app.secret_key), "tampon")
