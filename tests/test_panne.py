"""The pages of failure: whom to call and the way out, when nothing of ours answers."""

from __future__ import annotations

import stat
from pathlib import Path

from cartographie.config import RACINE
from cartographie.referentiel import Referentiel
from cartographie.variables import MOTS_EXPOSANTS
from cartographie.web.panne import PAGES, write_pages
from cartographie.web.rendu import COURTS
from tests.commande import run
from tests.site import SORTIE, lire


def test_every_page_of_failure_tells_whom_to_call_and_leads_out(referentiel: Referentiel) -> None:
    fichiers = write_pages(referentiel.numeros, SORTIE)
    assert {f"panne/{nom}" for nom in PAGES} < fichiers.keys()
    for nom in PAGES:
        page = lire(fichiers[f"panne/{nom}"].decode())
        liens = {lien.get("href"): lien for lien in page.iter("a")}
        assert {"tel:17", "sms:114", "tel:3919", "tel:115", "tel:119", "tel:112"} < liens.keys()
        assert len([lien for lien in liens if lien and lien[:4] in ("tel:", "sms:")]) == len(COURTS)
        assert (liens[SORTIE].get("id"), liens[SORTIE].get("target")) == ("quitter", "_top")
        titre = (page.findtext(".//title") or "").lower()
        assert titre
        assert not any(mot in titre for mot in MOTS_EXPOSANTS)


def test_pages_of_failure_need_nothing_but_what_stands_beside_them(
    referentiel: Referentiel,
) -> None:
    fichiers = write_pages(referentiel.numeros, SORTIE)
    for nom in PAGES:
        page = lire(fichiers[f"panne/{nom}"].decode())
        pieces = [e.get("href") for e in page.iter("link")] + [
            e.get("src") for e in page.iter("script")
        ]
        assert {str(piece).lstrip("/") for piece in pieces} - {"data:,"} <= fichiers.keys()
        assert page.find(".//style") is None
        assert not any("style" in e.attrib for e in page.iter())
    assert fichiers["panne/sortie.js"] == (RACINE / "static" / "sortie.js").read_bytes()


def test_the_command_writes_files_that_the_server_in_front_may_read(tmp_path: Path) -> None:
    sortie = "https://exemple.fr/recettes"
    ecrit = run("pages-de-panne", tmp_path / "web", CARTO_SORTIE_URL=sortie)
    assert ecrit.exit_code == 0, ecrit.output
    pages = [tmp_path / "web" / "panne" / nom for nom in PAGES]
    assert all(sortie in page.read_text("utf-8") for page in pages)
    assert {stat.S_IMODE(page.stat().st_mode) for page in pages} == {0o644}
    assert stat.S_IMODE(pages[0].parent.stat().st_mode) == 0o755
