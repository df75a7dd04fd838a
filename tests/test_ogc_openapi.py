"""The OpenAPI document is valid, tells all that is public, and every answer is one it announces."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV30SpecValidator
from schemathesis.core.failures import FailureGroup

from cartographie.referentiel import Referentiel
from cartographie.web import security
from cartographie.web.ogc.collections import collections
from tests import ogc

EXEMPLES = 60
# The files of the rest of the site take longer to write.
EXEMPLES_AILLEURS = 16
EXEMPLES_LONGS = 2_000
# Open to every site without being data: what pages are made of, tiles, counts.
AUTRES = {"statiques", "tuiles", "mesures", "integration"}
SCRIPTS = {"fond.script"}
JSON = ("application/json", "application/geo+json", "application/vnd.oai.openapi+json")


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    publie: dict[str, Any] = app.test_client().get("/ogc/api").json or {}
    return publie


def chemins(app: Flask) -> dict[str, set[str]]:
    """Path → methods that the document announces, with names of arguments left out."""
    connus = ogc.document(app)["paths"]
    return {re.sub(r"\{\w+\}", "{}", chemin): set(ops) for chemin, ops in connus.items()}


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.0.")
    OpenAPIV30SpecValidator(document).validate()


def test_all_public_json_is_in_the_document(app: Flask, client: FlaskClient) -> None:
    connus = chemins(app)
    oubliees = set()
    for regle in app.url_map.iter_rules():
        if regle.endpoint not in security.OUVERTS - SCRIPTS:
            continue
        if regle.endpoint.split(".")[0] in AUTRES or "GET" not in (regle.methods or ()):
            continue
        chemin = re.sub(r"<[^>]+>", "{}", regle.rule)
        sans_argument = not regle.arguments
        # Without a question, /oembed answers by an error: it is JSON as well.
        est_json = sans_argument and client.get(regle.rule).mimetype in JSON
        if est_json and "get" not in connus.get(chemin, set()):
            oubliees.add(chemin)
    assert oubliees == set()
    assert {"get", "post"} <= connus["/proches"]
    assert connus.keys() >= {"/communes", "/acteurs.geojson", "/acteurs.csv", "/acteurs.xlsx"}


def test_each_filter_of_each_collection_is_declared(
    document: dict[str, Any], referentiel: Referentiel
) -> None:
    for collection in collections(referentiel):
        operation = document["paths"][f"/collections/{collection.id}/items"]["get"]
        noms = {parametre["name"] for parametre in operation["parameters"]}
        assert {propriete.nom for propriete in collection.filtres} < noms
        assert {"f", "limit", "offset", "bbox", "datetime"} < noms
        assert ({"depuis", "lieu"} <= noms) is collection.proche


def test_it_names_the_public_address(client: FlaskClient) -> None:
    publie = client.get("/ogc/api", headers={"Host": "carte.exemple.fr"}).json
    assert publie is not None
    assert publie["servers"] == [{"url": "http://carte.exemple.fr/ogc"}]
    assert publie["paths"]["/proches"]["servers"] == [{"url": "http://carte.exemple.fr"}]


def test_every_answer_is_one_that_the_document_announces(app: Flask) -> None:
    check_toutes(app, EXEMPLES, EXEMPLES_AILLEURS)


@pytest.mark.long
def test_every_answer_is_announced_over_two_thousand_examples(app: Flask) -> None:
    check_toutes(app, EXEMPLES_LONGS, EXEMPLES_LONGS)


def check_toutes(app: Flask, ici: int, ailleurs: int) -> None:
    vues = {}
    for operation in ogc.operations(app):
        exemples = ici if operation.path.startswith("/ogc") else ailleurs
        statuts = ogc.eprouver(operation, exemples)
        vues[f"{operation.method} {operation.path}"] = statuts
        print(operation.method, operation.path, dict(statuts), flush=True)
        # Where few requests are possible, each of them is made once.
        assert sum(statuts.values()) >= (exemples * 0.4 if ogc.takes(operation) else 1)
    assert len(vues) >= 20
    # One needs the name of a feature that exists, one an address of ours: chance finds neither.
    sans_reussite = {nom for nom, statuts in vues.items() if not statuts[200]}
    assert sans_reussite <= {
        "get /ogc/collections/{collectionId}/items/{featureId}", "get /oembed"
    }  # fmt: skip


def test_the_embedding_of_a_page_is_what_the_document_announces(app: Flask) -> None:
    (operation,) = (op for op in ogc.operations(app) if op.path == "/oembed")
    for question, statut in (
        ({"url": "http://localhost/?besoin=parler", "maxwidth": 400}, 200),
        ({"url": "http://localhost/couverture"}, 404),
        ({"url": "http://localhost/", "format": "xml"}, 501),
    ):
        case = operation.Case(query=question)
        reponse = case.call()
        assert reponse.status_code == statut
        case.validate_response(reponse, checks=ogc.tenus(case, statut))


def test_an_undocumented_answer_would_be_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # The proof must be able to fail: an answer with one more property than is declared.
    vraie = app.view_functions["ogc.conformite"]

    def avec_un_mot_de_plus() -> object:
        reponse: Any = vraie()
        if reponse.is_json:
            reponse.set_data(b'{"conformsTo": [], "secret": 1}')
        return reponse

    monkeypatch.setitem(app.view_functions, "ogc.conformite", avec_un_mot_de_plus)
    (operation,) = (op for op in ogc.operations(app) if op.path == "/ogc/conformance")
    with pytest.raises(FailureGroup) as vue:
        ogc.eprouver(operation, 20)
    assert "'secret' was unexpected" in str(vue.value.exceptions[0])
