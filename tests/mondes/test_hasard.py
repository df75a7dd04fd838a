"""Random questions while one of two worlds goes on being edited in hidden ways: no byte differs.

Status, every header and every byte are compared as they are; nothing is left out nor rounded.
A story is told again by its seed: `MONDES_GRAINE=12345 pytest tests/mondes/test_hasard.py -m long`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.mondes.comparaison import Bilan, raconter
from tests.mondes.hasard import GESTION, Hasard, en_mots
from tests.mondes.monde import Jumeaux, Monde, vue
from tests.mondes.questions import CHEMINS, CONNUES
from tests.preuves import Preuve

GRAINE = int(os.environ.get("MONDES_GRAINE", "0")) or random.randrange(1, 10**9)
LONGUES = int(os.environ.get("MONDES_REQUETES", "10000"))
COURTE = 150


def conclure(bilan: Bilan, preuve: Preuve, graine: int) -> None:
    """Say what was found, then judge."""
    print(f"graine {graine} : {dict(bilan.statuts)}, gestes cachés {dict(bilan.gestes)}")
    preuve("requêtes comparées", bilan.comparees, "différences", len(bilan.differences))
    assert bilan.differences == [], graine
    assert bilan.pannes == [], graine


def test_a_few_hundred_random_questions_find_no_difference(
    jumeaux: Jumeaux, preuve: Preuve
) -> None:
    bilan = raconter(jumeaux, 1, COURTE, rapide=True)
    conclure(bilan, preuve, 1)
    assert bilan.routes == {r.endpoint for r in jumeaux.nu.app.url_map.iter_rules()}
    assert len(bilan.statuts) >= 10
    assert len(bilan.gestes) >= 10


@pytest.mark.long
def test_thousands_of_random_questions_find_no_difference(jumeaux: Jumeaux, preuve: Preuve) -> None:
    conclure(raconter(jumeaux, GRAINE, LONGUES), preuve, GRAINE)


@pytest.mark.long
def test_thousands_of_random_questions_find_no_difference_on_postgresql(
    jumeaux_postgresql: Jumeaux, preuve: Preuve
) -> None:
    conclure(raconter(jumeaux_postgresql, GRAINE + 1, LONGUES), preuve, GRAINE + 1)


def test_every_public_route_is_known_to_the_generator(app: Flask) -> None:
    publiques = {r.endpoint for r in app.url_map.iter_rules() if not en_gestion(r.endpoint)}
    assert publiques == set(CONNUES)
    mots = {nom for r in app.url_map.iter_rules() for nom in r.arguments}
    assert mots <= set(CHEMINS)


def en_gestion(endpoint: str) -> bool:
    return endpoint.startswith(GESTION)


def test_a_route_that_is_not_told_to_the_generator_stops_it() -> None:
    neuf = Flask("neuf", static_folder=None)
    neuf.add_url_rule("/neuf", "pages.neuf", lambda: "")
    with pytest.raises(KeyError, match=r"pages\.neuf"):
        list(Hasard(neuf, 1).demandes(9))
    neuf = Flask("neuf", static_folder=None)
    neuf.add_url_rule("/gestion/<mot_neuf>", "gestion.neuf", lambda: "")
    with pytest.raises(KeyError, match="mot_neuf"):
        list(Hasard(neuf, 1).demandes(9))


def test_the_same_seed_asks_the_same_questions(app: Flask) -> None:
    une, deux, autre = (
        [en_mots(d) for d in Hasard(app, graine).demandes(300)] for graine in (5, 5, 6)
    )
    assert une == deux
    assert une != autre
    assert len(set(une)) > 250


def test_nothing_of_an_answer_is_left_out_of_the_comparison(jumeaux: Jumeaux) -> None:
    # What is not compared could carry something: everything is, so nothing can.
    client = jumeaux.nu.app.test_client()
    statut, entetes, corps = vue(client.get("/robots.txt"))
    reponse = client.get("/robots.txt")
    assert (statut, entetes, corps) == vue(reponse)
    reponse.headers["X-Autre"] = "1"
    assert vue(reponse) != (statut, entetes, corps)
    reponse = client.get("/robots.txt")
    reponse.set_data(corps + b" ")
    assert vue(reponse)[2] != corps


# ── the proof must be able to fail: the world leaks one thing, and it is seen ──


def dire_la_version(monde: Monde) -> str:
    """Counts every write."""
    return compter(monde, "SELECT n FROM version")


def dire_le_nombre(monde: Monde) -> str:
    """Counts every record."""
    return compter(monde, "SELECT count(*) FROM acteur")


def dire_les_comptes(monde: Monde) -> str:
    """Counts accounts."""
    return compter(monde, "SELECT count(*) FROM utilisateur")


def dire_la_boite(monde: Monde) -> str:
    """Counts mails that wait."""
    return compter(monde, "SELECT count(*) FROM courrier")


def dire_le_rang(monde: Monde) -> str:
    """The number of the last proposal."""
    return compter(monde, "SELECT max(id) FROM proposition")


def compter(monde: Monde, requete: str) -> str:
    with monde.engine.connect() as connexion:
        return str(connexion.execute(text(requete)).scalar_one())


@pytest.mark.parametrize(
    "dire", [dire_la_version, dire_le_nombre, dire_les_comptes, dire_la_boite, dire_le_rang]
)
def test_one_number_that_leaks_in_one_header_is_seen(
    jumeaux: Jumeaux, monkeypatch: pytest.MonkeyPatch, dire: Callable[[Monde], str]
) -> None:
    for monde in jumeaux.tous:
        monkeypatch.setattr(monde.app, "wsgi_app", bavarde(monde, dire))
    assert len(raconter(jumeaux, 3, 8, rapide=True).differences) == 8


def bavarde(monde: Monde, dire: Callable[[Monde], str]) -> Callable[..., Iterable[bytes]]:
    """The application, telling one number with each answer."""
    suite = monde.app.wsgi_app

    def repondre(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def demarrer(statut: str, entetes: list[tuple[str, str]], *reste: object) -> object:
            return start_response(statut, [*entetes, ("X-Fuite", dire(monde))], *reste)

        return suite(environ, demarrer)  # type: ignore[arg-type]

    return repondre
