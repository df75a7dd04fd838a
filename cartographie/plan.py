"""A drawn map for paper: numbers of a list at their addresses, letters where only a zone is known.

An SVG with its colours in attributes, so that a page and a PDF show the same; no record text is in
it, only numbers, letters and names of communes. Positions are degrees (EPSG:4326) on a plane where
longitude is shortened as at the middle of the map.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

import shapely
from shapely.geometry.base import BaseGeometry

from cartographie.acteurs import Localisation, Precision
from cartographie.communes import Commune, Communes, Lieu
from cartographie.plan_marques import Boite, Marque, Repere, degager, grouper, poser, suite_fr

LARGEUR = 680.0
HAUTEUR_MIN, HAUTEUR_MAX = 240.0, 540.0
HAUTEUR_DETAIL = 300.0
MARGE = 34.0
# Less than this is a map of nothing: about 5 km.
ETENDUE_MIN_DEGRES = 0.045
NOMS_MAX = 18
LETTRE, LIGNE = 7.4, 17.0


@dataclass(frozen=True, slots=True)
class PointNumerote:
    """A line of the list and one of its places."""

    numero: int
    localisation: Localisation


@dataclass(frozen=True, slots=True)
class Lettre:
    """A letter of the map: what it stands for, and the numbers that are there."""

    lettre: str
    nom: str
    numeros: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A map: the drawing, and what its letters mean."""

    svg: str
    titre: str
    lettres: tuple[Lettre, ...] = ()


@dataclass(frozen=True, slots=True)
class Cadre:
    """The part of the world that is drawn, and its scale in units per degree of latitude."""

    ouest: float
    nord: float
    echelle: float
    largeur_du_degre: float
    hauteur: float
    boite: Boite = field(default=Boite(0, 0, LARGEUR, 0))

    def xy(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Position in the drawing."""
        x = (longitude - self.ouest) * self.largeur_du_degre * self.echelle
        return round(x, 1), round((self.nord - latitude) * self.echelle, 1)


def dessiner_plans(
    points: Sequence[PointNumerote], communes: Communes, lieu: Lieu | None = None
) -> tuple[Plan, ...]:
    """The map of a list, then a closer one of where its addresses are too close to be told apart.

    `lieu`, where the question was asked from, is in the first. Empty when nothing has a place.
    """
    exacts = [p for p in points if p.localisation.precision is Precision.ADRESSE]
    zones = [p for p in points if p.localisation.precision in (Precision.COMMUNE, Precision.EPCI)]
    if not exacts and not zones:
        return ()
    positions = [(p.localisation.longitude, p.localisation.latitude) for p in (*exacts, *zones)]
    depuis = _depuis(lieu)
    cadre = _cadre([*positions, *(un[:2] for un in depuis)])
    marques = grouper(_marques(exacts, cadre), longues=False)
    reperes = tuple(
        degager(Repere(*cadre.xy(x, y), nom), marques, cadre.boite) for x, y, nom in depuis
    )
    lettres = _lettres(zones, communes)
    serrees = [m for m in marques if m.lettre]
    plans = [_plan("Plan de situation", cadre, marques, lettres, communes, reperes)]
    if serrees:
        dense = max(serrees, key=lambda m: len(m.numeros))
        ici = [p for p in exacts if p.numero in dense.numeros and _dans(p, dense, cadre)]
        detail = _cadre(
            [(p.localisation.longitude, p.localisation.latitude) for p in ici], HAUTEUR_DETAIL
        )
        visibles = [p for p in exacts if _visible(p, detail)]
        marques = grouper(_marques(visibles, detail), longues=True)
        plans.append(_plan(f"Détail du repère {dense.lettre}", detail, marques, {}, communes, ()))
    return tuple(plans)


def _depuis(lieu: Lieu | None) -> tuple[tuple[float, float, str], ...]:
    """Where a question was asked from, when it has a place: the commune, never more."""
    if lieu is None or lieu.longitude is None or lieu.latitude is None or not lieu.code_insee:
        return ()
    return ((lieu.longitude, lieu.latitude, lieu.libelle.partition(" (")[0]),)


def _cadre(points: Sequence[tuple[float, float]], hauteur_max: float = HAUTEUR_MAX) -> Cadre:
    """A frame around positions (longitude, latitude)."""
    ouest, est = min(x for x, _ in points), max(x for x, _ in points)
    sud, nord = min(y for _, y in points), max(y for _, y in points)
    milieu = math.cos(math.radians((sud + nord) / 2))
    largeur = max((est - ouest) * milieu, ETENDUE_MIN_DEGRES)
    hauteur = max(nord - sud, ETENDUE_MIN_DEGRES)
    utile = LARGEUR - 2 * MARGE
    echelle = min(utile / largeur, (hauteur_max - 2 * MARGE) / hauteur)
    haut = max(hauteur * echelle + 2 * MARGE, HAUTEUR_MIN)
    return Cadre(
        ouest=(ouest + est) / 2 - LARGEUR / 2 / echelle / milieu,
        nord=(sud + nord) / 2 + haut / 2 / echelle,
        echelle=echelle,
        largeur_du_degre=milieu,
        hauteur=round(haut, 1),
        boite=Boite(0, 0, LARGEUR, round(haut, 1)),
    )


def _marques(points: Iterable[PointNumerote], cadre: Cadre) -> list[Marque]:
    return [
        Marque(*cadre.xy(p.localisation.longitude, p.localisation.latitude), (p.numero,))
        for p in points
    ]


def _dans(point: PointNumerote, marque: Marque, cadre: Cadre) -> bool:
    """Whether it is one of those that the mark gathers: a line may have a door elsewhere too."""
    x, y = cadre.xy(point.localisation.longitude, point.localisation.latitude)
    return math.hypot(x - marque.x, y - marque.y) < 60


def _visible(point: PointNumerote, cadre: Cadre) -> bool:
    x, y = cadre.xy(point.localisation.longitude, point.localisation.latitude)
    return cadre.boite.contient(x, y)


def _lettres(
    zones: Iterable[PointNumerote], communes: Communes
) -> dict[tuple[float, float, str], list[int]]:
    """(longitude, latitude, name) → numbers that are known by this zone only."""
    lettres: dict[tuple[float, float, str], list[int]] = {}
    for point in zones:
        lieu = point.localisation
        epci = communes.epci(lieu.code_epci)
        nom = lieu.commune or (f"secteur {epci.nom}" if epci else "secteur non précisé")
        lettres.setdefault((lieu.longitude, lieu.latitude, nom), []).append(point.numero)
    return lettres


def _plan(
    titre: str,
    cadre: Cadre,
    marques: Sequence[Marque],
    zones: dict[tuple[float, float, str], list[int]],
    communes: Communes,
    reperes: tuple[Repere, ...],
) -> Plan:
    noms_de_lettres = iter(_alphabet(sum(bool(m.lettre) for m in marques)))
    placees = []
    for (longitude, latitude, nom), numeros in zones.items():
        x, y = cadre.xy(longitude, latitude)
        marque = Marque(x, y, tuple(sorted(set(numeros))), next(noms_de_lettres), nom, exacte=False)
        placees.append(marque)
    posees = poser(placees, (*marques, *reperes), cadre.boite)
    lettres = [
        Lettre(m.lettre, m.nom or "adresses trop proches pour cette échelle", suite_fr(m.numeros))
        for m in (*marques, *placees)
        if m.lettre
    ]
    fixes: tuple[Marque | Repere, ...] = (*reperes, *posees, *marques)
    # Lines first: one of them may pass where another mark stands.
    dessin = "".join(
        (*_fond(cadre, communes, fixes), *(m.lien() for m in posees), *(m.svg() for m in fixes))
    )
    return Plan(_svg(dessin, cadre, titre), titre, tuple(lettres))


def _alphabet(deja: int) -> Iterator[str]:
    """A, B … Z, AA, AB …, after those that are taken."""
    rang = deja
    while True:
        yield lettre_de(rang)
        rang += 1


def lettre_de(rang: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    debut = "" if rang < 26 else lettre_de(rang // 26 - 1)
    return debut + chr(ord("A") + rang % 26)


def _fond(cadre: Cadre, communes: Communes, marques: Sequence[Marque | Repere]) -> Iterator[str]:
    """Outlines of communes, then the names of the largest where nothing else stands."""
    sud = cadre.nord - cadre.hauteur / cadre.echelle
    est = cadre.ouest + LARGEUR / cadre.echelle / cadre.largeur_du_degre
    ici = [
        c
        for c in communes.toutes
        if c.contour.intersects(shapely.box(cadre.ouest, sud, est, cadre.nord))
    ]
    contours = shapely.coverage_simplify([c.contour for c in ici], 0.8 / cadre.echelle)
    coupes = shapely.clip_by_rect(contours, cadre.ouest, sud, est, cadre.nord)
    chemins = "".join(_chemin(un, cadre) for un in coupes)
    yield (
        '<path class="plan__communes" fill="#f4f4f4" stroke="#9a9a9a" stroke-width="0.8"'
        f' d="{chemins}"/>'
    )
    prises = [m.boite for m in marques]
    for nom, boite in _noms(ici, cadre, prises):
        yield (
            f'<text class="plan__nom" x="{boite.milieu}" y="{boite.bas - 4}" text-anchor="middle"'
            f' font-size="13" font-style="italic" fill="#333333" stroke="#ffffff"'
            f' stroke-width="3" stroke-linejoin="round" paint-order="stroke">{escape(nom)}</text>'
        )


def _noms(ici: Sequence[Commune], cadre: Cadre, prises: list[Boite]) -> Iterator[tuple[str, Boite]]:
    poses = 0
    for commune in sorted(ici, key=lambda c: (-c.population, c.code_insee)):
        x, y = cadre.xy(commune.longitude, commune.latitude)
        demi = len(commune.nom) * LETTRE / 2
        for dy in (-20.0, 20.0, -34.0, 34.0):
            boite = Boite(x - demi, y + dy - LIGNE / 2, 2 * demi, LIGNE)
            if cadre.boite.entoure(boite) and not any(boite.touche(p) for p in prises):
                prises.append(boite)
                poses += 1
                yield commune.nom, boite
                break
        if poses >= NOMS_MAX:
            return


def _chemin(surface: BaseGeometry, cadre: Cadre) -> str:
    morceaux = []
    for polygone in shapely.get_parts(surface):
        if polygone.geom_type == "Polygon" and not polygone.is_empty:
            points = (cadre.xy(x, y) for x, y in polygone.exterior.coords)
            morceaux.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(morceaux)


def _svg(dessin: str, cadre: Cadre, titre: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plan" viewBox="0 0 {LARGEUR:g}'
        f' {cadre.hauteur:g}" width="{LARGEUR:g}" height="{cadre.hauteur:g}" role="img"'
        f' aria-label="{escape(titre)}" font-family="Libertinus Serif">'
        f'<rect class="plan__fond" width="{LARGEUR:g}" height="{cadre.hauteur:g}" fill="#ffffff"'
        f' stroke="#666666"/>{dessin}</svg>'
    )
