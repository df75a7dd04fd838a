"""The file of a protocol, read whole or refused with its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cartographie.datafiles import Node, one_of, read_json
from cartographie.nombres import entier
from cartographie.protocole.valeurs import (
    Action,
    Axe,
    Cible,
    Nature,
    Objectif,
    Organisation,
    Periode,
    Protocole,
    Releve,
    Theme,
)


def load_protocole(path: Path) -> Protocole:
    """Read a protocol; `DonneesError` for a missing value or a name that leads nowhere."""
    return build_protocole(read_json(path))


def build_protocole(racine: Node) -> Protocole:
    """Understand a protocol that was read already, from a file or from the database."""
    protocole = Protocole(
        periode=_periode(racine.get("protocole")),
        axes=tuple(_axe(node) for node in racine.get("axes").items()),
        objectifs=tuple(_objectif(node) for node in racine.get("objectifs").items()),
        organisations=tuple(_organisation(node) for node in racine.get("organisations").items()),
        releves=tuple(_releve(node) for node in racine.get("releves").items()),
    )
    _check_unique(racine)
    _check_names(racine, protocole)
    return protocole


def _periode(node: Node) -> Periode:
    debut, fin = _years(node.get("periode"))
    return Periode(
        code=f"{debut}-{fin}",
        debut=debut,
        fin=fin,
        nom=node.get("nom").filled(),
        signature=node.get("signature").text(),
        departement=node.get("departement").filled(),
        source=node.get("source").text(),
    )


def _axe(node: Node) -> Axe:
    themes = tuple(
        Theme(
            numero=_integer_or_none(theme.get("numero")),
            titre=theme.get("titre").filled(),
            objectifs=_integers(theme.get("objectifs")),
        )
        for theme in node.get("themes").items()
    )
    return Axe(node.get("numero").integer(), node.get("titre").filled(), themes)


def _objectif(node: Node) -> Objectif:
    return Objectif(
        numero=node.get("numero").integer(),
        titre=node.get("titre").filled(),
        axe=node.get("axe").integer(),
        theme=_integer_or_none(node.get("theme")),
        actions=tuple(_action(action) for action in node.get("actions").items()),
        calendrier=tuple(_annee(*entry) for entry in node.get("calendrier").entries()),
        acteurs_calendrier=node.get("acteurs_calendrier").texts(),
    )


def _annee(annee: str, prevu: Node) -> tuple[int, str]:
    nombre = entier(annee)
    if nombre is None:
        raise prevu.fault(f"« {annee} » n’est pas une année.")
    return nombre, prevu.text()


def _action(node: Node) -> Action:
    return Action(
        id=node.get("id").filled(),
        libelle=node.get("libelle").filled(),
        cible=_cible(node.get("cible")) if node.has("cible") else None,
        cibles_complementaires=_cibles(node, "cibles_complementaires"),
        pilotes=node.get("pilotes").texts(),
        autres_acteurs=node.get("autres_acteurs").texts(),
        financeurs=node.get("financeurs").texts() if node.has("financeurs") else (),
        echeance=_years(node.get("echeance")),
        indicateur=node.get("indicateur").text(),
        note=_note(node),
    )


def _cibles(node: Node, key: str) -> tuple[Cible, ...]:
    return tuple(_cible(cible) for cible in node.get(key).items()) if node.has(key) else ()


def _cible(node: Node) -> Cible:
    return Cible(
        valeur=node.get("valeur").number(),
        unite=node.get("unite").filled(),
        periodicite=node.get("periodicite").filled(),
        objet=node.get("objet").text() if node.has("objet") else "",
    )


def _organisation(node: Node) -> Organisation:
    return Organisation(
        code=node.get("code").filled(),
        nom=node.get("nom").filled(),
        categorie=node.get("categorie").filled(),
        generique=node.get("generique").boolean(),
        signataire=node.get("signataire").boolean(),
        pilote=node.get("pilote").boolean(),
        inclus_dans=node.get("inclus_dans").texts(),
        variantes=node.get("variantes").texts(),
        note=_note(node),
    )


def _releve(node: Node) -> Releve:
    return Releve(
        id=node.get("id").filled(),
        objectif=_integer_or_none(node.get("objectif")),
        objectifs_lies=_integers(node.get("objectifs_lies")),
        indicateur=node.get("indicateur").filled(),
        annee=_integer_or_none(node.get("annee")),
        valeur=node.get("valeur").number(),
        unite=node.get("unite").text(),
        territoire=node.get("territoire").text(),
        source=node.get("source").filled(),
        nature=one_of(Nature, node.get("nature")),
        precision=node.get("precision").text(),
        note=_note(node),
        annee_deduite=node.get("annee_deduite").boolean(),
        periode=_years(node.get("periode")) if node.has("periode") else None,
    )


def _note(node: Node) -> str:
    return node.get("note").text() if node.has("note") else ""


def _integer_or_none(node: Node) -> int | None:
    return None if node.value is None else node.integer()


def _integers(node: Node) -> tuple[int, ...]:
    return tuple(item.integer() for item in node.items())


def _years(node: Node) -> tuple[int, int]:
    years = _integers(node)
    if len(years) != 2 or years[0] > years[1]:
        raise node.fault("deux années, dans l’ordre, sont attendues.")
    return years[0], years[1]


def _check_unique(racine: Node) -> None:
    """Refuse two axes, objectives, actions, organisations or figures of the same name."""
    actions = [a for o in racine.get("objectifs").items() for a in o.get("actions").items()]
    for key, nodes in (
        ("numero", racine.get("axes").items()),
        ("numero", racine.get("objectifs").items()),
        ("id", actions),
        ("code", racine.get("organisations").items()),
        ("id", racine.get("releves").items()),
    ):
        seen: set[object] = set()
        for name in (node.get(key) for node in nodes):
            if name.value in seen:
                raise name.fault(f"« {name.value} » est déjà pris.")
            seen.add(name.value)


def _check_names(racine: Node, protocole: Protocole) -> None:
    """Refuse an objective, an axe or an organisation that is named and does not exist."""
    known: dict[str, set[object]] = {
        "axe": {axe.numero for axe in protocole.axes},
        "objectif": {objectif.numero for objectif in protocole.objectifs},
        "organisation": {organisation.code for organisation in protocole.organisations},
    }
    for kind, node in _names(racine):
        if node.value not in known[kind]:
            raise node.fault(f"« {node.value} » : {kind} que ce protocole ne connaît pas.")


def _names(racine: Node) -> Iterator[tuple[str, Node]]:
    for axe in racine.get("axes").items():
        for theme in axe.get("themes").items():
            yield from (("objectif", node) for node in theme.get("objectifs").items())
    for objectif in racine.get("objectifs").items():
        yield "axe", objectif.get("axe")
        for action in objectif.get("actions").items():
            for key in ("pilotes", "autres_acteurs", "financeurs"):
                if action.has(key):
                    yield from (("organisation", node) for node in action.get(key).items())
    for organisation in racine.get("organisations").items():
        yield from (("organisation", node) for node in organisation.get("inclus_dans").items())
    for releve in racine.get("releves").items():
        yield from (("objectif", node) for node in releve.get("objectifs_lies").items())
