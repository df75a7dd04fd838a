"""Coverage: what may be asked, and how it is told, in sentences and in files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from cartographie.acteurs import Acces
from cartographie.catalogue import Catalogue
from cartographie.couverture import (
    CLASSES,
    RAYONS_KM,
    Critere,
    Question,
    couvrir,
    lire_question,
    mesurer,
)
from cartographie.couverture.mots import (
    competence_bilan_fr,
    pour_cent_fr,
    precision_fr,
    resultat_fr,
)
from cartographie.echanges.couverture import write_csv, write_csv_epci, write_geojson
from cartographie.errors import ParametreError
from cartographie.recherche import LISTE_PARTIELLE
from cartographie.referentiel import Referentiel
from tests.couverte import PARLER, fiche, porte


def test_one_criterion_and_only_known_ones(referentiel: Referentiel) -> None:
    def lire(**args: str) -> Question:
        return lire_question({n: [v] for n, v in args.items()}, referentiel, "2022-2024")

    assert lire() == PARLER
    assert lire(pour="mission:orientation", besoin="") == Question(Critere.MISSION, "orientation")
    assert lire(objectif="22") == Question(Critere.OBJECTIF, "2022-2024/22")
    assert lire(type="SANTE", acces="orientation").acces is Acces.ORIENTATION
    for faute in (
        {"besoin": "parler", "type": "SANTE"},
        {"besoin": "danger"},
        {"mission": "zzz"},
        {"objectif": "99"},
        {"pour": "slug:aiv"},
        {"acces": "telephone"},
        {"acces": "decision-judiciaire"},
    ):
        with pytest.raises(ParametreError):
            lire(**faute)


def test_the_result_is_a_sentence_that_says_straight_line(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    couverture = couvrir(PARLER, catalogue_reel, referentiel)
    premiere, seconde = resultat_fr(couverture, "Parler")
    part = round(100 * couverture.bilan.habitants_dans(20) / couverture.bilan.habitants)
    assert premiere.startswith(f"Pour « Parler », environ {part}\u00a0% des habitantes")
    assert "à moins de 20\u00a0km à vol d’oiseau" in premiere
    assert "distance moyenne est d’environ" in seconde
    assert "≈" in precision_fr(couverture)
    assert couverture.partielle == LISTE_PARTIELLE
    vide = couvrir(Question(Critere.BESOIN, "enfants"), catalogue_reel, referentiel)
    phrases = resultat_fr(vide, "Enfants")
    assert phrases[0] == "Pour « Enfants », aucun lieu où se présenter n’est publié."
    assert "sur orientation (3 services)" in phrases[1]


def test_a_complete_type_has_no_warning(referentiel: Referentiel) -> None:
    vocabulaire = referentiel.vocabulaire
    types = dict(vocabulaire.types)
    types["LEAO"] = replace(types["LEAO"], exhaustif=True)
    complet = replace(referentiel, vocabulaire=replace(vocabulaire, types=types))
    fiches = [fiche("a", implantations=(porte(referentiel, "38269"),))]
    assert mesurer(Question(Critere.TYPE, "LEAO"), fiches, complet).partielle == ""
    assert mesurer(Question(Critere.TYPE, "LEAO"), fiches, referentiel).partielle


def test_a_share_never_rounds_to_all_or_to_none() -> None:
    assert pour_cent_fr(999, 1000) == "plus de 99\u00a0%"
    assert pour_cent_fr(1, 1000) == "moins de 1\u00a0%"
    assert pour_cent_fr(1000, 1000) == "100\u00a0%"
    assert pour_cent_fr(0, 1000) == "0\u00a0%"


def test_what_is_not_known_of_competence_is_said(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    inconnue = couvrir(PARLER, catalogue_reel, referentiel).bilan
    assert competence_bilan_fr(inconnue).startswith("On ne sait pas qui est compétent")
    connue = couvrir(Question(Critere.BESOIN, "plainte"), catalogue_reel, referentiel).bilan
    assert competence_bilan_fr(connue).startswith("Des habitants, 6\u00a0% vivent dans une commune")


# ── files ──


def test_the_files_say_what_the_page_says(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    couverture = couvrir(PARLER, catalogue_reel, referentiel)
    texte = write_csv(couverture).decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    assert len(lignes) == 512
    la_mure = next(une for une in lignes if une["code_insee"] == "38269")
    assert (la_mure["distance_m"], la_mure["precision"]) == ("25016", "commune")
    assert (la_mure["classe"], la_mure["competent"]) == ("de 20 à 30 km", "inconnu")
    for rang, rayon in enumerate(RAYONS_KM):
        somme = sum(int(une[f"habitants_{rayon}_km"]) for une in lignes)
        assert somme == couverture.bilan.dans[rang]
    epci = list(
        csv.DictReader(io.StringIO(write_csv_epci(couverture).decode("utf-8-sig")), delimiter=";")
    )
    assert sum(int(un["habitants"]) for un in epci) == couverture.bilan.habitants
    geojson = json.loads(write_geojson(couverture))
    assert geojson["type"] == "FeatureCollection"
    assert "à vol d’oiseau" in geojson["note"]
    valeurs = [{k: "" if v is None else str(v) for k, v in f["properties"].items()}
               for f in geojson["features"]]  # fmt: skip
    assert valeurs == lignes
    assert {v["classe"] for v in valeurs} <= set(CLASSES)
