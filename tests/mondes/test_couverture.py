"""Coverage and hidden edits, in sequence: at no moment can the two worlds be told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine

from cartographie.acteurs import Saisie
from cartographie.config import RACINE
from cartographie.database import make_engine
from cartographie.initialisation import init_db
from cartographie.referentiel import Referentiel
from tests.mondes.fiches import editer, hidden_writes, modifier
from tests.site import installation

DEMANDES = tuple(
    f"/couverture{suffixe}?{question}"
    for suffixe in ("", ".csv", ".geojson")
    for question in (
        "besoin=parler&tri=-distance",
        "besoin=abri&acces=orientation&par=epci",
        "mission=hebergement-urgence&acces=orientation",
    )
)
PUBLIC = "css-pont-de-claix"


def monde(adresse: str, dossier: Path, referentiel: Referentiel) -> tuple[Engine, FlaskClient]:
    engine = make_engine(adresse)
    init_db(engine, referentiel, RACINE / "data" / "acteurs.geojson")
    return engine, installation(adresse, dossier).test_client()


def vues(client: FlaskClient) -> list[tuple[int, list[tuple[str, str]], bytes]]:
    reponses = [client.get(demande) for demande in DEMANDES]
    return [(r.status_code, list(r.headers), r.data) for r in reponses]


def fermer(saisie: Saisie) -> Saisie:
    """A public edit that coverage shows: the only door goes."""
    return replace(saisie, implantations=())


def test_hidden_edits_between_public_ones_change_no_byte(
    vierge: Callable[..., str], tmp_path: Path, referentiel: Referentiel
) -> None:
    for nom in ("nu", "plein"):
        (tmp_path / nom).mkdir()
    nu, visiteur_nu = monde(vierge(tmp_path, "nu"), tmp_path / "nu", referentiel)
    plein, visiteur = monde(vierge(tmp_path, "plein"), tmp_path / "plein", referentiel)
    depart = vues(visiteur)
    assert {statut for statut, _, _ in depart} == {200}
    assert vues(visiteur_nu) == depart
    for tour in range(2):
        hidden_writes(plein, referentiel.communes, tour)
        assert vues(visiteur) == depart
    for engine in (nu, plein):
        modifier(engine, PUBLIC, partial(editer, tour=0))
    assert vues(visiteur) == vues(visiteur_nu)
    for engine in (nu, plein):
        modifier(engine, PUBLIC, fermer)
    apres = vues(visiteur_nu)
    assert apres != depart  # the proof can fail: what is public is seen
    assert vues(visiteur) == apres
    hidden_writes(plein, referentiel.communes, 2)
    assert vues(visiteur) == apres
    for engine in (nu, plein):
        engine.dispose()
