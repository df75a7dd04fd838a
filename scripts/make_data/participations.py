"""How each part in an objective is known: named in person by the protocol, or by a category."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cartographie.acteurs import Origine, Participation, Role
from scripts.make_data.files import split

PERIODE = "2022-2024"


@dataclass(frozen=True, slots=True)
class Protocole:
    """The objectives by number and the short names of the organisations by code."""

    objectifs: dict[int, dict[str, Any]]
    noms: dict[str, str]

    def actions(self, numero: int, codes: list[str]) -> list[str]:
        """Return the actions of an objective whose pilots, actors or funders are one of `codes`."""
        return [
            action["id"]
            for action in self.objectifs[numero]["actions"]
            if set(codes) & set(_cites(action))
        ]


def _cites(action: dict[str, Any]) -> list[str]:
    return [*action["pilotes"], *action["autres_acteurs"], *action.get("financeurs", [])]


def read_protocole(raw: dict[str, Any]) -> Protocole:
    """Keep of `protocole-*.json` what participations need; names lose their parentheses."""
    return Protocole(
        objectifs={objectif["numero"]: objectif for objectif in raw["objectifs"]},
        noms={o["code"]: re.sub(r" \(.*\)", "", o["nom"]) for o in raw["organisations"]},
    )


def read_participations(
    cell: str, regle: dict[str, str], protocole: Protocole
) -> tuple[Participation, ...]:
    """Turn `2:pilote;3:acteur` into participations with their origin and their reason."""
    organisations, categories = split(regle["organisations"]), split(regle["categories"])
    found = []
    for item in split(cell):
        numero, role = item.split(":")
        found.append(
            _named(int(numero), Role(role), organisations, protocole)
            or _deduced(int(numero), Role(role), categories, protocole)
        )
    return tuple(found)


def _named(
    numero: int, role: Role, organisations: list[str], protocole: Protocole
) -> Participation | None:
    actions = protocole.actions(numero, organisations)
    au_calendrier = set(organisations) & set(protocole.objectifs[numero]["acteurs_calendrier"])
    if not actions and not au_calendrier:
        return None
    if not actions:
        source = "nommément au calendrier"
    elif len(actions) == 1:
        source = f"nommément dans l’action {actions[0]}"
    else:
        source = f"nommément dans les actions {', '.join(actions[:-1])} et {actions[-1]}"
    action = actions[0] if len(actions) == 1 else ""
    return Participation(PERIODE, numero, role, Origine.NOMMEE, action, source)


def _deduced(numero: int, role: Role, categories: list[str], protocole: Protocole) -> Participation:
    if not categories:
        raise SystemExit(f"Objectif {numero} : ni nommé, ni catégorie dans participations.csv.")
    category = next(iter(_cited_as(numero, role, categories, protocole)), categories[0])
    return Participation(PERIODE, numero, role, Origine.DEDUITE, "", protocole.noms[category])


def _cited_as(numero: int, role: Role, categories: list[str], protocole: Protocole) -> list[str]:
    """Return the categories that the objective cites, those that hold the role first."""
    objectif = protocole.objectifs[numero]
    column = "pilotes" if role is Role.PILOTE else "autres_acteurs"
    holding = {code for action in objectif["actions"] for code in action[column]}
    cited = {code for action in objectif["actions"] for code in _cites(action)}
    cited.update(objectif["acteurs_calendrier"])
    first = [code for code in categories if code in holding]
    return first + [code for code in categories if code in cited]


def without_those_of(
    porteur: tuple[Participation, ...], service: tuple[Participation, ...]
) -> tuple[Participation, ...]:
    """Drop from a service the parts that its porteur takes: each stands once, on the porteur."""
    held = {(p.periode, p.objectif, p.role) for p in porteur}
    return tuple(p for p in service if (p.periode, p.objectif, p.role) not in held)
