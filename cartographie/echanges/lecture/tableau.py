"""Rows of a table → what they say of records. Every fault has its row and its column.

An empty cell says nothing, a dash alone empties. In a numbered group a dash in the first column
of an element says that there is nothing from there on: read twice, it says the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import process

from cartographie.echanges import (
    DEFAUTS,
    VIDER,
    Erreur,
    Ligne,
    Lot,
    doublons,
    refus,
)
from cartographie.echanges.cellules import Cellule, liberer
from cartographie.echanges.colonnes import (
    GROUPES,
    NUMEROTEE,
    PAR_PREFIXE,
    PUBLIQUES,
    SIMPLES,
    SORTE,
    UNIQUES,
    colonne,
    est_connue,
)
from cartographie.echanges.lecture.geojson import INCOMPLET
from cartographie.errors import Faute, SaisieError
from cartographie.libelles import CHAMPS
from cartographie.serialisation import OBLIGATOIRES, read_champs, to_json
from cartographie.texte import fold

LIGNES_MAX = 2_000
COLONNES_MAX = 500
CELLULE_MAX = 32_767
FORMULE = "Cette cellule est une formule : collez sa valeur à la place."
PAS_VIDE = "Cette valeur ne peut pas être vidée."
EXCEL_TEXTE = re.compile(r'="((?:[^"]|"")*)"')
# Parts that an element cannot lack, and what the others are once emptied.
PLEINES = frozenset({"kind", "valeur", "date", "longitude", "latitude", "precision", "visibilite"})
NULS = frozenset({"places_total", "places_dediees", "familles_nombreuses"})
# Names as they are read on screen, for who writes a table by hand.
SYNONYMES = {fold(CHAMPS[nom]).replace(" ", "_"): nom for nom in SIMPLES if nom in CHAMPS} | {
    "identifiant": "slug"
}

Rangee = tuple[int, Sequence[str]]


@dataclass(slots=True)
class _EnCours:
    """A row being read."""

    simples: dict[str, Any] = field(default_factory=dict)
    parties: dict[str, dict[int, dict[str, Any] | None]] = field(default_factory=dict)
    fautes: list[Faute] = field(default_factory=list)

    def poser(self, champ: str, rang: int, partie: str, valeur: Any) -> None:  # noqa: ANN401
        """Keep a part of an element; a part after « nothing from there on » is a fault."""
        elements = self.parties.setdefault(champ, {})
        element = elements.setdefault(rang, {})
        if element is not None:
            element[partie] = valeur


def read_rangees(rangees: Iterable[Rangee]) -> Lot:
    """Read (row number, cells): the first that is not empty names the columns."""
    suite = iter(rangees)
    entete = next(((n, r) for n, r in suite if any(c.strip() for c in r)), None)
    if entete is None:
        return refus("Ce fichier est vide.")
    numero, noms = entete[0], [_nom(cellule) for cellule in entete[1]]
    fautes = _fautes_des_noms(noms)
    if fautes:
        return Lot((), tuple(Erreur(numero, "", faute) for faute in fautes))
    lignes: list[Ligne] = []
    abimees: list[Ligne] = []
    erreurs: list[Erreur] = []
    for numero, cellules in suite:
        if not any(cellule.strip() for cellule in cellules):
            continue
        lue, fautes_lues = _rangee(numero, noms, cellules)
        erreurs.extend(Erreur(numero, lue.slug, faute) for faute in fautes_lues)
        (abimees if fautes_lues else lignes).append(lue)
        if len(lignes) + len(erreurs) > LIGNES_MAX:
            return refus(f"Ce fichier est trop long : {LIGNES_MAX} lignes au plus.", numero)
    if not lignes and not erreurs:
        return refus("Ce fichier n’a aucune ligne sous ses titres.")
    toutes = (*erreurs, *doublons(lignes))
    return Lot(tuple(lignes), toutes, tableau=True, abimees=tuple(a for a in abimees if a.slug))


def _nom(cellule: str) -> str:
    nom = fold(liberer(cellule)).replace(" ", "_") if cellule.strip() else ""
    return SYNONYMES.get(nom, nom)


def _fautes_des_noms(noms: list[str]) -> list[Faute]:
    if len(noms) > COLONNES_MAX:
        return [Faute("fichier", f"Ce fichier a trop de colonnes : {COLONNES_MAX} au plus.")]
    fautes = []
    if any(nom in PUBLIQUES for nom in noms):
        fautes.append(Faute(next(nom for nom in noms if nom in PUBLIQUES), INCOMPLET))
    if "slug" not in noms:
        fautes.append(Faute("slug", "Il manque la colonne slug, l’identifiant des fiches."))
    for rang, nom in enumerate(noms):
        if nom and not est_connue(nom):
            proche = process.extractOne(nom[:80], _noms_connus(), score_cutoff=50)
            suite = f" Vouliez-vous dire « {proche[0]} » ?" if proche else ""
            fautes.append(Faute(nom[:80], f"Cette colonne n’existe pas.{suite}"))
        elif nom and nom in noms[:rang]:
            fautes.append(Faute(nom, "Cette colonne est là deux fois."))
    return fautes


def _noms_connus() -> list[str]:
    groupes = [f"{g.prefixe}_{n}_{mot}" for g in GROUPES for n in (1, 2, 3) for mot in g.parties]
    return [*SIMPLES, *UNIQUES, *groupes]


def _rangee(numero: int, noms: list[str], cellules: Sequence[str]) -> tuple[Ligne, list[Faute]]:
    """What a row says, as far as it could be read, and its faults."""
    en_cours = _EnCours()
    for rang, brute in enumerate(cellules):
        if not brute.strip():
            continue
        nom = noms[rang] if rang < len(noms) else ""
        if not nom:
            en_cours.fautes.append(Faute("", "Cette cellule n’a pas de titre.", brute[:80]))
        elif len(brute) > CELLULE_MAX:
            message = f"Cette cellule est trop longue : {CELLULE_MAX} caractères au plus."
            en_cours.fautes.append(Faute(nom, message, brute[:40] + "…"))
        else:
            _cellule(nom, brute, en_cours)
    slug = en_cours.simples.get("slug", "")
    if not slug:
        en_cours.fautes.append(Faute("slug", "Il faut l’identifiant de la fiche."))
    _check_suites(en_cours)
    valeurs = _valeurs(en_cours)
    return Ligne(slug, valeurs, numero, en_cours.parties), en_cours.fautes


def _valeurs(en_cours: _EnCours) -> dict[str, Any]:
    try:
        return read_champs(en_cours.simples)
    except SaisieError as erreur:
        en_cours.fautes.extend(
            Faute(colonne(faute.champ), faute.message, faute.valeur) for faute in erreur.fautes
        )
        fautifs = {faute.champ.split(".")[0] for faute in erreur.fautes}
        return read_champs({n: v for n, v in en_cours.simples.items() if n not in fautifs})


def _cellule(nom: str, brute: str, en_cours: _EnCours) -> None:
    vide = brute.strip() == VIDER
    numerotee = NUMEROTEE.fullmatch(nom)
    if numerotee:
        groupe = PAR_PREFIXE[numerotee[1]]
        mot = numerotee[3]
        champ, rang, partie = groupe.champ, int(numerotee[2]) - 1, SORTE.get(mot, mot)
        cellule, cle = groupe.parties[mot], partie == groupe.cle
    elif nom in UNIQUES:
        champ, partie, cellule = UNIQUES[nom]
        rang, cle = 0, partie == "telephone"
    else:
        _simple(nom, brute, vide, en_cours)
        return
    if vide and cle:
        en_cours.parties.setdefault(champ, {})[rang] = None
    elif vide and partie in PLEINES:
        en_cours.fautes.append(Faute(nom, PAS_VIDE))
    elif vide:
        en_cours.poser(champ, rang, partie, _videe(partie, cellule))
    else:
        valeur = _lire(nom, cellule, brute, en_cours)
        if valeur is not None:
            en_cours.poser(champ, rang, partie, valeur)


def _simple(nom: str, brute: str, vide: bool, en_cours: _EnCours) -> None:
    if vide and nom in OBLIGATOIRES:
        en_cours.fautes.append(Faute(nom, PAS_VIDE))
    elif vide:
        en_cours.simples[nom] = to_json(DEFAUTS[nom])
    else:
        valeur = _lire(nom, SIMPLES[nom], brute, en_cours)
        if valeur is not None:
            en_cours.simples[nom] = valeur


def _videe(partie: str, cellule: Cellule) -> Any:  # noqa: ANN401
    if partie in NULS:
        return None
    if partie == "departement":
        return False
    return [] if cellule.lire("") == [] else ""


def _lire(nom: str, cellule: Cellule, brute: str, en_cours: _EnCours) -> Any:  # noqa: ANN401
    """Read a cell; None, and a fault, when it cannot be."""
    nette = brute.strip()
    texte = EXCEL_TEXTE.fullmatch(nette)
    if texte:
        nette = texte[1].replace('""', '"')
    elif nette.startswith("="):
        en_cours.fautes.append(Faute(nom, FORMULE, nette[:80]))
        return None
    try:
        return cellule.lire(nette if texte else liberer(brute))
    except ValueError as erreur:
        en_cours.fautes.append(Faute(nom, str(erreur), nette[:80]))
        return None


def _check_suites(en_cours: _EnCours) -> None:
    """Say when an element is emptied and a later one is filled."""
    for champ, elements in en_cours.parties.items():
        vides = [rang for rang, element in elements.items() if element is None]
        if vides and any(rang > min(vides) and element for rang, element in elements.items()):
            premier = colonne(f"{champ}.{min(vides)}")
            message = "Un tiret ici vide aussi les numéros suivants, qui sont remplis."
            en_cours.fautes.append(Faute(premier, message))
