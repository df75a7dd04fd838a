"""The maps that pages show, as values: what a page needs of what folium wrote.

A process that holds them needs no folium, nor the tables (pandas) that folium brings: a fifth of
the time of a start, and of the memory of a process that serves.
"""

from __future__ import annotations

from dataclasses import dataclass

from cartographie.tuiles import ISERE as BOITE

# South-west and north-east corners in the order of Leaflet: latitude, longitude.
ISERE = [[BOITE[1], BOITE[0]], [BOITE[3], BOITE[2]]]
LIMITES = [[43.9, 3.3], [46.7, 7.8]]
CENTRE = (45.29, 5.55)
ZOOM_MIN, ZOOM_MAX = 7, 18


@dataclass(frozen=True, slots=True)
class Carte:
    """One map: the container, the script that fills it, and that script's digest."""

    html: str
    script: str
    empreinte: str


@dataclass(frozen=True, slots=True)
class Cartes:
    """Those of an installation: of acteurs, and of how far everybody is from one."""

    acteurs: Carte
    couverture: Carte
