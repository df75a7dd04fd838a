"""Who tries: the keys of the throttle, as digests salted by the installation's secret."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address, ip_network

from flask import current_app, request

from cartographie import frein
from cartographie.database import transaction
from cartographie.frein import Cle
from cartographie.web.gestion import sessions
from cartographie.web.site import site

# Failures that cost nothing. Somebody else's attempts on an account slow him, not its owner:
# an account is counted per prefix. Codes are asked of who knows the password: per account.
GRATUITS_COMPTE = 3
GRATUITS_PREFIXE = 20
GRATUITS_CODE = 5
PREFIXES = {4: 24, 6: 48}


class TropTot(Exception):
    """This attempt has to wait; it was neither judged nor counted."""

    def __init__(self, attente: timedelta) -> None:
        self.secondes = max(1, round(attente.total_seconds()))
        super().__init__(self.phrase)

    @property
    def phrase(self) -> str:
        """What is said, whether the account exists or not."""
        duree = f"{self.secondes} s" if self.secondes < 60 else f"{-(-self.secondes // 60)} min"
        return f"Trop d’essais de suite : réessayez dans {duree}."


class Essai:
    """One attempt being judged: `reussi()` takes it back."""

    def __init__(self, cles: Sequence[Cle]) -> None:
        self._cles = cles

    def reussi(self) -> None:
        """The attempt was a good one: the count of failures goes."""
        with transaction(site().engine) as base:
            frein.forgive(base, self._cles)


@contextmanager
def essai_de_mot_de_passe(courriel: str) -> Iterator[Essai]:
    """Count an attempt on an account, real or not. Raises TropTot."""
    prefixe = _empreinte("prefixe", _prefixe())
    compte = _empreinte("compte", courriel)
    yield _reserver(
        Cle(compte, prefixe, GRATUITS_COMPTE, efface=True), Cle("", prefixe, GRATUITS_PREFIXE)
    )


@contextmanager
def essai_de_code(compte_id: int) -> Iterator[Essai]:
    """Count an attempt on the second factor of an account. Raises TropTot."""
    yield _reserver(Cle(_empreinte("code", str(compte_id)), "", GRATUITS_CODE, efface=True))


def _reserver(*cles: Cle) -> Essai:
    with transaction(site().engine) as base:
        attente = frein.reserve(base, cles, sessions.moment())
    if attente > timedelta():
        raise TropTot(attente)
    return Essai(cles)


def _prefixe() -> str:
    """The network of the client: the address itself would follow a person."""
    adresse = request.remote_addr or ""
    mandataires = site().settings.mandataires
    if mandataires:
        vues = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",")]
        adresse = vues[-mandataires] if len(vues) >= mandataires else adresse
    try:
        ip = ip_address(adresse)
    except ValueError:
        return ""
    return str(ip_network((ip, PREFIXES[ip.version]), strict=False))


def _empreinte(sorte: str, valeur: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"essai:{sorte}:{valeur}".encode("utf-8", "replace"), "sha256").hex()
