"""Five ways to find where a record is, from what anybody may ask: metres of Lambert-93 (EPSG:2154).

Each tells where the record seems to be, from the answers alone. They know positions of communes
and of other published records, which everybody knows.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask.testing import FlaskClient

from cartographie.catalogue import lambert
from cartographie.communes import Communes
from tests.mondes.encodages import VERS_LAMBERT
from tests.site import avec_classe, lire, texte

Point = tuple[float, float]
QUESTION = {"type": "HEBERGEMENT", "tri": "distance"}
# Around Grenoble, where attackers may say they stand.
CENTRE = lambert(5.72, 45.0)
KM = re.compile(r"(?:≈ )?(\d+(?:,\d+)?) (km|m)\b")


@dataclass(frozen=True, slots=True)
class Attaquant:
    """Somebody without an account, in search of one record."""

    client: FlaskClient
    communes: Communes
    cible: str
    graine: int = 1

    # ── 1. exact distances from many places ──

    def par_les_distances(self) -> Point:
        """Multilateration: whole metres, from positions given by POST."""
        depuis = [self._ailleurs(n) for n in range(15)]
        return trilaterer(depuis, [self._distance(position) for position in depuis])

    # ── 2. rounded distances, as pages show them ──

    def par_les_arrondis(self) -> Point:
        """The same with kilometres of the page, from every commune around."""
        mesures = []
        for commune in self.communes.toutes[::14]:
            dit = self._distance_de_la_page(commune.code_insee)
            if dit is not None:
                mesures.append((lambert(commune.longitude, commune.latitude), dit))
        depuis, distances = zip(*mesures, strict=True)
        return trilaterer(depuis, distances)

    # ── 3. the radius within which it is found ──

    def par_le_rayon(self) -> Point:
        """Bisection of `rayon_km`, to the metre, from nine communes."""
        depuis, rayons = [], []
        for commune in self.communes.toutes[::58]:
            seuil = self._rayon(commune.code_insee)
            if seuil is not None:
                depuis.append(lambert(commune.longitude, commune.latitude))
                rayons.append(seuil)
        return trilaterer(depuis, rayons)

    # ── 4. the box in which it is found ──

    def par_la_boite(self) -> Point:
        """Bisection of the western and of the southern side of a box."""
        ouest = bissecter(lambda x: self._dans((x, 44.0, 7.0, 46.5)), 4.0, 7.0, 1e-7)
        sud = bissecter(lambda y: self._dans((4.0, y, 7.0, 46.5)), 44.0, 46.5, 1e-7)
        return lambert(ouest, sud)

    # ── 5. its rank among neighbours whose place is known ──

    def par_le_rang(self) -> Point:
        """Places from which it is as far as a neighbour: where the order of the two flips."""
        voisins = self._voisins()
        sur_mediatrice: list[tuple[Point, Point]] = []
        for essai in range(60):
            un, autre = self._ailleurs(2 * essai), self._ailleurs(2 * essai + 1)
            premiers, seconds = self._rangs(un), self._rangs(autre)
            for slug in voisins:
                if slug in premiers and slug in seconds and len(sur_mediatrice) < 12:
                    avant = premiers[self.cible] < premiers[slug]
                    if avant != (seconds[self.cible] < seconds[slug]):
                        bascule = self._bascule(un, autre, slug, avant=avant)
                        sur_mediatrice.append((bascule, voisins[slug]))
                        break
        return par_mediatrices(sur_mediatrice)

    # ── what is asked ──

    def _ailleurs(self, n: int) -> Point:
        """A place drawn within forty kilometres."""
        tirage = random.Random(f"{self.graine} {n}")
        return (
            CENTRE[0] + tirage.uniform(-40_000, 40_000),
            CENTRE[1] + tirage.uniform(-40_000, 40_000),
        )

    def _proches(self, position: Point) -> list[dict[str, Any]]:
        longitude, latitude = degres(position)
        demande = {"longitude": longitude, "latitude": latitude, "limite": 100, **QUESTION}
        groupes = self.client.post("/proches", json=demande).get_json()["groupes"]
        return [resultat for groupe in groupes for resultat in groupe["resultats"]]

    def _distance(self, position: Point) -> float:
        return next(
            float(r["distance_m"]) for r in self._proches(position) if r["acteur"] == self.cible
        )

    def _rangs(self, position: Point) -> Mapping[str, int]:
        """Slug → rank: the order, and nothing of the distances."""
        return {r["acteur"]: n for n, r in enumerate(self._proches(position)) if r["acteur"]}

    def _distance_de_la_page(self, code_insee: str) -> float | None:
        page = self.client.get("/", query_string={"lieu": code_insee, **QUESTION})
        if page.status_code != 200:
            return None
        for ligne in avec_classe(lire(page.text), "resultat"):
            if ligne.get("data-slug") == self.cible:
                (faits,) = avec_classe(ligne, "resultat__faits")
                dit = KM.search(texte(faits).rpartition("·")[2])
                if dit:
                    return float(dit[1].replace(",", ".")) * (1_000 if dit[2] == "km" else 1)
        return None

    def _rayon(self, code_insee: str) -> float | None:
        """Metres to the nearest of the circles in which the record is not found."""

        def absente(rayon_km: float) -> bool:
            question = {"lieu": code_insee, "rayon_km": f"{rayon_km:.4f}", "limite": 100}
            reponse = self.client.get("/proches", query_string=question | QUESTION)
            return reponse.status_code != 200 or self.cible not in reponse.text

        if absente(200.0):
            return None
        return bissecter(absente, 0.001, 200.0, 0.0005) * 1_000

    def _dans(self, boite: tuple[float, float, float, float]) -> bool:
        question = {"bbox": ",".join(f"{cote:.8f}" for cote in boite), "limit": 1000, "f": "json"}
        objets = self.client.get("/ogc/collections/acteurs/items", query_string=question)
        return any(objet["id"] == self.cible for objet in objets.get_json()["features"])

    def _voisins(self) -> dict[str, Point]:
        """Published points of the others."""
        objets = json.loads(self.client.get("/acteurs.geojson").text)["features"]
        return {
            objet["properties"]["slug"]: lambert(*objet["geometry"]["coordinates"])
            for objet in objets
            if objet["geometry"]
            and objet["geometry"]["type"] == "Point"
            and objet["properties"]["slug"] != self.cible
        }

    def _bascule(self, un: Point, autre: Point, slug: str, *, avant: bool) -> Point:
        def point(t: float) -> Point:
            return (un[0] + t * (autre[0] - un[0]), un[1] + t * (autre[1] - un[1]))

        def pareil(t: float) -> bool:
            rangs = self._rangs(point(t))
            return (rangs[self.cible] < rangs[slug]) == avant

        return point(bissecter(pareil, 0.0, 1.0, 1e-4))


def bissecter(vrai: Callable[[float], bool], bas: float, haut: float, pas: float) -> float:
    """Where an answer changes: true at `bas`, false at `haut`."""
    while haut - bas > pas:
        milieu = (bas + haut) / 2
        if vrai(milieu):
            bas = milieu
        else:
            haut = milieu
    return (bas + haut) / 2


def degres(point: Point) -> Point:
    """Longitude, latitude (EPSG:4326)."""
    longitude, latitude = VERS_LAMBERT.transform(*point, direction="INVERSE")
    return float(longitude), float(latitude)


def trilaterer(depuis: Any, distances: Any) -> Point:  # noqa: ANN401
    """The point whose distances (metres) from those places are the nearest to those told."""
    places, mesures = np.array(depuis), np.array(distances)

    def ecarts(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        vecteurs = x - places
        longueurs = np.maximum(np.hypot(*vecteurs.T), 1.0)
        return longueurs - mesures, vecteurs / longueurs[:, None]

    return _gauss_newton(ecarts, places.mean(axis=0))


def par_mediatrices(bascules: list[tuple[Point, Point]]) -> Point:
    """The point that is, from each place, as far as the neighbour of that place."""
    places = np.array([place for place, _ in bascules])
    rayons = np.array([math.dist(*couple) for couple in bascules])
    return trilaterer(places, rayons)


def _gauss_newton(ecarts: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], x: Any) -> Point:  # noqa: ANN401
    for _ in range(60):
        residus, pentes = ecarts(x)
        x = x - np.linalg.lstsq(pentes, residus, rcond=None)[0]
    return float(x[0]), float(x[1])
