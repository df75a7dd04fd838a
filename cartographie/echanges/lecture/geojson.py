"""Reading GeoJSON, in one pass: each feature is decoded once, at the line where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cartographie.datafiles import Node, Source
from cartographie.echanges import Erreur, Ligne, Lot, doublons, read_valeurs, refus
from cartographie.errors import Faute, SaisieError

# Only a public export has this key; it lacks what the public may not see.
CLE_PUBLIQUE = "en_zone"
INCOMPLET = "C’est un export public, incomplet : il faut un export complet."
OBJETS_MAX = 2_000
PROFONDEUR_MAX = 20
JETONS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
BLANCS = re.compile(r"[ \t\n\r]*")
DECODEUR = json.JSONDecoder()


class _Illisible(Exception):
    """Not the JSON that was expected."""


def read(flux: BinaryIO) -> Lot:
    """Read a complete export. Every fault has its line; what could be read is there beside."""
    try:
        texte = flux.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return refus("Le fichier n’est pas en UTF-8.")
    if _trop_imbrique(texte):
        return refus("Le JSON est trop imbriqué.")
    lignes: list[Ligne] = []
    erreurs: list[Erreur] = []
    try:
        for rang, (numero, feature, brut) in enumerate(_features(texte)):
            if rang >= OBJETS_MAX:
                return refus(f"Ce fichier a trop de fiches : {OBJETS_MAX} au plus.")
            try:
                lignes.append(_ligne(feature, numero))
            except SaisieError as erreur:
                erreurs.extend(_erreurs(erreur, feature, numero, brut))
    except json.JSONDecodeError as erreur:
        return refus(f"Le JSON est mal formé, colonne {erreur.colno}.", erreur.lineno)
    except (_Illisible, RecursionError, ValueError):
        return refus("Il faut un GeoJSON de type FeatureCollection.")
    return Lot(tuple(lignes), (*erreurs, *doublons(lignes)))


def _trop_imbrique(texte: str) -> bool:
    """Whether brackets go deeper than any honest file, told before anything is decoded."""
    profondeur = 0
    for jeton in JETONS.finditer(texte):
        premier = texte[jeton.start()]
        profondeur += {"{": 1, "[": 1, "}": -1, "]": -1}.get(premier, 0)
        if profondeur > PROFONDEUR_MAX:
            return True
    return False


def _features(texte: str) -> Iterator[tuple[int, Any, str]]:
    """Give (line, value, text) of each feature of the collection."""
    type_, vues = None, False
    if texte[_blancs(texte, 0) :][:1] == "[":
        raise _Illisible
    position = _apres(texte, 0, "{")
    while True:
        cle, position = DECODEUR.raw_decode(texte, position)
        position = _apres(texte, position, ":")
        if cle == "features":
            vues = True
            position = yield from _elements(texte, position)
        else:
            valeur, position = DECODEUR.raw_decode(texte, position)
            type_ = valeur if cle == "type" else type_
        position = _blancs(texte, position)
        if texte[position : position + 1] != ",":
            break
        position = _blancs(texte, position + 1)
    fin = _apres(texte, position, "}")
    if fin != len(texte):
        raise json.JSONDecodeError("extra", texte, fin)
    if type_ != "FeatureCollection" or not vues:
        raise _Illisible


def _elements(texte: str, position: int) -> Generator[tuple[int, Any, str], None, int]:
    """Walk through a list from its bracket; the position after it is what is returned."""
    if texte[position : position + 1] != "[":
        raise _Illisible
    position = _blancs(texte, position + 1)
    ligne, compte = 1, 0
    while texte[position : position + 1] != "]":
        valeur, fin = DECODEUR.raw_decode(texte, position)
        ligne, compte = ligne + texte.count("\n", compte, position), position
        yield ligne, valeur, texte[position:fin]
        position = _blancs(texte, fin)
        if texte[position : position + 1] == ",":
            position = _blancs(texte, position + 1)
        elif texte[position : position + 1] != "]":
            raise json.JSONDecodeError("list", texte, position)
    return position + 1


def _blancs(texte: str, position: int) -> int:
    trouve = BLANCS.match(texte, position)
    return trouve.end() if trouve else position


def _apres(texte: str, position: int, signe: str) -> int:
    """Skip one sign and the blanks around it."""
    position = _blancs(texte, position)
    if texte[position : position + 1] != signe:
        raise json.JSONDecodeError(signe, texte, position)
    return _blancs(texte, position + 1)


def _ligne(feature: Any, numero: int) -> Ligne:  # noqa: ANN401
    proprietes = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(proprietes, dict):
        raise SaisieError((Faute("", "Il faut un objet « properties ».", str(feature)[:80]),))
    if CLE_PUBLIQUE in proprietes:
        raise SaisieError((Faute(CLE_PUBLIQUE, INCOMPLET),))
    valeurs = read_valeurs(proprietes)
    return Ligne(valeurs["slug"], valeurs, numero)


def _erreurs(erreur: SaisieError, feature: Any, numero: int, brut: str) -> Iterator[Erreur]:  # noqa: ANN401
    proprietes = feature.get("properties") if isinstance(feature, dict) else None
    connues = proprietes if isinstance(proprietes, dict) else {}
    slug = connues.get("slug", "")
    for faute in erreur.fautes:
        racine = faute.champ.split(".")[0]
        chemin = ("properties", racine) if racine in connues else ()
        dans = Node(None, chemin, Source(Path(), brut)).fault("").ligne or 1
        yield Erreur(numero + dans - 1, slug if isinstance(slug, str) else "", faute)
