"""The grid of the RGAA: whole, honest, told the same by the statement and by the document."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cartographie.accessibilite import (
    FICHIER,
    LIBELLES,
    EtatCritere,
    load_grille,
    to_markdown,
)
from cartographie.config import RACINE
from cartographie.errors import DonneesError
from tests.site import lire, texte

# Criteria of each subject in the RGAA 4.1.2.
PAR_THEMATIQUE = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
GRILLE = load_grille(RACINE / "data")


def test_the_grid_has_every_criterion_of_the_reference_in_order() -> None:
    voulus = [
        f"{theme}.{rang}"
        for theme, combien in enumerate(PAR_THEMATIQUE, 1)
        for rang in range(1, combien + 1)
    ]
    assert [c.numero for c in GRILLE.criteres] == voulus
    assert all(c.titre and c.preuve for c in GRILLE.criteres)
    assert sum(GRILLE.nombres.values()) == len(voulus)


def test_each_test_given_as_evidence_exists() -> None:
    cites = {nom for c in GRILLE.criteres for nom in re.findall(r"\btest_\w+", c.preuve)}
    absents = [nom for nom in sorted(cites) if not (RACINE / "tests" / f"{nom}.py").is_file()]
    assert len(cites) > 15
    assert absents == []


def test_each_table_has_a_caption_and_each_new_window_is_told() -> None:
    gabarits = {p: p.read_text("utf-8") for p in (RACINE / "templates").rglob("*.html")}
    sans = [p.name for p, t in gabarits.items() if t.count("<table") != t.count("<caption")]
    assert sans == []
    liens = re.findall(r"<a [^\n]*?_blank.*?</a>", "\n".join(gabarits.values()))
    dits = ("nouvel onglet", "nouvelle fenêtre", "autre onglet")
    assert len(liens) >= 5
    assert [lien for lien in liens if not any(dit in lien for dit in dits)] == []
    scripts = [p.read_text("utf-8") for p in (RACINE / "static").glob("*.js")]
    ouvertes = re.findall(r"window\.open\([^)]*\)", "\n".join(scripts))
    # The quick exit leaves a frame: its own window goes, none is added.
    assert [une for une in ouvertes if '"_top"' not in une] == []


def test_the_document_is_written_from_the_grid() -> None:
    document = (RACINE / "docs" / "rgaa.md").read_text("utf-8")
    assert document.endswith(to_markdown(GRILLE))
    assert document.count("non conforme") >= 2


def test_the_statement_counts_from_the_grid_and_claims_nothing(client: FlaskClient) -> None:
    page = lire(client.get("/accessibilite").text)
    (titre,) = (texte(e) for e in page.iter("h1"))
    assert titre == "Accessibilité : non conforme"
    points = [texte(e) for e in page.iter("li")]
    for etat, debut in (
        (EtatCritere.CONFORME, "sont tenus pour respectés"),
        (EtatCritere.A_VERIFIER, "restent à vérifier par une personne"),
        (EtatCritere.NON_APPLICABLE, "ne concernent pas ce site"),
    ):
        assert any(p.startswith(f"{GRILLE.nombres[etat]} {debut}") for p in points), etat
    manques = GRILLE.in_state(EtatCritere.NON_CONFORME)
    assert manques
    for critere in manques:
        assert any(p.startswith(f"critère {critere.numero} :") for p in points)
    assert "pourcent" not in texte(page)
    assert "%" not in texte(next(page.iter("main"))).replace("200 %", "")


def test_a_grid_that_lacks_a_criterion_is_refused(tmp_path: Path) -> None:
    entiere = json.loads((RACINE / "data" / FICHIER).read_text("utf-8"))
    assert set(LIBELLES) == set(EtatCritere)
    del entiere["thematiques"][0]["criteres"][0]
    (tmp_path / FICHIER).write_text(json.dumps(entiere), "utf-8")
    with pytest.raises(DonneesError, match="106"):
        load_grille(tmp_path)
    (tmp_path / "autre").mkdir()
    (tmp_path / "autre" / FICHIER).write_text('{"version": "4"}', "utf-8")
    with pytest.raises(DonneesError, match="mal formée"):
        load_grille(tmp_path / "autre")
