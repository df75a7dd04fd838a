"""A protocol → the JSON of its file without the figures: what the database keeps of its text."""

from __future__ import annotations

from typing import Any

from cartographie.protocole.valeurs import Objectif, Periode, Protocole
from cartographie.serialisation import to_json


def write_document(protocole: Protocole) -> dict[str, Any]:
    """Write what `build_protocole` reads back to the same values, figures left aside."""
    return {
        "protocole": _periode(protocole.periode),
        "axes": to_json(protocole.axes),
        "objectifs": [_objectif(objectif) for objectif in protocole.objectifs],
        "organisations": to_json(protocole.organisations),
        "releves": [],
    }


def _periode(periode: Periode) -> dict[str, Any]:
    objet: dict[str, Any] = to_json(periode)
    del objet["code"], objet["debut"], objet["fin"]
    return objet | {"periode": [periode.debut, periode.fin]}


def _objectif(objectif: Objectif) -> dict[str, Any]:
    objet: dict[str, Any] = to_json(objectif)
    return objet | {"calendrier": {str(annee): prevu for annee, prevu in objectif.calendrier}}
