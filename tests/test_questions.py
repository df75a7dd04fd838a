"""Whatever is asked, it is never an error of ours: query strings, bodies and paths at random."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.test_securite import adresses, check_headers

NOMS = st.sampled_from(
    (
        "lieu besoin type mission public langue objectif q ouvert rayon_km tri page limite v "
        "version centre zoom liste titre compact hauteur"
    ).split()
)
PIEGES = st.sampled_from(
    [
        "%00", "%ff%fe", "%ED%A0%80", "1e400", "nan", "-1", "٣", "inf", "9" * 400, "[]", "{}",
        "%2e%2e%2f", "' OR 1=1", "<script>", "${7*7}", "{{7*7}}", "38350", "38269", "Grenoble",
        "La Mure", "Saint", "1", "12 rue X, 38000 Grenoble", "\u202e", "%25", "&&", "=", "a" * 119,
    ]
)  # fmt: skip
VALEURS = st.one_of(PIEGES, st.text(max_size=40).map(lambda t: quote(t.encode("utf-8", "replace"))))
QUESTIONS = st.lists(st.tuples(NOMS, VALEURS), max_size=6).map(
    lambda paires: "&".join(f"{nom}={valeur}" for nom, valeur in paires)
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=QUESTIONS, donnees=st.data())
def test_no_query_string_makes_an_error_of_ours(
    app: Flask, client: FlaskClient, question: str, donnees: st.DataObject
) -> None:
    adresse = donnees.draw(st.sampled_from(sorted(adresses(app))))
    response = client.open(f"{adresse}?{question}")
    assert response.status_code < 500
    check_headers(response)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(corps=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_body_makes_an_error_of_ours(client: FlaskClient, corps: bytes) -> None:
    for nature in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = client.post("/proches", data=corps, content_type=nature)
        assert response.status_code in {200, 400, 413}


CHAMPS = st.sampled_from("latitude longitude adresse lieu besoin type limite rayon_km q".split())
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), PIEGES),
    lambda enfants: st.lists(enfants, max_size=3) | st.dictionaries(CHAMPS, enfants, max_size=3),
    max_leaves=5,
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(objet=st.dictionaries(CHAMPS, JSON, max_size=5))
def test_no_json_makes_an_error_of_ours(client: FlaskClient, objet: dict[str, object]) -> None:
    response = client.post("/proches", json=objet)
    assert response.status_code in {200, 400}


@pytest.mark.parametrize(
    "chemin", [b"/acteurs/\xff\xfe", b"/acteurs/%00", b"/acteurs/" + b"a" * 9000]
)
def test_a_path_that_is_no_text_is_a_page_that_does_not_exist(
    client: FlaskClient, chemin: bytes
) -> None:
    response = client.get(quote(chemin, safe="/%"))
    assert response.status_code in {404, 413}
