"""The controlled words, as committed and broken."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cartographie.acteurs import Acces, ContactKind, Destinataire
from cartographie.config import RACINE
from cartographie.errors import DonneesError
from cartographie.vocabulaire import Vocabulaire, libelles, load_numeros

VOCABULAIRE = RACINE / "data" / "vocabulaire.json"
NUMERO = {
    "numero": "3919",
    "libelle": "Violences Femmes Info",
    "description": "Écoute anonyme et gratuite",
    "kind": "telephone",
    "horaires": "24/7",
    "besoins": ["parler"],
    "destinataires": ["personnes"],
    "urgence": False,
}


def _write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _committed() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(VOCABULAIRE.read_text(encoding="utf-8"))
    return value


def test_the_committed_vocabulary_has_its_words_in_the_order_of_the_file() -> None:
    vocabulaire = Vocabulaire.load(VOCABULAIRE)
    assert (len(vocabulaire.types), len(vocabulaire.missions)) == (14, 26)
    assert (len(vocabulaire.publics), len(vocabulaire.besoins)) == (10, 10)
    assert next(iter(vocabulaire.besoins)) == "danger"
    assert vocabulaire.besoins["danger"].missions == ()
    assert list(vocabulaire.acces) == list(Acces)
    assert vocabulaire.types["LEAO"].libelle == "Lieu d’écoute, d’accueil et d’orientation"
    assert not any(kind.exhaustif for kind in vocabulaire.types.values())


def test_no_code_holds_a_word_that_must_not_stand_in_an_address_bar() -> None:
    vocabulaire = Vocabulaire.load(VOCABULAIRE)
    for code in (*vocabulaire.missions, *vocabulaire.publics, *vocabulaire.besoins):
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert not re.search("violence|victime|femme|conjugal", code)


def test_an_unknown_code_reads_as_itself() -> None:
    vocabulaire = Vocabulaire.load(VOCABULAIRE)
    assert libelles(vocabulaire.missions, ("orientation", "disparue")) == (
        "Orientation",
        "disparue",
    )


def test_a_code_given_twice_is_refused_at_its_line(tmp_path: Path) -> None:
    value = _committed()
    value["publics"].append(value["publics"][0])
    path = _write(tmp_path / "vocabulaire.json", value)
    with pytest.raises(DonneesError, match="« adultes » est déjà pris") as caught:
        Vocabulaire.load(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert caught.value.ligne is not None
    assert '"code": "adultes"' in lines[caught.value.ligne]


def test_a_besoin_names_missions_that_exist(tmp_path: Path) -> None:
    value = _committed()
    value["besoins"][1]["missions"].append("ecouter")
    path = _write(tmp_path / "vocabulaire.json", value)
    with pytest.raises(DonneesError, match="« ecouter » n’est pas une mission") as caught:
        Vocabulaire.load(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert caught.value.ligne is not None
    assert '"ecouter"' in lines[caught.value.ligne - 1]


def test_the_acces_are_those_that_the_program_knows(tmp_path: Path) -> None:
    value = _committed()
    del value["acces"][0]
    with pytest.raises(DonneesError, match="direct, telephone"):
        Vocabulaire.load(_write(tmp_path / "vocabulaire.json", value))


@pytest.mark.parametrize(
    ("text", "ligne", "reason"),
    [
        ('{\n "types": [,]\n}', 2, "mal formé"),
        ('{\n "types": {}\n}', 1, "« missions » manque"),
        ('{"types": [],\n\n "missions": 3}', 3, "une liste est attendu"),
        ('{"missions":\n [{"code": "a",\n   "libelle": 1}]}', 3, "un texte est attendu"),
        ('{"missions":\n [{"code": "",\n   "libelle": "a"}]}', 2, "non vide"),
        ('{"missions":\n []}', 2, "vide"),
        ("[]", 1, "un objet est attendu"),
        ("[" * 100_000, None, "trop imbriqué"),
    ],
)
def test_a_broken_file_says_the_line_and_the_reason(
    tmp_path: Path, text: str, ligne: int | None, reason: str
) -> None:
    path = tmp_path / "vocabulaire.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DonneesError, match=reason) as caught:
        Vocabulaire.load(path)
    assert caught.value.ligne == ligne
    assert str(path) in str(caught.value)


def test_a_missing_file_and_a_wrong_encoding_are_said(tmp_path: Path) -> None:
    with pytest.raises(DonneesError, match="manque"):
        Vocabulaire.load(tmp_path / "absent.json")
    (tmp_path / "latin.json").write_bytes('{"é": 1}'.encode("latin-1"))
    with pytest.raises(DonneesError, match="UTF-8"):
        Vocabulaire.load(tmp_path / "latin.json")
    with pytest.raises(DonneesError, match="ne peut pas être lu"):
        Vocabulaire.load(tmp_path)


def test_a_national_number_is_read_with_typed_values(tmp_path: Path) -> None:
    (numero,) = load_numeros(_write(tmp_path / "numeros.json", [NUMERO]))
    assert numero.numero == "3919"
    assert numero.kind is ContactKind.TELEPHONE
    assert numero.destinataires == (Destinataire.PERSONNES,)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("kind", "fax", "telephone, sms, courriel"),
        ("urgence", "oui", "vrai ou faux"),
        ("destinataires", ["tous"], "une valeur parmi"),
        ("numero", None, "un texte"),
    ],
)
def test_a_broken_number_is_refused(tmp_path: Path, key: str, value: object, reason: str) -> None:
    with pytest.raises(DonneesError, match=reason):
        load_numeros(_write(tmp_path / "numeros.json", [NUMERO | {key: value}]))


def test_the_committed_numbers_are_those_of_every_page() -> None:
    numeros = load_numeros(RACINE / "data" / "numeros.json")
    assert {numero.numero.replace(" ", "") for numero in numeros} >= {
        "17",
        "112",
        "114",
        "3919",
        "119",
        "115",
        "116006",
    }
    besoins = Vocabulaire.load(VOCABULAIRE).besoins
    assert all(besoin in besoins for numero in numeros for besoin in numero.besoins)
