"""Coverage as one SVG file, for documents: the classes of a page, each with its hatching, in greys.

Printers are black and white: a class is told by what it is hatched with and by its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cartographie.aplats import Aplats

# One pattern per class of distance, from the nearest: size, turn, ground, shapes upon it.
MOTIFS: Sequence[tuple[str, str, str, str]] = (
    ("14", "", "#ffffff", ""),
    ("14", "", "#f0f0f0", '<circle cx="4" cy="4" r="1.7" fill="#666666"/>'),
    ("13", "rotate(45)", "#d6d6d6", '<path d="M6.5 0V13" stroke="#777777" stroke-width="1.6"/>'),
    ("11", "rotate(-45)", "#8c8c8c", '<path d="M5.5 0V11" stroke="#dddddd" stroke-width="1.6"/>'),
    ("14", "", "#1c1c1c", '<circle cx="7" cy="7" r="2" fill="#ffffff"/>'),
    ("14", "", "#ffffff", '<path d="M0 3.5H14M0 10.5H14" stroke="#777777" stroke-width="1"/>'),
)


def svg_de(aplats: Aplats) -> str:
    """The whole drawing; names of communes are the only words in it."""
    classes = "".join(
        f'<path d="{chemin}" fill="url(#m{rang})" stroke="{MOTIFS[rang][2]}" stroke-width="0.5"/>'
        for rang, chemin in enumerate(aplats.classes)
        if chemin
    )
    epci = f'<path d="{aplats.epci}" fill="none" stroke="#000000" stroke-width="2"/>'
    points = "".join(
        f'<circle cx="{p.x}" cy="{p.y}" r="6" fill="#000000" stroke="#ffffff" stroke-width="2"/>'
        if p.exact
        else f'<path d="M{p.x} {p.y}m0 -8l8 8l-8 8l-8 -8z" fill="#ffffff" stroke="#000000"'
        ' stroke-width="2.4"/>'
        for p in aplats.points
    )
    noms = "".join(
        f'<text x="{n.x}" y="{n.y - 12}" text-anchor="middle" font-size="20" font-weight="bold"'
        ' fill="#000000" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"'
        f' paint-order="stroke">{escape(n.texte)}</text>'
        for n in aplats.noms
    )
    cadre = f'viewBox="0 0 {aplats.largeur} {aplats.hauteur}"'
    return _svg(f"{classes}{epci}{points}{noms}", cadre)


def echantillon(rang: int) -> str:
    """A small square of a class, for the words that tell what it is."""
    dessin = f'<rect width="40" height="22" fill="url(#m{rang})" stroke="#000000"/>'
    return _svg(dessin, 'viewBox="0 0 40 22"')


def _svg(dessin: str, cadre: str) -> str:
    motifs = "".join(
        f'<pattern id="m{rang}" patternUnits="userSpaceOnUse" width="{cote}" height="{cote}"'
        f' patternTransform="{tour or "rotate(0)"}"><rect width="{cote}" height="{cote}"'
        f' fill="{fond}"/>{formes}</pattern>'
        for rang, (cote, tour, fond, formes) in enumerate(MOTIFS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {cadre} font-family="Libertinus Serif">'
        f"<defs>{motifs}</defs>{dessin}</svg>"
    )
