"""The shape of a protocol's file, held by `data/protocole.schema.json` (JSON Schema 2020-12).

The schema says shapes and types, in one place that another tool can read; `lecture` then follows
the names inside. Every fault is told with its line, not only the first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cartographie.datafiles import Node, read_json
from cartographie.errors import DonneesError

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

FICHIER = "protocole.schema.json"
# The library speaks English; these are the rules that our schema uses.
PHRASES = {
    "minLength": "un texte non vide est attendu",
    "minItems": "il manque des éléments à cette liste",
    "maxItems": "cette liste a trop d’éléments",
    "minimum": "ce nombre est trop petit",
    "maximum": "ce nombre est trop grand",
    "pattern": "« {valeur} » n’a pas la forme attendue",
}
TYPES = {
    "string": "un texte",
    "integer": "un nombre entier",
    "number": "un nombre",
    "array": "une liste",
    "object": "un objet",
    "boolean": "vrai ou faux",
    "null": "rien",
}


def schema_faults(racine: Node, data: Path) -> tuple[DonneesError, ...]:
    """Every place where a file does not have the shape of a protocol, in the order of lines."""
    # Up to a second at import, with all its formats: the site starts again without it after a cut.
    from jsonschema import Draft202012Validator

    schema = read_json(data / FICHIER).value
    assert isinstance(schema, dict)  # noqa: S101 -- a file of ours, held by a test
    fautes = [
        _at(racine, tuple(erreur.absolute_path)).fault(_raison(erreur))
        for choix in Draft202012Validator(schema).iter_errors(racine.value)
        for erreur in _precise(choix)
    ]
    return tuple(sorted(fautes, key=lambda faute: (faute.ligne or 0, str(faute))))


def _precise(erreur: ValidationError) -> Iterator[ValidationError]:
    """Of « nothing, or this », tell what is wrong with this: somebody wrote something there."""
    if erreur.validator != "anyOf":
        yield erreur
    for branche in erreur.context or ():
        if branche.schema_path[0] != 0:
            yield from _precise(branche)


def _at(racine: Node, chemin: tuple[str | int, ...]) -> Node:
    noeud = racine
    for pas in chemin:
        noeud = noeud.get(pas) if isinstance(pas, str) else noeud.items()[pas]
    return noeud


def _raison(erreur: ValidationError) -> str:
    regle = str(erreur.validator)
    # What the schema says of this rule: ours, so its type is that of the rule.
    voulu: Any = erreur.validator_value
    valeur = json.dumps(erreur.instance, ensure_ascii=False)[:40]
    if regle == "type":
        noms = [voulu] if isinstance(voulu, str) else voulu
        attendu = " ou ".join(TYPES[nom] for nom in noms)
        return f"{attendu} est attendu, pas {valeur}."
    if regle == "enum":
        return f"une valeur parmi {', '.join(voulu)} est attendue."
    if regle == "required":
        # One error for each missing key, which only its message names.
        manque = [nom for nom in voulu if erreur.message.startswith(repr(nom))]
        return f"il manque {', '.join(f'« {nom} »' for nom in manque)}."
    phrase = PHRASES.get(regle, "cette valeur n’est pas permise ici")
    return phrase.format(valeur=valeur.strip('"')) + "."
