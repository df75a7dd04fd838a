"""One record in a text message: as short as what has to be dialled and found allows.

A message of the GSM alphabet holds 160 characters, or 153 in each part when there are several; one
letter outside it and everything costs twice as much. So the text is written in that alphabet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from urllib.parse import quote

# 3GPP TS 23.038: what takes one place, then what takes two.
BASE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE = frozenset("^{}\\[~]|€")
UN_MESSAGE, DEUX_MESSAGES = 160, 306
NOM_MAX = 40
# What French needs and the alphabet has not, as it is written without it.
REMPLACES = str.maketrans(
    {
        "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...",
        "\u00a0": " ", "\u202f": " ", "œ": "oe", "Œ": "OE", "ç": "c", "≈": "env.", "·": "-",
    }
)  # fmt: skip


def gsm(texte: str) -> str:
    """The same words in the GSM alphabet: accents it lacks go away, signs it lacks become `?`."""
    lettres = []
    for lettre in unicodedata.normalize("NFC", texte).translate(REMPLACES):
        if lettre in BASE or lettre in DOUBLE:
            lettres.append(lettre)
            continue
        nue = unicodedata.normalize("NFD", lettre)[0]
        if unicodedata.category(lettre)[0] in "CMZ":
            lettres.append(" " if unicodedata.category(lettre)[0] == "Z" else "")
        else:
            lettres.append(nue if nue in BASE else "?")
    return " ".join("".join(lettres).split())


def longueur(texte: str) -> int:
    """Places that a text of the GSM alphabet takes."""
    return sum(2 if lettre in DOUBLE else 1 for lettre in texte)


def composer(nom: str, numero: str, lieux: Sequence[str], heures: str) -> str:
    """Name, number, place, hours in one message if they can, in two at most.

    `lieux`: the same place, the fullest wording first. A number is never cut: what does not fit is
    first the fuller place, then the hours, then the place, then the end of the name.
    """
    court = abreger(gsm(nom), NOM_MAX)
    tete = f"{court} {gsm(numero)}".strip()
    adresses = [gsm(lieu) for lieu in lieux if lieu]
    quand = gsm(heures)
    essais = [(lieu, quand) for lieu in adresses] or [("", quand)]
    for limite in (UN_MESSAGE, DEUX_MESSAGES):
        for lieu, quoi in essais:
            texte = _phrases(tete, lieu, quoi)
            if longueur(texte) <= limite:
                return texte
    restes = [_phrases(tete, lieu, "") for lieu in adresses] + [tete]
    return next((t for t in restes if longueur(t) <= DEUX_MESSAGES), abreger(tete, UN_MESSAGE))


def abreger(texte: str, maximum: int) -> str:
    """At most so many places, cut between two words when there are any."""
    if longueur(texte) <= maximum:
        return texte
    coupe = ""
    for lettre in texte:
        if longueur(coupe + lettre) > maximum:
            break
        coupe += lettre
    mots, _, _ = coupe.rpartition(" ")
    return (mots or coupe).rstrip(" -,:(")


def adresse_sms(texte: str) -> str:
    """A link that opens a message with this text and nobody to send it to yet.

    `?&` is what both kinds of telephones understand.
    """
    return f"sms:?&body={quote(texte, safe='')}"


def _phrases(*morceaux: str) -> str:
    return ". ".join(m.rstrip(".") for m in morceaux if m) + "."
