"""Doors of the form: address → point, a point given by hand, or the zone of a hidden place.

A geocoder that finds nothing, several places or does not answer costs precision, never the edit:
the door is kept at its commune, with the reason. A `zone` record never meets a geocoder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, hypot, isfinite, radians

from cartographie.acteurs import Localisation, Precision
from cartographie.communes import Communes, Lieu
from cartographie.errors import (
    AdresseAmbigue,
    AdresseIntrouvable,
    Faute,
    GeocodageError,
    ParametreError,
)
from cartographie.geocodage import Geocodeur, GeocodeurCommunes
from cartographie.saisies.champs import Champs, net, un

A_LA_MAIN = "point indiqué à la main"
PARTIES = ("adresse", "code_postal", "commune")
DECIMALES = 6
# A door farther than this from the mairie of its commune is a slip of the hand.
ECART_MAX_KM = 25.0


@dataclass(frozen=True, slots=True)
class Avis:
    """What became of an address, beside its block: `champ` names the block's address."""

    champ: str
    message: str
    reussi: bool = False


@dataclass(frozen=True, slots=True)
class Lieux:
    """What turns an address into a point; `geocodeur` is the offline one for hidden records."""

    communes: Communes
    geocodeur: Geocodeur


def ecrire_point(lieu: Localisation | None) -> tuple[str, str]:
    """Longitude and latitude as the form shows them."""
    if lieu is None:
        return "", ""
    return _degres(lieu.longitude), _degres(lieu.latitude)


def lire_localisation(
    champs: Champs,
    bloc: str,
    base: Localisation | None,
    lieux: Lieux,
    fautes: list[Faute],
    avis: list[Avis],
) -> Localisation | None:
    """The place of a block: `base` when untouched, else by hand, else by its address."""
    tapes = {nom: un(champs, f"{bloc}.{nom}") for nom in PARTIES}
    meme_adresse = base is not None and all(
        tape == net(getattr(base, nom)) for nom, tape in tapes.items()
    )
    point = un(champs, f"{bloc}.longitude"), un(champs, f"{bloc}.latitude")
    if base is not None and meme_adresse and point == ecrire_point(base):
        return base
    connue = base if base is not None and tapes["commune"] == net(base.commune) else None
    a_la_main = any(point) and " ".join(point) != un(champs, f"{bloc}.automatique")
    position = _lire_position(bloc, point, fautes) if a_la_main else None
    if a_la_main and position is None:
        return None
    if not tapes["commune"] and position is not None:
        return _sans_commune(bloc, tapes, position, lieux, fautes)
    commune = _commune(bloc, tapes, connue, lieux, fautes)
    if commune is None:
        return None
    if position is not None:
        return _poser(bloc, commune, position, fautes)
    return _geocoder(bloc, commune, lieux, avis)


def _lire_position(
    bloc: str, point: tuple[str, str], fautes: list[Faute]
) -> tuple[float, float] | None:
    nombres: list[float] = []
    for nom, tape in zip(("longitude", "latitude"), point, strict=True):
        try:
            nombre = float(tape.replace(",", "."))
        except ValueError:
            nombre = float("nan")
        if not isfinite(nombre) or abs(nombre) > 180:
            message = "Écrivez des degrés, comme 5,78700 (longitude) et 44,90300 (latitude)."
            fautes.append(Faute(f"{bloc}.{nom}", message, tape[:40]))
        nombres.append(nombre)
    return (nombres[0], nombres[1]) if all(abs(n) <= 180 for n in nombres) else None


def _commune(
    bloc: str,
    tapes: dict[str, str],
    connue: Localisation | None,
    lieux: Lieux,
    fautes: list[Faute],
) -> Localisation | None:
    """The commune that was typed, as a place with the address; the one already known if same."""
    nom, code_postal = tapes["commune"], tapes["code_postal"]
    hors_ligne = GeocodeurCommunes(lieux.communes)
    try:
        if connue is not None and connue.code_insee:
            code = connue.code_insee
        elif nom or code_postal:
            lieu = _lieu_tape(nom, code_postal, lieux.communes)
            code, nom = lieu.code_insee, lieu.libelle.partition(" (")[0]
        else:
            fautes.append(Faute(f"{bloc}.commune", "Écrivez la commune, comme La Mure."))
            return None
        place = hors_ligne.geocoder(tapes["adresse"], code_postal, nom, code)
    except ParametreError as erreur:
        proches = f" Peut-être : {', '.join(erreur.proches[:5])}." if erreur.proches else ""
        fautes.append(Faute(f"{bloc}.commune", f"{erreur}{proches}", nom or code_postal))
        return None
    except GeocodageError as erreur:
        fautes.append(Faute(f"{bloc}.commune", str(erreur), nom))
        return None
    return replace(place, code_postal=code_postal) if code_postal else place


def _lieu_tape(nom: str, code_postal: str, communes: Communes) -> Lieu:
    """Understand `La Mure`, `La Mure (38350)`, or a name that its postal code tells apart."""
    if "(" in nom or not code_postal or not nom:
        return communes.lieu(nom or code_postal)
    try:
        return communes.lieu(f"{nom} {code_postal}")
    except ParametreError:
        # A business postal code (CEDEX) is not that of the commune: its name may be enough.
        return communes.lieu(nom)


def _poser(
    bloc: str, commune: Localisation, position: tuple[float, float], fautes: list[Faute]
) -> Localisation | None:
    longitude, latitude = position
    dx = (longitude - commune.longitude) * cos(radians(commune.latitude))
    ecart_km = 111.2 * hypot(dx, latitude - commune.latitude)
    if ecart_km > ECART_MAX_KM:
        message = f"Ce point est à {ecart_km:.0f} km de la mairie de {commune.commune}."
        fautes.append(Faute(f"{bloc}.longitude", message))
        return None
    return replace(
        commune,
        longitude=longitude,
        latitude=latitude,
        precision=Precision.ADRESSE,
        source=A_LA_MAIN,
    )


def _sans_commune(
    bloc: str,
    tapes: dict[str, str],
    position: tuple[float, float],
    lieux: Lieux,
    fautes: list[Faute],
) -> Localisation | None:
    """A point alone says its commune."""
    try:
        lieu = lieux.communes.position(*position)
    except ParametreError as erreur:
        fautes.append(Faute(f"{bloc}.longitude", str(erreur)))
        return None
    nom, _, code_postal = lieu.libelle.removesuffix(")").partition(" (")
    return Localisation(
        *position,
        Precision.ADRESSE,
        adresse=tapes["adresse"],
        code_postal=tapes["code_postal"] or code_postal,
        commune=nom if lieu.code_insee else "",
        code_insee=lieu.code_insee,
        code_epci=lieu.epci,
        source=A_LA_MAIN,
    )


def _geocoder(bloc: str, commune: Localisation, lieux: Lieux, avis: list[Avis]) -> Localisation:
    """The point of the address, else the commune with the reason."""
    if not commune.adresse:
        return replace(commune, source="mairie de la commune")
    champ = f"{bloc}.adresse"
    try:
        trouve = lieux.geocodeur.geocoder(
            commune.adresse, commune.code_postal, commune.commune, commune.code_insee
        )
    except GeocodageError as erreur:
        raison = _raison(erreur)
        avis.append(Avis(champ, f"{erreur} Le lieu est placé à la mairie de {commune.commune}."))
        return replace(commune, source=f"mairie de la commune ({raison})")
    if trouve.precision is Precision.ADRESSE:
        avis.append(Avis(champ, f"Adresse trouvée ({trouve.source}).", reussi=True))
        return trouve
    suite = f"Le lieu est placé à la mairie de {commune.commune} : indiquez le point vous-même."
    dit = "L’adresse n’est pas assez sûre" if "score" in trouve.source else "Adresse non cherchée"
    detail = f" ({trouve.source.partition('(')[2]}" if "score" in trouve.source else ""
    avis.append(Avis(champ, f"{dit}{detail}. {suite}"))
    return replace(trouve, code_postal=commune.code_postal)


def _raison(erreur: GeocodageError) -> str:
    if isinstance(erreur, AdresseIntrouvable):
        return "adresse introuvable"
    return "adresse ambiguë" if isinstance(erreur, AdresseAmbigue) else "géocodeur injoignable"


# ── zones ──


def ecrire_zone(lieu: Localisation) -> str:
    """The choice of a list: `commune:38185`, `epci:200040657` or `departement`."""
    if lieu.precision is Precision.COMMUNE:
        return f"commune:{lieu.code_insee}"
    return f"epci:{lieu.code_epci}" if lieu.precision is Precision.EPCI else "departement"


def lire_zone(choix: str, base: Localisation | None, communes: Communes) -> Localisation | None:
    """The published point of a zone; None when there is no such zone."""
    if base is not None and choix == ecrire_zone(base):
        return base
    nature, _, code = choix.partition(":")
    epci = communes.epci(code) if nature == "epci" else None
    if epci is not None:
        return Localisation(epci.longitude, epci.latitude, Precision.EPCI, code_epci=epci.code)
    commune = communes.insee(code) if nature == "commune" else None
    zone = communes.zone(code if commune is not None else "")
    if commune is not None and zone.precision is Precision.COMMUNE:
        return Localisation(
            zone.longitude,
            zone.latitude,
            Precision.COMMUNE,
            commune=commune.nom,
            code_insee=commune.code_insee,
            code_epci=commune.epci,
        )
    if choix == "departement":
        return Localisation(zone.longitude, zone.latitude, zone.precision)
    return None


def _degres(nombre: float) -> str:
    return f"{nombre:.{DECIMALES}f}".replace(".", ",")
