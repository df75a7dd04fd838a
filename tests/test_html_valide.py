"""Every page is valid HTML, labelled and structured, as the server writes it.

html-validate reads them all at once. What it is told to leave aside (`html-validate.json`) is taste
or is not so here: names shared by ticks, subresource integrity for files of our own origin,
`role="region"` on what scrolls.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from tests.axe import node_modules
from tests.site import lire, texte
from tests.vues import Vue
from tests.vues_monde import Monde

pytest_plugins = ("tests.vues_essais",)
REGLES = Path(__file__).with_name("html-validate.json")
SANS_ETIQUETTE = {"hidden", "submit", "button", "image", "reset"}


def valider(pages: dict[str, str], dossier: Path) -> list[str]:
    """What html-validate says of these pages, one fault a line."""
    (dossier / ".htmlvalidate.json").write_text(REGLES.read_text("utf-8"), "utf-8")
    noms = {}
    for rang, (nom, html) in enumerate(pages.items()):
        fichier = dossier / f"{rang:03}.html"
        fichier.write_text(html, "utf-8")
        noms[str(fichier)] = nom
    node = Path(sys.executable).with_name("node")
    programme = node_modules() / "html-validate" / "bin" / "html-validate.mjs"
    dit = subprocess.run(
        [node, programme, "--formatter", "json", *noms],
        cwd=dossier,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert dit.stdout, dit.stderr[:500]
    return [
        f"{noms[f['filePath']]} : {m['ruleId']} : {m['message']} : {m.get('selector')}"
        for f in json.loads(dit.stdout)
        for m in f["messages"]
    ]


@pytest.fixture(scope="module")
def pages(monde: Monde, toutes: list[Vue]) -> dict[str, str]:
    """Every page as it is sent."""
    return {
        f"{rang} {vue.nom}": vue.html
        if vue.html is not None
        else monde.qui(vue.role).get(vue.chemin).text
        for rang, vue in enumerate(toutes)
        if vue.geste is None
    }


def test_every_page_is_valid_html(pages: dict[str, str], tmp_path: Path) -> None:
    assert valider(pages, tmp_path) == []


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    faute = (
        "<!doctype html><html lang='fr'><head><title>x</title></head><body><h1>x</h1><h3>y</h3>"
        "<p id='a'></p><p id='a'></p><input type='text'><table><div></div></table></body></html>"
    )
    vues = {ligne.split(" : ")[1] for ligne in valider({"x": faute}, tmp_path)}
    assert {"heading-level", "no-dup-id", "input-missing-label"} <= vues


def test_every_page_has_ids_labels_headings_and_a_language(pages: dict[str, str]) -> None:
    fautes = [
        f"{nom} : {faute}"
        for nom, html in pages.items()
        for page in [lire(html)]
        for verifier in (doubles, sans_etiquette, sauts, sans_titre)
        for faute in verifier(page)
    ]
    assert fautes == []


def doubles(page: Element) -> list[str]:
    """Ids said twice, and references to ids that are nowhere."""
    ids = [e.get("id", "") for e in page.iter() if e.get("id")]
    deux = [f"{i} deux fois" for i in sorted(set(ids)) if ids.count(i) > 1]
    renvois = ("for", "aria-labelledby", "aria-describedby", "list", "headers")
    perdus = [
        f"{renvoi}={cible}"
        for e in page.iter()
        for renvoi in renvois
        for cible in e.get(renvoi, "").split()
        if cible not in ids
    ]
    ancres = [e.get("href", "") for e in page.iter("a")]
    mortes = [a for a in ancres if re.fullmatch(r"#[^#]+", a) and a[1:] not in ids]
    return deux + perdus + mortes


def sans_etiquette(page: Element) -> list[str]:
    """Fields without a label, an aria-label or an aria-labelledby."""
    pour = {e.get("for") for e in page.iter("label")}
    dedans = {id(champ) for e in page.iter("label") for champ in e.iter() if champ is not e}
    return [
        f"{e.tag} {e.get('name') or e.get('id')}"
        for e in page.iter()
        if e.tag in ("input", "select", "textarea")
        and e.get("type", "text") not in SANS_ETIQUETTE
        and "hidden" not in e.attrib
        and not (e.get("id") in pour or id(e) in dedans)
        and not (e.get("aria-label") or e.get("aria-labelledby"))
    ]


def sauts(page: Element) -> list[str]:
    """Headings that are empty, and levels left out."""
    titres = [e for e in page.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    niveaux = [int(str(e.tag)[1]) for e in titres]
    vides = [str(e.tag) for e in titres if not texte(e)]
    return vides + [
        f"h{avant} puis h{apres}"
        for avant, apres in zip([0, *niveaux], niveaux, strict=False)
        if apres > avant + 1
    ]


def sans_titre(page: Element) -> list[str]:
    """Pages without a language, a title or a main part."""
    fautes = [] if page.get("lang") == "fr" else ["lang"]
    fautes += [] if any(texte(e) for e in page.iter("title")) else ["title"]
    return fautes + ([] if len(list(page.iter("main"))) == 1 else ["main"])
