"""A conversation with a mail server: TLS verified, time-outs, and the ways that it can end.

Nothing here knows the database; `Facteur` is what `courrier.deliver` is given, and a test may
give another one.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from cartographie.config import Settings
from cartographie.lettres import Lettre

# For each answer of the server, not for the whole conversation.
ATTENTE_S = 15.0
PORTS = {"smtp": 587, "smtps": 465}
NOM = "Carte des services"
PERMANENT = 500
FERMETURE = 421


class Refus(Exception):
    """The server will never take this mail for this address; trying again does not help."""


class PlusTard(Exception):
    """The server asks to bring this mail again later; it may take the next one now."""


class Injoignable(Exception):
    """No server, no TLS, no credentials: nothing can be handed over for the moment."""


class Facteur(Protocol):
    """One conversation, in which any number of mails are handed over."""

    def hand_over(self, lettre: Lettre, maintenant: datetime) -> None:
        """Give a mail to the server. Raises Refus, PlusTard, Injoignable."""


@dataclass(frozen=True, slots=True)
class Serveur:
    """A mail server, as `CARTO_SMTP_URL` names it, and from whom mails come."""

    hote: str
    port: int
    tls: str  # "debut" (smtps), "starttls" or "aucun"
    expediteur: str
    repondre_a: str = ""
    utilisateur: str = ""
    mot_de_passe: str = field(default="", repr=False)
    certificats: str | None = None

    @classmethod
    def read(cls, url: str, expediteur: str, repondre_a: str = "") -> Serveur:
        """Take the address apart; it was checked when settings were read."""
        parties = urlsplit(url)
        sans = parties.query == "starttls=0"
        tls = "debut" if parties.scheme == "smtps" else "aucun" if sans else "starttls"
        return cls(
            hote=parties.hostname or "",
            port=parties.port or PORTS[parties.scheme],
            tls=tls,
            expediteur=expediteur,
            repondre_a=repondre_a,
            utilisateur=unquote(parties.username or ""),
            mot_de_passe=unquote(parties.password or ""),
        )

    @contextmanager
    def open(self) -> Iterator[Facteur]:
        """Begin a conversation. Raises Injoignable."""
        try:
            client = self._connect()
        except (OSError, smtplib.SMTPException) as erreur:
            raise Injoignable(_dire(erreur)) from erreur
        try:
            yield _Conversation(self, client)
        finally:
            try:
                client.quit()
            except (OSError, smtplib.SMTPException):
                client.close()

    def _connect(self) -> smtplib.SMTP:
        contexte = ssl.create_default_context(cafile=self.certificats)
        client: smtplib.SMTP
        if self.tls == "debut":
            client = smtplib.SMTP_SSL(self.hote, self.port, timeout=ATTENTE_S, context=contexte)
        else:
            client = smtplib.SMTP(self.hote, self.port, timeout=ATTENTE_S)
        try:
            if self.tls == "starttls":
                client.starttls(context=contexte)
            if self.utilisateur:
                client.login(self.utilisateur, self.mot_de_passe)
        except BaseException:
            client.close()
            raise
        return client


@dataclass(frozen=True, slots=True)
class _Conversation:
    serveur: Serveur
    client: smtplib.SMTP

    def hand_over(self, lettre: Lettre, maintenant: datetime) -> None:
        message = write(lettre, self.serveur, maintenant)
        try:
            self.client.send_message(message, self.serveur.expediteur, [lettre.a])
        except smtplib.SMTPRecipientsRefused as erreur:
            raise _jugement(*next(iter(erreur.recipients.values()))) from erreur
        except smtplib.SMTPDataError as erreur:
            raise _jugement(erreur.smtp_code, erreur.smtp_error) from erreur
        except smtplib.SMTPNotSupportedError as erreur:
            raise Refus("adresse que ce serveur ne sait pas écrire") from erreur
        except (OSError, smtplib.SMTPException) as erreur:
            raise Injoignable(_dire(erreur)) from erreur


def server_of(settings: Settings) -> Serveur | None:
    """The server of an installation; None when none is set, and then mails wait."""
    if not (settings.smtp_url and settings.courriel_expediteur):
        return None
    return Serveur.read(settings.smtp_url, settings.courriel_expediteur, settings.courriel_ddfe)


def write(lettre: Lettre, serveur: Serveur, maintenant: datetime) -> EmailMessage:
    """The message: plain text, one recipient, the same Message-ID at each try."""
    message = EmailMessage()
    message["From"] = f"{NOM} <{serveur.expediteur}>"
    message["To"] = lettre.a
    if serveur.repondre_a:
        message["Reply-To"] = serveur.repondre_a
    message["Subject"] = lettre.sujet
    message["Date"] = format_datetime(maintenant)
    message["Message-ID"] = f"<{lettre.identifiant}@{serveur.expediteur.rpartition('@')[2]}>"
    # No « I am on holiday » comes back for it.
    message["Auto-Submitted"] = "auto-generated"
    # No line is cut in a link by a server on the way.
    message.set_content(lettre.corps, cte="quoted-printable")
    # After the content, which takes away what was said of another.
    message["Content-Language"] = "fr"
    return message


def _jugement(code: int, dit: bytes | str) -> Exception:
    """What an answer about one mail means for it, or for all of them."""
    if code == FERMETURE:
        return Injoignable(_mots(code, dit))
    return (Refus if code >= PERMANENT else PlusTard)(_mots(code, dit))


def _dire(erreur: Exception) -> str:
    if isinstance(erreur, smtplib.SMTPResponseException):
        return _mots(erreur.smtp_code, erreur.smtp_error)
    return type(erreur).__name__


def _mots(code: int, dit: bytes | str) -> str:
    """The answer of a server on one line."""
    texte = dit.decode("utf-8", "replace") if isinstance(dit, bytes) else str(dit)
    return f"{code} {' '.join(texte.split())}"
