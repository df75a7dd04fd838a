"""A next protocol, invented: two objectives of the present one under other numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cartographie.config import RACINE

FICHIER = RACINE / "data" / "protocole-2022-2024.json"


def next_protocole(debut: int = 2026, fin: int = 2028) -> dict[str, Any]:
    """Objectives 1 and 22; 22 has another title, so that old and new cannot be taken for one."""
    value: dict[str, Any] = json.loads(FICHIER.read_text(encoding="utf-8"))
    value["protocole"] |= {
        "periode": [debut, fin],
        "nom": "Protocole inventé pour les essais",
        "signature": f"{debut}-01",
    }
    objectifs = {o["numero"]: o for o in value["objectifs"]}
    value["objectifs"] = [
        objectifs[1] | {"axe": 1, "theme": None},
        objectifs[22] | {"axe": 1, "theme": None, "titre": "Tenir la carte inventée"},
    ]
    theme = {"numero": None, "titre": "Axe inventé", "objectifs": [1, 22]}
    value["axes"] = [{"numero": 1, "titre": "Axe inventé", "themes": [theme]}]
    value["releves"] = []
    return value


def write_protocole(dossier: Path, value: dict[str, Any] | None = None) -> Path:
    """Its file, named as those of data/."""
    value = value or next_protocole()
    debut, fin = value["protocole"]["periode"]
    fichier = dossier / f"protocole-{debut}-{fin}.json"
    fichier.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return fichier
