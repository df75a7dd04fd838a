"""Records that may be one and the same: like names, or the same telephone, at the same place.

Facts for a person to decide on: nothing is merged, and what is hidden is compared as well, for
those who keep the directory only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import cos, floor, hypot, isfinite, radians

from rapidfuzz import fuzz, process

from cartographie.acteurs import ContactKind, Saisie
from cartographie.texte import fold

PROCHE_M = 300
# Of 100: one or two letters in a name of usual length, or its words in another order.
NOM_PROCHE = 88
# A name that is a part of another one, when it has this many words.
MOTS_MIN = 3
# What is read of a name, longer than any that is accepted.
NOM_LU = 240
# Of one record: how many that resemble it are shown, how many that look like it are examined.
MONTREES = 5
EXAMENS = 50
# Degrees of a square of the map wider than PROCHE_M, at any latitude of France.
CASE_DEGRES = 0.006
# Short numbers (115, 3919) are shared by all those that they reach.
CHIFFRES_MIN = 9

Case = tuple[int, int]
# Where a record without a door stands: beside every other one.
SANS_LIEU: Case = (10**6, 10**6)


@dataclass(frozen=True, slots=True)
class Ressemblance:
    """Another record that is perhaps the same, and why."""

    slug: str
    nom: str
    raison: str


def ressemblances(
    nouvelles: Sequence[Saisie], existantes: Sequence[Saisie]
) -> dict[str, tuple[Ressemblance, ...]]:
    """Slug of each new record that resembles a known one, or an earlier new one → those.

    `MONTREES` at most for each, and no more work than that asks for: a file may hold thousands
    of records that all resemble each other.
    """
    connues = _Connues([*existantes, *nouvelles])
    trouvees: dict[str, tuple[Ressemblance, ...]] = {}
    for rang in range(len(connues.saisies)):
        if rang >= len(existantes):
            memes = tuple(islice(connues.semblables(rang), MONTREES))
            if memes:
                trouvees[connues.saisies[rang].slug] = memes
        connues.add(rang)
    return trouvees


class _Connues:
    """Records by where they are, what they are called and their numbers: few are compared."""

    def __init__(self, saisies: Sequence[Saisie]) -> None:
        self.saisies = saisies
        self.noms = [fold(saisie.nom[:NOM_LU]) for saisie in saisies]
        self.tries = [" ".join(sorted(nom.split())) for nom in self.noms]
        self.mots = [frozenset(nom.split()) for nom in self.noms]
        self.numeros = [_numeros(saisie) for saisie in saisies]
        self.par_nom: defaultdict[str, list[int]] = defaultdict(list)
        self.par_case: defaultdict[Case, list[int]] = defaultdict(list)

    def add(self, rang: int) -> None:
        """Let later ones be compared with it."""
        self.par_nom[self.noms[rang]].append(rang)
        for case in _cases(self.saisies[rang]) or {SANS_LIEU}:
            self.par_case[case].append(rang)

    def semblables(self, rang: int) -> Iterator[Ressemblance]:
        """Those that were added and resemble it: around it first, then of the same name."""
        deja = set()
        for autre in islice(self._proches(rang), EXAMENS):
            raison = self._raison(rang, autre)
            if raison:
                deja.add(autre)
                yield Ressemblance(self.saisies[autre].slug, self.saisies[autre].nom, raison)
        for autre in self.par_nom[self.noms[rang]]:
            if autre not in deja:
                raison = self._raison(rang, autre)
                yield Ressemblance(self.saisies[autre].slug, self.saisies[autre].nom, raison)

    def _proches(self, rang: int) -> Iterator[int]:
        """Those around it, or of which nobody knows where, with a like name or a same number."""
        autour = sorted(self._autour(rang))
        tries = [self.tries[autre] for autre in autour]
        if not tries:
            return
        scores = process.cdist(
            [self.tries[rang]], tries, scorer=fuzz.ratio, score_cutoff=NOM_PROCHE
        )[0]
        for autre, score in zip(autour, scores, strict=True):
            if score or self._contenu(rang, autre) or self.numeros[rang] & self.numeros[autre]:
                yield autre

    def _autour(self, rang: int) -> set[int]:
        cases = _cases(self.saisies[rang])
        if not cases:
            return set(range(rang))
        voisines = {(x + dx, y + dy) for x, y in cases for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        return {r for case in (*voisines, SANS_LIEU) for r in self.par_case.get(case, ())}

    def _raison(self, rang: int, autre: int) -> str:
        """Why two records resemble each other; nothing when they are too far apart to."""
        meme_nom = self.noms[rang] == self.noms[autre]
        ecart_m = distance_m(self.saisies[rang], self.saisies[autre])
        if ecart_m is not None and ecart_m > PROCHE_M:
            return "même nom, à un autre endroit" if meme_nom else ""
        ou = (
            ""
            if ecart_m is None
            else ", au même endroit"
            if ecart_m < 1
            else f", à {ecart_m:.0f} m"
        )
        meme_numero = bool(self.numeros[rang] & self.numeros[autre])
        voisin = fuzz.ratio(self.tries[rang], self.tries[autre]) >= NOM_PROCHE
        nom_proche = voisin or self._contenu(rang, autre)
        quoi = "même nom" if meme_nom else "nom proche" if nom_proche else ""
        if meme_numero:
            quoi = f"{quoi} et même numéro" if quoi else "même numéro"
        return f"{quoi}{ou}"

    def _contenu(self, rang: int, autre: int) -> bool:
        """Whether the words of one name are all in the other."""
        mots, siens = self.mots[rang], self.mots[autre]
        assez = min(len(mots), len(siens)) >= MOTS_MIN
        return assez and (mots <= siens or siens <= mots)


def distance_m(une: Saisie, autre: Saisie) -> float | None:
    """Metres between their nearest doors; None when one of them has none."""
    ecarts = [
        hypot((a.longitude - b.longitude) * cos(radians(a.latitude)), a.latitude - b.latitude)
        for a in (porte.localisation for porte in une.implantations)
        for b in (porte.localisation for porte in autre.implantations)
    ]
    return min(ecarts) * 111_200 if ecarts else None


def _cases(saisie: Saisie) -> set[Case]:
    """The squares of the map where its doors stand; nothing of a point that is none."""
    points = ((p.localisation.longitude, p.localisation.latitude) for p in saisie.implantations)
    return {
        (floor(longitude / CASE_DEGRES), floor(latitude / CASE_DEGRES))
        for longitude, latitude in points
        if isfinite(longitude) and isfinite(latitude)
    }


def _numeros(saisie: Saisie) -> frozenset[str]:
    dits: Iterable[str] = (
        *(c.valeur for c in saisie.contacts if c.kind is not ContactKind.COURRIEL),
        *(porte.telephone for porte in saisie.implantations),
    )
    nus = (re.sub(r"\D", "", re.sub(r"^\s*\+33", "0", dit)) for dit in dits)
    return frozenset(nu for nu in nus if len(nu) >= CHIFFRES_MIN)
