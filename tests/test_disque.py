"""A disk that is full or read-only: the public is answered, who edits loses no word.

Three ways that work for root as well, for whom permissions do not count: SQLite's own bound on
pages (the error of a full disk), a limit of the kernel on the size of files (a quota), and
connections that may not write (the error of a read-only file system).
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from cartographie import registre
from cartographie.database import compact, reading
from cartographie.errors import EcritureImpossible
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil
from tests.formulaires import ADRESSE, SLUG, champs
from tests.sauvegardes import ajouter
from tests.site import lire

PUBLIQUES = (
    "/", "/?lieu=38269", "/proches?lieu=38269", f"/acteurs/{SLUG}", "/acteurs.geojson",
    "/acteurs.csv", "/couverture", "/suivi", "/integration/carte", "/sante", "/objectifs/2022-2024",
)  # fmt: skip
TEMOIN = "Gratuit, et même le samedi : écrit pendant la panne."


@contextmanager
def sur_chaque_connexion(engine: Engine, pragma: str) -> Iterator[None]:
    def regler(connexion: Any, _: object) -> None:  # noqa: ANN401
        connexion.execute(pragma)

    engine.dispose()
    event.listen(engine, "connect", regler)
    try:
        yield
    finally:
        event.remove(engine, "connect", regler)
        engine.dispose()


@contextmanager
def plein(engine: Engine) -> Iterator[None]:
    assert compact(engine, ())
    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with sur_chaque_connexion(engine, f"PRAGMA max_page_count={pages}"):
        yield


@contextmanager
def quota(engine: Engine) -> Iterator[None]:
    # No file may grow beyond what the database weighs: its pages may be written over, not added.
    assert compact(engine, ())
    taille = Path(str(engine.url.database)).stat().st_size
    avant, dur = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (taille, dur))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (avant, dur))


@contextmanager
def lecture_seule(engine: Engine) -> Iterator[None]:
    with sur_chaque_connexion(engine, "PRAGMA query_only=ON"):
        yield


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("panne", [plein, quota, lecture_seule])
def test_the_public_is_answered_and_who_edits_loses_no_word(
    gestion: Gestion, editeur: Navigateur, panne: Callable[[Engine], Any]
) -> None:
    ajouter(gestion.engine, SLUG)
    public = gestion.app.test_client()
    remplis = champs(editeur.get(ADRESSE).text)
    remplis |= {"frais": [TEMOIN], "geste": ["enregistrer"], "notes_internes": ["x " * 900]}
    with panne(gestion.engine):
        refus = editeur.poster(ADRESSE, remplis)
        pages = {chemin: public.get(chemin).status_code for chemin in PUBLIQUES}
        comptee = public.post("/mesures", data={"genre": "carte"}).status_code
        gestion.app.extensions["mesures"].flush()
        relue = editeur.get(ADRESSE)
    assert pages == dict.fromkeys(PUBLIQUES, 200)
    assert comptee < 300
    # The editor reads why, in French, and the page holds what was typed.
    assert refus.status_code == 503
    assert "Le serveur ne peut plus rien enregistrer" in refus.text
    assert TEMOIN in unescape(refus.text)
    assert (relue.status_code, TEMOIN in unescape(relue.text)) == (200, False)
    with reading(gestion.engine) as session:
        assert registre.get_saisie(session, SLUG) == (accueil(SLUG), 1)
        assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    # Once there is room, the one button of that page saves it.
    suite = {**renvoyes(refus.text), "csrf_token": remplis["csrf_token"]}
    assert editeur.poster(ADRESSE, suite).status_code == 303
    with reading(gestion.engine) as session:
        assert registre.get_saisie(session, SLUG)[0].frais == TEMOIN


def renvoyes(page: str) -> dict[str, list[str]]:
    """What the page of a form that waits would send."""
    envoyes: dict[str, list[str]] = {}
    for zone in lire(page).iter("textarea"):
        envoyes.setdefault(zone.get("name", ""), []).append(zone.text or "")
    return envoyes


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_postgresql_that_refuses_to_write_is_the_same_error(engine: Engine) -> None:
    ajouter(engine)

    def regler(connexion: Any, _: object) -> None:  # noqa: ANN401
        connexion.read_only = True

    engine.dispose()
    event.listen(engine, "connect", regler)
    with pytest.raises(EcritureImpossible, match="disque"):
        ajouter(engine, "autre")
