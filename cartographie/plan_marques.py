"""The marks of a drawn map: where they stand, which are joined, how they are drawn.

Units are those of the drawing, y downwards. A full mark is an address; a dashed one with a letter
is a zone, and is never where a door is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

RAYON = 10.5
LARGEUR_DU_CHIFFRE = 7.2
TEXTE_MAX = 9
# From a cross to its name, and farther when a mark stands between them.
ECART = 12.0
ECARTS = (ECART, 20.0, 32.0, 44.0)


@dataclass(frozen=True, slots=True)
class Boite:
    """A rectangle: its left, its top, its size."""

    gauche: float
    haut: float
    largeur: float
    hauteur: float

    @property
    def milieu(self) -> float:
        """The middle of its width."""
        return round(self.gauche + self.largeur / 2, 1)

    @property
    def bas(self) -> float:
        """Its lower edge."""
        return round(self.haut + self.hauteur, 1)

    def touche(self, autre: Boite) -> bool:
        """Whether they share more than an edge."""
        return (
            self.gauche < autre.gauche + autre.largeur
            and autre.gauche < self.gauche + self.largeur
            and self.haut < autre.haut + autre.hauteur
            and autre.haut < self.haut + self.hauteur
        )

    def entoure(self, autre: Boite) -> bool:
        """Whether the other one is inside."""
        return (
            self.gauche <= autre.gauche
            and autre.gauche + autre.largeur <= self.gauche + self.largeur
            and self.haut <= autre.haut
            and autre.haut + autre.hauteur <= self.haut + self.hauteur
        )

    def contient(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.entoure(Boite(x, y, 0, 0))


@dataclass(frozen=True, slots=True)
class Marque:
    """One mark at x, y: its numbers, a letter when they are too many to be written there.

    `depuis` is the point that it stands for, when it had to be put beside it.
    """

    x: float
    y: float
    numeros: tuple[int, ...]
    lettre: str = ""
    nom: str = ""
    exacte: bool = True
    depuis: tuple[float, float] | None = None

    @property
    def texte(self) -> str:
        """What is written in it."""
        return self.lettre or suite_fr(self.numeros)

    @property
    def demi(self) -> float:
        """Half its width."""
        return max(RAYON, len(self.texte) * LARGEUR_DU_CHIFFRE / 2 + 5)

    @property
    def boite(self) -> Boite:
        """Where it stands."""
        return Boite(self.x - self.demi, self.y - RAYON, 2 * self.demi, 2 * RAYON)

    def lien(self) -> str:
        """Draw the line to the point that it stands for; nothing where it stands on it."""
        if not self.depuis:
            return ""
        dx, dy = self.depuis
        return (
            f'<path class="plan__lien" d="M{dx:g} {dy:g}L{self.x:g} {self.y:g}"'
            ' stroke="#000000" stroke-width="0.8" fill="none"/>'
        )

    def svg(self) -> str:
        """Draw it: white on black for addresses, black on white and dashed for zones."""
        b = self.boite
        rayon = RAYON if self.exacte else 2
        trait = ' stroke-dasharray="3 2"' if not self.exacte else ""
        fond, encre = ("#000000", "#ffffff") if self.exacte else ("#ffffff", "#000000")
        classe = "plan__adresse" if self.exacte else "plan__zone"
        bord = "#ffffff" if self.exacte else "#000000"
        return (
            f'<g class="{classe}"><rect x="{b.gauche:.1f}" y="{b.haut:.1f}"'
            f' width="{b.largeur:.1f}" height="{b.hauteur:.1f}" rx="{rayon}" fill="{fond}"'
            f' stroke="{bord}" stroke-width="1.4"{trait}/>'
            f'<text x="{self.x:.1f}" y="{self.y + 4.5:.1f}" text-anchor="middle" font-size="13"'
            f' font-weight="bold" fill="{encre}">{self.texte}</text></g>'
        )


@dataclass(frozen=True, slots=True)
class Repere:
    """Where the question was asked from: a cross and its name, which is no service.

    `dx` is how far from the cross the name begins: to the right, or to the left when negative.
    """

    x: float
    y: float
    nom: str
    dx: float = ECART

    @property
    def boite(self) -> Boite:
        """Where the cross and its name stand."""
        nom = self.boite_du_nom
        gauche = min(nom.gauche, self.x - 9)
        return Boite(gauche, nom.haut, max(nom.gauche + nom.largeur, self.x + 9) - gauche, 18)

    @property
    def boite_du_nom(self) -> Boite:
        """Where its name stands."""
        largeur = 4 + len(self.nom) * LARGEUR_DU_CHIFFRE
        gauche = self.x + self.dx if self.dx > 0 else self.x + self.dx - largeur
        return Boite(gauche, self.y - 9, largeur, 18)

    def svg(self) -> str:
        """Draw it."""
        ancre = "start" if self.dx > 0 else "end"
        croix = f"M{self.x - 8:g} {self.y:g}h16M{self.x:g} {self.y - 8:g}v16"
        return (
            f'<path class="plan__lieu" d="{croix}"'
            ' stroke="#000000" stroke-width="3.4" fill="none"/>'
            f'<text x="{self.x + self.dx:g}" y="{self.y + 4.5:g}" text-anchor="{ancre}"'
            ' font-size="13" fill="#000000" stroke="#ffffff" stroke-width="3"'
            f' stroke-linejoin="round" paint-order="stroke">{escape(self.nom)}</text>'
        )


def degager(repere: Repere, marques: Iterable[Marque], cadre: Boite) -> Repere:
    """Put its name where no mark covers it: an address may stand on the cross itself."""
    prises = [m.boite for m in marques]
    essais = (replace(repere, dx=cote * ecart) for ecart in ECARTS for cote in (1, -1))
    dedans = [essai for essai in essais if cadre.entoure(essai.boite_du_nom)]
    libres = (e for e in dedans if not any(e.boite_du_nom.touche(b) for b in prises))
    return next(libres, dedans[0] if dedans else repere)


def suite_fr(numeros: Iterable[int]) -> str:
    """Numbers with those that follow each other joined: `3, 5–8`."""
    morceaux: list[list[int]] = []
    for numero in sorted(set(numeros)):
        if morceaux and morceaux[-1][1] == numero - 1:
            morceaux[-1][1] = numero
        else:
            morceaux.append([numero, numero])
    return ", ".join(
        str(a) if a == b else (f"{a}, {b}" if b == a + 1 else f"{a}–{b}") for a, b in morceaux
    )


def grouper(marques: Iterable[Marque], *, longues: bool) -> tuple[Marque, ...]:
    """Join the marks that cover each other; letters where numbers would not fit.

    `longues`: numbers are written however many they are.
    """
    restantes = sorted(marques, key=lambda m: (m.y, m.x, m.numeros))
    while paire := _paire(restantes):
        une, autre = paire
        restantes = [m for m in restantes if m is not une and m is not autre]
        restantes.append(_joindre(une, autre, longues=longues))
    rangees = sorted(restantes, key=lambda m: m.numeros)
    lettres = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 4)
    return tuple(replace(m, lettre=next(lettres)) if m.lettre else m for m in rangees)


def _paire(marques: Sequence[Marque]) -> tuple[Marque, Marque] | None:
    return next(
        (
            (une, autre)
            for i, une in enumerate(marques)
            for autre in marques[i + 1 :]
            if une.boite.touche(autre.boite)
        ),
        None,
    )


def _joindre(une: Marque, autre: Marque, *, longues: bool) -> Marque:
    n, m = len(une.numeros), len(autre.numeros)
    numeros = tuple(sorted({*une.numeros, *autre.numeros}))
    jointe = Marque(
        round((une.x * n + autre.x * m) / (n + m), 1),
        round((une.y * n + autre.y * m) / (n + m), 1),
        numeros,
    )
    trop = not longues and len(suite_fr(numeros)) > TEXTE_MAX
    return replace(jointe, lettre="A" if trop or une.lettre or autre.lettre else "")


def poser(
    zones: Iterable[Marque], fixes: Sequence[Marque | Repere], cadre: Boite
) -> tuple[Marque, ...]:
    """Put each mark of a zone where nothing stands, as near as can be, tied to its point."""
    prises = [m.boite for m in fixes]
    posees = []
    for marque in zones:
        posee = next(
            (
                m
                for m in _essais(marque)
                if cadre.entoure(m.boite) and not any(m.boite.touche(b) for b in prises)
            ),
            marque,
        )
        prises.append(posee.boite)
        posees.append(posee)
    return tuple(posees)


def _essais(marque: Marque) -> Iterable[Marque]:
    yield marque
    for distance in (24.0, 36.0, 50.0, 66.0, 84.0):
        for pas in range(8):
            angle = pas * math.pi / 4
            x, y = marque.x + distance * math.cos(angle), marque.y + distance * math.sin(angle)
            yield replace(marque, x=round(x, 1), y=round(y, 1), depuis=(marque.x, marque.y))
