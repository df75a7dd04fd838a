"""The number of the revision that a form was made of, signed: it can be sent back, not chosen."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from cartographie.errors import ParametreError
from cartographie.jetons import signer

ILLISIBLE = "Ce formulaire n’est plus valable : ouvrez la fiche de nouveau."


def sign(slug: str, numero: int) -> str:
    """What a form carries; the same for the same revision."""
    return str(_signer().dumps([slug, numero]))


def read(slug: str, jeton: str) -> int:
    """The number that was signed for this record. Raises ParametreError for any other text."""
    try:
        pour, numero = _signer().loads(jeton)
    except (BadData, ValueError, TypeError) as erreur:
        raise ParametreError("revision", "", ILLISIBLE) from erreur
    if pour != slug or not isinstance(numero, int):
        raise ParametreError("revision", "", ILLISIBLE)
    return numero


def _signer() -> URLSafeSerializer:
    return signer(str(current_app.secret_key), "revision")
