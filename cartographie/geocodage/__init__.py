"""From an address to a Localisation that says how sure it is.

A geocoder is called when a record is written, never for one that is not `publique` (the caller's
duty), and its errors are three different things: no such address, several, or no answer. Nothing
here is logged: an address may be somebody's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cartographie.acteurs import Localisation, Precision
from cartographie.communes import Communes
from cartographie.errors import (
    AdresseAmbigue,
    AdresseIntrouvable,
    GeocodeurInjoignable,
    LieuAmbigu,
    ParametreError,
)

PAUSE_S = 60.0


class Geocodeur(Protocol):
    """Anything that turns an address into a Localisation."""

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        """Return the point; `AdresseIntrouvable`, `AdresseAmbigue` or `GeocodeurInjoignable`."""


class GeocodeurCommunes:
    """Offline: the mairie of the commune, `precision=commune`."""

    def __init__(self, communes: Communes) -> None:
        self._communes = communes

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        """Return the commune's point with the address as it was given."""
        known = self._communes.insee(code_insee)
        try:
            texte = known.libelle if known else f"{commune} {code_postal}".strip()
            lieu = self._communes.lieu(texte or code_insee)
        except LieuAmbigu as error:
            choix = ", ".join(error.proches[:5])
            raise AdresseAmbigue(f"Plusieurs communes sont possibles : {choix}.") from error
        except ParametreError as error:
            raise AdresseIntrouvable("La commune de cette adresse est inconnue.") from error
        if lieu.longitude is None or lieu.latitude is None:
            raise AdresseIntrouvable(f"{lieu.libelle} est trop loin de l’Isère.")
        nom, _, premier_code = lieu.libelle.removesuffix(")").rpartition(" (")
        return Localisation(
            longitude=lieu.longitude,
            latitude=lieu.latitude,
            precision=Precision.COMMUNE,
            adresse=adresse,
            code_postal=code_postal or premier_code,
            commune=nom,
            code_insee=lieu.code_insee,
            code_epci=lieu.epci,
            source="commune",
        )


class GeocodeurDiffere:
    """Another one, made when it is first asked: what reaches the network is long to import."""

    def __init__(self, faire: Callable[[], Geocodeur]) -> None:
        self._faire = faire
        self._fait: Geocodeur | None = None

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        """Ask it."""
        self._fait = self._fait or self._faire()
        return self._fait.geocoder(adresse, code_postal, commune, code_insee)


class GeocodeurProtege:
    """A circuit breaker: after one failure, no attempt for a while, and the answer is immediate.

    For searches, where a person waits. `horloge` returns seconds that only grow.
    """

    def __init__(
        self, geocodeur: Geocodeur, horloge: Callable[[], float], pause_s: float = PAUSE_S
    ) -> None:
        self._geocodeur = geocodeur
        self._horloge = horloge
        self._pause_s = pause_s
        self._closed_until = float("-inf")

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        """Ask the geocoder behind, unless it failed less than `pause_s` ago."""
        if self._horloge() < self._closed_until:
            raise GeocodeurInjoignable("Le géocodeur ne répond pas ; réessayez plus tard.")
        try:
            return self._geocodeur.geocoder(adresse, code_postal, commune, code_insee)
        except GeocodeurInjoignable:
            self._closed_until = self._horloge() + self._pause_s
            raise
