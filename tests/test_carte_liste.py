"""The list is the map in words: each marker has one line there, with the same facts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from tests.navigateur import Ouvrir
from tests.site import avec_classe, lire, objet, texte

pytest_plugins = ("tests.chromium",)

QUESTIONS = (
    "",
    "lieu=La+Mure",
    "lieu=38185&besoin=soins",
    "besoin=abri",
    "type=CISPD&type=FORCE_ORDRE",
    "besoin=droits&tri=distance&lieu=Vienne",
    "besoin=auteurs",
)


def lignes(client: FlaskClient, question: str, total: int) -> list[dict[str, Any]]:
    """The lines of the whole list: slug, name, numbers, words."""
    page = lire(client.get(f"/?{question}&page={max(total, 1)}").text)
    trouvees = []
    for ligne in avec_classe(page, "resultat"):
        if ligne.get("data-slug"):
            nom = next(avec_classe(ligne, "resultat__nom"))
            appels = [a.get("href", "") for a in avec_classe(ligne, "appel")]
            trouvees.append(
                {"slug": ligne.get("data-slug"), "nom": texte(nom), "appels": appels,
                 "mots": texte(ligne)}
            )  # fmt: skip
    return trouvees


def marqueurs(carte: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Each record of each marker, and where it stands: a commune, or the words of a zone."""
    acteurs = [dict(zip(carte["colonnes"], a, strict=True)) for a in carte["acteurs"]]
    portes = [(acteurs[rang], commune) for rang, _, _, commune, *_ in carte["portes"]]
    zones = [(acteurs[rang], zone["ou"]) for zone in carte["zones"] for rang in zone["acteurs"]]
    return portes + zones


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_marker_has_one_line_with_the_same_facts(client: FlaskClient, question: str) -> None:
    carte = objet(client.get(f"/carte.json?{question}"))
    liste = lignes(client, question, carte["total"])
    par_slug = {ligne["slug"]: ligne for ligne in liste}
    fois = Counter(ligne["slug"] for ligne in liste)
    places = marqueurs(carte)
    assert places
    for acteur, ou in places:
        assert fois[acteur["slug"]] == 1, acteur["slug"]
        ligne = par_slug[acteur["slug"]]
        assert ligne["nom"] == acteur["nom"]
        if acteur["tel"]:
            assert acteur["tel"] in ligne["appels"], ligne
        # "Au Pont-de-Claix" on the map, "Le Pont-de-Claix" in the list.
        commune = ou.removeprefix("à ").removeprefix("au ")
        assert commune in ligne["mots"], (ou, ligne["mots"])


def test_a_marker_that_is_opened_says_what_its_line_says(ouvrir: Ouvrir) -> None:
    page = ouvrir("/?lieu=38185&besoin=soins&page=200#carte=14/45.19/5.74")
    portes = page.locator(".carte-porte")
    expect(portes.first).to_be_visible()
    compares = 0
    for rang in range(min(portes.count(), 4)):
        porte = portes.nth(rang)
        nom, *_ = (porte.get_attribute("aria-label") or "").split(",")
        porte.dispatch_event("click")
        bulle = page.get_by_role("dialog")
        expect(bulle).to_contain_text(nom)
        appels = bulle.locator("a[href^=tel]").evaluate_all("es => es.map(e => e.href)")
        fiche = bulle.locator("a[href*='/acteurs/']").first.get_attribute("href") or ""
        ligne = page.locator(f".resultat[data-slug='{fiche.rpartition('/')[2]}']")
        expect(ligne).to_have_count(1)
        expect(ligne).to_contain_text(nom)
        dits = ligne.locator(".appel").evaluate_all("es => es.map(e => e.href)")
        assert set(appels) <= set(dits), nom
        compares += len(appels)
        page.keyboard.press("Escape")
        expect(bulle).to_have_count(0)
    assert compares
