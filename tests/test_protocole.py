"""The protocol 2022-2024 as committed, and files that must be refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cartographie.config import RACINE
from cartographie.errors import DonneesError
from cartographie.protocole import Cible, Nature, load_protocole

FICHIER = RACINE / "data" / "protocole-2022-2024.json"


def test_the_counts_are_those_of_the_document() -> None:
    protocole = load_protocole(FICHIER)
    assert protocole.periode.code == "2022-2024"
    assert (protocole.periode.debut, protocole.periode.fin) == (2022, 2024)
    assert len(protocole.axes) == 4
    assert [objectif.numero for objectif in protocole.objectifs] == list(range(1, 26))
    assert sum(len(objectif.actions) for objectif in protocole.objectifs) == 53
    assert len(protocole.organisations) == 65
    assert len(protocole.releves) == 78
    assert sum(releve.objectif is not None for releve in protocole.releves) == 20
    sans_cible = [a for o in protocole.objectifs for a in o.actions if a.cible is None]
    assert len(sans_cible) == 23


def test_objective_22_is_the_map_itself() -> None:
    protocole = load_protocole(FICHIER)
    objectif = protocole.objectif(22)
    assert objectif is not None
    assert objectif.actions[0].libelle.startswith("Tenir à jour la cartographie des acteurs")
    assert objectif.actions[0].pilotes == ("DDFE",)
    assert dict(objectif.calendrier).keys() == {2022, 2023, 2024}
    ddfe = protocole.organisation("DDFE")
    assert ddfe is not None
    assert ddfe.nom == "Délégation départementale aux droits des femmes et à l’égalité"


def test_every_objective_stands_once_in_its_axe() -> None:
    protocole = load_protocole(FICHIER)
    for axe in protocole.axes:
        assert axe.objectifs == tuple(o.numero for o in protocole.objectifs if o.axe == axe.numero)


def test_an_action_may_have_two_targets() -> None:
    objectif = load_protocole(FICHIER).objectif(5)
    assert objectif is not None
    action = objectif.actions[2]
    assert action.cible == Cible(4, "réunions de l’instance de gouvernance", "par an")
    assert [cible.valeur for cible in action.cibles_complementaires] == [10]


def test_the_figures_of_an_objective_are_those_that_measure_it_alone() -> None:
    protocole = load_protocole(FICHIER)
    places = protocole.releves_de(4)
    assert [(releve.annee, releve.valeur) for releve in places][:2] == [(2018, 143), (2021, 213)]
    assert places[0].nature is Nature.MESURE


def test_what_does_not_exist_is_none() -> None:
    protocole = load_protocole(FICHIER)
    assert protocole.objectif(26) is None
    assert protocole.organisation("") is None


def test_another_period_is_another_file(tmp_path: Path) -> None:
    value = json.loads(FICHIER.read_text(encoding="utf-8"))
    value["protocole"]["periode"] = [2026, 2028]
    value["objectifs"] = value["objectifs"][:1]
    value["axes"] = value["axes"][:1]
    value["axes"][0]["themes"] = []
    value["releves"] = []
    path = tmp_path / "protocole-2026-2028.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert load_protocole(path).periode.code == "2026-2028"


def _drop_pilot(value: dict[str, Any]) -> None:
    value["objectifs"][2]["actions"][1]["pilotes"][0] = "PREFECTURE"


def _drop_axe(value: dict[str, Any]) -> None:
    value["objectifs"][2]["axe"] = 9


def _same_action(value: dict[str, Any]) -> None:
    value["objectifs"][2]["actions"][1]["id"] = "1.1"


def _reversed_years(value: dict[str, Any]) -> None:
    value["objectifs"][2]["actions"][1]["echeance"] = [2024, 2022]


def _no_title(value: dict[str, Any]) -> None:
    del value["objectifs"][2]["titre"]


def _text_figure(value: dict[str, Any]) -> None:
    value["releves"][5]["valeur"] = "douze"


def _true_figure(value: dict[str, Any]) -> None:
    value["releves"][5]["annee"] = True


def _unknown_nature(value: dict[str, Any]) -> None:
    value["releves"][5]["nature"] = "rumeur"


def _no_year(value: dict[str, Any]) -> None:
    value["objectifs"][2]["calendrier"]["bientôt"] = "LANCER"


def _lost_objective(value: dict[str, Any]) -> None:
    value["axes"][0]["themes"][0]["objectifs"].append(99)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_drop_pilot, "objectifs.2.actions.1.pilotes.0 : « PREFECTURE » : organisation que"),
        (_drop_axe, "objectifs.2.axe : « 9 » : axe que"),
        (_same_action, "« 1.1 » est déjà pris"),
        (_reversed_years, "deux années, dans l’ordre"),
        (_no_title, "objectifs.2 : « titre » manque"),
        (_text_figure, "releves.5.valeur : un nombre est attendu"),
        (_true_figure, "un nombre entier est attendu"),
        (_unknown_nature, "mesure, contexte, calcul"),
        (_no_year, "« bientôt » n’est pas une année"),
        (_lost_objective, "« 99 » : objectif que"),
    ],
)
def test_a_broken_protocol_is_refused_with_its_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    value = json.loads(FICHIER.read_text(encoding="utf-8"))
    change(value)
    path = tmp_path / "protocole.json"
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    with pytest.raises(DonneesError, match="ligne") as caught:
        load_protocole(path)
    assert reason in str(caught.value)


def test_the_line_is_that_of_the_value(tmp_path: Path) -> None:
    value = json.loads(FICHIER.read_text(encoding="utf-8"))
    _drop_pilot(value)
    path = tmp_path / "protocole.json"
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    with pytest.raises(DonneesError) as caught:
        load_protocole(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert caught.value.ligne is not None
    assert lines[caught.value.ligne - 1].strip().startswith('"PREFECTURE"')
