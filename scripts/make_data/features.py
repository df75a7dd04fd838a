"""A record as a GeoJSON feature: the fields of `Saisie`, flat, always all of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cartographie.acteurs import Implantation, Saisie
from scripts.make_data.geographie import Geographie

POINT_DECIMALS = 6
ORDER = (
    "slug", "nom", "sigle", "type", "statut", "diffusion", "porteur", "description",
    "missions", "publics", "langues", "acces", "destinataires", "conditions", "frais",
    "rendez_vous", "accessible_pmr", "enfants_accueillis", "territoire", "relais", "site_web",
    "source", "source_date", "verifie_le", "verifie_par", "notes_internes",
    "implantations", "contacts", "capacites", "participations",
)  # fmt: skip


def feature(saisie: Saisie, geographie: Geographie) -> dict[str, Any]:
    """Return the feature of a record; its geometry is its first door, else its territory."""
    fields = asdict(saisie)
    fields["implantations"] = [_implantation(door) for door in saisie.implantations]
    fields["verifie_le"] = saisie.verifie_le.isoformat() if saisie.verifie_le else None
    return {
        "type": "Feature",
        "id": saisie.slug,
        "geometry": _geometry(saisie, geographie),
        "properties": {name: fields[name] for name in ORDER},
    }


def _geometry(saisie: Saisie, geographie: Geographie) -> dict[str, Any] | None:
    if saisie.implantations:
        return {"type": "Point", "coordinates": _lonlat(saisie.implantations[0])}
    if saisie.territoire is not None:
        return geographie.union(saisie.territoire)
    return None


def _lonlat(door: Implantation) -> list[float]:
    place = door.localisation
    return [round(place.longitude, POINT_DECIMALS), round(place.latitude, POINT_DECIMALS)]


def _implantation(door: Implantation) -> dict[str, Any]:
    place = asdict(door.localisation)
    place["longitude"], place["latitude"] = _lonlat(door)
    return {
        "kind": door.kind,
        "libelle": door.libelle,
        **place,
        "horaires": door.horaires,
        "horaires_date": door.horaires_date,
        "fermetures": [
            {"debut": f.debut.isoformat(), "fin": f.fin.isoformat(), "motif": f.motif}
            for f in door.fermetures
        ],
        "telephone": door.telephone,
    }
