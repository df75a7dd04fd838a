"""Passwords as argon2id hashes. A check costs the same whether there is a hash or not."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cartographie.utilisateurs import normaliser

# RFC 9106's second recommendation: 64 MiB, three passes, four lanes.
ARGON2 = PasswordHasher()


def hacher(mot_de_passe: str) -> str:
    """The hash to keep."""
    return ARGON2.hash(normaliser(mot_de_passe))


def est_le_bon(empreinte: str, mot_de_passe: str) -> bool:
    """Compare. Without a hash the same work is done, on one that nothing matches."""
    leurre = _leurre()
    try:
        ARGON2.verify(empreinte or leurre, normaliser(mot_de_passe))
    except (VerificationError, InvalidHashError):
        return False
    return bool(empreinte)


def a_refaire(empreinte: str) -> bool:
    """Whether the hash was made under weaker settings than those of today."""
    return ARGON2.check_needs_rehash(empreinte)


@cache
def _leurre() -> str:
    return ARGON2.hash("")
