"""The formats of files, by the ending of their name: what each writes, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from cartographie.acteurs import Fiche, Saisie
from cartographie.echanges import csv, geojson, xlsx
from cartographie.echanges.aide import EXEMPLE, aide, colonnes_du_modele
from cartographie.errors import ParametreError
from cartographie.referentiel import Referentiel


@dataclass(frozen=True, slots=True)
class Format:
    """One format. Both writers give the same bytes for the same records."""

    nom: str
    mime: str
    write: Callable[[Iterable[Fiche], Referentiel], bytes]
    write_complet: Callable[[Iterable[Saisie], Referentiel], bytes]
    write_modele: Callable[[Referentiel], bytes] | None = None


FORMATS: Mapping[str, Format] = {
    "csv": Format(
        "CSV",
        "text/csv; charset=utf-8",
        lambda fiches, _: csv.write(fiches),
        lambda saisies, _: csv.write_complet(saisies),
        lambda _: csv.write_modele(colonnes_du_modele(), EXEMPLE),
    ),
    "xlsx": Format(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda fiches, referentiel: xlsx.write(fiches, aide(referentiel.vocabulaire)),
        lambda saisies, referentiel: xlsx.write_complet(saisies, aide(referentiel.vocabulaire)),
        lambda referentiel: xlsx.write_modele(
            colonnes_du_modele(), EXEMPLE, aide(referentiel.vocabulaire)
        ),
    ),
    "geojson": Format(
        "GeoJSON",
        "application/geo+json",
        lambda fiches, referentiel: geojson.write(fiches, referentiel.communes),
        lambda saisies, referentiel: geojson.write_complet(saisies, referentiel.communes),
    ),
}


def format_de(nom: str) -> str:
    """The key of the format of a file; `json` is GeoJSON. Raises ParametreError."""
    suffixe = PurePath(nom).suffix.lower().removeprefix(".")
    suffixe = "geojson" if suffixe == "json" else suffixe
    if suffixe not in FORMATS:
        message = "Le nom du fichier doit finir par .csv, .xlsx ou .geojson."
        raise ParametreError("fichier", nom[:80], message, tuple(FORMATS))
    return suffixe
