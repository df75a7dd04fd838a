"""Statistical secrecy: which cells of published tables must be hidden so that none can be rebuilt.

A count of 1 to 4 is never published. As published totals would give it back by subtraction,
others are hidden with it (complementary suppression); the rest is rounded to 5. Tables that share
totals are one network: each cell is an edge, and where cells add up to a total their edges meet
that of the total. What somebody can deduce of a hidden cell, knowing everything published and
adding it all up, is then exactly how far the flow through its edge can move while every other
stays within what its rounding allows: counts that are whole numbers, nothing approximate.

    masquer(cases)             names of the cells to hide
    etendue(cases, masquees, nom)   the bounds that remain deducible, both included
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

SEUIL = 5
ARRONDI = 5
# A hidden count cannot be told from four others at least.
ETENDUE_MIN = 4
INFINI = 10**9


@dataclass(frozen=True, slots=True)
class Case:
    """A count as an edge `de` → `vers`. Not `publiee`: a sum that stands in no table.

    `figee` when it was published before: neither hidden now, nor shown if it was hidden.
    `minimum` is what is known of it from elsewhere.
    """

    nom: Hashable
    de: Hashable
    vers: Hashable
    valeur: int
    publiee: bool = True
    figee: bool = False
    minimum: int = 0


class ImprotegeableError(ValueError):
    """No choice of hidden cells protects a count: what can be hidden is not enough."""


def arrondi(valeur: int) -> int:
    """Round to the nearest multiple of 5; what is below 5 is 0 or hidden, never rounded."""
    return (valeur + ARRONDI // 2) // ARRONDI * ARRONDI


def sensible(valeur: int) -> bool:
    """Whether a count is too small to be said."""
    return 0 < valeur < SEUIL


def publier(valeur: int, *, masquee: bool) -> int | None:
    """What is written in a table: a multiple of 5, or None."""
    return None if masquee else arrondi(valeur)


def bornes(case: Case, *, masquee: bool) -> tuple[int, int]:
    """What a reader knows of a cell by itself, both included. A zero is never hidden."""
    if not case.publiee:
        return case.minimum, INFINI
    if masquee:
        return max(1, case.minimum), INFINI
    if case.valeur == 0:
        return 0, 0
    ecrite = arrondi(case.valeur)
    return max(SEUIL, ecrite - ARRONDI // 2, case.minimum), ecrite + ARRONDI // 2


def masquer(cases: Iterable[Case], deja: Collection[Hashable] = frozenset()) -> frozenset[Hashable]:
    """Choose what to hide, `deja` included. Raises ImprotegeableError."""
    toutes = tuple(cases)
    masquees = set(deja)
    masquees |= {c.nom for c in toutes if c.publiee and not c.figee and sensible(c.valeur)}
    reseau = _Reseau(toutes, masquees)
    for rang, case in enumerate(toutes):
        if sensible(case.valeur):
            reseau.proteger(rang)
    return frozenset(masquees)


def etendue(
    cases: Iterable[Case], masquees: Collection[Hashable], nom: Hashable
) -> tuple[int, int]:
    """What can be deduced of a cell, both bounds included; up to 4 more or less than the truth."""
    toutes = tuple(cases)
    rang = next(n for n, case in enumerate(toutes) if case.nom == nom)
    reseau = _Reseau(toutes, set(masquees))
    valeur = toutes[rang].valeur
    return valeur - reseau.marge(rang, -1), valeur + reseau.marge(rang, +1)


@dataclass(frozen=True, slots=True)
class _Pas:
    """An edge taken in a direction: its count moves by `sens`."""

    rang: int
    sens: int


class _Reseau:
    """The cells as a network that holds the true counts, which are one possible state of it."""

    def __init__(self, cases: tuple[Case, ...], masquees: set[Hashable]) -> None:
        self.cases = cases
        self.masquees = masquees
        self.voisins: defaultdict[Hashable, list[tuple[_Pas, Hashable]]] = defaultdict(list)
        for rang, case in enumerate(cases):
            self.voisins[case.de].append((_Pas(rang, +1), case.vers))
            self.voisins[case.vers].append((_Pas(rang, -1), case.de))

    def proteger(self, rang: int) -> None:
        """Hide the cheapest cells until this one can move far enough."""
        if rang_libre(self.cases[rang], self.masquees):
            gagne = self.marge(rang, -1)
            self._augmenter(rang, +1, ETENDUE_MIN - gagne, masquer=True)
        else:
            raise ImprotegeableError(self.cases[rang].nom)

    def marge(self, rang: int, sens: int) -> int:
        """How far a cell can move one way, up to what matters."""
        return self._augmenter(rang, sens, ETENDUE_MIN, masquer=False)

    def _augmenter(self, rang: int, sens: int, voulu: int, *, masquer: bool) -> int:
        """Move a cell unit by unit; each unit goes round by other cells, that move too."""
        ecarts: defaultdict[int, int] = defaultdict(int)
        case = self.cases[rang]
        depart, arrivee = (case.vers, case.de) if sens > 0 else (case.de, case.vers)
        for fait in range(max(voulu, 0)):
            ecarts[rang] = fait * sens
            if not self._permis(_Pas(rang, sens), ecarts):
                return fait
            chemin = self._chemin(depart, arrivee, rang, ecarts)
            if chemin is None and masquer:
                chemin = self._chemin_a_masquer(depart, arrivee, rang, ecarts)
            if chemin is None:
                if masquer:
                    raise ImprotegeableError(case.nom)
                return fait
            for pas in chemin:
                ecarts[pas.rang] += pas.sens
        return max(voulu, 0)

    def _permis(self, pas: _Pas, ecarts: Mapping[int, int], *, masquee: bool = False) -> bool:
        case = self.cases[pas.rang]
        bas, haut = bornes(case, masquee=masquee or case.nom in self.masquees)
        return bas <= case.valeur + ecarts.get(pas.rang, 0) + pas.sens <= haut

    def _chemin(
        self, depart: Hashable, arrivee: Hashable, interdit: int, ecarts: Mapping[int, int]
    ) -> tuple[_Pas, ...] | None:
        """A way round for one unit, the shortest; None when there is none."""
        venus: dict[Hashable, tuple[_Pas, Hashable] | None] = {depart: None}
        file = deque([depart])
        while file:
            ici = file.popleft()
            if ici == arrivee:
                return tuple(_remonter(venus, arrivee))
            for pas, la in self.voisins[ici]:
                if la not in venus and pas.rang != interdit and self._permis(pas, ecarts):
                    venus[la] = (pas, ici)
                    file.append(la)
        return None

    def _chemin_a_masquer(
        self, depart: Hashable, arrivee: Hashable, interdit: int, ecarts: Mapping[int, int]
    ) -> tuple[_Pas, ...] | None:
        """The way that hides the smallest counts; they are hidden when it is found."""
        venus: dict[Hashable, tuple[_Pas, Hashable] | None] = {depart: None}
        couts: dict[Hashable, int] = {depart: 0}
        file: list[tuple[int, int, Hashable]] = [(0, 0, depart)]
        ordre = 0  # nodes themselves need not compare
        faits: set[Hashable] = set()
        while file:
            cout, _, ici = heapq.heappop(file)
            if ici in faits:
                continue
            faits.add(ici)
            for pas, la in self.voisins[ici]:
                prix = None if pas.rang == interdit else self._prix(pas, ecarts)
                if prix is None or cout + prix >= couts.get(la, INFINI):
                    continue
                couts[la], venus[la] = cout + prix, (pas, ici)
                ordre += 1
                heapq.heappush(file, (cout + prix, ordre, la))
        if arrivee not in venus:
            return None
        chemin = tuple(_remonter(venus, arrivee))
        self.masquees |= {
            self.cases[pas.rang].nom for pas in chemin if not self._permis(pas, ecarts)
        }
        return chemin

    def _prix(self, pas: _Pas, ecarts: Mapping[int, int]) -> int | None:
        """What a step costs: 1, and the count that it would hide; None when it cannot be taken."""
        if self._permis(pas, ecarts):
            return 1
        case = self.cases[pas.rang]
        if not case.publiee or case.figee or case.valeur == 0:
            return None
        return 1 + case.valeur if self._permis(pas, ecarts, masquee=True) else None


def rang_libre(case: Case, masquees: Collection[Hashable]) -> bool:
    """Whether a small count stands in no table, or is hidden there."""
    return not case.publiee or case.nom in masquees


def _remonter(
    venus: Mapping[Hashable, tuple[_Pas, Hashable] | None], arrivee: Hashable
) -> Iterator[_Pas]:
    etape = venus[arrivee]
    while etape is not None:
        pas, ici = etape
        yield pas
        etape = venus[ici]
