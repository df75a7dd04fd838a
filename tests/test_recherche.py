"""The main job on the real data: who stands first, from anywhere in Isère, and why."""

import csv
import json
from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod

from cartographie.catalogue import Catalogue, pour_auteurs
from cartographie.echanges import geojson
from cartographie.errors import LieuAmbigu
from cartographie.horaires import PARIS, Etat
from cartographie.parametres import lire_recherche
from cartographie.recherche import Groupe, Reponse, repondre
from cartographie.referentiel import Referentiel

SAMEDI_SOIR = datetime(2026, 11, 21, 21, 0, tzinfo=PARIS)
LUNDI_MATIN = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
FICHIER = Path(__file__).parent / "attendus.csv"
ATTENDUS = list(csv.DictReader(FICHIER.read_text(encoding="utf-8").splitlines()))
GEODESIQUE = Geod(ellps="GRS80")
# Lambert-93 is within 0.1 % of the geodesic: two doors closer to each other than that are a tie.
EGALITE = 0.001


def demander(
    catalogue: Catalogue, referentiel: Referentiel, quand: datetime = LUNDI_MATIN, **args: str
) -> Reponse:
    listes = {nom: [valeur] for nom, valeur in args.items() if valeur}
    recherche = lire_recherche(listes, referentiel, "2022-2024")
    return repondre(recherche, catalogue, referentiel, quand)


def premier(groupe: Groupe) -> str:
    return next((r.slug for r in groupe.resultats if r.slug), "-")


@pytest.mark.parametrize(
    "attendu", ATTENDUS, ids=[f"{a['lieu']} {a['besoin']}".strip() for a in ATTENDUS]
)
def test_the_first_of_each_group_is_the_one_written_by_hand(
    catalogue_reel: Catalogue, referentiel: Referentiel, attendu: dict[str, str]
) -> None:
    if attendu["choix"]:
        with pytest.raises(LieuAmbigu) as refus:
            demander(catalogue_reel, referentiel, lieu=attendu["lieu"])
        assert attendu["choix"] in refus.value.proches
        return
    reponse = demander(catalogue_reel, referentiel, lieu=attendu["lieu"], besoin=attendu["besoin"])
    premiers = {groupe.code: premier(groupe) for groupe in reponse.groupes}
    assert premiers == {
        "appeler": attendu["appeler"],
        "recevoir": attendu["recevoir"],
        "sur-orientation": attendu["sur_orientation"],
        "professionnels": attendu["professionnels"],
    }
    raisons = {r.slug: r.raison for r in reponse.acteurs}
    assert attendu["raison"] in raisons.get(attendu["recevoir"], " ".join(reponse.notes))
    assert (reponse.lieu is not None and reponse.lieu.dans_isere) is not bool(attendu["hors"])
    assert attendu["hors"] in " ".join(reponse.notes)


def test_at_least_twenty_expectations_were_written() -> None:
    assert len(ATTENDUS) >= 20


def test_nobody_s_first_line_is_a_committee_a_shelter_or_for_perpetrators(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    for commune in referentiel.communes.toutes:
        reponse = demander(catalogue_reel, referentiel, lieu=commune.libelle)
        premiere = next(r for groupe in reponse.groupes for r in groupe.resultats)
        assert premiere.type not in {"CISPD", "HEBERGEMENT", "AUTEURS"}, commune.nom
        assert premiere.telephone is not None, commune.nom
        assert premiere.telephone.valeur, commune.nom
        assert not any(pour_auteurs(r.fiche) for r in reponse.acteurs if r.fiche), commune.nom


@pytest.fixture(scope="module")
def points_exportes(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> dict[str, list[tuple[str, float, float]]]:
    """Type → (slug, longitude, latitude) of each Point, read back from the public export."""
    export = json.loads(geojson.write(catalogue_reel.fiches, referentiel.communes))
    points: defaultdict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for feature in export["features"]:
        geometrie: dict[str, Any] | None = feature["geometry"]
        # Nobody goes to a place that a court decides on: no distance is told, by rule.
        proprietes = feature["properties"]
        if proprietes["acces"] == "decision-judiciaire" or not geometrie:
            continue
        if geometrie["type"] == "Point":
            longitude, latitude = geometrie["coordinates"]
            points[proprietes["type"]].append((feature["id"], longitude, latitude))
    return dict(points)


def test_sorting_by_distance_equals_an_independent_geodesic_computation(
    catalogue_reel: Catalogue,
    referentiel: Referentiel,
    points_exportes: dict[str, list[tuple[str, float, float]]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    sans_point = sorted(set(referentiel.vocabulaire.types) - set(points_exportes))
    with capsys.disabled():
        print(f"\ntypes without a distance to test: {', '.join(sans_point) or 'none'}")
    assert len(points_exportes) >= 12
    for commune in referentiel.communes.toutes:
        for type_, points in points_exportes.items():
            slugs, longitudes, latitudes = zip(*points, strict=True)
            depart = ([commune.longitude] * len(points), [commune.latitude] * len(points))
            metres = GEODESIQUE.inv(*depart, longitudes, latitudes)[2]
            geodesiques = dict(zip(slugs, metres, strict=True))
            reponse = demander(
                catalogue_reel,
                referentiel,
                lieu=commune.libelle,
                type=type_,
                tri="distance",
            )
            for groupe in reponse.groupes:
                ordre = [geodesiques[r.slug] for r in groupe.resultats if r.slug in geodesiques]
                for avant, apres in pairwise(ordre):
                    assert avant <= apres * (1 + EGALITE) + 1, (commune.nom, type_, groupe.code)
            rendus = {r.slug for r in reponse.acteurs if r.distance_m is not None}
            assert rendus == set(slugs), (commune.nom, type_)


def test_open_only_removes_what_is_known_to_be_closed(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    tous = demander(catalogue_reel, referentiel, SAMEDI_SOIR, lieu="Grenoble", besoin="abri")
    ouverts = demander(
        catalogue_reel, referentiel, SAMEDI_SOIR, lieu="Grenoble", besoin="abri", ouvert="1"
    )
    retires = {r.slug for r in tous.acteurs} - {r.slug for r in ouverts.acteurs}
    fermes = {r.slug for r in tous.acteurs if r.ouverture.etat is Etat.FERME}
    assert retires == fermes
    assert "alpa-accueil-de-jour-bourgoin" in retires
    assert ouverts.total == ouverts.ouverts + ouverts.inconnus
    for groupe in ouverts.groupes:
        etats = [r.ouverture.etat for r in groupe.resultats if r.slug]
        assert etats == sorted(etats, key=lambda etat: etat is not Etat.OUVERT)


def test_a_radius_removes_the_doors_beyond_it(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    reponse = demander(catalogue_reel, referentiel, lieu="Vienne", besoin="plainte", rayon_km="15")
    distances = [r.distance_m for r in reponse.acteurs if r.distance_m is not None]
    assert distances
    assert max(distances) <= 15_000
    assert "tj-grenoble" not in {r.slug for r in reponse.acteurs}


def test_services_for_perpetrators_appear_only_when_asked_for(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    demandes: tuple[dict[str, str], ...] = (
        {"besoin": "auteurs"},
        {"type": "AUTEURS"},
        {"mission": "prise-en-charge-auteurs"},
        {"public": "auteurs"},
    )
    for args in demandes:
        reponse = demander(catalogue_reel, referentiel, LUNDI_MATIN, lieu="Vienne", **args)
        assert any(pour_auteurs(r.fiche) for r in reponse.acteurs if r.fiche), args
    tue = demander(catalogue_reel, referentiel, q="codase")
    assert tue.total == 0
    assert "auteurs ne sont montrés que si on les demande" in tue.notes[0]


def test_a_court_s_decision_has_no_distance(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    reponse = demander(catalogue_reel, referentiel, lieu="Grenoble", type="ERPE")
    assert reponse.total >= 2
    assert {r.distance_m for r in reponse.acteurs} == {None}
    assert all("Sur décision de justice" in r.raison for r in reponse.acteurs)


def test_immediate_danger_answers_with_numbers_alone(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    reponse = demander(catalogue_reel, referentiel, lieu="La Mure", besoin="danger")
    numeros = [r.telephone.valeur for r in reponse.groupes[0].resultats if r.telephone]
    assert numeros[:2] == ["17", "112"]
    assert "114" in numeros
    assert reponse.total == 0
    assert not any(groupe.resultats for groupe in reponse.groupes[1:])


def test_a_network_competent_here_stands_before_one_that_is_not(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    reponse = demander(catalogue_reel, referentiel, lieu="Crolles", type="CISPD")
    assert reponse.acteurs[0].slug == "cispd-le-gresivaudan"
    assert reponse.acteurs[0].competent is True
    competences = [r.competent for r in reponse.acteurs]
    assert competences == sorted(competences, key=[True, None, False].index)


def test_a_rhone_commune_of_vienne_condrieu_is_outside_isere_and_has_its_network(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    reponse = demander(catalogue_reel, referentiel, lieu="Condrieu", besoin="reseau")
    assert reponse.lieu is not None
    assert not reponse.lieu.dans_isere
    assert premier(reponse.groupes[3]) == "cispd-vienne-condrieu"


def test_every_type_ends_with_the_warning_that_its_list_is_partial(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    for type_ in referentiel.vocabulaire.types:
        reponse = demander(catalogue_reel, referentiel, lieu="Mens", type=type_)
        assert reponse.partielle.startswith("Liste partielle")
