"""What the database may hold of a secret: encrypted and sealed under the key of the installation.

A byte changed by somebody who can write to the database is seen, and opens nothing.
"""

from __future__ import annotations

import base64
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

MARQUE = "scelle."
# The length that AES-GCM is made for.
NONCE_OCTETS = 12


def seal(clair: str, but: str) -> str:
    """Encrypt and seal a text for one purpose (AES-256-GCM)."""
    nonce = secrets.token_bytes(NONCE_OCTETS)
    scelle = nonce + _chiffre(but).encrypt(nonce, clair.encode(), but.encode())
    return MARQUE + base64.urlsafe_b64encode(scelle).decode()


def is_sealed(texte: str) -> bool:
    """Whether it looks like ours; only `unseal` tells whether it is."""
    return texte.startswith(MARQUE)


def unseal(texte: str, but: str) -> str:
    """The text that was sealed. Raises ValueError for anything else, a changed byte included."""
    scelle = base64.urlsafe_b64decode(texte.removeprefix(MARQUE).encode("ascii"))
    try:
        clair = _chiffre(but).decrypt(scelle[:NONCE_OCTETS], scelle[NONCE_OCTETS:], but.encode())
    except InvalidTag:
        raise ValueError("not sealed by us") from None
    return clair.decode()


def _chiffre(but: str) -> AESGCM:
    secret = str(current_app.config["SECRET_KEY"])
    return AESGCM(sha256(f"sceau:{but}:{secret}".encode()).digest())
