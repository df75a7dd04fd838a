"""Doors and territories: points that are where they say, codes that exist."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from cartographie.acteurs import Localisation, Precision, Saisie
from cartographie.communes import Communes
from cartographie.errors import Faute

# West, south, east, north in degrees (EPSG:4326): mainland France with a margin.
FRANCE = (-5.5, 41.0, 10.0, 51.5)
CODE_POSTAL = re.compile(r"\d{5}")
CODE_INSEE = re.compile(r"\d[0-9AB]\d{3}")
# About 10 m: reference points are kept with six decimals.
TOLERANCE_DEGRES = 1e-4


def fautes(saisie: Saisie, communes: Communes) -> Iterator[Faute]:
    """Judge each door, then the territoire."""
    for rang, implantation in enumerate(saisie.implantations):
        yield from _localisation(f"implantations.{rang}", implantation.localisation, communes)
    yield from _territoire(saisie, communes)


def _localisation(champ: str, lieu: Localisation, communes: Communes) -> Iterator[Faute]:
    ouest, sud, est, nord = FRANCE
    if not (ouest <= lieu.longitude <= est and sud <= lieu.latitude <= nord):
        position = f"{lieu.longitude}, {lieu.latitude}"
        yield Faute(f"{champ}.longitude", "Ce point n’est pas en France.", position)
        return
    if lieu.code_postal and not CODE_POSTAL.fullmatch(lieu.code_postal):
        yield Faute(f"{champ}.code_postal", "Il faut cinq chiffres.", lieu.code_postal)
    if lieu.code_insee and not CODE_INSEE.fullmatch(lieu.code_insee):
        yield Faute(
            f"{champ}.code_insee", "Ce code n’est pas celui d’une commune.", lieu.code_insee
        )
    if lieu.code_epci and communes.epci(lieu.code_epci) is None:
        yield Faute(f"{champ}.code_epci", "Cette intercommunalité n’existe pas.", lieu.code_epci)
    if lieu.precision is Precision.COMMUNE:
        yield from _au_repere_de_la_commune(champ, lieu, communes)
    elif lieu.precision is Precision.EPCI:
        yield from _au_repere_de_l_epci(champ, lieu, communes)
    elif lieu.precision is Precision.DEPARTEMENT:
        zone = communes.zone("")
        if not _proche(lieu, zone.longitude, zone.latitude):
            yield Faute(f"{champ}.longitude", "Ce point n’est pas celui du département.")


def _au_repere_de_la_commune(champ: str, lieu: Localisation, communes: Communes) -> Iterator[Faute]:
    if not lieu.code_insee:
        yield Faute(f"{champ}.code_insee", "Il faut dire quelle commune.")
    commune = communes.insee(lieu.code_insee)
    if commune is not None and not _proche(lieu, commune.longitude, commune.latitude):
        yield Faute(f"{champ}.longitude", "Ce point n’est pas celui de la mairie.", commune.nom)


def _au_repere_de_l_epci(champ: str, lieu: Localisation, communes: Communes) -> Iterator[Faute]:
    epci = communes.epci(lieu.code_epci)
    if epci is None:
        yield Faute(f"{champ}.code_epci", "Il faut dire quelle intercommunalité.")
    elif not _proche(lieu, epci.longitude, epci.latitude):
        yield Faute(f"{champ}.longitude", "Ce point n’est pas celui de l’intercommunalité.")


def _proche(lieu: Localisation, longitude: float, latitude: float) -> bool:
    return math.isclose(lieu.longitude, longitude, abs_tol=TOLERANCE_DEGRES) and math.isclose(
        lieu.latitude, latitude, abs_tol=TOLERANCE_DEGRES
    )


def _territoire(saisie: Saisie, communes: Communes) -> Iterator[Faute]:
    territoire = saisie.territoire
    if territoire is None:
        return
    if not (territoire.communes or territoire.epci or territoire.departement):
        yield Faute("territoire", "Un territoire vide ne dit rien : laissez-le non renseigné.")
    for rang, code in enumerate(territoire.communes):
        if communes.insee(code) is None:
            yield Faute(f"territoire.communes.{rang}", "Cette commune n’existe pas.", code)
    for rang, code in enumerate(territoire.epci):
        if communes.epci(code) is None:
            yield Faute(f"territoire.epci.{rang}", "Cette intercommunalité n’existe pas.", code)
