"""The parameters of the API, one parser each: what was typed → a value, or what was refused.

The standard asks for it: a parameter that is not declared, or a value that it cannot have, is an
error (400), never something else than what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import shapely
from rapidfuzz import process
from shapely.geometry.base import BaseGeometry

from cartographie.communes import Lieu
from cartographie.errors import ParametreError
from cartographie.parametres import LONGUEUR_MAX, lire_lieu
from cartographie.referentiel import Referentiel
from cartographie.web.ogc.valeurs import Collection, Intervalle, Propriete, Question

LIMITE_PAR_DEFAUT = 10
LIMITE_MAX = 1_000
OFFSET_MAX = 999_999_999
FORMES = ("json", "html")
COMMUNS = ("f", "limit", "offset", "bbox", "datetime")
PROCHES = ("depuis", "lieu")
# Mainland France: west, south, east, north. Farther, metres of Lambert-93 mean nothing.
FRANCE = (-5.5, 41.2, 9.8, 51.3)
NOMBRE = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,30})?([eE]-?[0-9]{1,2})?")
# A position known to a hundred metres goes by POST to /proches: addresses are kept by others.
DEPUIS = r"^-?[0-9]{1,2}(\.[0-9]{1,2})?,[0-9]{1,2}(\.[0-9]{1,2})?$"
JOUR = "[0-9]{4}-(0[1-9]|1[0-2])-([0-2][1-9]|[1-3]0|31)"
HEURE = "([01][0-9]|2[0-3]):[0-5][0-9]"
INSTANT = rf"{JOUR}[Tt]{HEURE}:([0-5][0-9]|60)(\.[0-9]{{1,9}})?([Zz]|[+-]{HEURE})"
MOMENT = f"({JOUR}|{INSTANT})"
# One moment, or an interval of which one side at least is a moment.
DATETIME = rf"^({MOMENT}(/({MOMENT}|\.\.)?)?|(\.\.)?/{MOMENT})$"
UN_JOUR = timedelta(days=1, microseconds=-1)


def lire_question(
    args: Mapping[str, Sequence[str]], collection: Collection, referentiel: Referentiel
) -> Question:
    """Understand what is asked of a collection. Raises ParametreError."""
    dits = lire_dits(args, permis(collection))
    return Question(
        limit=lire_limit(dits.get("limit")),
        offset=lire_offset(dits.get("offset")),
        bbox=lire_bbox(dits.get("bbox")),
        intervalle=lire_datetime(dits.get("datetime")),
        filtres={
            propriete.nom: lire_propriete(propriete, dits[propriete.nom])
            for propriete in collection.filtres
            if propriete.nom in dits
        },
        depuis=lire_depart(dits, referentiel),
    )


def permis(collection: Collection) -> tuple[str, ...]:
    """Every parameter that the features of a collection may be asked with."""
    proches = PROCHES if collection.proche else ()
    return (*COMMUNS, *proches, *(propriete.nom for propriete in collection.filtres))


def lire_dits(args: Mapping[str, Sequence[str]], connus: Sequence[str]) -> dict[str, str]:
    """Each parameter with its value; refuses those that are not known and those said twice."""
    for nom, valeurs in args.items():
        if nom not in connus:
            proches = tuple(trouve for trouve, _, _ in process.extract(nom[:60], connus, limit=3))
            message = f"« {_court(nom)} » n’est pas un paramètre de cette adresse."
            raise ParametreError(_court(nom), "", message, proches)
        if len(valeurs) != 1:
            raise ParametreError(nom, "", "Ce paramètre ne peut être donné qu’une fois.")
    return {nom: valeurs[0] for nom, valeurs in args.items()}


def lire_f(texte: str | None) -> str:
    """The representation wanted, or nothing: `Accept` decides then."""
    if texte is None or texte in FORMES:
        return texte or ""
    raise ParametreError("f", _court(texte), "On attend json ou html.", FORMES)


def lire_limit(texte: str | None) -> int:
    """How many features at most: from 1. More than the maximum is no error, but the maximum."""
    if texte is None:
        return LIMITE_PAR_DEFAUT
    if not re.fullmatch("[0-9]+", texte) or int(texte) < 1:
        raise ParametreError("limit", _court(texte), "On attend un nombre entier, à partir de 1.")
    return min(int(texte), LIMITE_MAX)


def lire_offset(texte: str | None) -> int:
    """How many features are left out first."""
    if texte is None:
        return 0
    if not re.fullmatch("[0-9]+", texte) or int(texte) > OFFSET_MAX:
        message = f"On attend un nombre entier de 0 à {OFFSET_MAX}."
        raise ParametreError("offset", _court(texte), message)
    return int(texte)


def lire_bbox(texte: str | None) -> BaseGeometry | None:
    """A box in degrees; around the antimeridian west is the larger number: there are two boxes."""
    if texte is None:
        return None
    ouest, sud, est, nord = _bornes(texte)
    if ouest <= est:
        return shapely.box(ouest, sud, est, nord)
    boites = [shapely.box(ouest, sud, 180, nord), shapely.box(-180, sud, est, nord)]
    return shapely.MultiPolygon(boites)


def _bornes(texte: str) -> tuple[float, float, float, float]:
    """West, south, east, north; with heights, which nothing here has. Raises ParametreError."""
    nombres = [float(n) for n in texte.split(",") if NOMBRE.fullmatch(n)]
    if len(nombres) not in (4, 6) or len(nombres) != texte.count(",") + 1:
        message = "On attend quatre nombres (ouest,sud,est,nord), ou six avec les altitudes."
        raise ParametreError("bbox", _court(texte), message)
    demi = len(nombres) // 2
    (ouest, sud, *bas), (est, nord, *haut) = nombres[:demi], nombres[demi:]
    if not (max(abs(ouest), abs(est)) <= 180 and -90 <= sud <= nord <= 90 and bas <= haut):
        message = "Longitudes de −180 à 180, latitudes de −90 à 90, et le sud avant le nord."
        raise ParametreError("bbox", _court(texte), message)
    return ouest, sud, est, nord


def lire_datetime(texte: str | None) -> Intervalle | None:
    """An instant (RFC 3339), a day, or an interval; one side may be open (`..` or empty)."""
    if texte is None:
        return None
    debut, *fin = texte.split("/")
    intervalle = _moment(debut, 0), _moment((fin or [debut])[0], 1)
    inconnu = len(fin) > 1 or intervalle == (None, None)
    if inconnu or (None not in intervalle and intervalle[0] > intervalle[1]):  # type: ignore[operator]
        message = "On attend une date, un instant (2026-03-01T00:00:00Z) ou début/fin."
        raise ParametreError("datetime", _court(texte), message)
    return intervalle


def lire_propriete(propriete: Propriete, texte: str) -> str:
    """A value that the property may have, as it is written in an address."""
    if propriete.valeurs and texte not in propriete.valeurs:
        proches = process.extract(_court(texte), propriete.valeurs, limit=3)
        message = f"« {_court(texte)} » n’est pas une valeur connue."
        raise ParametreError(propriete.nom, _court(texte), message, tuple(p for p, _, _ in proches))
    if propriete.motif and not re.fullmatch(propriete.motif, texte):
        message = f"« {_court(texte)} » ne peut pas être une valeur de « {propriete.nom} »."
        raise ParametreError(propriete.nom, _court(texte), message)
    return texte


def lire_depart(dits: Mapping[str, str], referentiel: Referentiel) -> Lieu | None:
    """Where distances start from: `depuis` or `lieu`, not both."""
    if "depuis" in dits and "lieu" in dits:
        raise ParametreError("depuis", "", "On donne « depuis » ou « lieu », pas les deux.")
    if "depuis" in dits:
        return lire_depuis(dits["depuis"])
    if dits.get("lieu", "x").strip() == "":
        raise ParametreError("lieu", "", "On attend une commune ou un code postal.")
    return lire_lieu({nom: (valeur,) for nom, valeur in dits.items()}, referentiel)


def lire_depuis(texte: str) -> Lieu:
    """A position in degrees, longitude first, with two decimals at most (a kilometre)."""
    if re.fullmatch(DEPUIS, texte):
        longitude, latitude = map(float, texte.split(","))
        if FRANCE[0] <= longitude <= FRANCE[2] and FRANCE[1] <= latitude <= FRANCE[3]:
            return Lieu(texte, "", longitude, latitude, dans_isere=False)
    message = (
        "On attend longitude,latitude en France, avec deux décimales au plus : une position plus "
        "précise se donne par POST à /proches."
    )
    raise ParametreError("depuis", "", message)


def _moment(texte: str, fin: int) -> datetime | None:
    """An instant; of a day, its first or its last. None for an open side. Raises ParametreError."""
    if texte in ("", ".."):
        return None
    try:
        if re.fullmatch(JOUR, texte):
            return datetime.fromisoformat(texte).replace(tzinfo=UTC) + fin * UN_JOUR
        if re.fullmatch(INSTANT, texte):
            return datetime.fromisoformat(texte.upper().replace(":60", ":59"))
    except ValueError:
        pass  # the thirtieth of February, the twenty-fifth hour
    message = "On attend une date réelle, par exemple 2026-03-01 ou 2026-03-01T00:00:00Z."
    raise ParametreError("datetime", _court(texte), message)


def _court(texte: str) -> str:
    return texte[:LONGUEUR_MAX]
