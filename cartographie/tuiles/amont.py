"""How a tile is asked for upstream: bounded in time and size, no redirect, nothing of a reader."""

from __future__ import annotations

import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, build_opener

from cartographie.errors import TuileIndisponible
from cartographie.reseau import SansDetour

DELAI_S = 2.0
OCTETS_MAX = 512 * 1024
ENTETES = {"User-Agent": "cartographie", "Accept": "image/png,image/jpeg"}


class ClientHttp:
    """Reads one address; the proxy of the environment is used when there is one."""

    def __init__(self, delai_s: float = DELAI_S, octets_max: int = OCTETS_MAX) -> None:
        self._delai_s = delai_s
        self._octets_max = octets_max
        self._ouvrir = build_opener(SansDetour).open

    def __call__(self, url: str) -> bytes:
        """Return the bytes at this address. Raises TuileIndisponible for anything but a 200."""
        fin = time.monotonic() + self._delai_s
        demande = Request(url, headers=ENTETES)  # noqa: S310 -- the settings allow http(s) alone
        corps = b""
        try:
            with self._ouvrir(demande, timeout=self._delai_s) as reponse:
                if reponse.status != 200:
                    raise TuileIndisponible("L’amont ne donne pas de tuile.")
                while morceau := reponse.read1(65_536):
                    corps += morceau
                    if len(corps) > self._octets_max or time.monotonic() > fin:
                        raise TuileIndisponible("La tuile est trop longue à venir.")
        except HTTPError as erreur:
            erreur.close()
            raise TuileIndisponible("L’amont des tuiles refuse.") from erreur
        except (OSError, HTTPException) as erreur:
            raise TuileIndisponible("L’amont des tuiles ne répond pas.") from erreur
        return corps
