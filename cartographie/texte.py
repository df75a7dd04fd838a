"""Free text: folding of French words and an index that forgives one typo."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from rapidfuzz.distance import OSA

from cartographie.lexique import Booleens, Entiers, Lexique
from cartographie.tranches import Tranches

# Words too common to tell one record from another.
MOTS_VIDES = frozenset("a au aux d de des du en et l la le les ou par pour sur un une".split())
LONGUEUR_TYPO = 5
PLIES_MAX = 4_096
_AUTRES = re.compile(r"[^a-z0-9]+")


class _Pliage(dict[int, str]):
    """What each character is read as, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        decompose = unicodedata.normalize("NFKD", chr(code))
        plie = "".join(c for c in decompose if not unicodedata.combining(c))
        # A visitor may type any character there is: the table does not grow with them.
        if len(self) < PLIES_MAX:
            self[code] = plie
        return plie


_PLIAGE = _Pliage({ord("œ"): "oe", ord("Œ"): "oe", ord("æ"): "ae", ord("Æ"): "ae"})
# What nobody sees, and what turns a line around; not line breaks, which some texts have.
CONTROLES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def fold(texte: str) -> str:
    """Lower case, no accents, ligatures opened, anything but letters and digits as one space."""
    if not texte.isascii():
        texte = texte.translate(_PLIAGE)
    return _AUTRES.sub(" ", texte.lower()).strip()


# The same missions and communes are read with every record.
@lru_cache(maxsize=1_024)
def mots(texte: str) -> tuple[str, ...]:
    """Folded words that mean something, in their order."""
    return tuple(mot for mot in fold(texte).split() if mot not in MOTS_VIDES)


@dataclass(frozen=True, slots=True)
class Index:
    """Words of numbered documents. A question's every word must be found in a document."""

    mots: Lexique[str]
    documents: Tranches

    @classmethod
    def de(cls, documents: Iterable[Iterable[str]]) -> Index:
        """Read documents, each in several texts."""
        lus = [tuple({mot for texte in textes for mot in mots(texte)}) for textes in documents]
        return cls(Lexique.de(chain.from_iterable(lus)), Tranches.de(map(len, lus)))

    def meler(self, autre: Index, ordre: Entiers) -> Index:
        """Take documents of this index, then of another, in an order."""
        documents, places = self.documents.meler(autre.documents, ordre)
        return Index(self.mots.meler(autre.mots, places), documents)

    def chercher(self, question: str) -> Booleens:
        """Which documents hold every word: as a beginning, else with one typo."""
        demandes = mots(question)
        trouves = np.full(len(self.documents.nombre), bool(demandes))
        for mot in demandes:
            places = self.mots.ou(self._proches(mot).__contains__)
            avec = np.zeros_like(trouves)
            avec[self.documents.a_qui[places]] = True
            trouves &= avec
        return trouves

    def _proches(self, mot: str) -> frozenset[str]:
        proches = frozenset(connu for connu in self.mots.valeurs if connu.startswith(mot))
        if not proches and len(mot) >= LONGUEUR_TYPO:
            return frozenset(connu for connu in self.mots.valeurs if une_faute(mot, connu))
        return proches


def une_faute(tape: str, connu: str) -> bool:
    """Whether one letter more, less, other or swapped with its neighbour explains the typing."""
    return OSA.distance(tape, connu, score_cutoff=1) <= 1
