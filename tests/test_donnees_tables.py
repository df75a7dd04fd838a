"""The reviewed tables of `data/`: every label mapped, every name real, nothing lost on the way."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from cartographie.acteurs import Origine, Role
from tests.donnees import ACTEURS, SOURCE, codes, read_csv, read_json

TABLES = ("correspondances", "acces", "porteurs", "relais", "participations", "descriptions")


def test_every_label_of_the_source_is_mapped_and_no_mapping_is_left_over() -> None:
    rows = read_csv("correspondances.csv")
    mapped = {(r["colonne"], r["libelle"], r["type"]) for r in rows}
    used = set()
    for row, colonne in product(SOURCE.values(), ("missions", "publics")):
        for libelle in filter(None, (part.strip() for part in row[colonne].split(";"))):
            key = (colonne, libelle, row["type"])
            used.add(key if key in mapped else (colonne, libelle, ""))
    assert used == mapped
    assert len(mapped) == len(rows)
    labels = Counter(colonne for colonne, _ in {(c, libelle) for c, libelle, _ in mapped})
    assert labels == {"missions": 179, "publics": 47}


def test_labels_are_mapped_on_codes_that_exist() -> None:
    for row in read_csv("correspondances.csv"):
        assert row["codes"]
        assert set(row["codes"].split(";")) <= codes(row["colonne"]), row["libelle"]


def test_only_transport_is_a_mission_that_nobody_has() -> None:
    held = {mission for a in ACTEURS.values() for mission in a["missions"]}
    assert codes("missions") - held == {"mobilite"}
    assert codes("publics") == {public for a in ACTEURS.values() for public in a["publics"]}


def test_porteurs_are_acteurs_and_never_form_a_circle() -> None:
    for slug in ACTEURS:
        path = [slug]
        while porteur := ACTEURS[path[-1]]["porteur"]:
            assert porteur in ACTEURS
            assert porteur not in path
            path.append(porteur)


@pytest.mark.parametrize("table", TABLES)
def test_a_reviewed_table_speaks_of_what_exists(table: str) -> None:
    for row in read_csv(f"{table}.csv"):
        assert None not in row
        for column in {"slug", "cible", "porteur"} & set(row):
            assert row[column] in ACTEURS or row[column] in codes("types"), row


def test_participations_named_in_person_are_those_of_the_protocol() -> None:
    organisations = {o["code"] for o in read_json("protocole-2022-2024.json")["organisations"]}
    for row in read_csv("participations.csv"):
        cited = f"{row['organisations']};{row['categories']}".split(";")
        assert {code for code in cited if code} <= organisations
    named = {
        (slug, p["objectif"])
        for slug, acteur in ACTEURS.items()
        for p in acteur["participations"]
        if Origine(p["origine"]) is Origine.NOMMEE
    }
    assert {n for s, n in named if s == "aiv-grenoble"} == {2, 3}
    assert {n for s, n in named if s == "rivhaj-leao-vienne"} == {13}
    for slug in (
        "sfm-milena-accueil-ecoute-grenoble",
        "unies-verselles",
        "ghm-grenoble",
        "hopital-nord-chu-grenoble-alpes",
        "ville-grenoble",
    ):
        assert {n for s, n in named if s == slug} == {3}
    assert not any(slug.startswith(("commissariat-", "gendarmerie-")) for slug, _ in named)


def test_a_participation_says_where_it_comes_from_and_only_a_named_one_has_an_action() -> None:
    actions = {
        (o["numero"], a["id"])
        for o in read_json("protocole-2022-2024.json")["objectifs"]
        for a in o["actions"]
    }
    for acteur in ACTEURS.values():
        for p in acteur["participations"]:
            assert Role(p["role"])
            assert p["periode"] == "2022-2024"
            assert p["source"]
            if p["action"]:
                assert p["origine"] == "nommee"
                assert (p["objectif"], p["action"]) in actions


def test_what_the_porteur_does_stands_once_and_nothing_else_of_the_source_is_lost() -> None:
    for slug, acteur in ACTEURS.items():
        pairs = {f"{p['objectif']}:{p['role']}" for p in acteur["participations"]}
        expected = set(filter(None, SOURCE[slug]["objectifs"].split(";")))
        if acteur["porteur"]:
            expected -= set(SOURCE[acteur["porteur"]]["objectifs"].split(";"))
        assert pairs == expected, slug


def test_every_besoin_of_a_victim_has_a_national_number() -> None:
    numeros = read_json("numeros.json")
    assert [n["numero"] for n in numeros] == ["17", "112", "114", "3919", "119", "115", "116 006"]
    answered = {besoin for n in numeros for besoin in n["besoins"]}
    assert codes("besoins") - answered == {"auteurs", "reseau"}
    assert {n["numero"] for n in numeros if "danger" in n["besoins"]} == {"17", "112", "114"}
    first = next(n for n in numeros if "parler" in n["besoins"])
    assert first["numero"] == "3919"
