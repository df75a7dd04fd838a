"""One colour and one shape per type, seen on every base and in both schemes."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from cartographie.config import RACINE
from cartographie.referentiel import Referentiel

CSS = (RACINE / "static" / "carte.css").read_text("utf-8")
SYMBOLES = (RACINE / "static" / "carte-symboles.js").read_text("utf-8")
CLAIR, SOMBRE = CSS.split("@media (prefers-color-scheme: dark)")[:2]
SCHEMAS = {"clair": CLAIR, "sombre": SOMBRE.split("/* Frame */")[0]}


def couleurs(schema: str) -> dict[str, str]:
    """The colours that carte.css declares for types, in one scheme."""
    return dict(re.findall(r"--carte-type-([a-z-]+): (#[0-9a-f]{6});", SCHEMAS[schema]))


def nom_css(code: str) -> str:
    return code.lower().replace("_", "-")


def luminance(couleur: str) -> float:
    """Relative luminance of WCAG 2."""
    canaux = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contraste(une: str, autre: str) -> float:
    clair, sombre = sorted((luminance(une), luminance(autre)), reverse=True)
    return (clair + 0.05) / (sombre + 0.05)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_type_has_its_colour_and_stands_out_on_every_base(
    schema: str, referentiel: Referentiel
) -> None:
    par_type = couleurs(schema)
    assert set(par_type) == {nom_css(code) for code in referentiel.vocabulaire.types}
    assert len(set(par_type.values())) == len(par_type)
    bases = dict(re.findall(r"--carte-(terre|dehors|papier): (#[0-9a-f]{6});", SCHEMAS[schema]))
    assert len(bases) == 3
    for code, couleur in par_type.items():
        for base, fond in bases.items():
            assert contraste(couleur, fond) >= 3, (code, base)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_is_read_on_the_map_is_readable(schema: str) -> None:
    jetons = dict(re.findall(r"--carte-([a-z-]+): (#[0-9a-f]{6});", SCHEMAS[schema]))
    for texte, fond in (("encre", "papier"), ("nom", "terre"), ("grappe-texte", "grappe")):
        assert contraste(jetons[texte], jetons[fond]) >= 4.5, (texte, fond)
    for signe in ("lieu", "bord", "epci", "grappe"):
        assert contraste(jetons[signe], jetons["terre"]) >= 3, signe


def test_no_two_types_have_nearly_the_same_colour_or_the_same_shape(
    referentiel: Referentiel,
) -> None:
    formes = dict(re.findall(r'^  ([A-Z_]+): "([^"]+)",$', SYMBOLES, re.MULTILINE))
    assert set(formes) == set(referentiel.vocabulaire.types)
    assert len(set(formes.values())) == len(formes)
    for schema in SCHEMAS:
        for (un, a), (deux, b) in combinations(couleurs(schema).items(), 2):
            ecart = sum(abs(int(a[i : i + 2], 16) - int(b[i : i + 2], 16)) for i in (1, 3, 5))
            assert ecart >= 40, (schema, un, deux)


def test_each_type_is_given_its_colour(referentiel: Referentiel) -> None:
    for code in map(nom_css, referentiel.vocabulaire.types):
        assert f".carte-type-{code} {{ --carte-symbole: var(--carte-type-{code}); }}" in CSS
