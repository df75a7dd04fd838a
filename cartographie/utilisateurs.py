"""Who may write: roles, and what is asked of a password. Nothing here knows of tables or pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from zxcvbn import zxcvbn

from cartographie.errors import Faute, SaisieError
from cartographie.texte import CONTROLES

COURRIEL = re.compile(r"[^\s@<>\"',;:()\\]+@[^\s@<>\"',;:()\\]+")
COURRIEL_MAX = 254
NOM_MAX = 120
MOT_DE_PASSE_MAX = 256
# zxcvbn's time grows with the length; what comes after this many characters only adds strength.
ZXCVBN_MAX = 64
FORCE_MINIMUM = 3
RESTE_MINIMUM = 8
# What an attacker would try first here.
MOTS_DU_SITE = ("cartographie", "isere", "prefecture", "grenoble", "ddfe", "droits", "protocole")


class RoleCompte(StrEnum):
    """What an account may do; the second may all that the first may."""

    EDITEUR = "editeur"
    ADMINISTRATEUR = "administrateur"

    @property
    def libelle(self) -> str:
        """As read on screen."""
        return {"editeur": "Éditeur", "administrateur": "Administrateur"}[self.value]

    @property
    def longueur_minimum(self) -> int:
        """Characters that a password of this role needs."""
        return 16 if self is RoleCompte.ADMINISTRATEUR else 12

    def permet(self, demande: RoleCompte) -> bool:
        """Whether this role may do what `demande` may do."""
        return self is RoleCompte.ADMINISTRATEUR or demande is RoleCompte.EDITEUR


@dataclass(frozen=True, slots=True)
class Utilisateur:
    """The person who is signed in, as views know them."""

    courriel: str
    nom: str
    role: RoleCompte


def read_courriel(texte: str) -> str:
    """One spelling of an address. Raises SaisieError when it is none."""
    courriel = unicodedata.normalize("NFKC", texte).strip().lower()
    forme = COURRIEL.fullmatch(courriel) and not CONTROLES.search(courriel)
    if len(courriel) > COURRIEL_MAX or not forme:
        message = "Ce n’est pas une adresse électronique, par exemple prenom.nom@isere.gouv.fr."
        raise SaisieError((Faute("courriel", message, texte[:COURRIEL_MAX]),))
    return courriel


def read_nom(texte: str) -> str:
    """The name that histories show. Raises SaisieError: empty, too long, or not all to be seen."""
    nom = " ".join(texte.split())
    if CONTROLES.search(nom):
        raise SaisieError((Faute("nom", "Ce nom contient un caractère invisible.", ""),))
    if not nom or len(nom) > NOM_MAX:
        message = f"Indiquez un nom, en {NOM_MAX} caractères au plus."
        raise SaisieError((Faute("nom", message, texte[:NOM_MAX]),))
    return nom


def read_role(texte: str) -> RoleCompte:
    """A role by its code. Raises SaisieError."""
    try:
        return RoleCompte(texte)
    except ValueError:
        message = "Choisissez Éditeur ou Administrateur."
        raise SaisieError((Faute("role", message, texte[:40]),)) from None


def normaliser(mot_de_passe: str) -> str:
    """The same password whatever keyboard typed its accents."""
    return unicodedata.normalize("NFKC", mot_de_passe)


def check_mot_de_passe(mot_de_passe: str, role: RoleCompte, *connus: str) -> None:
    """Refuse a short or guessable password; `connus` are words that go with the account.

    Raises SaisieError with the one sentence that helps. Nothing leaves the machine.
    """
    normal = normaliser(mot_de_passe)
    if len(normal) < role.longueur_minimum:
        _refuser(f"Il faut au moins {role.longueur_minimum} caractères : trois ou quatre mots.")
    if len(normal) > MOT_DE_PASSE_MAX:
        _refuser(f"C’est trop long : {MOT_DE_PASSE_MAX} caractères au plus.")
    mots = [mot for connu in connus for mot in re.split(r"\W+", connu) if len(mot) > 2]
    faible = zxcvbn(normal[:ZXCVBN_MAX], [*MOTS_DU_SITE, *mots])["score"] < FORCE_MINIMUM
    if faible or _reste(normal, (*MOTS_DU_SITE, *mots)) < RESTE_MINIMUM:
        _refuser(
            "Ce mot de passe se devine trop facilement : prenez plusieurs mots sans rapport "
            "entre eux, ni avec votre nom ni avec ce site."
        )


def _reste(mot_de_passe: str, mots: Iterable[str]) -> int:
    """Characters left once the words that everybody knows are taken out, accents or not."""
    reste = _sans_accents(mot_de_passe)
    for mot in sorted({_sans_accents(mot) for mot in mots}, key=lambda mot: (-len(mot), mot)):
        reste = reste.replace(mot, " ")
    return len("".join(reste.split()))


def _sans_accents(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte).casefold()
    return "".join(c for c in decompose if not unicodedata.combining(c))


def _refuser(message: str) -> None:
    raise SaisieError((Faute("mot_de_passe", message),))
