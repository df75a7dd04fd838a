r"""Lists that stand in one cell, as a person may read and write them.

    2026-08-03 au 2026-08-14 : congés | 2026-12-24 au 2027-01-02
    2022-2024, objectif 2, action 2.2, pilote, nommee : nommément | …

Inside a free text `\p` is a bar, `\\` a backslash, `\u00a0` a blank at an end: nothing is lost.
"""

from __future__ import annotations

import re
from typing import Any

from cartographie.echanges.cellules import JOUR, SEPARATEUR, Cellule

ECHAPPE = re.compile(r"\\(\\|p|u[0-9a-f]{4})")
BORDS = re.compile(r"^\s+|\s+$")
FERMETURE = re.compile(r"([\d/-]+)\s+au\s+([\d/-]+)(?:\s*:\s*(.*))?", re.DOTALL)
PARTICIPATION = re.compile(
    r"(?P<periode>[^,:]+?)\s*,\s*objectif\s+(?P<objectif>\d{1,9})\s*"
    r"(?:,\s*action\s+(?P<action>[^,:]+?)\s*)?"
    r",\s*(?P<role>[^,:]+?)\s*,\s*(?P<origine>[^,:]+?)\s*(?::\s*(?P<source>.*))?",
    re.DOTALL,
)


def ecrire_fermetures(fermetures: list[dict[str, str]]) -> str:
    """Closures of a door, in their order."""
    return SEPARATEUR.join(_suite(f"{f['debut']} au {f['fin']}", f["motif"]) for f in fermetures)


def lire_fermetures(texte: str) -> list[dict[str, Any]]:
    """Raises ValueError with what should have been written."""
    fermetures = []
    for element in _elements(texte):
        trouve = FERMETURE.fullmatch(element)
        if trouve is None:
            raise ValueError("Écrivez par exemple : 2026-08-03 au 2026-08-14 : congés")
        debut, fin = JOUR.lire(trouve[1]), JOUR.lire(trouve[2])
        fermetures.append({"debut": debut, "fin": fin, "motif": _libre(trouve[3])})
    return fermetures


def ecrire_participations(participations: list[dict[str, Any]]) -> str:
    """Parts taken in objectives, in their order."""
    return SEPARATEUR.join(
        _suite(
            f"{p['periode']}, objectif {p['objectif']}"
            f"{', action ' + p['action'] if p['action'] else ''}, {p['role']}, {p['origine']}",
            p["source"],
        )
        for p in participations
    )


def lire_participations(texte: str) -> list[dict[str, Any]]:
    """Raises ValueError with what should have been written."""
    participations = []
    for element in _elements(texte):
        trouve = PARTICIPATION.fullmatch(element)
        if trouve is None:
            raise ValueError("Écrivez par exemple : 2022-2024, objectif 2, pilote, nommee")
        dits = {nom: dit or "" for nom, dit in trouve.groupdict().items()}
        dits |= {"role": dits["role"].lower(), "origine": dits["origine"].lower()}
        dits["source"] = _libre(dits["source"])
        participations.append({**dits, "objectif": int(dits["objectif"])})
    return participations


def _elements(texte: str) -> list[str]:
    return [element.strip() for element in texte.split("|") if element.strip()]


def _suite(debut: str, texte: str) -> str:
    if not texte:
        return debut
    nu = texte.replace("\\", "\\\\").replace("|", "\\p")
    return f"{debut} : {BORDS.sub(_bord, nu)}"


def _bord(blancs: re.Match[str]) -> str:
    return "".join(f"\\u{ord(blanc):04x}" for blanc in blancs[0])


def _libre(texte: str | None) -> str:
    return ECHAPPE.sub(_caractere, (texte or "").strip())


def _caractere(trouve: re.Match[str]) -> str:
    dit = trouve[1]
    if dit == "p":
        return "|"
    return dit if dit == "\\" else chr(int(dit[1:], 16))


FERMETURES = Cellule(ecrire_fermetures, lire_fermetures)
PARTICIPATIONS = Cellule(ecrire_participations, lire_participations)
