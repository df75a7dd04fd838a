"""The protocol's pages: every figure where it belongs, with its source, and nothing made up."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

from cartographie.protocole import load_protocole
from cartographie.referentiel import Referentiel
from cartographie.web.protocoles import ancre, nombre_fr
from tests.donnees import DATA, read_json
from tests.site import avec_classe, lire, objet, par_id, texte

DONNEES = read_json("protocole-2022-2024.json")
PROPRES = [r for r in DONNEES["releves"] if r["objectif"] is not None]
AUTRES = [r for r in DONNEES["releves"] if r["objectif"] is None]


def ligne(client: FlaskClient, adresse: str, code: str) -> str:
    lues = load_protocole(DATA / "protocole-2022-2024.json").releves
    (releve,) = (releve for releve in lues if releve.id == code)
    return texte(par_id(lire(client.get(adresse).text), ancre(releve)))


def plat(phrase: str) -> str:
    return re.sub(r"\s", " ", phrase)


def check(releve: dict[str, object], vue: str) -> None:
    """A line says the figure, how exact it is, its nature and its source."""
    assert plat(nombre_fr(float(str(releve["valeur"])))) in plat(vue)
    assert str(releve["unite"]) in plat(vue)
    assert str(releve["source"])[1:] in vue
    assert f"({releve['nature']}, " in vue
    if releve["precision"] != "exacte":
        assert plat(vue).count(str(releve["precision"])) >= 2


@pytest.mark.parametrize("releve", PROPRES, ids=[r["id"] for r in PROPRES])
def test_a_figure_stands_on_the_objective_that_it_measures(
    client: FlaskClient, releve: dict[str, object]
) -> None:
    check(releve, ligne(client, f"/objectifs/2022-2024/{releve['objectif']}", str(releve["id"])))


def test_the_figures_that_everybody_quotes(client: FlaskClient) -> None:
    places = "/objectifs/2022-2024/4"
    assert "2021 213 places" in plat(ligne(client, places, "R002"))
    assert "2018 143 places" in plat(ligne(client, places, "R001"))
    assert "2020 87 professionnels" in plat(ligne(client, "/objectifs/2022-2024/1", "R010"))
    de_2023 = [r for r in PROPRES if r["annee"] == 2023]
    assert len(de_2023) == 8
    assert {r["source"] for r in de_2023} == {"communiqué du 25 mars 2024"}


@pytest.mark.parametrize("releve", AUTRES, ids=[r["id"] for r in AUTRES])
def test_every_other_figure_is_context_of_the_period(
    client: FlaskClient, releve: dict[str, object]
) -> None:
    check(releve, ligne(client, "/objectifs/2022-2024", str(releve["id"])))


@pytest.mark.parametrize(
    "releve", [r for r in DONNEES["releves"] if set(r["objectifs_lies"]) - {r["objectif"]}],
    ids=lambda r: r["id"],
)  # fmt: skip
def test_a_figure_is_context_of_the_objectives_that_it_throws_light_on(
    client: FlaskClient, releve: dict[str, object]
) -> None:
    lies = releve["objectifs_lies"]
    assert isinstance(lies, list)
    for numero in set(lies) - {releve["objectif"]}:
        check(releve, ligne(client, f"/objectifs/2022-2024/{numero}", str(releve["id"])))


def test_25_objectives_and_53_actions_are_those_of_the_file(client: FlaskClient) -> None:
    liens = avec_classe(lire(client.get("/objectifs/2022-2024").text), "objectifs__numero")
    assert [int(texte(lien)) for lien in liens] == [o["numero"] for o in DONNEES["objectifs"]]
    lues = []
    for objectif in DONNEES["objectifs"]:
        page = lire(client.get(f"/objectifs/2022-2024/{objectif['numero']}").text)
        assert objectif["titre"] in texte(page)
        titres = [texte(h3) for action in avec_classe(page, "action") for h3 in action.iter("h3")]
        voulus = [f"{a['id']} – {a['libelle']}" for a in objectif["actions"]]
        assert titres == [re.sub(r"\s+", " ", voulu) for voulu in voulus]
        lues += titres
    assert len(lues) == 53


def test_no_figure_of_the_text_is_held_against_a_target_of_something_else(
    client: FlaskClient, referentiel: Referentiel
) -> None:
    for objectif in referentiel.protocoles[0].objectifs:
        page = client.get(f"/objectifs/2022-2024/{objectif.numero}").text
        assert "cible atteinte" not in page
        assert "cible non atteinte" not in page
    assert "sans dire si elles sont atteintes" in client.get("/objectifs/2022-2024/4").text


def test_a_period_that_is_past_says_so(client: FlaskClient) -> None:
    for adresse in ("/objectifs/2022-2024", "/objectifs/2022-2024/22"):
        assert "Protocole échu le 31/12/2024" in texte(lire(client.get(adresse).text))


def test_the_acteurs_of_an_objective_are_those_of_its_map(client: FlaskClient) -> None:
    for numero in (4, 13, 22):
        page = lire(client.get(f"/objectifs/2022-2024/{numero}").text)
        (carte,) = (e for e in page.iter() if e.get("data-question"))
        donnees = objet(client.get(f"/carte.json?{carte.get('data-question')}"))
        sur_la_carte = {acteur[0] for acteur in donnees["acteurs"]}
        liens = (a.get("href", "") for ul in avec_classe(page, "parts") for a in ul.iter("a"))
        assert {lien.removeprefix("/acteurs/") for lien in liens} == sur_la_carte
        assert sur_la_carte


def test_the_objective_of_the_map_leads_to_what_the_map_measures(client: FlaskClient) -> None:
    def mene_au_suivi(adresse: str) -> bool:
        (contenu,) = lire(client.get(adresse, follow_redirects=True).text).iter("main")
        return "/suivi" in [a.get("href") for a in contenu.iter("a")]

    assert mene_au_suivi("/objectifs/22")
    assert not mene_au_suivi("/objectifs/2022-2024/21")


def test_an_objective_may_be_named_with_its_period(client: FlaskClient) -> None:
    nue = client.get("/?objectif=22")
    complete = client.get("/?objectif=2022-2024/22")
    assert texte(par_id(lire(nue.text), "bilan")) == texte(par_id(lire(complete.text), "bilan"))
    assert "2022-2024/22" not in texte(lire(complete.text))
    assert client.get("/?objectif=2019-2021/22").status_code == 400


def test_the_schema_ships_with_the_data_and_holds_them() -> None:
    schema = read_json("protocole.schema.json")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.dumps(schema)
