"""Records as files: one module per format, `read(flux) -> Lot` and `write(…) -> bytes`.

What an import may do is said here once for every format (invariant 3): an absent field or an
empty one changes nothing, `-` empties; an import neither archives nor takes out of the archives,
and never changes the diffusion of a record that exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cartographie.acteurs import Saisie, Statut
from cartographie.errors import Faute, SaisieError
from cartographie.serialisation import OBLIGATOIRES, completer, read_champs

VIDER = "-"
_DEFAUTS = {champ.name: champ.default for champ in fields(Saisie)}


@dataclass(frozen=True, slots=True)
class Ligne:
    """What a file says of one record: the fields it names. `ligne` is 1-based."""

    slug: str
    valeurs: Mapping[str, Any]
    ligne: int


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
    """What a file holds: the records that could be read and every fault of the others."""

    lignes: tuple[Ligne, ...]
    erreurs: tuple[Erreur, ...]

    @property
    def saisies(self) -> tuple[Saisie, ...]:
        """The records as they are when none of them exists yet, in the order of the file."""
        return tuple(completer(ligne.valeurs) for ligne in self.lignes)


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
    valeurs = read_champs({nom: valeur for nom, valeur in dits.items() if nom not in vides})
    return valeurs | {nom: _DEFAUTS[nom] for nom in vides if nom in _DEFAUTS}


def fusionner(existante: Saisie | None, ligne: Ligne) -> Saisie:
    """Apply a line to the record it concerns. Raises SaisieError for a new one incomplete."""
    if existante is None:
        return completer(ligne.valeurs)
    valeurs = {nom: v for nom, v in ligne.valeurs.items() if nom not in ("slug", "diffusion")}
    if Statut.ARCHIVE in (existante.statut, valeurs.get("statut")):
        valeurs.pop("statut", None)
    return replace(existante, **valeurs)
