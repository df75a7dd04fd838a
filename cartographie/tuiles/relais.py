"""From a tile to its image: kept on disk, else asked upstream, never at the price of a page.

One failure upstream and nobody asks for a minute. A reader waits two seconds at most, and no more
than `LECTEURS_MAX` of them wait at once in a process: the others are told at once that there is
nothing. What a fetch brings after its reader left is kept for the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Attente
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread

from cartographie.errors import IntrouvableError, TuileIndisponible
from cartographie.tuiles.amont import DELAI_S, ClientHttp
from cartographie.tuiles.cache import CacheTuiles, nature
from cartographie.tuiles.grille import Tuile, dans_isere

# As many as the connections that a browser opens to one site.
LECTEURS_MAX = 6
PAUSE_S = 60.0
FRAICHE_S = 30 * 86_400.0

Client = Callable[[str], bytes]


class Relais:
    """The relay of one installation. `modele` holds {z}, {x} and {y}; empty: no upstream."""

    def __init__(
        self,
        modele: str,
        dossier: Path,
        client: Client | None = None,
        horloge: Callable[[], float] = time.monotonic,
        delai_s: float = DELAI_S,
    ) -> None:
        self._modele = modele
        self._cache = CacheTuiles(dossier, sha256(modele.encode()).hexdigest()[:12])
        self._client = client or ClientHttp()
        self._horloge = horloge
        self._delai_s = delai_s
        self._pause_jusqua = float("-inf")
        self._lecteurs = BoundedSemaphore(LECTEURS_MAX)
        self._verrou = Lock()
        self._en_cours: dict[Tuile, Future[bytes]] = {}

    def image(self, tuile: Tuile) -> tuple[bytes, str]:
        """Return a tile and its media type, an old one when upstream has no newer.

        IntrouvableError outside Isère, TuileIndisponible when there is none for the moment.
        """
        if not dans_isere(tuile):
            raise IntrouvableError("Cette tuile est hors de l’Isère.")
        if not self._modele:
            raise TuileIndisponible("Aucun fond de carte n’est réglé.")
        gardee = self._cache.read(tuile)
        if gardee and gardee[1] < FRAICHE_S:
            return gardee[0], nature(gardee[0])
        try:
            octets = self._demander(tuile)
        except TuileIndisponible:
            if gardee is None:
                raise
            octets = gardee[0]
        return octets, nature(octets)

    def _demander(self, tuile: Tuile) -> bytes:
        """Ask upstream, or wait for who is asking the same tile already."""
        if self._horloge() < self._pause_jusqua:
            raise TuileIndisponible("L’amont des tuiles a échoué il y a peu.")
        if not self._lecteurs.acquire(blocking=False):
            raise TuileIndisponible("Trop de tuiles sont demandées à la fois.")
        try:
            return self._lancer(tuile).result(self._delai_s)
        except Attente as erreur:
            self._couper()
            raise TuileIndisponible("L’amont des tuiles tarde.") from erreur
        finally:
            self._lecteurs.release()

    def _lancer(self, tuile: Tuile) -> Future[bytes]:
        """Start a fetch of its own, so that no reader waits longer than promised."""
        with self._verrou:
            if deja := self._en_cours.get(tuile):
                return deja
            if len(self._en_cours) >= LECTEURS_MAX:
                raise TuileIndisponible("Trop de tuiles sont demandées à la fois.")
            future: Future[bytes] = Future()
            self._en_cours[tuile] = future
        Thread(target=self._chercher, args=(tuile, future), daemon=True).start()
        return future

    def _chercher(self, tuile: Tuile, future: Future[bytes]) -> None:
        try:
            octets = self._client(self._adresse(tuile))
            if not nature(octets):
                raise TuileIndisponible("L’amont a donné autre chose qu’une image.")
        except BaseException as erreur:
            self._couper()
            future.set_exception(erreur)
        else:
            future.set_result(octets)
            self._cache.write(tuile, octets)
        finally:
            with self._verrou:
                del self._en_cours[tuile]

    def _couper(self) -> None:
        self._pause_jusqua = self._horloge() + PAUSE_S

    def _adresse(self, tuile: Tuile) -> str:
        return (
            self._modele.replace("{z}", str(tuile.z))
            .replace("{x}", str(tuile.x))
            .replace("{y}", str(tuile.y))
        )
