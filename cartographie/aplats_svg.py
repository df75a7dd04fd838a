"""Coverage as one SVG file, for documents: the classes of a page, each with its hatching, in greys.

Printers are black and white: a class is told by what it is hatched with and by its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cartographie.aplats import Aplats

# One pattern per class of distance, from the nearest: size, turn, ground, shapes upon it.
MOTIFS: Sequence[tuple[str, str, str, str]] = (
    ("10", "", "#ffffff", ""),
    ("10", "", "#f2f2f2", '<circle cx="3" cy="3" r="1.3" fill="#555555"/>'),
    ("9", "rotate(45)", "#dddddd", '<path d="M4.5 0V9" stroke="#666666" stroke-width="1.4"/>'),
    ("6", "rotate(-45)", "#b5b5b5", '<path d="M3 0V6" stroke="#333333" stroke-width="1.6"/>'),
    ("8", "rotate(45)", "#444444", '<path d="M4 0V8M0 4H8" stroke="#cccccc" stroke-width="1.2"/>'),
    ("12", "", "#ffffff", '<path d="M0 3H12M0 9H12" stroke="#777777" stroke-width="1"/>'),
)


def svg_de(aplats: Aplats) -> str:
    """The whole drawing; names of communes are the only words in it."""
    classes = "".join(
        f'<path d="{chemin}" fill="url(#m{rang})" stroke="#9a9a9a" stroke-width="0.3"/>'
        for rang, chemin in enumerate(aplats.classes)
        if chemin
    )
    epci = f'<path d="{aplats.epci}" fill="none" stroke="#000000" stroke-width="1.3"/>'
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
