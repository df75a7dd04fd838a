"""The directory in memory: the same object until something public changed, then all of it."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Engine, event, update

from cartographie import registre
from cartographie.acteurs import Diffusion, Saisie, Statut
from cartographie.catalogue import Catalogue
from cartographie.database import make_engine, reading, transaction
from cartographie.models import Version
from cartographie.referentiel import Referentiel
from cartographie.snapshot import current_catalogue
from tests import bases
from tests.fabrique import accueil, change, refuge


def now(engine: Engine, referentiel: Referentiel) -> Catalogue:
    with reading(engine) as session:
        return current_catalogue(session, referentiel)


def create(engine: Engine, *saisies: Saisie) -> None:
    with transaction(engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="essai", moyen="essai")


def test_the_same_object_while_nothing_is_written(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil(), refuge())
    premier = now(engine, referentiel)
    assert [fiche.slug for fiche in premier.fiches] == ["accueil-la-mure", "hebergement-grenoble"]
    assert now(engine, referentiel) is premier


def test_a_write_shows_at_once_and_the_others_stay_the_same_values(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil(), refuge())
    avant = now(engine, referentiel)
    change(engine, "accueil-la-mure", nom="Nouveau nom")
    apres = now(engine, referentiel)
    assert apres is not avant
    assert apres.fiches[0].nom == "Nouveau nom"
    assert apres.fiches[1] is avant.fiches[1]
    assert avant.fiches[0].nom == "Accueil de La Mure"


def test_only_what_changed_is_read(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, *(accueil(f"accueil-{n}") for n in range(12)))
    now(engine, referentiel)
    change(engine, "accueil-3", nom="Nouveau nom")
    lignes = []

    def note(_c: object, cursor: object, statement: str, *_: object) -> None:
        if "FROM acteur LEFT OUTER JOIN" in statement:
            lignes.append(cursor)

    event.listen(engine, "after_cursor_execute", note)
    catalogue = now(engine, referentiel)
    event.remove(engine, "after_cursor_execute", note)
    # One query for what changed, which has no porteur; eleven records were not read again.
    assert len(lignes) == 1
    assert [fiche.nom for fiche in catalogue.fiches].count("Nouveau nom") == 1
    assert len(catalogue.fiches) == 12


def test_a_hidden_edit_changes_nothing_at_all(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil(), accueil("interne", diffusion=Diffusion.INTERNE))
    avant = now(engine, referentiel)
    change(engine, "interne", nom="Autre nom")
    change(engine, "accueil-la-mure", notes_internes="autre note")
    assert now(engine, referentiel) is avant


def test_what_is_hidden_later_leaves(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil(), refuge())
    assert now(engine, referentiel).get("accueil-la-mure") is not None
    change(engine, "accueil-la-mure", statut=Statut.ARCHIVE)
    assert now(engine, referentiel).get("accueil-la-mure") is None


def test_a_change_of_the_porteur_shows_on_its_services(
    engine: Engine, referentiel: Referentiel
) -> None:
    create(engine, accueil("association", nom="Avant"), accueil(porteur="association"))
    fiche = now(engine, referentiel).get("accueil-la-mure")
    assert fiche is not None
    assert fiche.porteur is not None
    assert fiche.porteur.nom == "Avant"
    change(engine, "association", nom="Après", participations=())
    fiche = now(engine, referentiel).get("accueil-la-mure")
    assert fiche is not None
    assert fiche.porteur is not None
    assert (fiche.porteur.nom, fiche.participations_du_porteur) == ("Après", ())
    change(engine, "association", statut=Statut.ARCHIVE)
    fiche = now(engine, referentiel).get("accueil-la-mure")
    assert fiche is not None
    assert fiche.porteur is None


def test_another_process_is_seen(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, accueil())
    now(engine, referentiel)
    voisin = make_engine(engine.url.render_as_string(hide_password=False))
    change(voisin, "accueil-la-mure", nom="Écrit ailleurs")
    voisin.dispose()
    assert now(engine, referentiel).fiches[0].nom == "Écrit ailleurs"


def test_a_version_that_goes_back_is_read_whole(engine: Engine, referentiel: Referentiel) -> None:
    """A restored database: the number may be one already seen, with other contents."""
    create(engine, accueil(), refuge())
    now(engine, referentiel)
    with transaction(engine) as session:
        session.execute(update(Version).values(n=1))
    assert len(now(engine, referentiel).fiches) == 2


def test_readers_never_see_half_of_a_write(engine: Engine, referentiel: Referentiel) -> None:
    """Two records change together; every reader finds them alike."""
    create(engine, accueil("a", nom="0"), accueil("b", nom="0"))
    fini = threading.Event()
    vus: list[set[str]] = []

    def lire() -> None:
        while not fini.is_set():
            vus.append({fiche.nom for fiche in now(engine, referentiel).fiches})

    lecteurs = [threading.Thread(target=lire) for _ in range(3)]
    for lecteur in lecteurs:
        lecteur.start()
    for tour in range(1, 8):
        with transaction(engine) as session:
            for slug in ("a", "b"):
                registre.update_acteur(
                    session,
                    slug,
                    accueil(slug, nom=str(tour)),
                    revision_lue=tour,
                    par="essai",
                    moyen="essai",
                )
    fini.set()
    for lecteur in lecteurs:
        lecteur.join()
    assert vus
    assert all(len(noms) == 1 for noms in vus)
    assert {fiche.nom for fiche in now(engine, referentiel).fiches} == {"7"}


def test_threads_that_start_together_load_once(engine: Engine, referentiel: Referentiel) -> None:
    create(engine, *(accueil(f"accueil-{n}") for n in range(5)))
    barriere = threading.Barrier(4)
    trouves: list[Catalogue] = []

    def lire() -> None:
        barriere.wait()
        trouves.append(now(engine, referentiel))

    fils = [threading.Thread(target=lire) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len({id(catalogue) for catalogue in trouves}) == 1


def test_two_databases_have_two_directories(
    tmp_path: Path, modele: Engine, referentiel: Referentiel
) -> None:
    engines = []
    for rang in range(2):
        engines.append(make_engine(bases.copier(modele, tmp_path, str(rang))))
        create(engines[-1], accueil(f"accueil-{rang}"))
    for rang, engine in enumerate(engines):
        assert [f.slug for f in now(engine, referentiel).fiches] == [f"accueil-{rang}"]
        engine.dispose()
