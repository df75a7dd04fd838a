"""An objective with its figures, in a browser: what was aimed at, what was reached, who, where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine
from werkzeug.serving import make_server

from cartographie.database import make_engine, transaction
from cartographie.protocole import Nature, Releve
from cartographie.protocole_db import add_releve
from tests import bases
from tests.navigateur import Ouvrir, marqueurs
from tests.site import installation

pytest_plugins = ("tests.chromium",)

FORMES = Releve(
    id="",
    objectif=1,
    objectifs_lies=(),
    action="1.1",
    indicateur="Nombre de personnes formées",
    annee=2023,
    valeur=120,
    unite="professionnels formés",
    territoire="Isère",
    source="bilan 2023",
    nature=Nature.MESURE,
    precision="exacte",
    note="",
    annee_deduite=False,
)


@pytest.fixture(scope="module")
def adresse(base_chargee: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site over the real records, where a figure was entered that measures a target."""
    dossier: Path = tmp_path_factory.mktemp("objectif")
    base = bases.copier(base_chargee, dossier)
    engine = make_engine(base)
    with transaction(engine) as session:
        add_releve(session, "2022-2024", FORMES, par="essai", moyen="essai")
    engine.dispose()
    serveur = make_server("127.0.0.1", 0, installation(base, dossier), threaded=True)
    Thread(target=serveur.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()


@pytest.mark.parametrize("script", [True, False], ids=["script", "sans-script"])
def test_the_target_stands_against_what_was_reached_year_by_year(
    ouvrir: Ouvrir, script: bool
) -> None:
    page = ouvrir("/objectifs/2022-2024/1", carte=script, java_script_enabled=script)
    action = page.get_by_role("region", name=re.compile("^1.1 –"))
    expect(action).to_contain_text(re.compile(r"Cible\s*100 professionnels formés par an"))
    expect(action).to_contain_text(re.compile(r"Atteint en 2023\s*120\s.*cible atteinte"))
    expect(action).to_contain_text("Source : bilan 2023.")
    chiffres = page.get_by_role("region", name="Chiffres de cet objectif")
    for annee, valeur, source in (("2023", "120", "Bilan 2023"), ("2020", "87", "Protocole")):
        ligne = chiffres.get_by_role("row").filter(has_text=annee).filter(has_text=valeur)
        expect(ligne).to_contain_text(source)
    # A table that is wider than the screen is reached and read with the keyboard.
    chiffres.focus()
    expect(chiffres).to_be_focused()


def test_the_acteurs_of_an_objective_are_on_its_map_and_in_its_list(ouvrir: Ouvrir) -> None:
    page = ouvrir("/objectifs/2022-2024/4")
    chiffres = page.get_by_role("region", name="Chiffres de cet objectif")
    for annee, places in (("2018", "143"), ("2021", "213")):
        ligne = chiffres.get_by_role("row").filter(has_text=f"{places}\u00a0places")
        expect(ligne).to_contain_text(annee)
        expect(ligne).to_contain_text("Protocole 2022-2024")
    expect(marqueurs(page).first).to_be_visible()
    marques = page.locator(".carte-porte, .carte-zone, .carte-grappe")
    vues = {marque.get_attribute("aria-label") or "" for marque in marques.all()}
    assert any("Grenoble" in vue for vue in vues), vues
    # Named by the text, or under a word that the text uses: the page says which.
    nommes = page.locator(".parts li").filter(has_text=re.compile("au titre de", re.IGNORECASE))
    assert nommes.count() > 0
    assert page.locator(".parts li").count() >= 16
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_objective_reads_on_a_phone(ouvrir: Ouvrir) -> None:
    page = ouvrir("/objectifs/2022-2024/1", viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_text("cible atteinte").first).to_be_visible()
