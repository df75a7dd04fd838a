"""Who tries, as far as it is known: keys of the throttle, digests salted by our own secret."""

from __future__ import annotations

import hmac
from datetime import UTC, timedelta
from ipaddress import ip_address, ip_network

from flask import current_app, request

from cartographie import frein
from cartographie.database import transaction
from cartographie.frein import Cle
from cartographie.web.site import site

PREFIXES = {4: 24, 6: 48}


class TropTot(Exception):
    """This attempt has to wait; it was neither judged nor counted."""

    def __init__(self, attente: timedelta) -> None:
        self.secondes = max(1, round(attente.total_seconds()))
        super().__init__(self.phrase)

    @property
    def duree(self) -> str:
        """How long, in words."""
        return f"{self.secondes} s" if self.secondes < 60 else f"{-(-self.secondes // 60)} min"

    @property
    def phrase(self) -> str:
        """What is said, whatever was tried."""
        return f"Trop d’essais de suite : réessayez dans {self.duree}."


def reserver(*cles: Cle) -> None:
    """Count an attempt, through all processes. Raises TropTot, and then nothing is counted."""
    with transaction(site().engine) as base:
        attente = frein.reserve(base, cles, site().horloge().astimezone(UTC))
    if attente > timedelta():
        raise TropTot(attente)


def prefixe() -> str:
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


def empreinte(sorte: str, valeur: str) -> str:
    """A digest that only this installation can make."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"essai:{sorte}:{valeur}".encode("utf-8", "replace"), "sha256").hex()
