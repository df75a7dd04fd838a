"""GeoJSON (RFC 7946: longitude before latitude, EPSG:4326), one feature per acteur.

`write` gives the public fields of Fiches; `write_complet` gives whole records and is what `read`
takes. The geometry is drawn from the doors and the territoire: it is written, never read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import shapely
from shapely.geometry import mapping

from cartographie.acteurs import Fiche, Implantation, Saisie, Territoire
from cartographie.communes import Communes
from cartographie.datafiles import Node, Source
from cartographie.echanges import Erreur, Ligne, Lot, read_valeurs
from cartographie.errors import Faute, SaisieError
from cartographie.serialisation import to_dict, to_json

DECIMALES = 6
# Types whose records are networks: without a door they are drawn as their territoire.
RESEAUX = frozenset({"CISPD"})
# Only a public export has this key; it lacks what the public may not see.
CLE_PUBLIQUE = "en_zone"


def read(flux: BinaryIO) -> Lot:
    """Read a complete export. Every fault has its line; what could be read is there beside."""
    try:
        texte = flux.read().decode("utf-8-sig")
        document = json.loads(texte)
    except UnicodeDecodeError:
        return _refus(1, "Le fichier n’est pas en UTF-8.")
    except json.JSONDecodeError as erreur:
        return _refus(erreur.lineno, f"Le JSON est mal formé, colonne {erreur.colno}.")
    except RecursionError:
        return _refus(1, "Le JSON est trop imbriqué.")
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        return _refus(1, "Il faut un GeoJSON de type FeatureCollection.")
    source = Source(Path(), texte)
    lignes: list[Ligne] = []
    erreurs: list[Erreur] = []
    for rang, feature in enumerate(features):
        try:
            lignes.append(_ligne(feature, Node(None, ("features", rang), source)))
        except SaisieError as erreur:
            erreurs.extend(_erreurs(erreur, feature, rang, source))
    doublons = _doublons(lignes)
    return Lot(tuple(lignes), (*erreurs, *doublons))


def write(fiches: Iterable[Fiche], communes: Communes) -> bytes:
    """Write public records, sorted by slug: the same records give the same bytes."""
    return _collection([_feature(fiche, _public(fiche), communes) for fiche in fiches])


def write_complet(saisies: Iterable[Saisie], communes: Communes) -> bytes:
    """Write whole records, sorted by slug, losing nothing: not for the public."""
    return _collection([_feature(saisie, to_dict(saisie), communes) for saisie in saisies])


def _ligne(feature: Any, node: Node) -> Ligne:  # noqa: ANN401
    proprietes = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(proprietes, dict):
        raise SaisieError((Faute("", "Il faut un objet « properties ».", str(feature)[:80]),))
    if CLE_PUBLIQUE in proprietes:
        message = "C’est un export public, incomplet : il faut un export complet."
        raise SaisieError((Faute(CLE_PUBLIQUE, message),))
    valeurs = read_valeurs(proprietes)
    return Ligne(valeurs["slug"], valeurs, _numero(node))


def _numero(node: Node) -> int:
    """The line where a value is written."""
    return node.fault("").ligne or 1


def _erreurs(
    erreur: SaisieError,
    feature: Any,  # noqa: ANN401
    rang: int,
    source: Source,
) -> Iterable[Erreur]:
    proprietes = feature.get("properties") if isinstance(feature, dict) else None
    connues = proprietes if isinstance(proprietes, dict) else {}
    slug = connues.get("slug", "")
    for faute in erreur.fautes:
        racine = faute.champ.split(".")[0]
        chemin: tuple[str | int, ...] = ("features", rang)
        if racine in connues:
            chemin = (*chemin, "properties", racine)
        yield Erreur(
            _numero(Node(None, chemin, source)), slug if isinstance(slug, str) else "", faute
        )


def _doublons(lignes: Iterable[Ligne]) -> list[Erreur]:
    vus: dict[str, int] = {}
    doublons = []
    for ligne in lignes:
        if ligne.slug in vus:
            message = f"Cette fiche est déjà à la ligne {vus[ligne.slug]}."
            doublons.append(Erreur(ligne.ligne, ligne.slug, Faute("slug", message)))
        vus.setdefault(ligne.slug, ligne.ligne)
    return doublons


def _refus(ligne: int, message: str) -> Lot:
    return Lot((), (Erreur(ligne, "", Faute("fichier", message)),))


def _public(fiche: Fiche) -> dict[str, Any]:
    proprietes: dict[str, Any] = to_json(fiche)
    proprietes["porteur"] = fiche.porteur.slug if fiche.porteur else ""
    return proprietes


def _feature(
    acteur: Fiche | Saisie, proprietes: dict[str, Any], communes: Communes
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": acteur.slug,
        "geometry": _geometrie(acteur.type, acteur.implantations, acteur.territoire, communes),
        "properties": proprietes,
    }


def _geometrie(
    type_: str,
    implantations: tuple[Implantation, ...],
    territoire: Territoire | None,
    communes: Communes,
) -> dict[str, Any] | None:
    if implantations:
        lieu = implantations[0].localisation
        point = [round(lieu.longitude, DECIMALES), round(lieu.latitude, DECIMALES)]
        return {"type": "Point", "coordinates": point}
    if territoire is None or type_ not in RESEAUX:
        return None
    return _surface(territoire, communes)


@lru_cache(maxsize=256)
def _surface(territoire: Territoire, communes: Communes) -> dict[str, Any] | None:
    surface = communes.dissolve(territoire)
    if surface is None:
        return None
    arrondie = shapely.transform(surface, lambda xy: np.round(xy, DECIMALES))
    # One order of rings and points whatever made the surface, outer rings anticlockwise.
    tournee = shapely.orient_polygons(shapely.normalize(arrondie))
    geometrie: dict[str, Any] = mapping(tournee)
    return geometrie


def _collection(features: list[dict[str, Any]]) -> bytes:
    triees = sorted(features, key=lambda feature: feature["id"])
    collection = {"type": "FeatureCollection", "features": triees}
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()
