"""The second factor: time-based codes and recovery codes, each of which works once.

Flask-Security's own Totp does the computing; its secrets are sealed (`sceau`) before they reach the
database, the page that enrols included. Those of before were encrypted without a seal: they are
read still, and sealed when they serve.
"""

from __future__ import annotations

import base64
import hmac
import io
from hashlib import sha256
from typing import TYPE_CHECKING

import segno
from flask import current_app
from flask_security.totp import Totp
from markupsafe import Markup
from passlib.exc import TokenError
from passlib.totp import TOTP

from cartographie import comptes
from cartographie.comptes import Compte
from cartographie.database import transaction
from cartographie.web.gestion import sceau, sessions
from cartographie.web.site import site

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BUT = "second-facteur"
EMETTEUR = "Carte des services"
# A telephone may be half a minute early or late.
FENETRE_S = 30
CODES_SECOURS = 10


def new_secret() -> str:
    """A secret for one account, sealed."""
    return _seal(_totp().tirer())


def cle_lisible(secret: str) -> str:
    """The secret as somebody without a camera types it, in groups of four."""
    return str(lire(secret).pretty_key())


def qr_svg(secret: str, courriel: str) -> Markup:
    """The QR code of a secret as inline SVG, drawn here: nothing else sees it."""
    tampon = io.BytesIO()
    segno.make(lire(secret).to_uri(courriel), error="m", micro=False).save(
        tampon,
        kind="svg",
        scale=5,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        nl=False,
        svgclass="qr",
        lineclass=None,
        title="Code à photographier avec l’application",
    )
    return Markup(tampon.getvalue().decode())  # noqa: S704 - segno's own, it escapes the title


def compteur(code: str, secret: str) -> int | None:
    """The time step of a code that is right at this moment; None when it is wrong."""
    chiffres = "".join(code.split())
    try:
        juste = _totp().match(chiffres, lire(secret))
    except (TokenError, ValueError, TypeError):
        return None
    return juste


def is_secret(secret: str) -> bool:
    """Whether this is a secret of ours."""
    try:
        return bool(cle_lisible(secret))
    except (ValueError, TypeError):
        return False


def take_code(compte: Compte, code: str) -> bool:
    """Accept a code of the application, or a recovery code, that was not used before."""
    pas = compteur(code, compte.totp_secret) if compte.totp_secret else None
    with transaction(site().engine) as base:
        if pas is not None:
            if not sceau.is_sealed(compte.totp_secret):
                comptes.reseal(base, compte.id, _seal(lire(compte.totp_secret)))
            return comptes.use_counter(base, compte.id, pas)
        return comptes.use_code(base, compte.id, _empreinte(code))


def new_codes() -> list[str]:
    """Recovery codes to be shown once."""
    return list(_totp().generate_recovery_codes(CODES_SECOURS))


def enable(base: Session, compte: Compte, secret: str, codes: list[str], pas: int) -> None:
    """Turn the second factor on, `pas` being used; every session ends."""
    comptes.set_totp(base, compte.id, secret, empreintes(codes), pas)


def empreintes(codes: list[str]) -> list[str]:
    """What is kept of recovery codes."""
    return [_empreinte(code) for code in codes]


def lire(secret: str) -> TOTP:
    """What computes the codes of a secret. Raises ValueError or TypeError when it is not ours."""
    if not sceau.is_sealed(secret):
        return _totp().ouvrir(secret)
    return _totp().ouvrir({"type": "totp", "v": 1, "key": sceau.unseal(secret, BUT)})


def _seal(totp: TOTP) -> str:
    return sceau.seal(str(totp.base32_key), BUT)


class _Calcul(Totp):
    """Tells which time step a code is of, at the hour of the installation."""

    def __init__(self, secrets: dict[int, str]) -> None:
        super().__init__(secrets, EMETTEUR)

    def tirer(self) -> TOTP:
        """A new secret."""
        totp: TOTP = self._totp.new()
        return totp

    def ouvrir(self, source: str | dict[str, str | int]) -> TOTP:
        """A secret in the clear, or as it was encrypted before."""
        totp: TOTP = self._totp.from_source(source)
        return totp

    def match(self, code: str, totp: TOTP) -> int:
        """Raises TokenError when the code is wrong."""
        moment = int(sessions.moment().timestamp())
        return int(totp.match(code, time=moment, window=FENETRE_S).counter)


def _totp() -> _Calcul:
    return _Calcul(_secrets())


def _secrets() -> dict[int, str]:
    cle = sha256(b"totp:" + str(current_app.config["SECRET_KEY"]).encode()).digest()
    return {1: base64.b64encode(cle).decode()}


def _empreinte(code: str) -> str:
    nu = "".join(c for c in code.lower() if c.isalnum())
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"secours:{nu}".encode("utf-8", "replace"), "sha256").hex()
