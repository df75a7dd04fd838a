"""Free text: folding of French words and an index that forgives one typo."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

# Words too common to tell one record from another.
MOTS_VIDES = frozenset("a au aux d de des du en et l la le les ou par pour sur un une".split())
LONGUEUR_TYPO = 5
# What nobody sees, and what turns a line around; not line breaks, which some texts have.
CONTROLES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def fold(texte: str) -> str:
    """Lower case, no accents, ligatures opened, anything but letters and digits as one space."""
    ouvert = texte.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    sans_accents = "".join(
        c for c in unicodedata.normalize("NFKD", ouvert) if not unicodedata.combining(c)
    )
    return re.sub(r"[^a-z0-9]+", " ", sans_accents.lower()).strip()


def mots(texte: str) -> tuple[str, ...]:
    """Folded words that mean something, in their order."""
    return tuple(mot for mot in fold(texte).split() if mot not in MOTS_VIDES)


class Index:
    """Words of numbered documents. A question's every word must be found in a document."""

    def __init__(self, documents: Sequence[Iterable[str]]) -> None:
        self._documents: defaultdict[str, set[int]] = defaultdict(set)
        self._tous = set(range(len(documents)))
        for rang, textes in enumerate(documents):
            for texte in textes:
                for mot in mots(texte):
                    self._documents[mot].add(rang)

    def chercher(self, question: str) -> set[int]:
        """Numbers of the documents that hold every word: as a beginning, else with one typo."""
        trouves = set(self._tous)
        for mot in mots(question):
            trouves &= self._avec(mot)
        return trouves if mots(question) else set()

    def _avec(self, mot: str) -> set[int]:
        proches = [connu for connu in self._documents if connu.startswith(mot)]
        if not proches and len(mot) >= LONGUEUR_TYPO:
            proches = [connu for connu in self._documents if une_faute(mot, connu)]
        return set().union(*(self._documents[connu] for connu in proches))


def une_faute(tape: str, connu: str) -> bool:
    """Whether one letter more, less, other or swapped with its neighbour explains the typing."""
    return OSA.distance(tape, connu, score_cutoff=1) <= 1
