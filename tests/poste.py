"""A real mail server on this machine; its fixtures are in `bureau`.

Addresses say how the server treats them: `absent@…` is refused for good,
`plus-tard@…` is asked to come back, everything else is taken.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509

from tests.certificats import certifier

EXPEDITEUR = "carte@exemple.fr"
DDFE = "delegation@exemple.fr"
PUBLIQUE = "https://carte.exemple.fr"
LIEN = re.compile(r"https?://\S+(/partenaires/\S+)")


@dataclass
class Facteur:
    """What the server was given."""

    recus: list[EmailMessage] = field(default_factory=list)
    destinataires: list[str] = field(default_factory=list)
    appele: Event = field(default_factory=Event)
    # Of who hands a mail over and is going to be killed before it is told that it was taken.
    retient: bool = False

    async def handle_RCPT(  # noqa: N802 -- the name is aiosmtpd's
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        self.appele.set()
        if address.startswith("absent@"):
            return "550 5.1.1 No such user here"
        if address.startswith("plus-tard@"):
            return "450 4.2.0 Greylisted, come back"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.retient:
            await asyncio.sleep(3600)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.recus.append(message)
        self.destinataires += envelope.rcpt_tos
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Poste:
    """The server and its address."""

    facteur: Facteur
    port: int

    @property
    def url(self) -> str:
        """In the clear: it does not leave this machine."""
        return f"smtp://127.0.0.1:{self.port}?starttls=0"

    @property
    def recus(self) -> list[EmailMessage]:
        return self.facteur.recus


def ouvrir(facteur: Facteur, **options: Any) -> Iterator[Poste]:  # noqa: ANN401
    """A server on a free port."""
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        port = essai.getsockname()[1]
    controleur = Controller(facteur, hostname="127.0.0.1", port=port, **options)
    controleur.start()
    try:
        yield Poste(facteur, port)
    finally:
        controleur.stop()


def texte(message: EmailMessage) -> str:
    """The plain text of a mail."""
    contenu = message.get_content()
    assert isinstance(contenu, str)
    return contenu


def lien(message: EmailMessage) -> str:
    """The path of the one link of a mail."""
    (trouve,) = LIEN.findall(texte(message))
    return str(trouve)


def certificat(dossier: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for 127.0.0.1, and the authority to trust."""
    fichier, secret = dossier / "certificat.pem", dossier / "cle.pem"
    certifier(x509.IPAddress(ip_address("127.0.0.1")), fichier, secret)
    contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexte.load_cert_chain(fichier, secret)
    return contexte, fichier
