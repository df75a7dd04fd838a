"""Tiles of the Web Mercator grid (EPSG:3857), and those that touch Isère.

`z` is the zoom; `x` counts from the west, `y` from the north; both go from 0 to 2^z - 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, floor, pi, radians, tan

# West, south, east, north, in degrees (EPSG:4326).
ISERE = (4.74, 44.69, 6.36, 45.89)
ZOOM_MAX = 18


@dataclass(frozen=True, slots=True)
class Tuile:
    """One square of the grid."""

    z: int
    x: int
    y: int


def tuile_de(longitude: float, latitude: float, z: int) -> Tuile:
    """Return the tile under a point (degrees)."""
    cote = 2**z
    x = (longitude + 180) / 360 * cote
    y = (1 - asinh(tan(radians(latitude))) / pi) / 2 * cote
    return Tuile(z, floor(x), floor(y))


def dans_isere(tuile: Tuile) -> bool:
    """Tell whether a tile touches the box of Isère, at a zoom that we relay."""
    if not 0 <= tuile.z <= ZOOM_MAX:
        return False
    ouest, sud, est, nord = ISERE
    debut, fin = tuile_de(ouest, nord, tuile.z), tuile_de(est, sud, tuile.z)
    return debut.x <= tuile.x <= fin.x and debut.y <= tuile.y <= fin.y
