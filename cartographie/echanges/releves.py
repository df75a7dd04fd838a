"""Figures as a spreadsheet saves them: one line a figure, columns named as the form's fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cartographie.errors import Faute, SaisieError
from cartographie.protocole.saisie import CHAMPS, OBLIGATOIRES

OCTETS_MAX = 400_000
LIGNES_MAX = 2_000
SEPARATEURS = ";,\t"
# A cell that begins so is a formula to a spreadsheet.
FORMULES = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class LigneReleve:
    """A line of the file (1: the first) and what its cells say, by column."""

    numero: int
    champs: Mapping[str, str]


def read_releves(contenu: bytes) -> tuple[LigneReleve, ...]:
    """Read a CSV in UTF-8 or as Excel writes it here. Raises SaisieError about the whole file."""
    if len(contenu) > OCTETS_MAX:
        raise _refus("Ce fichier est trop gros : 400 Ko au plus.")
    texte = _decoder(contenu)
    if "\x00" in texte:
        raise _refus("Ce fichier n’est pas un CSV.")
    premiere = texte.partition("\n")[0]
    separateur = max(SEPARATEURS, key=premiere.count)
    try:
        lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
        entete = [nom.strip().lower() for nom in next(lecteur, [])]
        _check_entete(entete)
        lignes = tuple(_lignes(lecteur, entete))
    except csv.Error as erreur:
        raise _refus("Ce fichier n’est pas un CSV bien formé.") from erreur
    if not lignes:
        raise _refus("Ce fichier n’a aucune ligne de chiffres.")
    return lignes


def write_releves(lignes: Iterable[Mapping[str, str]]) -> bytes:
    """Write figures as `read_releves` reads them, for a French spreadsheet."""
    sortie = io.StringIO()
    graveur = csv.DictWriter(sortie, ("code", *CHAMPS), delimiter=";", lineterminator="\r\n")
    graveur.writeheader()
    for ligne in lignes:
        graveur.writerow({nom: _cellule(valeur) for nom, valeur in ligne.items()})
    return sortie.getvalue().encode("utf-8-sig")


def _decoder(contenu: bytes) -> str:
    try:
        return contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        return contenu.decode("cp1252", errors="replace")


def _check_entete(entete: list[str]) -> None:
    manquants = [nom for nom in OBLIGATOIRES if nom not in entete]
    inconnus = [nom for nom in entete if nom and nom not in (*CHAMPS, "code")]
    if manquants:
        raise _refus(f"Il manque la colonne : {', '.join(manquants)}.")
    if inconnus:
        raise _refus(f"Colonne inconnue : {', '.join(inconnus)[:200]}.")
    if len(entete) != len(set(entete)):
        raise _refus("Une colonne est écrite deux fois.")


def _lignes(lecteur: Iterable[list[str]], entete: list[str]) -> Iterable[LigneReleve]:
    for numero, cellules in enumerate(lecteur, start=2):
        if numero > LIGNES_MAX + 1:
            raise _refus(f"Ce fichier est trop long : {LIGNES_MAX} lignes au plus.")
        if any(cellule.strip() for cellule in cellules):
            valeurs = (*cellules, *[""] * len(entete))
            if any(cellule.strip() for cellule in cellules[len(entete) :]):
                raise _refus(f"La ligne {numero} a plus de cellules que de colonnes.")
            paires = zip(entete, valeurs, strict=False)
            yield LigneReleve(numero, {nom: _lue(valeur) for nom, valeur in paires if nom})


def _cellule(valeur: str) -> str:
    """Negative numbers are left alone: they are what they seem."""
    dangereuse = valeur.startswith(FORMULES) and not valeur[1:].replace(",", "").isdigit()
    return f"'{valeur}" if dangereuse else valeur


def _lue(valeur: str) -> str:
    return valeur[1:] if valeur.startswith("'") and valeur[1:].startswith(FORMULES) else valeur


def _refus(message: str) -> SaisieError:
    return SaisieError((Faute("fichier", message),))
