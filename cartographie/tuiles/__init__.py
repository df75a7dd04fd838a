"""The base map's raster tiles, relayed: readers ask us, we ask one fixed upstream, and keep them.

Nothing of a reader goes upstream: a tile is asked for by its three numbers, under our own name.
"""

from cartographie.tuiles.amont import ClientHttp
from cartographie.tuiles.cache import CacheTuiles, nature
from cartographie.tuiles.grille import ISERE, ZOOM_MAX, Tuile, dans_isere
from cartographie.tuiles.relais import LECTEURS_MAX, Relais

__all__ = [
    "ISERE",
    "LECTEURS_MAX",
    "ZOOM_MAX",
    "CacheTuiles",
    "ClientHttp",
    "Relais",
    "Tuile",
    "dans_isere",
    "nature",
]
