"""The values of territorial coverage. Distances are whole metres, in a straight line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cartographie.acteurs import Acces, Localisation
from cartographie.communes import Commune

RAYONS_KM = (5, 10, 20, 30)
LOIN_KM = RAYONS_KM[-1]
# One word per class of distance, from the nearest; the last one is that of no place at all.
CLASSES = (
    "5 km ou moins",
    "de 5 à 10 km",
    "de 10 à 20 km",
    "de 20 à 30 km",
    "plus de 30 km",
    "aucun lieu",
)
SANS_LIEU = len(CLASSES) - 1


class Critere(StrEnum):
    """What coverage is asked for; the value is the parameter of the address."""

    BESOIN = "besoin"
    MISSION = "mission"
    TYPE = "type"
    OBJECTIF = "objectif"


class Manque(StrEnum):
    """Why a commune has nobody."""

    LOIN = "loin"  # no place within 30 km
    COMPETENCE = "competence"  # every territoire is known, and none holds the commune


@dataclass(frozen=True, slots=True)
class Question:
    """Coverage of what, by places with which way in. An objective's code is `2022-2024/22`."""

    critere: Critere
    code: str
    acces: Acces = Acces.DIRECT

    @property
    def args(self) -> dict[str, str]:
        """The parameters that ask this again; the default way in is left out."""
        acces = {} if self.acces is Acces.DIRECT else {"acces": self.acces.value}
        return {self.critere.value: self.code, **acces}


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that one can go to. Without a slug it is a fictitious one."""

    slug: str
    nom: str
    localisation: Localisation


@dataclass(frozen=True, slots=True)
class CommuneCouverte:
    """A commune, its nearest place, and whether somebody says to be competent there.

    `epci` is the name of its EPCI, or nothing.
    """

    commune: Commune
    epci: str
    distance_m: int | None
    destination: Destination | None
    competent: bool | None

    @property
    def classe(self) -> int:
        """The rank of its distance in CLASSES; bounds belong to the nearer class."""
        if self.distance_m is None:
            return SANS_LIEU
        return sum(self.distance_m > rayon * 1000 for rayon in RAYONS_KM)

    @property
    def manques(self) -> tuple[Manque, ...]:
        """Why nobody is there; empty when somebody is, or when that is not known."""
        loin = (Manque.LOIN,) if self.classe >= len(RAYONS_KM) else ()
        return loin + ((Manque.COMPETENCE,) if self.competent is False else ())

    def habitants_dans(self, rayon_km: int) -> int:
        """Its inhabitants when a place is within this radius (bound included), else 0."""
        proche = self.distance_m is not None and self.distance_m <= rayon_km * 1000
        return self.commune.population if proche else 0


@dataclass(frozen=True, slots=True)
class Bilan:
    """Inhabitants of several communes: all, then within each of RAYONS_KM.

    `mediane_m`, `moyenne_m`: distance weighted by inhabitants, None without any place. The median
    is the least distance within which half of them live.
    """

    communes: int
    habitants: int
    dans: tuple[int, ...]
    mediane_m: int | None
    moyenne_m: int | None
    competence: tuple[int, int, int]

    @classmethod
    def build(cls, lignes: Iterable[CommuneCouverte]) -> Bilan:
        """Add communes up. `competence` counts inhabitants: yes, not known, no."""
        toutes = tuple(lignes)
        return cls(
            communes=len(toutes),
            habitants=_habitants(toutes),
            dans=tuple(sum(ligne.habitants_dans(r) for ligne in toutes) for r in RAYONS_KM),
            mediane_m=_mediane(toutes),
            moyenne_m=_moyenne(toutes),
            competence=(
                _habitants(ligne for ligne in toutes if ligne.competent is True),
                _habitants(ligne for ligne in toutes if ligne.competent is None),
                _habitants(ligne for ligne in toutes if ligne.competent is False),
            ),
        )

    def habitants_dans(self, rayon_km: int) -> int:
        """Inhabitants who have a place within one of RAYONS_KM."""
        return self.dans[RAYONS_KM.index(rayon_km)]


@dataclass(frozen=True, slots=True)
class EpciCouvert:
    """An EPCI as far as Isère goes."""

    code: str
    nom: str
    bilan: Bilan


@dataclass(frozen=True, slots=True)
class Couverture:
    """The answer: communes by name, EPCI by name, all together, and what it was measured to.

    `services` counts the Fiches that answer this way; `autres` those that answer otherwise, by
    their way in; `partielle` is a sentence, or empty when the list is known to be complete.
    """

    question: Question
    communes: tuple[CommuneCouverte, ...]
    epci: tuple[EpciCouvert, ...]
    bilan: Bilan
    destinations: tuple[Destination, ...]
    services: int
    autres: tuple[tuple[Acces, int], ...]
    partielle: str

    @property
    def sans_personne(self) -> tuple[CommuneCouverte, ...]:
        """Communes where nobody is, by name."""
        return tuple(ligne for ligne in self.communes if ligne.manques)


def _habitants(lignes: Iterable[CommuneCouverte]) -> int:
    return sum(ligne.commune.population for ligne in lignes)


def _distances(lignes: Iterable[CommuneCouverte]) -> list[tuple[int, int]]:
    """(metres, inhabitants), nearest first."""
    return sorted(
        (ligne.distance_m, ligne.commune.population)
        for ligne in lignes
        if ligne.distance_m is not None
    )


def _mediane(lignes: Iterable[CommuneCouverte]) -> int | None:
    distances = _distances(lignes)
    moitie, cumul = sum(habitants for _, habitants in distances) / 2, 0
    for distance, habitants in distances:
        cumul += habitants
        if cumul >= moitie:
            return distance
    return None


def _moyenne(lignes: Iterable[CommuneCouverte]) -> int | None:
    distances = _distances(lignes)
    total = sum(habitants for _, habitants in distances)
    if not total:
        return None
    return round(sum(distance * habitants for distance, habitants in distances) / total)
