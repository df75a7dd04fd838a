"""The order of names: folded, then by slug. A fiche is its rank; its place, who stands before."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

import numpy as np

from cartographie.acteurs import Fiche
from cartographie.lexique import Entiers
from cartographie.texte import fold


def places(fiches: Sequence[Fiche]) -> Entiers:
    """The place of each fiche among these names. They come in the order of slugs."""
    noms = [fold(fiche.nom) for fiche in fiches]
    ordre = sorted(range(len(fiches)), key=noms.__getitem__)
    return _inverse(np.array(ordre, dtype=np.int64))


def meler(avant: Entiers, nouvelles: Entiers, ordre: Entiers, fiches: Sequence[Fiche]) -> Entiers:
    """The places of `fiches`: those of before, then new ones (numbered after them), in an order.

    `avant` and `nouvelles` are the places of each among their own. Names that were in order are
    not read again, but the few that a new one is compared with.
    """
    rangs = np.full(len(avant) + len(nouvelles), -1, dtype=np.int64)
    rangs[ordre] = np.arange(len(ordre))
    gardes = rangs[_inverse(avant)]
    gardes = gardes[gardes >= 0]
    ajoutes = rangs[_inverse(nouvelles) + len(avant)]
    ou = [
        bisect(gardes, _nom(fiches[rang]), key=lambda garde: _nom(fiches[garde]))
        for rang in ajoutes.tolist()
    ]
    return _inverse(np.insert(gardes, ou, ajoutes))


def _nom(fiche: Fiche) -> tuple[str, str]:
    return fold(fiche.nom), fiche.slug


def _inverse(permutation: Entiers) -> Entiers:
    inverse = np.empty(len(permutation), dtype=np.int64)
    inverse[permutation] = np.arange(len(permutation))
    return inverse
