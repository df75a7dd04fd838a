"""Everything that is known of places, loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from shapely import MultiPolygon

from cartographie.acteurs import Precision, Territoire
from cartographie.communes.adresses import find_in_address
from cartographie.communes.chargement import (
    load_ailleurs,
    load_communes,
    load_epci,
    load_voisines,
)
from cartographie.communes.completion import Completion
from cartographie.communes.geographie import Positions, union
from cartographie.communes.lieux import Lieux
from cartographie.communes.noms import Ailleurs
from cartographie.communes.valeurs import (
    DEPARTEMENT,
    NOM_DEPARTEMENT,
    Commune,
    Epci,
    Lieu,
    Voisine,
    Zone,
)
from cartographie.texte import fold

POPULATION_ZONE = 5_000


class Communes:
    """The gazetteer. Immutable; two of them are never equal."""

    def __init__(
        self,
        communes: Sequence[Commune],
        epci: Sequence[Epci],
        voisines: Sequence[Voisine],
        ailleurs: Sequence[tuple[str, str]],
    ) -> None:
        self.toutes: tuple[Commune, ...] = tuple(sorted(communes, key=lambda c: fold(c.nom)))
        self.voisines = tuple(voisines)
        self._insee = {commune.code_insee: commune for commune in self.toutes}
        self._epci = {one.code: one for one in epci}
        self._lieux = Lieux(self.toutes, self.voisines, Ailleurs(tuple(ailleurs)))
        self._completion = Completion(self.toutes)
        self._positions = Positions(self.toutes, self.voisines)
        self._surfaces: dict[Territoire, MultiPolygon | None] = {}

    @classmethod
    def load(cls, dossier: Path) -> Communes:
        """Read `data/communes_isere/`; `DonneesError` with file, line and reason."""
        return cls(
            load_communes(dossier / "communes.geojson"),
            load_epci(dossier / "epci.json"),
            load_voisines(dossier / "voisines.csv"),
            load_ailleurs(dossier / "ailleurs.csv"),
        )

    def insee(self, code: str) -> Commune | None:
        """Return a commune of Isère by its INSEE code."""
        return self._insee.get(code)

    def epci(self, code: str) -> Epci | None:
        """Return an EPCI that touches Isère by its SIREN code."""
        return self._epci.get(code)

    def lieu(self, texte: str) -> Lieu:
        """Return the place that was typed, however it was spelt, never a guess.

        Accents, case, hyphens, apostrophes, articles and "St" do not matter; a name may be begun
        or have one typo, and then the note says what was understood. Also an INSEE code, a postal
        code, or a name with its code. A place outside Isère is a Lieu with a note.
        `LieuAmbigu`, `LieuInconnu` with near matches; `ParametreError` beyond 120 characters.
        """
        return self._lieux.find(texte)

    def adresse(self, texte: str) -> Lieu | None:
        """Return the commune of a text that looks like an address, None for any other text.

        `LieuInconnu` or `LieuAmbigu` when the commune of the address cannot be told. Nothing of
        the address is in the Lieu or in the error.
        """
        return find_in_address(texte, self._lieux)

    def completer(self, texte: str, limite: int = 8) -> tuple[Commune, ...]:
        """Return the communes of Isère that may be meant by the beginning of a name or a code."""
        return self._completion.complete(texte, limite)

    def position(self, longitude: float, latitude: float) -> Lieu:
        """Return the commune around a position (degrees), at the position itself.

        Outside Isère: the nearest mairie within 30 km, else a Lieu without coordinates.
        `ParametreError` outside France.
        """
        return self._positions.find(longitude, latitude)

    def territoire_contient(self, territoire: Territoire | None, code_insee: str) -> bool | None:
        """Tell whether a commune is in a territoire; None when either is not known."""
        if not code_insee or territoire is None or territoire == Territoire():
            return None
        if code_insee in territoire.communes:
            return True
        if territoire.departement and code_insee in self._insee:
            return True
        return any(
            code_insee in epci.membres
            for epci in map(self._epci.get, territoire.epci)
            if epci is not None
        )

    def dissolve(self, territoire: Territoire) -> MultiPolygon | None:
        """Return the surface of a territoire inside Isère (EPSG:4326), None when it has none."""
        if territoire not in self._surfaces:
            self._surfaces[territoire] = union(
                [
                    commune.contour
                    for commune in self.toutes
                    if self.territoire_contient(territoire, commune.code_insee)
                ]
            )
        return self._surfaces[territoire]

    def zone(self, code_insee: str) -> Zone:
        """Return what may be published of a commune: itself from 5,000 inhabitants, else its EPCI.

        Without an EPCI, or outside Isère: the whole département, the widest zone there is.
        """
        commune = self._insee.get(code_insee)
        if commune is None:
            return self._departement
        if commune.population >= POPULATION_ZONE:
            return Zone(
                Precision.COMMUNE,
                commune.code_insee,
                commune.nom,
                commune.longitude,
                commune.latitude,
            )
        epci = self._epci.get(commune.epci)
        if epci is None:
            return self._departement
        return Zone(Precision.EPCI, epci.code, epci.nom, epci.longitude, epci.latitude)

    @cached_property
    def _departement(self) -> Zone:
        surface = self.dissolve(Territoire(departement=True))
        if surface is None:
            raise ValueError("a gazetteer has communes")
        point = surface.representative_point()
        return Zone(Precision.DEPARTEMENT, DEPARTEMENT, NOM_DEPARTEMENT, point.x, point.y)
