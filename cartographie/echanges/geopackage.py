"""A GeoPackage of public records, for QGIS: three layers, EPSG:4326 (longitude before latitude).

    acteurs        a row an acteur, without geometry: the columns of the public CSV
    implantations  a point a door, at the precision that its column tells
    territoires    the zone of competence where it is known; `reseau` when it is drawn as one

`slug` joins them. The same records give the same bytes, whatever the day.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from cartographie.acteurs import Fiche, Territoire
from cartographie.communes import Communes
from cartographie.echanges.colonnes import GROUPES, PARTIES_PRIVEES, Rangee, entete, write_rangee
from cartographie.echanges.geojson import DECIMALES, RESEAUX

EPSG = 4326
# Read by GDAL in place of the clock; and a file that nobody reads yet needs no flush.
REGLAGES = {"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}
NOMBRES = ("longitude", "latitude")
COMMUNES = ("slug", "nom", "type", "acces", "en_zone")
PORTE = tuple(
    partie
    for groupe in GROUPES
    if groupe.champ == "implantations"
    for partie in groupe.parties
    if ("implantation", partie) not in PARTIES_PRIVEES
)


def write(fiches: Iterable[Fiche], communes: Communes) -> bytes:
    """Write public records, sorted by slug, by way of a file that is removed at once."""
    # GDAL weighs 45 MB in memory, which only a process that was asked for such a file pays.
    import pyogrio

    triees = sorted(fiches, key=lambda fiche: fiche.slug)
    rangees = [write_rangee(fiche) for fiche in triees]
    pyogrio.set_gdal_config_options(REGLAGES)
    with tempfile.TemporaryDirectory(prefix="carto-") as dossier:
        fichier = Path(dossier) / "acteurs.gpkg"
        noms = entete(rangees, publique=True)
        pyogrio.write_dataframe(_tableau(rangees, noms), fichier, layer="acteurs", driver="GPKG")
        _add_layer(fichier, "implantations", "Point", *_implantations(triees, rangees))
        _add_layer(fichier, "territoires", "MultiPolygon", *_territoires(triees, rangees, communes))
        return fichier.read_bytes()


def _implantations(
    fiches: Sequence[Fiche], rangees: Sequence[Rangee]
) -> tuple[pd.DataFrame, list[BaseGeometry]]:
    lignes: list[Rangee] = []
    points: list[BaseGeometry] = []
    for fiche, rangee in zip(fiches, rangees, strict=True):
        for rang, implantation in enumerate(fiche.implantations, start=1):
            parties = {nom: rangee.get(f"implantation_{rang}_{nom}", "") for nom in PORTE}
            lignes.append(_communes(rangee) | {"rang": rang} | parties)
            ici = implantation.localisation
            points.append(
                shapely.Point(round(ici.longitude, DECIMALES), round(ici.latitude, DECIMALES))
            )
    return _tableau(lignes, (*COMMUNES, "rang", *PORTE)), points


def _territoires(
    fiches: Sequence[Fiche], rangees: Sequence[Rangee], communes: Communes
) -> tuple[pd.DataFrame, list[BaseGeometry]]:
    lignes: list[Rangee] = []
    surfaces: list[BaseGeometry] = []
    for fiche, rangee in zip(fiches, rangees, strict=True):
        surface = _surface(fiche.territoire, communes) if fiche.territoire else None
        if surface is not None:
            reseau = fiche.type in RESEAUX and not fiche.implantations
            lignes.append(_communes(rangee) | {"reseau": "oui" if reseau else "non"})
            surfaces.append(surface)
    return _tableau(lignes, (*COMMUNES, "reseau")), surfaces


def _communes(rangee: Mapping[str, str | int | float]) -> Rangee:
    """What every layer tells of an acteur, so that each can be drawn and filtered by itself."""
    return {nom: rangee.get(nom, "") for nom in COMMUNES}


def _tableau(lignes: Sequence[Rangee], noms: Sequence[str]) -> pd.DataFrame:
    """Columns in this order; numbers are coordinates and ranks, all the rest is text."""
    colonnes = {}
    for nom in noms:
        valeurs = [ligne.get(nom, "") for ligne in lignes]
        if nom.endswith(NOMBRES):
            colonnes[nom] = pd.Series([np.nan if v == "" else v for v in valeurs], dtype="float64")
        elif nom == "rang":
            colonnes[nom] = pd.Series(valeurs, dtype="int32")
        else:
            colonnes[nom] = pd.Series([str(v) or None for v in valeurs], dtype="object")
    return pd.DataFrame(colonnes)


def _add_layer(
    fichier: Path, nom: str, sorte: str, tableau: pd.DataFrame, formes: Sequence[BaseGeometry]
) -> None:
    import geopandas
    import pyogrio

    couche = geopandas.GeoDataFrame(tableau, geometry=list(formes), crs=EPSG)
    pyogrio.write_dataframe(
        couche, fichier, layer=nom, driver="GPKG", append=True, geometry_type=sorte
    )


@lru_cache(maxsize=256)
def _surface(territoire: Territoire, communes: Communes) -> BaseGeometry | None:
    """The zone as one MultiPolygon, its rings always in one order."""
    surface = communes.dissolve(territoire)
    if surface is None:
        return None
    arrondie = shapely.transform(surface, lambda xy: np.round(xy, DECIMALES))
    return shapely.MultiPolygon(shapely.get_parts(shapely.normalize(arrondie)).tolist())
