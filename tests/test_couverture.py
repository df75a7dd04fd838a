"""Coverage: distances held to a geodesic made elsewhere, sums, real places, what is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from pyproj import Geod

from cartographie.acteurs import (
    Acces,
    Destinataire,
    Territoire,
)
from cartographie.catalogue import Catalogue
from cartographie.config import RACINE
from cartographie.couverture import (
    RAYONS_KM,
    SANS_LIEU,
    Bilan,
    CommuneCouverte,
    Couverture,
    Critere,
    Essai,
    Manque,
    Question,
    couvrir,
    mesurer,
    simuler,
)
from cartographie.couverture.mots import (
    eloignement_fr,
)
from cartographie.recherche import Recherche, repondre
from cartographie.referentiel import Referentiel
from tests.couverte import PARLER, fiche, porte
from tests.site import MARDI

GEODESIQUE = Geod(ellps="GRS80")


def ligne(couverture: Couverture, nom: str) -> CommuneCouverte:
    return next(une for une in couverture.communes if une.commune.nom == nom)


def geodesiques(catalogue: Catalogue, referentiel: Referentiel, mission: str) -> Any:  # noqa: ANN401
    """Metres on the ellipsoid from each commune to its nearest door, without any of our own code.

    Written from the rules alone: doors one may go to, of this mission; perpetrators only if asked.
    """
    portes = [
        (i.localisation.longitude, i.localisation.latitude)
        for f in catalogue.fiches
        if f.acces == "direct" and mission in f.missions
        if set(f.destinataires) != {Destinataire.AUTEURS} or mission.endswith("-auteurs")
        for i in f.implantations
    ]
    if not portes:
        return None
    ici = [(c.longitude, c.latitude) for c in referentiel.communes.toutes]
    lon, lat = np.repeat(ici, len(portes), axis=0).T
    vers_lon, vers_lat = np.tile(portes, (len(ici), 1)).T
    _, _, metres = GEODESIQUE.inv(lon, lat, vers_lon, vers_lat)
    return metres.reshape(len(ici), len(portes)).min(axis=1)


def test_every_distance_of_every_mission_is_the_geodesic_within_two_per_thousand(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    mesurees = 0
    for mission in referentiel.vocabulaire.missions:
        couverture = couvrir(Question(Critere.MISSION, mission), catalogue_reel, referentiel)
        attendues = geodesiques(catalogue_reel, referentiel, mission)
        trouvees = [une.distance_m for une in couverture.communes]
        assert len(trouvees) == 512
        if attendues is None:
            assert set(trouvees) == {None}
            continue
        # Ours are whole metres: half of one is lost in rounding.
        ecarts = np.abs(np.array(trouvees, dtype=float) - attendues)
        assert (ecarts <= 0.002 * attendues + 0.5).all(), mission
        mesurees += 1
    assert mesurees >= 15


def test_inhabitants_add_up_to_those_of_the_departement(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    communes = json.loads((RACINE / "data/communes_isere/communes.geojson").read_text())
    total = sum(f["properties"]["population"] for f in communes["features"])
    epci = json.loads((RACINE / "data/communes_isere/epci.json").read_text())
    assert total == sum(un["population_isere"] for un in epci)
    for besoin in ("parler", "abri", "enfants", "reseau"):
        couverture = couvrir(Question(Critere.BESOIN, besoin), catalogue_reel, referentiel)
        assert couverture.bilan.habitants == total
        assert sum(une.commune.population for une in couverture.communes) == total
        assert sum(un.bilan.habitants for un in couverture.epci) == total
        assert sum(un.bilan.communes for un in couverture.epci) == 512
        assert sum(couverture.bilan.competence) == total
        par_epci = zip(*(un.bilan.dans for un in couverture.epci), strict=True)
        assert tuple(map(sum, par_epci)) == couverture.bilan.dans
        assert all(moins <= plus for moins, plus in pairwise(couverture.bilan.dans))


@pytest.mark.parametrize(
    ("nom", "besoin", "slug", "dit"),
    [
        # Read on a map by hand, and the same as tests/attendus.csv says of searches.
        ("La Mure", "parler", "css-pont-de-claix", "≈ 25 km (commune du Pont-de-Claix)"),
        ("La Mure", "soins", "ch-fabrice-marchiol-la-mure", "700 m (La Mure)"),
        ("La Mure", "abri", "etoile-du-berger-smh", "≈ 31 km (commune de Saint-Martin-d'Hères)"),
        ("Villard-de-Lans", "parler", "css-pont-de-claix", "≈ 13 km (commune du Pont-de-Claix)"),
        ("Villard-de-Lans", "abri", "local-grenoble", "≈ 19 km (commune de Grenoble)"),
        ("Vienne", "soins", "ch-lucien-hussel-vienne", "700 m (Vienne)"),
        ("Vienne", "abri", "rivhaj-leao-vienne", "dans la commune"),
    ],
)
def test_real_places(
    catalogue_reel: Catalogue, referentiel: Referentiel, nom: str, besoin: str, slug: str, dit: str
) -> None:
    couverture = couvrir(Question(Critere.BESOIN, besoin), catalogue_reel, referentiel)
    trouvee = ligne(couverture, nom)
    assert trouvee.destination is not None
    assert trouvee.destination.slug == slug
    assert eloignement_fr(trouvee) == dit


def test_coverage_and_search_measure_the_same(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    couverture = couvrir(PARLER, catalogue_reel, referentiel)
    for nom in ("La Mure", "Mens", "Vienne", "Crolles", "Le Bourg-d'Oisans"):
        une = ligne(couverture, nom)
        lieu = referentiel.communes.lieu(nom)
        recherche = Recherche(lieu=lieu, besoin="parler", tri="distance")
        reponse = repondre(recherche, catalogue_reel, referentiel, MARDI)
        recevoir = next(g for g in reponse.groupes if g.code == "recevoir")
        assert une.distance_m == recevoir.resultats[0].distance_m


def test_only_places_with_the_right_way_in_count(referentiel: Referentiel) -> None:
    ailleurs = [
        fiche(acces.value, acces=acces, implantations=(porte(referentiel, "38269"),))
        for acces in Acces
        if acces is not Acces.DIRECT
    ]
    vide = mesurer(PARLER, ailleurs, referentiel)
    assert {une.distance_m for une in vide.communes} == {None}
    assert {une.classe for une in vide.communes} == {SANS_LIEU}
    assert (vide.bilan.mediane_m, vide.bilan.moyenne_m, vide.bilan.dans) == (None, None, (0,) * 4)
    assert dict(vide.autres) == {acces: 1 for acces in Acces if acces is not Acces.DIRECT}
    oriente = mesurer(replace(PARLER, acces=Acces.ORIENTATION), ailleurs, referentiel)
    assert ligne(oriente, "La Mure").distance_m == 0
    assert [d.slug for d in oriente.destinations] == ["orientation"]


def test_two_doors_of_one_acteur_are_two_places_and_ties_keep_the_order(
    referentiel: Referentiel,
) -> None:
    deux = (porte(referentiel, "38269"), porte(referentiel, "38544"))
    couverture = mesurer(
        PARLER,
        [fiche("b", implantations=deux), fiche("c", implantations=deux[:1])],
        referentiel,
    )
    assert ligne(couverture, "Vienne").distance_m == 0
    la_mure = ligne(couverture, "La Mure")
    assert la_mure.distance_m == 0
    assert la_mure.destination is not None
    assert la_mure.destination.slug == "b"


def test_competence_is_yes_no_or_not_known(referentiel: Referentiel) -> None:
    ici = Territoire(communes=("38269",))
    connue = fiche("connue", territoire=ici)
    inconnue = fiche("inconnue")
    seule = mesurer(PARLER, [connue], referentiel)
    assert ligne(seule, "La Mure").competent is True
    assert ligne(seule, "Mens").competent is False
    assert ligne(seule, "Mens").manques == (Manque.LOIN, Manque.COMPETENCE)
    avec = mesurer(PARLER, [connue, inconnue], referentiel)
    assert ligne(avec, "La Mure").competent is True
    assert ligne(avec, "Mens").competent is None
    # A line that covers everywhere is somebody; a network of professionals is not.
    ligne_38 = fiche("tel", acces=Acces.TELEPHONE, territoire=Territoire(departement=True))
    assert ligne(mesurer(PARLER, [ligne_38], referentiel), "Mens").competent is True
    reseau = replace(ligne_38, acces=Acces.PROFESSIONNELS)
    assert ligne(mesurer(PARLER, [reseau], referentiel), "Mens").competent is False
    assert ligne(mesurer(PARLER, [], referentiel), "Mens").competent is False


@pytest.mark.parametrize(
    ("metres", "classe"),
    [(0, 0), (5_000, 0), (5_001, 1), (10_000, 1), (20_000, 2), (30_000, 3), (30_001, 4)],
)
def test_a_bound_belongs_to_the_nearer_class(
    referentiel: Referentiel, metres: int, classe: int
) -> None:
    commune = referentiel.communes.toutes[0]
    une = CommuneCouverte(commune, "", metres, None, None)
    assert une.classe == classe
    dans = [une.habitants_dans(rayon) > 0 for rayon in RAYONS_KM]
    assert dans == [classe <= rang for rang in range(len(RAYONS_KM))]
    assert (Manque.LOIN in une.manques) == (classe == 4)


def test_distances_weigh_by_inhabitants(referentiel: Referentiel) -> None:
    base = referentiel.communes.toutes[0]
    lignes = [
        CommuneCouverte(replace(base, population=n), "", metres, None, None)
        for n, metres in ((10, 40_000), (70, 2_000), (20, 8_000))
    ]
    bilan = Bilan.build(lignes)
    assert (bilan.mediane_m, bilan.moyenne_m) == (2_000, 7_000)
    assert bilan.dans == (70, 90, 90, 90)


def test_the_answer_stays_with_its_catalogue(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    assert couvrir(PARLER, catalogue_reel, referentiel) is couvrir(
        Question(Critere.BESOIN, "parler"), catalogue_reel, referentiel
    )
    autre = Catalogue(catalogue_reel.fiches[:3], referentiel.vocabulaire)
    assert couvrir(PARLER, autre, referentiel) != couvrir(PARLER, catalogue_reel, referentiel)


# ── somebody who is not there ──


def test_a_fictitious_acteur_changes_what_is_near_and_nothing_else(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    avant = couvrir(PARLER, catalogue_reel, referentiel)
    lieu = porte(referentiel, "38226").localisation  # Mens
    essai = Essai(lieu, Territoire(communes=("38226",)))
    simulation = simuler(PARLER, essai, catalogue_reel, referentiel)
    assert simulation.avant is avant
    assert ligne(simulation.apres, "Mens").distance_m == 0
    assert ligne(simulation.apres, "Mens").competent is True
    assert ligne(simulation.apres, "Vienne").distance_m == ligne(avant, "Vienne").distance_m
    assert all(gain >= 0 for gain in simulation.gagnes)
    mens = ligne(avant, "Mens").commune.population
    assert simulation.gagnes_dans(5) >= mens
    for rang in range(len(RAYONS_KM)):
        gagnes = simulation.apres.bilan.dans[rang] - simulation.avant.bilan.dans[rang]
        assert simulation.gagnes[rang] == gagnes
    changees = {c.avant.commune.nom for c in simulation.changements}
    assert "Mens" in changees
    assert "Vienne" not in changees
    # Nothing of it stays: the next answer is the first one.
    assert couvrir(PARLER, catalogue_reel, referentiel) is avant
