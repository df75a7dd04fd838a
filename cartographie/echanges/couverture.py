"""Territorial coverage as files: CSV by commune or by EPCI, GeoJSON by commune.

Nothing typed by anybody stands in them: INSEE's names, slugs, codes and numbers. Distances are
metres in a straight line; an empty cell is a distance that does not exist.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from cartographie.calques import collection_geojson
from cartographie.couverture import CLASSES, RAYONS_KM, CommuneCouverte, Couverture, EpciCouvert

BOM = "\ufeff"
COMPETENT = {True: "oui", False: "non", None: "inconnu"}
HABITANTS_DANS = tuple(f"habitants_{rayon}_km" for rayon in RAYONS_KM)
COLONNES = (
    *("code_insee", "commune", "siren_epci", "epci", "habitants", "distance_m", "precision"),
    *("classe", "acteur", "competent", *HABITANTS_DANS, "sans_personne"),
)
COLONNES_EPCI = (
    *("siren_epci", "epci", "communes", "habitants", *HABITANTS_DANS),
    *("distance_mediane_m", "distance_moyenne_m"),
    *("habitants_competence_oui", "habitants_competence_inconnue", "habitants_competence_non"),
)
NOTE = (
    "Distances à vol d’oiseau, en mètres (Lambert-93), depuis le point de référence de la commune. "
    "« precision » dit comment le lieu est connu : sans l’adresse, la distance est "
    "approchée."
)


def write_csv(couverture: Couverture) -> bytes:
    """One line per commune, for a spreadsheet set to French: BOM, semicolons."""
    lignes = (_valeurs(ligne).values() for ligne in couverture.communes)
    return _csv(COLONNES, lignes)


def write_csv_epci(couverture: Couverture) -> bytes:
    """One line per EPCI, as far as Isère goes."""
    return _csv(COLONNES_EPCI, (_valeurs_epci(epci) for epci in couverture.epci))


def write_geojson(couverture: Couverture) -> bytes:
    """Outlines (EPSG:4326: longitude, latitude) with the columns of the CSV as properties."""
    return collection_geojson(
        ((_valeurs(ligne), ligne.commune.contour) for ligne in couverture.communes),
        question=couverture.question.args,
        note=NOTE,
        partielle=couverture.partielle,
    )


def _valeurs(ligne: CommuneCouverte) -> dict[str, object]:
    commune, destination = ligne.commune, ligne.destination
    valeurs = (
        commune.code_insee,
        commune.nom,
        commune.epci,
        ligne.epci,
        commune.population,
        ligne.distance_m,
        destination.localisation.precision.value if destination else None,
        CLASSES[ligne.classe],
        destination.slug if destination else None,
        COMPETENT[ligne.competent],
        *(ligne.habitants_dans(rayon) for rayon in RAYONS_KM),
        " ".join(manque.value for manque in ligne.manques),
    )
    return dict(zip(COLONNES, valeurs, strict=True))


def _valeurs_epci(epci: EpciCouvert) -> tuple[object, ...]:
    bilan = epci.bilan
    return (
        *(epci.code, epci.nom, bilan.communes, bilan.habitants, *bilan.dans),
        *(bilan.mediane_m, bilan.moyenne_m, *bilan.competence),
    )


def _csv(entetes: Sequence[str], lignes: Iterable[Iterable[object]]) -> bytes:
    flux = io.StringIO(newline="")
    ecrivain = csv.writer(flux, delimiter=";")
    ecrivain.writerow(entetes)
    ecrivain.writerows(["" if valeur is None else valeur for valeur in ligne] for ligne in lignes)
    return (BOM + flux.getvalue()).encode()
