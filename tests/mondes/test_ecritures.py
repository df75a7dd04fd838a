"""Whoever writes what is hidden pays for it: the next visitor waits for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from cartographie import registre
from cartographie.acteurs import Diffusion
from cartographie.database import reading, transaction
from tests.comptes import Gestion, Navigateur
from tests.fabrique import accueil
from tests.site import lire

SLUG = "lieu-interne"
CHEMINS = ("/robots.txt", "/", f"/acteurs/{SLUG}", "/objectifs")


@contextmanager
def requetes(engine: Engine) -> Iterator[list[str]]:
    """Every order that SQLAlchemy gives the database."""
    dites: list[str] = []

    def noter(*appel: object) -> None:
        dites.append(str(appel[2]))

    event.listen(engine, "before_cursor_execute", noter)
    yield dites
    event.remove(engine, "before_cursor_execute", noter)


def boite(editeur: Navigateur) -> str:
    """What a tick beside the hidden record sends."""
    page = lire(editeur.get("/gestion").text)
    return next(
        str(champ.get("value"))
        for champ in page.iter("input")
        if champ.get("name") == "fiche" and str(champ.get("value")).startswith(SLUG)
    )


def test_a_hidden_edit_leaves_nothing_to_do_to_the_next_visitor(
    gestion: Gestion, editeur: Navigateur
) -> None:
    with transaction(gestion.engine) as session:
        cachee = accueil(SLUG, diffusion=Diffusion.INTERNE, participations=(), verifie_le=None)
        registre.create_acteur(session, cachee, par="essai", moyen="essai")
    visiteur = gestion.app.test_client()
    for chemin in CHEMINS:
        visiteur.get(chemin)
        with requetes(gestion.engine) as avant:
            visiteur.get(chemin)
        reponse = editeur.poster("/gestion/verifications", {"fiche": boite(editeur)})
        assert reponse.status_code == 303
        with requetes(gestion.engine) as apres:
            visiteur.get(chemin)
        assert apres == avant, chemin
        gestion.horloge.avance(days=1)
        editeur = gestion.client("editeur")
    with reading(gestion.engine) as session:
        assert registre.get_saisie(session, SLUG)[1] == 1 + len(CHEMINS)
