"""Operations of the OpenAPI document as requests can be made from it, on the site in this process.

Each operation is asked by schemathesis: examples drawn from its parameters, right and wrong.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from cartographie.web.ogc.parametres import LIMITE_MAX

TROP_LONG = 413
# What is left out asks for what is not promised: a commune that fits the pattern may not exist, a
# date may be no day; nothing here has an account, or makes objects.
TENUS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
)


def document(app: Flask) -> dict[str, Any]:
    """The document, with each path below the server that it names: what a client does with it."""
    client = app.test_client()
    publie: dict[str, Any] = client.get("/ogc/api").json or {}
    entier = copy.deepcopy(publie)
    racine = urlsplit(publie["servers"][0]["url"]).path
    entier["paths"] = {}
    for chemin, operations in publie["paths"].items():
        serveurs = operations.get("servers")
        prefixe = urlsplit(serveurs[0]["url"]).path if serveurs else racine
        reste = {cle: valeur for cle, valeur in operations.items() if cle != "servers"}
        entier["paths"][f"{prefixe}{chemin}".rstrip("/")] = reste
    entier["servers"] = [{"url": "/"}]
    return entier


def operations(app: Flask) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """Every operation of the document."""
    schema = schemathesis.openapi.from_dict(document(app))
    schema.app = app
    for resultat in schema.get_all_operations():
        assert isinstance(resultat, Ok), resultat
        yield resultat.ok()


def takes(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    """Whether a request has anything to say beside its address."""
    brut = operation.definition.raw
    return bool(brut.get("parameters") or brut.get("requestBody"))


def eprouver(operation: APIOperation[Any, Any, Any, Any], exemples: int) -> Counter[int]:
    """Ask an operation so many times, half of them wrongly: how often each status was answered.

    Raises the first answer that the document does not announce, with the request that shows it.
    """
    statuts: Counter[int] = Counter()
    # What takes nothing cannot be asked wrongly.
    modes = list(GenerationMode) if takes(operation) else [GenerationMode.POSITIVE]
    for mode in modes:

        @settings(
            max_examples=exemples // 2,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def demander(case: schemathesis.Case[Any]) -> None:
            # It asks for gzip, and does not unfold it when the site is in the same process.
            reponse = case.call(headers={"Accept-Encoding": "identity"})
            case.validate_response(reponse, checks=tenus(case, reponse.status_code))
            statuts[reponse.status_code] += 1

        demander()
    return statuts


def tenus(case: schemathesis.Case[Any], statut: int) -> list[CheckFunction]:
    """What an answer is held to. Below /ogc what is wrong is refused, too.

    The rest of the site leaves out what it does not know. A 501 is how oEmbed wants another format
    refused: it is no failure, there alone. A `limit` beyond its maximum is no error:
    the standard says so. What is too long to be read is refused as such.
    """
    if (case.path, statut) == ("/oembed", 501):
        return [tenu for tenu in TENUS if tenu is not not_a_server_error]
    limite = str((case.query or {}).get("limit", ""))
    au_dela = limite.isdigit() and int(limite) > LIMITE_MAX
    if case.path.startswith("/ogc") and not au_dela and statut != TROP_LONG:
        return [*TENUS, negative_data_rejection]
    return list(TENUS)
