"""Records as files: one module per format, `read(flux) -> Lot` and `write(…) -> bytes`.

What an import may do is said here once for every format (invariant 3): an absent field or an
empty one changes nothing, `-` empties; an import neither archives nor takes out of the archives,
and never changes the diffusion of a record that exists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.errors import Faute, SaisieError
from cartographie.serialisation import OBLIGATOIRES, completer, read_champs, to_json

VIDER = "-"
# A text that is a dash, or a dash behind apostrophes: written with one more, it is not an order.
TIRET = re.compile("'*-")
DEFAUTS = {champ.name: champ.default for champ in fields(Saisie)}
# Parts that a file names: rank → (part → JSON value), or None when there is nothing from there on.
Parties = Mapping[int, Mapping[str, Any] | None]
# Fields of which there is one or none; the others with parts are lists.
UNIQUES = ("territoire", "relais")
VIDES: tuple[Any, ...] = ("", None, [], False)
# From doors (JSON) to doors with their points: as the file has them, as they are now.
Placer = Callable[[list[dict[str, Any]], list[dict[str, Any]], Diffusion], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Ligne:
    """What a file says of one record: the fields it names. `ligne` is 1-based.

    `parties` are fields of which it names parts alone, as a table does: the rest stays.
    """

    slug: str
    valeurs: Mapping[str, Any]
    ligne: int
    parties: Mapping[str, Parties] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Erreur:
    """A fault of a file: its line (1-based), the record when it is known, what is wrong."""

    ligne: int
    slug: str
    faute: Faute

    def __str__(self) -> str:
        """Say it in one French sentence."""
        sujet = " ".join(mot for mot in (self.slug, self.faute.champ) if mot)
        valeur = f" (« {self.faute.valeur} »)" if self.faute.valeur else ""
        return f"ligne {self.ligne}, {sujet} : {self.faute.message}{valeur}"


@dataclass(frozen=True, slots=True)
class Lot:
    """What a file holds: the records that could be read and every fault of the others.

    `tableau`: its faults are those of columns. `abimees` is what could be read of the others: it
    is judged with the rest, so that every fault is told at once, and never written.
    """

    lignes: tuple[Ligne, ...]
    erreurs: tuple[Erreur, ...]
    tableau: bool = False
    abimees: tuple[Ligne, ...] = ()

    @property
    def saisies(self) -> tuple[Saisie, ...]:
        """The records as they are when none of them exists yet, in the order of the file."""
        return tuple(fusionner(None, ligne) for ligne in self.lignes)


def read_valeurs(objet: Mapping[str, Any]) -> dict[str, Any]:
    """Read what a file says of one record. Raises SaisieError with every fault."""
    dits = {nom: valeur for nom, valeur in objet.items() if valeur not in (None, "", [], {})}
    vides = {nom for nom, valeur in dits.items() if valeur in (VIDER, [VIDER])}
    fautes = [
        Faute(nom, "Cette valeur ne peut pas être vidée.") for nom in OBLIGATOIRES if nom in vides
    ]
    if not isinstance(dits.get("slug"), str):
        fautes.append(Faute("slug", "Il faut l’identifiant de la fiche."))
    if fautes:
        raise SaisieError(tuple(fautes))
    valeurs = read_champs({nom: _litteral(v) for nom, v in dits.items() if nom not in vides})
    return valeurs | {nom: DEFAUTS[nom] for nom in vides if nom in DEFAUTS}


def proteger_tiret(valeur: Any) -> Any:  # noqa: ANN401
    """Write a text of GeoJSON so that `read_valeurs` gives it back, be it a dash."""
    return f"'{valeur}" if isinstance(valeur, str) and TIRET.fullmatch(valeur) else valeur


def _litteral(valeur: Any) -> Any:  # noqa: ANN401
    return valeur[1:] if isinstance(valeur, str) and TIRET.fullmatch(valeur) else valeur


def fusionner(existante: Saisie | None, ligne: Ligne, placer: Placer | None = None) -> Saisie:
    """Apply a line to the record it concerns. Raises SaisieError for a new one incomplete.

    `placer` gives their points to doors of which the file says an address alone.
    """
    valeurs = {**ligne.valeurs, **_joindre(existante, ligne, placer)}
    if existante is None:
        return completer(valeurs)
    valeurs = {nom: v for nom, v in valeurs.items() if nom not in ("slug", "diffusion")}
    if Statut.ARCHIVE in (existante.statut, valeurs.get("statut")):
        valeurs.pop("statut", None)
    return replace(existante, **valeurs)


def doublons(lignes: Iterable[Ligne]) -> tuple[Erreur, ...]:
    """Name every record that a file has twice."""
    vus: dict[str, int] = {}
    fautes = []
    for ligne in lignes:
        if ligne.slug in vus:
            message = f"Cette fiche est déjà à la ligne {vus[ligne.slug]}."
            fautes.append(Erreur(ligne.ligne, ligne.slug, Faute("slug", message)))
        vus.setdefault(ligne.slug, ligne.ligne)
    return tuple(fautes)


def refus(message: str, ligne: int = 1) -> Lot:
    """A file of which nothing can be read."""
    return Lot((), (Erreur(ligne, "", Faute("fichier", message)),))


def _joindre(existante: Saisie | None, ligne: Ligne, placer: Placer | None) -> dict[str, Any]:
    """The fields of which the line names parts, whole."""
    jointes: dict[str, Any] = {}
    fautes: list[Faute] = []
    for nom, parties in ligne.parties.items():
        connue = to_json(getattr(existante, nom)) if existante else None
        connus = ([connue] if connue else []) if nom in UNIQUES else connue or []
        elements = _assembler(nom, connus, parties, fautes)
        if nom == "implantations" and placer is not None and not fautes:
            diffusion = ligne.valeurs.get("diffusion", Diffusion.ZONE)
            elements = placer(elements, connus, existante.diffusion if existante else diffusion)
        jointes[nom] = (elements[0] if elements else None) if nom in UNIQUES else elements
    if fautes:
        raise SaisieError(tuple(fautes))
    territoire = jointes.get("territoire")
    if territoire and all(valeur in VIDES for valeur in territoire.values()):
        jointes["territoire"] = None
    return read_champs(jointes)


def _assembler(
    nom: str, connus: list[dict[str, Any]], parties: Parties, fautes: list[Faute]
) -> list[dict[str, Any]]:
    elements = list(connus)
    for rang, partie in sorted(parties.items()):
        if partie is None:
            return elements[:rang]
        if rang < len(elements):
            elements[rang] = {**elements[rang], **partie}
        elif any(valeur not in VIDES for valeur in partie.values()):
            if rang > len(elements):
                message = "Ce qui porte le numéro d’avant est vide : numérotez sans trou."
                fautes.append(Faute(f"{nom}.{rang}", message))
                continue
            elements.append(dict(partie))
    return elements
