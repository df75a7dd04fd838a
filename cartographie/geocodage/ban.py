"""The national address base (Base Adresse Nationale). The only module that knows geopy.

Nothing here is logged: an address may be somebody's.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.distance import great_circle
from geopy.exc import (
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderServiceError,
    GeocoderTimedOut,
    GeocoderUnavailable,
    GeopyError,
)
from geopy.geocoders import BANFrance

from cartographie.acteurs import Localisation, Precision
from cartographie.communes import Communes
from cartographie.errors import AdresseAmbigue, AdresseIntrouvable, GeocodeurInjoignable
from cartographie.geocodage import GeocodeurCommunes
from cartographie.reseau import SansDetour

DOMAINE = "data.geopf.fr/geocodage"
SCORE_MIN = 0.6
# Two answers this close in score and this far apart are two places: a person chooses.
SCORE_MARGIN = 0.05
APART_M = 300
ANSWERS = 5
BODY_MAX = 1_000_000

# At DEBUG geopy writes whole addresses in the log.
logging.getLogger("geopy").setLevel(logging.WARNING)


class GeocodeurBan:
    """The national address base (Base Adresse Nationale), over the network.

    An answer with a score below 0.6, or that is only a town, counts for its commune alone.
    """

    def __init__(
        self,
        communes: Communes,
        *,
        domaine: str = DOMAINE,
        timeout_s: float = 5.0,
        scheme: str = "https",
        adapter_factory: Callable[..., BaseSyncAdapter] | None = None,
    ) -> None:
        self._communes = communes
        self._offline = GeocodeurCommunes(communes)
        self._ban = BANFrance(
            domain=domaine,
            scheme=scheme,
            timeout=timeout_s,
            user_agent="cartographie",
            adapter_factory=adapter_factory or BanAdapter,
        )

    def geocoder(
        self, adresse: str, code_postal: str, commune: str, code_insee: str = ""
    ) -> Localisation:
        """Return the best answer inside the commune that was given, else an error."""
        town = self._town(adresse, code_postal, commune, code_insee)
        if not adresse.strip():
            if town is None:
                raise AdresseIntrouvable("La commune de cette adresse est inconnue.")
            return town
        answers = self._ask(f"{adresse} {code_postal} {commune}".strip())
        if town is not None:
            answers = [answer for answer in answers if answer.code_insee == town.code_insee]
        if not answers:
            raise AdresseIntrouvable(f"« {adresse} » n’a pas été trouvée dans cette commune.")
        best = answers[0]
        if best.score < SCORE_MIN or best.kind == "municipality":
            source = f"commune, adresse incertaine (BAN, score {best.written_score})"
            town = town or self._offline.geocoder(
                adresse, best.code_postal, best.commune, best.code_insee
            )
            return replace(town, source=source)
        rivals = [answer for answer in answers if answer.rivals(best)]
        if rivals:
            choix = " ; ".join(answer.label for answer in (best, *rivals))
            raise AdresseAmbigue(f"Plusieurs adresses sont possibles : {choix}.")
        return self._localisation(best, adresse, town)

    def _town(
        self, adresse: str, code_postal: str, commune: str, code_insee: str
    ) -> Localisation | None:
        """Return the commune as far as the gazetteer can tell: the BAN may know better."""
        try:
            return self._offline.geocoder(adresse, code_postal, commune, code_insee)
        except (AdresseAmbigue, AdresseIntrouvable):
            return None

    def _ask(self, question: str) -> list[_Answer]:
        try:
            locations = self._ban.geocode(question, exactly_one=False, limit=ANSWERS)
            return _answers([location.raw for location in locations or ()])
        except GeocoderQueryError as error:
            raise AdresseIntrouvable("Le géocodeur ne comprend pas cette adresse.") from error
        except GeopyError as error:
            raise GeocodeurInjoignable(
                "Le géocodeur ne répond pas ; réessayez plus tard."
            ) from error
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise GeocodeurInjoignable("La réponse du géocodeur est illisible.") from error

    def _localisation(self, best: _Answer, adresse: str, town: Localisation | None) -> Localisation:
        known = self._communes.insee(best.code_insee)
        return Localisation(
            longitude=best.longitude,
            latitude=best.latitude,
            precision=Precision.ADRESSE,
            adresse=adresse,
            code_postal=best.code_postal,
            commune=known.nom if known else best.commune,
            code_insee=best.code_insee,
            code_epci=town.code_epci if town else known.epci if known else "",
            source=f"BAN, {best.kind}, score {best.written_score}",
        )


class BanAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """How geopy reaches the network: one deadline for the whole answer, and a bounded body."""

    def __init__(self, *, proxies: Any, ssl_context: Any) -> None:  # noqa: ANN401
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        opener = build_opener(SansDetour, HTTPSHandler(context=ssl_context), ProxyHandler(proxies))
        self._open = opener.open

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> object:
        """Return the JSON at this address; geopy's own errors otherwise."""
        try:
            return json.loads(self.get_text(url, timeout=timeout, headers=headers))
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError("not JSON") from error

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Return the text at this address, read before `timeout` seconds in all."""
        deadline = time.monotonic() + timeout
        try:
            request = Request(url, headers=dict(headers))  # noqa: S310  # the scheme is ours
            with self._open(request, timeout=timeout) as page:
                body = b""
                while chunk := page.read1(65_536):
                    body += chunk
                    if len(body) > BODY_MAX:
                        raise GeocoderServiceError("the answer is too long")
                    if time.monotonic() > deadline:
                        raise GeocoderTimedOut("the answer is too slow")
        except HTTPError as error:
            # Without its text, which repeats the question and which geopy would log.
            raise AdapterHTTPError(
                "HTTP error", status_code=error.code, headers=dict(error.headers), text=None
            ) from error
        except TimeoutError as error:
            raise GeocoderTimedOut("no answer in time") from error
        except OSError as error:
            raise GeocoderUnavailable("no connection") from error
        return body.decode("utf-8")


@dataclass(frozen=True, slots=True)
class _Answer:
    """An address of the BAN. `kind`: housenumber, street, locality or municipality."""

    label: str
    kind: str
    score: float
    longitude: float
    latitude: float
    code_postal: str
    commune: str
    code_insee: str

    @property
    def written_score(self) -> str:
        return f"{self.score:.2f}".replace(".", ",")

    def rivals(self, best: _Answer) -> bool:
        """Tell whether this one is as likely as the best, and elsewhere."""
        apart = great_circle((self.latitude, self.longitude), (best.latitude, best.longitude)).m
        return self.score >= best.score - SCORE_MARGIN and apart > APART_M


def _answers(features: list[Any]) -> list[_Answer]:
    answers = [_answer(feature["properties"], feature["geometry"]) for feature in features]
    return sorted(answers, key=lambda answer: -answer.score)


def _answer(properties: Mapping[str, Any], geometry: Mapping[str, Any]) -> _Answer:
    """Read one feature; any exception means that the answer cannot be used."""
    longitude, latitude = (float(value) for value in geometry["coordinates"][:2])
    score = float(properties["score"])
    if not (isfinite(score) and abs(longitude) <= 180 and abs(latitude) <= 90):
        raise ValueError("impossible figures")
    return _Answer(
        label=str(properties["label"]),
        kind=str(properties["type"]),
        score=score,
        longitude=round(longitude, 6),
        latitude=round(latitude, 6),
        code_postal=str(properties.get("postcode", "")),
        commune=str(properties.get("city", "")),
        code_insee=str(properties.get("citycode", "")),
    )
