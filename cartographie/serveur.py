"""The web server: Granian, without what it says wrongly."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from math import inf
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer
from typing_extensions import override

# Requests that are being answered are let end; the longest of pages takes less.
ARRET_S = 5


class Serveur(MPServer):
    """Granian as this site is served: in processes, nothing said of requests, a stop that ends."""

    def __init__(self, **reglages: Any) -> None:  # noqa: ANN401
        self.arrets = Arrets()
        logging.getLogger("_granian").addFilter(self.arrets)
        super().__init__(
            interface=Interfaces.WSGI,
            websockets=False,
            log_access=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            workers_kill_timeout=ARRET_S,
            **reglages,
        )

    @override
    def shutdown(self, exit_code: int = 0) -> None:
        """Stop the workers, and note when it was asked."""
        self.arrets.begin()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


class Arrets(logging.Filter):
    """What is said of stops, but for what is not so.

    Two threads of Granian wait for each worker: the one that comes second may take a worker that
    has ended for one that it had to kill, long before the time that it was given.
    """

    def __init__(self, horloge: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._horloge = horloge
        self._depuis = inf

    def begin(self) -> None:
        """Note that workers are asked to stop."""
        self._depuis = self._horloge()

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        dit = record.getMessage()
        # Said of every machine with few cores: those threads are meant, they wait for tiles.
        if "Python threads" in dit:
            return False
        tue = dit.startswith("Killing worker")
        return not tue or self._horloge() - self._depuis >= ARRET_S
