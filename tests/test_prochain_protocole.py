"""An invented next protocol: opened beside the old one, followed by date, carried by choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from cartographie import create_app, registre
from cartographie.acteurs import Origine, Participation, Role
from cartographie.config import Settings
from cartographie.database import reading, transaction
from cartographie.horaires import PARIS
from cartographie.ouverture import plan_periode
from cartographie.periodes import current_referentiel
from cartographie.protocole import load_protocole
from cartographie.protocole_db import add_protocole
from cartographie.referentiel import Referentiel
from cartographie.reprises import reprise
from tests.commande import run
from tests.comptes import Gestion, Navigateur
from tests.donnees import DATA
from tests.fabrique import accueil
from tests.protocoles import next_protocole, write_protocole
from tests.site import lire, texte

AN_2026 = datetime(2026, 3, 10, 10, 30, tzinfo=PARIS)
AN_2024 = datetime(2024, 3, 12, 10, 30, tzinfo=PARIS)


def adresse(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def open_next(engine: Engine, dossier: Path) -> None:
    with transaction(engine) as session:
        assert add_protocole(session, load_protocole(write_protocole(dossier)))


def test_the_command_shows_then_opens_and_a_running_site_sees_it(
    gestion: Gestion, tmp_path: Path
) -> None:
    client = gestion.app.test_client()
    assert client.get("/objectifs/2026-2028").status_code == 404
    assert client.get("/objectifs").headers["Location"] == "/objectifs/2022-2024"
    environ = {"CARTO_DATABASE_URL": adresse(gestion.engine), "CARTO_INSTANCE": str(tmp_path)}
    fichier = write_protocole(tmp_path)
    montre = run("import", fichier, **environ)
    assert "Protocole 2026-2028 : 2 objectifs, 4 actions, 0 chiffres." in montre.output
    assert "Rien n’est écrit" in montre.output
    assert client.get("/objectifs/2026-2028").status_code == 404
    assert run("import", fichier, "--apply", **environ).exit_code == 0
    # The same process, never started again; and the old addresses mean what they meant.
    assert client.get("/objectifs").headers["Location"] == "/objectifs/2026-2028"
    assert client.get("/objectifs/22").headers["Location"] == "/objectifs/2026-2028/22"
    assert "Tenir la carte inventée" in client.get("/objectifs/2026-2028/22").text
    ancien = texte(lire(client.get("/objectifs/2022-2024/22").text))
    assert "Actualiser la cartographie" in ancien
    assert "échu le 31/12/2024" in ancien
    assert "Protocole échu" not in texte(lire(client.get("/objectifs/2026-2028/22").text))
    assert "213" in client.get("/objectifs/2022-2024/4").text
    assert client.get("/objectifs/2026-2028/4").status_code == 404
    encore = run("import", fichier, "--apply", **environ)
    assert encore.exit_code == 1
    assert "déjà ouverte" in encore.stderr


def test_every_process_sees_it_and_the_date_says_which_is_current(
    engine: Engine, tmp_path: Path
) -> None:
    reglages = Settings(database_url=adresse(engine), instance=tmp_path, tuiles_url="")
    sites = [create_app(reglages, horloge=lambda h=h: h) for h in (AN_2024, AN_2026)]  # type: ignore[misc]
    for site in sites:
        assert site.test_client().get("/objectifs/2022-2024").status_code == 200
    open_next(engine, tmp_path)
    cibles = [s.test_client().get("/objectifs/22").headers["Location"] for s in sites]
    assert cibles == ["/objectifs/2022-2024/22", "/objectifs/2026-2028/22"]
    for site in sites:
        assert site.test_client().get("/objectifs/2026-2028/1").status_code == 200
        site.extensions["cartographie"].engine.dispose()


def test_a_search_names_the_objective_of_the_period_it_means(
    gestion: Gestion, tmp_path: Path
) -> None:
    ancienne = Participation("2022-2024", 22, Role.PILOTE, Origine.NOMMEE)
    with transaction(gestion.engine) as session:
        saisie = accueil(participations=(ancienne,))
        registre.create_acteur(session, saisie, par="essai", moyen="essai")
    client = gestion.app.test_client()
    gestion.horloge.maintenant = AN_2026
    assert "Accueil de La Mure" in client.get("/?objectif=22").text
    open_next(gestion.engine, tmp_path)
    assert "Accueil de La Mure" not in client.get("/?objectif=22").text
    assert "Accueil de La Mure" in client.get("/?objectif=2022-2024/22").text
    assert client.get("/?objectif=2026-2028/4").status_code == 400


def test_what_the_text_says_comes_back_from_the_database_as_it_was(
    engine: Engine, referentiel: Referentiel, tmp_path: Path
) -> None:
    open_next(engine, tmp_path)
    with reading(engine) as session:
        courant = current_referentiel(session, referentiel)
        assert current_referentiel(session, referentiel) is courant
    assert courant.protocoles == (
        referentiel.protocoles[0],
        load_protocole(write_protocole(tmp_path)),
    )


def _no_title(value: dict[str, Any]) -> None:
    del value["objectifs"][0]["titre"]


def _bad_target(value: dict[str, Any]) -> None:
    value["objectifs"][0]["actions"][0]["cible"] = {"valeur": "dix"}


def _lost_pilot(value: dict[str, Any]) -> None:
    value["objectifs"][0]["actions"][0]["pilotes"] = ["PERSONNE"]


def _same_years(value: dict[str, Any]) -> None:
    value["protocole"]["periode"] = [2022, 2024]


@pytest.mark.parametrize(
    ("change", "raisons"),
    [
        (_no_title, ("objectifs.0 : il manque « titre »",)),
        (_bad_target, ("cible : il manque « unite »", 'un nombre est attendu, pas "dix"')),
        (_lost_pilot, ("« PERSONNE » : organisation que ce protocole ne connaît pas",)),
        (_same_years, ("2022-2024 : Cette période est déjà ouverte",)),
    ],
)
def test_a_file_with_faults_opens_nothing_and_each_fault_has_its_line(
    engine: Engine,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], None],
    raisons: tuple[str, ...],
) -> None:
    value = next_protocole()
    change(value)
    with reading(engine) as session:
        plan = plan_periode(session, write_protocole(tmp_path, value), DATA)
    assert plan.protocole is None
    for raison in raisons:
        assert any(raison in faute for faute in plan.fautes), plan.fautes


def test_what_is_carried_is_declared_and_nobody_becomes_a_pilot_by_its_category() -> None:
    nommee = Participation("2022-2024", 2, Role.PILOTE, Origine.NOMMEE, "2.2", "nommément")
    deduite = Participation("2022-2024", 5, Role.PILOTE, Origine.DEDUITE, source="Associations")
    source = "reprise de 2022-2024, objectif"
    assert reprise(nommee, "2026-2028", 1) == Participation(
        "2026-2028", 1, Role.PILOTE, Origine.DECLAREE, source=f"{source} 2"
    )
    assert reprise(deduite, "2026-2028", 22) == Participation(
        "2026-2028", 22, Role.ACTEUR, Origine.DECLAREE, source=f"{source} 5"
    )


def test_parts_are_carried_by_choice_alone(
    gestion: Gestion, editeur: Navigateur, tmp_path: Path
) -> None:
    with transaction(gestion.engine) as session:
        for slug in ("un", "deux"):
            registre.create_acteur(session, accueil(slug), par="essai", moyen="essai")
    open_next(gestion.engine, tmp_path)
    adresse_page = "/gestion/objectifs/reprise"
    vue = editeur.get(f"{adresse_page}?de=2022-2024&vers=2026-2028")
    assert 'value="2:0:deux"' in vue.text
    periodes = {"de": "2022-2024", "vers": "2026-2028"}
    # Ticked without a place in the new text, or a place and nobody ticked: nothing.
    for rien in ({"part": "2:0:deux"}, {"vers-2": "1"}, {"vers-2": "4", "part": "2:0:deux"}):
        assert editeur.poster(adresse_page, periodes | rien).status_code == 422
    choix = periodes | {"vers-2": "1", "vers-5": "22", "part": ["2:1:un", "5:1:un"]}
    for attendu in (1, 0):
        reponse = editeur.poster(adresse_page, choix)
        assert reponse.headers["Location"].endswith(f"fiches={attendu}")
    with reading(gestion.engine) as session:
        un, revision = registre.get_saisie(session, "un")
        deux, _ = registre.get_saisie(session, "deux")
    assert revision == 2
    assert deux.participations == accueil("deux").participations
    assert un.participations[:2] == accueil("un").participations
    assert [(p.objectif, p.role, p.origine) for p in un.participations[2:]] == [
        (1, Role.PILOTE, Origine.DECLAREE),
        (22, Role.ACTEUR, Origine.DECLAREE),
    ]
    page = texte(lire(gestion.app.test_client().get("/objectifs/2026-2028/1").text))
    assert "Participations déclarées" in page
    assert "Pilote, déclaré" in page
