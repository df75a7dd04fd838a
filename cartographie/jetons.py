"""The secret of a link sent to a partner: signed, bound to a record, a purpose and a number.

The database keeps its digest, never the link: who reads the database cannot answer in the place
of a partner, and who has the key alone cannot either.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

BUT = "rappel-partenaire"
ALEA_OCTETS = 16
JETON_MAX = 400


def make(cle: str, slug: str, numero: int) -> str:
    """A new secret for the sending `numero` of a record."""
    return str(signer(cle, BUT).dumps([slug, numero, secrets.token_urlsafe(ALEA_OCTETS)]))


def read(cle: str, jeton: str) -> tuple[str, int] | None:
    """Slug and number that a secret was made for; None for anything else."""
    if len(jeton) > JETON_MAX:
        return None
    try:
        slug, numero, _ = signer(cle, BUT).loads(jeton)
    except (BadData, ValueError, TypeError):
        return None
    return (slug, numero) if isinstance(slug, str) and isinstance(numero, int) else None


def digest(jeton: str) -> str:
    """What is kept of a long random secret."""
    return sha256(jeton.encode("utf-8", "replace")).hexdigest()


def signer(cle: str, but: str) -> URLSafeSerializer:
    """What signs for one purpose: nothing signed for another is read."""
    return URLSafeSerializer(cle, salt=but, signer_kwargs={"digest_method": sha256})
