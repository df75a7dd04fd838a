"""Attempts to sign in: what is counted, and what a success takes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cartographie import frein
from cartographie.database import transaction
from cartographie.frein import Cle
from cartographie.web.site import site
from cartographie.web.tentatives import TropTot, empreinte, prefixe, reserver

__all__ = ["Essai", "TropTot", "essai_de_code", "essai_de_mot_de_passe"]

# Failures that cost nothing. Somebody else's attempts on an account slow him, not its owner:
# an account is counted per prefix. Codes are asked of who knows the password: per account.
GRATUITS_COMPTE = 3
GRATUITS_PREFIXE = 20
GRATUITS_CODE = 5


class Essai:
    """One attempt being judged: `reussi()` takes it back."""

    def __init__(self, cles: Sequence[Cle]) -> None:
        self._cles = cles

    def reussi(self) -> None:
        """The attempt was a good one: the count of failures goes."""
        with transaction(site().engine) as base:
            frein.forgive(base, self._cles)


@contextmanager
def essai_de_mot_de_passe(courriel: str) -> Iterator[Essai]:
    """Count an attempt on an account, real or not. Raises TropTot."""
    client = empreinte("prefixe", prefixe())
    compte = empreinte("compte", courriel)
    yield _reserver(
        Cle(compte, client, GRATUITS_COMPTE, efface=True), Cle("", client, GRATUITS_PREFIXE)
    )


@contextmanager
def essai_de_code(compte_id: int) -> Iterator[Essai]:
    """Count an attempt on the second factor of an account. Raises TropTot."""
    yield _reserver(Cle(empreinte("code", str(compte_id)), "", GRATUITS_CODE, efface=True))


def _reserver(*cles: Cle) -> Essai:
    reserver(*cles)
    return Essai(cles)
