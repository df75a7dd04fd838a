"""Names with one letter wrong, on the real communes: understood when only one name is near."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from cartographie.communes import Commune, Lieu
from cartographie.errors import LieuAmbigu
from cartographie.texte import fold
from tests.test_communes import answer, communes


def _key(texte: str) -> str:
    return fold(texte).replace(" ", "")


def _bare(texte: str) -> str:
    return re.sub(r"^(le|la|les|l) (?=.)", "", fold(texte)).replace(" ", "")


def _one_letter_missing(commune: Commune) -> list[str]:
    nom = fold(commune.nom)
    return [nom[:i] + nom[i + 1 :] for i, letter in enumerate(nom) if letter != " "]


def test_every_commune_answers_to_its_name_with_any_one_letter_missing() -> None:
    """Unless what is typed is, begins or resembles another name: then all of them are offered."""
    resolved = offered = 0
    for commune in communes().toutes:
        if len(_key(commune.nom)) < 5:
            continue
        for texte in _one_letter_missing(commune):
            found = answer(texte)
            if isinstance(found, LieuAmbigu):
                offered += 1
                assert commune.libelle in found.proches or len(found.proches) >= 20, texte
                continue
            assert isinstance(found, Lieu), texte
            if found.code_insee == commune.code_insee:
                resolved += 1
            else:
                # It may only be another real name, typed right.
                assert _bare(found.libelle.partition(" (")[0]) == _bare(texte), texte
    assert resolved > 5_500
    assert resolved > 12 * offered


@settings(deadline=None)  # the first call loads, on a machine that may be busy
@given(st.data())
def test_a_typo_is_used_only_when_it_has_one_reading(data: st.DataObject) -> None:
    commune = data.draw(st.sampled_from(communes().toutes))
    nom = list(fold(commune.nom))
    position = data.draw(st.integers(0, len(nom) - 1))
    nom[position] = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    texte = "".join(nom)
    lieu = answer(texte)
    if isinstance(lieu, Lieu) and lieu.note.startswith("Compris"):
        understood = lieu.libelle.partition(" (")[0]
        distances = [
            OSA.distance(_key(texte), _key(understood)),
            OSA.distance(_bare(texte), _bare(understood)),
        ]
        begun = _key(understood).startswith(_key(texte)), _bare(understood).startswith(_bare(texte))
        assert min(distances) == 1 or any(begun)
