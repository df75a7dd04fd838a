"""How the text of a `CARTO_*` variable becomes a value: one function for each kind.

Each raises ValueError with the end of a French sentence when the text cannot be understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cartographie.nombres import entier

GEOCODEURS = ("ban", "communes")
SECRET_MINIMUM = 32
COURRIEL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")
# What must not be read over a shoulder, in an address bar or in a list of mails.
MOTS_EXPOSANTS = ("violence", "victime", "femme", "conjugal")
# Where a password may travel in the clear: it does not leave the machine.
ICI = ("localhost", "127.0.0.1", "::1")


def lire_texte(texte: str) -> str:
    """As it is."""
    return texte


def lire_dossier(texte: str) -> Path:
    """A folder, made absolute."""
    return Path(texte).expanduser().resolve()


def lire_oui_non(texte: str) -> bool:
    """`0` or `1`."""
    if texte not in ("0", "1"):
        raise ValueError("il faut 0 ou 1")
    return texte == "1"


def lire_geocodeur(texte: str) -> str:
    """One of `GEOCODEURS`."""
    if texte not in GEOCODEURS:
        raise ValueError(f"il faut {' ou '.join(GEOCODEURS)}")
    return texte


def lire_nombre(minimum: int, maximum: int) -> Callable[[str], int]:
    """A reader of whole numbers within these bounds."""

    def lire(texte: str) -> int:
        nombre = entier(texte)
        if nombre is None or not minimum <= nombre <= maximum:
            raise ValueError(f"il faut un nombre entier de {minimum} à {maximum}")
        return nombre

    return lire


def lire_url(texte: str) -> str:
    """A web address, without its last slash."""
    parties = urlsplit(texte)
    if parties.scheme not in ("http", "https") or not parties.hostname:
        raise ValueError("il faut une adresse complète, https://…")
    return texte.rstrip("/")


def lire_modele_de_tuiles(texte: str) -> str:
    """An address with `{z}`, `{x}` and `{y}`, or nothing."""
    if not texte:
        return ""
    if any(repere not in texte for repere in ("{z}", "{x}", "{y}")):
        raise ValueError("il faut {z}, {x} et {y} dans l’adresse")
    return lire_url(texte)


def lire_origines(texte: str) -> tuple[str, ...]:
    """Origins separated by spaces."""
    origines = tuple(lire_url(origine) for origine in texte.split())
    if any(urlsplit(origine).path for origine in origines):
        raise ValueError("une origine est https://domaine, sans chemin ; un espace les sépare")
    return origines


def lire_secret(texte: str) -> str:
    """A key that is long enough."""
    if len(texte) < SECRET_MINIMUM:
        raise ValueError(f"il faut au moins {SECRET_MINIMUM} caractères, tirés au hasard")
    return texte


def lire_courriel(texte: str) -> str:
    """One address, without a name."""
    if not COURRIEL.fullmatch(texte):
        raise ValueError("il faut une seule adresse électronique, sans nom")
    return texte


def lire_expediteur(texte: str) -> str:
    """One address whose words tell nothing to whoever sees a list of mails."""
    if any(mot in texte.lower() for mot in MOTS_EXPOSANTS):
        raise ValueError("l’adresse d’envoi doit être neutre : elle se lit dans une liste")
    return lire_courriel(texte)


def lire_smtp(texte: str) -> str:
    """The address of a mail server; what would send a password in the clear is refused."""
    parties = urlsplit(texte)
    if parties.scheme not in ("smtp", "smtps") or not parties.hostname or parties.path.strip("/"):
        raise ValueError("il faut smtp://serveur:587 ou smtps://serveur:465")
    if parties.query not in ("", "starttls=0", "starttls=1"):
        raise ValueError("après « ? », seul starttls=0 ou starttls=1 est compris")
    if not _est_un_port(parties):
        raise ValueError("le port est un nombre de 1 à 65535")
    en_clair = parties.scheme == "smtp" and parties.query == "starttls=0"
    if en_clair and parties.username and parties.hostname not in ICI:
        raise ValueError("starttls=0 enverrait le mot de passe en clair")
    return texte


def _est_un_port(parties: SplitResult) -> bool:
    try:
        return parties.port != 0
    except ValueError:
        return False
