"""The values of the gazetteer. Points are those of the mairie, in degrees, EPSG:4326."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import MultiPolygon, Polygon

from cartographie.acteurs import Precision

DEPARTEMENT = "38"
NOM_DEPARTEMENT = "Isère"
HORS_ISERE = "hors Isère"


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of Isère. `contour` is generalised: 46 mairies stand outside theirs."""

    code_insee: str
    nom: str
    codes_postaux: tuple[str, ...]
    population: int
    epci: str
    longitude: float
    latitude: float
    contour: Polygon | MultiPolygon

    @property
    def libelle(self) -> str:
        """Return `La Mure (38350)`: what is suggested, and what may be typed back."""
        return f"{self.nom} ({self.codes_postaux[0]})"


@dataclass(frozen=True, slots=True)
class Voisine:
    """A commune of a neighbouring département: it has distances, it is not ours."""

    code_insee: str
    nom: str
    codes_postaux: tuple[str, ...]
    epci: str
    longitude: float
    latitude: float

    @property
    def libelle(self) -> str:
        """Return `Lyon (69001)`: what is suggested, and what may be typed back."""
        return f"{self.nom} ({self.codes_postaux[0]})"


Place = Commune | Voisine


@dataclass(frozen=True, slots=True)
class Epci:
    """An intercommunality that touches Isère.

    `membres` are INSEE codes, those outside Isère too; `population` counts Isère alone; the point
    is the mairie of its most populated commune in Isère.
    """

    code: str
    nom: str
    membres: tuple[str, ...]
    population: int
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Lieu:
    """Where one searches from. `note` is a sentence said with the answer, or empty.

    Outside Isère and its neighbours there are no coordinates: the note is the answer.
    """

    libelle: str
    code_insee: str
    longitude: float | None
    latitude: float | None
    dans_isere: bool
    epci: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """What is published of a place that must not be found: a zone and its reference point."""

    precision: Precision
    code: str
    nom: str
    longitude: float
    latitude: float


def lieu_of(place: Place, compris: bool = False) -> Lieu:
    """Return the place as a Lieu; `compris` when it is not exactly what was typed."""
    notes = [f"Compris : {place.nom}"] if compris else []
    if isinstance(place, Voisine):
        notes.append(
            f"{place.nom} est hors de l’Isère : voici les services isérois les plus proches, "
            "et le 3919 oriente vers ceux de son département."
        )
    return Lieu(
        libelle=place.libelle,
        code_insee=place.code_insee,
        longitude=place.longitude,
        latitude=place.latitude,
        dans_isere=isinstance(place, Commune),
        epci=place.epci,
        note=". ".join(notes),
    )


def lieu_ailleurs(libelle: str) -> Lieu:
    """Return somewhere else in France: no coordinates, a sentence."""
    note = f"{libelle}, hors Isère : le 3919 oriente partout en France, 24 heures sur 24."
    return Lieu(libelle, "", None, None, dans_isere=False, note=note)
