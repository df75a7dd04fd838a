"""Records as GeoJSON: nothing lost, the same bytes again, every fault with its line."""

from __future__ import annotations

import io
import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from shapely.geometry import shape
from sqlalchemy import Engine

from cartographie import registre
from cartographie.acteurs import Acces, Fiche, Saisie, Statut, Territoire
from cartographie.catalogue import Catalogue
from cartographie.config import RACINE
from cartographie.database import reading
from cartographie.echanges import Ligne, Lot, fusionner, geojson
from cartographie.errors import SaisieError
from cartographie.referentiel import Referentiel
from cartographie.serialisation import ORDRE, from_dict, to_dict
from tests.fabrique import CC_MATHEYSINE, accueil, refuge

FICHIER = RACINE / "data" / "acteurs.geojson"
RESEAU = accueil(
    "reseau-matheysine",
    type="CISPD",
    acces=Acces.PROFESSIONNELS,
    implantations=(),
    territoire=Territoire(epci=(CC_MATHEYSINE,)),
)


def read(texte: str | bytes) -> Lot:
    return geojson.read(io.BytesIO(texte if isinstance(texte, bytes) else texte.encode()))


def collection(*proprietes: Any) -> str:  # noqa: ANN401
    """A file with one line for each key, so that a fault has a line of its own."""
    features = [{"type": "Feature", "geometry": None, "properties": p} for p in proprietes]
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1)


def test_every_field_of_a_record_is_written() -> None:
    assert set(ORDRE) == {champ.name for champ in fields(Saisie)}
    assert tuple(to_dict(accueil())) == ORDRE


@pytest.mark.parametrize("saisie", [accueil(), refuge(), RESEAU])
def test_a_record_is_written_and_read_without_loss(
    saisie: Saisie, referentiel: Referentiel
) -> None:
    ecrit = geojson.write_complet([saisie], referentiel.communes)
    assert read(ecrit) == Lot((Ligne(saisie.slug, _non_vides(saisie), 4),), ())
    assert read(ecrit).saisies == (saisie,)
    assert from_dict(to_dict(saisie)) == saisie


def _non_vides(saisie: Saisie) -> dict[str, Any]:
    return {
        nom: v for nom, v in ((n, getattr(saisie, n)) for n in ORDRE) if v not in ("", (), None)
    }


def test_the_first_load_goes_through_the_database_without_loss(
    base_chargee: Engine, referentiel: Referentiel
) -> None:
    with reading(base_chargee) as session:
        ecrit = geojson.write_complet(registre.saisies(session), referentiel.communes)
    avant, apres = json.loads(FICHIER.read_bytes())["features"], json.loads(ecrit)["features"]
    assert len(apres) == 139
    for ancienne, nouvelle in zip(avant, apres, strict=True):
        assert list(nouvelle.items())[-1] == list(ancienne.items())[-1]
        if ancienne["geometry"] is None:
            assert nouvelle["geometry"] is None
        else:
            assert shape(nouvelle["geometry"]).equals(shape(ancienne["geometry"]))


def test_the_same_records_give_the_same_bytes(referentiel: Referentiel) -> None:
    saisies = [refuge(), RESEAU, accueil()]
    une = geojson.write_complet(saisies, referentiel.communes)
    autre = geojson.write_complet(reversed(saisies), Referentiel.load(RACINE / "data").communes)
    assert une == autre
    assert [f["id"] for f in json.loads(une)["features"]] == sorted(s.slug for s in saisies)


def test_the_public_export_holds_the_public_fields(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    features = json.loads(geojson.write(catalogue_reel.fiches, referentiel.communes))["features"]
    assert len(features) == 128
    publics = {champ.name for champ in fields(Fiche)}
    for feature in features:
        assert set(feature["properties"]) == publics
        assert feature["id"] == feature["properties"]["slug"]


def test_a_point_a_surface_or_nothing(referentiel: Referentiel) -> None:
    ecrit = geojson.write_complet(
        [accueil(), RESEAU, replace(RESEAU, slug="sans", territoire=None), _ligne_seule()],
        referentiel.communes,
    )
    formes = {f["id"]: f["geometry"] for f in json.loads(ecrit)["features"]}
    assert formes["accueil-la-mure"] == {"type": "Point", "coordinates": [5.787, 44.903]}
    assert formes["reseau-matheysine"]["type"] == "MultiPolygon"
    assert formes["sans"] is None
    assert formes["ligne"] is None


def _ligne_seule() -> Saisie:
    """A telephone service has a territoire and no door: it is not drawn."""
    return accueil("ligne", implantations=(), territoire=Territoire(departement=True))


@pytest.mark.parametrize(
    ("texte", "ligne", "message"),
    [
        ('{"type": "FeatureCollection",\n "features": [}', 2, "mal formé"),
        ("[]", 1, "FeatureCollection"),
        ('{"type": "Feature"}', 1, "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', 1, "FeatureCollection"),
        (b"\xff\xfe", 1, "UTF-8"),
        ("[" * 100_000, 1, "imbriqué"),
        ("", 1, "mal formé"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(
    texte: str | bytes, ligne: int, message: str
) -> None:
    lot = read(texte)
    (erreur,) = lot.erreurs
    assert lot.lignes == ()
    assert erreur.ligne == ligne
    assert message in erreur.faute.message


def test_every_fault_has_its_line_and_its_field() -> None:
    texte = collection(
        {"slug": "a", "nom": 12, "statut": "perdu", "inconnu": "x"},
        {"slug": "b", "implantations": [{"longitude": "5,7", "latitude": 45.1}]},
        {"nom": "sans identifiant"},
        "rien",
        {"slug": "c", "verifie_le": "hier", "missions": ["accueil", 3]},
    )
    erreurs = read(texte).erreurs
    lignes = texte.splitlines()
    for champ in ("nom", "statut", "inconnu", "verifie_le", "missions.1"):
        (erreur,) = (e for e in erreurs if e.faute.champ == champ)
        assert champ.split(".")[0] in lignes[erreur.ligne - 1]
    assert [e.faute.champ for e in erreurs if e.slug == "b"] == ["implantations.0.longitude"]
    assert {e.faute.message for e in erreurs if not e.slug} == {
        "Il faut l’identifiant de la fiche.",
        "Il faut un objet « properties ».",
    }
    assert str(erreurs[0]).startswith(f"ligne {erreurs[0].ligne}, a nom : Il faut un texte.")


@pytest.mark.parametrize(
    "valeur",
    [
        {"nom": "\ud800"},
        {"nom": "a\x00b"},
        {"implantations": "ici"},
        {"implantations": [[]]},
        {"implantations": [{}]},
        {"implantations": [{"longitude": float("inf"), "latitude": 45, "precision": "adresse"}]},
        {"implantations": [{"longitude": 10**400, "latitude": 45, "precision": "adresse"}]},
        {"participations": [{"periode": "2022-2024", "objectif": 10**30}]},
        {"participations": [{"periode": "2022-2024", "objectif": True}]},
        {"contacts": [{"kind": []}]},
        {"relais": {"libelle": "115"}},
        {"relais": ["115"]},
        {"territoire": {"departement": "oui"}},
        {"capacites": [{"date": 2026}]},
        {"destinataires": ["toutes"]},
        {"acces": None, "slug": "-"},
        {"slug": 3},
    ],
)
def test_hostile_values_are_faults_never_crashes(valeur: dict[str, Any]) -> None:
    lot = read(collection({"slug": "a"} | valeur))
    assert lot.lignes == ()
    assert lot.erreurs


def test_a_record_twice_in_a_file_is_a_fault() -> None:
    (erreur,) = read(collection({"slug": "a", "nom": "A"}, {"slug": "a", "nom": "B"})).erreurs
    assert "déjà à la ligne" in erreur.faute.message


def test_a_public_export_is_not_taken_for_a_complete_one(
    catalogue_reel: Catalogue, referentiel: Referentiel
) -> None:
    lot = read(geojson.write(catalogue_reel.fiches[:3], referentiel.communes))
    assert lot.lignes == ()
    assert {e.faute.champ for e in lot.erreurs} == {"en_zone"}


def test_absent_and_empty_change_nothing_and_a_dash_empties() -> None:
    (ligne,) = read(
        collection(
            {
                "slug": "accueil-la-mure",
                "frais": "-",
                "nom": "",
                "missions": [],
                "publics": ["-"],
                "territoire": "-",
                "verifie_le": "-",
                "relais": None,
                "rendez_vous": "-",
                "contacts": "-",
                "sigle": "AM",
            }
        )
    ).lignes
    assert fusionner(accueil(), ligne) == accueil(
        frais="",
        publics=(),
        territoire=None,
        verifie_le=None,
        rendez_vous="inconnu",
        contacts=(),
        sigle="AM",
    )


@pytest.mark.parametrize("champ", ["nom", "type", "acces", "slug"])
def test_what_a_record_cannot_lack_cannot_be_emptied(champ: str) -> None:
    (erreur,) = read(collection({"slug": "a"} | {champ: "-"})).erreurs
    assert "ne peut pas être vidée" in erreur.faute.message


def test_an_import_neither_archives_nor_changes_the_diffusion() -> None:
    (ligne,) = read(
        collection({"slug": "accueil-la-mure", "statut": "archive", "diffusion": "interne"})
    ).lignes
    assert fusionner(accueil(), ligne) == accueil()
    (ligne,) = read(collection({"slug": "accueil-la-mure", "statut": "publie"})).lignes
    archivee = accueil(statut=Statut.ARCHIVE)
    assert fusionner(archivee, ligne) == archivee
    assert fusionner(accueil(statut=Statut.BROUILLON), ligne) == accueil()


def test_a_new_record_without_a_diffusion_is_known_by_its_zone_only() -> None:
    (ligne,) = read(
        collection({"slug": "a", "nom": "A", "type": "LEAO", "acces": "orientation"})
    ).lignes
    assert fusionner(None, ligne).diffusion == "zone"
    assert fusionner(None, ligne).statut == "brouillon"


def test_a_new_record_says_what_it_lacks() -> None:
    (ligne,) = read(collection({"slug": "a", "verifie_le": "2026-05-03"})).lignes
    assert ligne.valeurs["verifie_le"] == date(2026, 5, 3)
    with pytest.raises(SaisieError) as refus:
        fusionner(None, ligne)
    assert [faute.champ for faute in refus.value.fautes] == ["nom", "type", "acces"]
