"""Features of the four collections, from published records and embedded data alone.

Geometries are degrees, longitude first. The same state gives the same objects: they are made once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from cartographie.acteurs import Fiche
from cartographie.catalogue import Catalogue, Filtre
from cartographie.communes import Communes
from cartographie.echanges import geojson
from cartographie.protocole import Action, Objectif, Protocole
from cartographie.web.ogc.valeurs import Etat, Objet

DECIMALES = geojson.DECIMALES
# Code of a type and its words: pairs, which a cache can compare.
Libelles = tuple[tuple[str, str], ...]


def objets_acteurs(etat: Etat) -> tuple[Objet, ...]:
    """One feature per published acteur, in the order of slugs."""
    return _acteurs(etat.catalogue, etat.referentiel.communes, _libelles(etat))


def objets_territoires(etat: Etat) -> tuple[Objet, ...]:
    """The surface of each acteur whose territoire is known, in the order of slugs."""
    return _territoires(etat.catalogue, etat.referentiel.communes, _libelles(etat))


def objets_communes(etat: Etat) -> tuple[Objet, ...]:
    """The communes of Isère, in the order of INSEE codes."""
    return _communes(etat.referentiel.communes)


def objets_objectifs(etat: Etat) -> tuple[Objet, ...]:
    """The objectives of the period, without geometry; their id keeps its sense in the next one."""
    protocole = etat.referentiel.protocole(etat.periode)
    if protocole is None:
        return ()
    return tuple(_objectif(un, protocole, etat.catalogue) for un in protocole.objectifs)


# Two states at most are asked for at a time: the present one, and the one it takes the place of.
@lru_cache(maxsize=2)
def _acteurs(catalogue: Catalogue, communes: Communes, libelles: Libelles) -> tuple[Objet, ...]:
    mots = dict(libelles)
    return tuple(
        Objet(
            id=fiche.slug,
            geometrie=geometrie(fiche, communes),
            proprietes=geojson.proprietes(fiche) | _plates(fiche, mots),
            dates=_jours(fiche.verifie_le, fiche.verifie_le) if fiche.verifie_le else None,
        )
        for fiche in catalogue.fiches
    )


def geometrie(fiche: Fiche, communes: Communes) -> BaseGeometry | None:
    """A point for a door, several for several; the territoire of a network that has none."""
    lieux = (implantation.localisation for implantation in fiche.implantations)
    points = [(round(lieu.longitude, DECIMALES), round(lieu.latitude, DECIMALES)) for lieu in lieux]
    if len(points) == 1:
        return shapely.Point(points[0])
    if points:
        return shapely.MultiPoint(points)
    if fiche.territoire is None or fiche.type not in geojson.RESEAUX:
        return None
    return geojson.surface(fiche.territoire, communes)


def _plates(fiche: Fiche, mots: Mapping[str, str]) -> dict[str, Any]:
    """What a table of a GIS shows in its columns, in place of lists of objects."""
    lieux = [implantation.localisation for implantation in fiche.implantations]
    parts = fiche.participations + fiche.participations_du_porteur
    return {
        "type_libelle": mots[fiche.type],
        "telephone": next((contact.valeur for contact in fiche.telephones), ""),
        "communes": _sans_double(lieu.commune for lieu in lieux),
        "codes_insee": _sans_double(lieu.code_insee for lieu in lieux),
        "precision": lieux[0].precision.value if lieux else "",
        "objectifs": _sans_double(f"{part.periode}/{part.objectif}" for part in parts),
    }


@lru_cache(maxsize=2)
def _territoires(catalogue: Catalogue, communes: Communes, libelles: Libelles) -> tuple[Objet, ...]:
    mots = dict(libelles)
    dessines = (
        (fiche, geojson.surface(fiche.territoire, communes))
        for fiche in catalogue.fiches
        if fiche.territoire is not None
    )
    return tuple(
        Objet(
            id=fiche.slug,
            geometrie=surface,
            proprietes={
                "acteur": fiche.slug,
                "nom": fiche.nom,
                "type": fiche.type,
                "type_libelle": mots[fiche.type],
                "departement": fiche.territoire.departement,
                "epci": list(fiche.territoire.epci),
                "communes": list(fiche.territoire.communes),
            },
        )
        for fiche, surface in dessines
        if surface is not None and fiche.territoire is not None
    )


@lru_cache(maxsize=2)
def _communes(communes: Communes) -> tuple[Objet, ...]:
    epci = {commune.epci: communes.epci(commune.epci) for commune in communes.toutes}
    return tuple(
        Objet(
            id=commune.code_insee,
            geometrie=commune.contour,
            proprietes={
                "code_insee": commune.code_insee,
                "nom": commune.nom,
                "codes_postaux": list(commune.codes_postaux),
                "population": commune.population,
                "epci": commune.epci,
                "epci_nom": sien.nom if (sien := epci[commune.epci]) else "",
                "longitude": commune.longitude,
                "latitude": commune.latitude,
            },
        )
        for commune in sorted(communes.toutes, key=lambda commune: commune.code_insee)
    )


def _objectif(objectif: Objectif, protocole: Protocole, catalogue: Catalogue) -> Objet:
    periode = protocole.periode
    axe = next(axe for axe in protocole.axes if axe.numero == objectif.axe)
    theme = next((theme for theme in axe.themes if objectif.numero in theme.objectifs), None)
    lies = catalogue.select(Filtre(objectif=(periode.code, objectif.numero)))
    return Objet(
        id=f"{periode.code}-{objectif.numero}",
        geometrie=None,
        proprietes={
            "periode": periode.code,
            "numero": objectif.numero,
            "titre": objectif.titre,
            "axe": axe.numero,
            "axe_titre": axe.titre,
            "theme_titre": theme.titre if theme else "",
            "actions": [_action(action, protocole) for action in objectif.actions],
            "acteurs": [fiche.slug for fiche in lies],
        },
        dates=_jours(date(periode.debut, 1, 1), date(periode.fin, 12, 31)),
    )


def _libelles(etat: Etat) -> Libelles:
    return tuple((code, un.libelle) for code, un in etat.referentiel.vocabulaire.types.items())


def _action(action: Action, protocole: Protocole) -> dict[str, Any]:
    pilotes = (protocole.organisation(code) for code in action.pilotes)
    return {
        "id": action.id,
        "libelle": action.libelle,
        "indicateur": action.indicateur,
        "debut": action.echeance[0],
        "fin": action.echeance[1],
        "pilotes": [pilote.nom for pilote in pilotes if pilote],
    }


def _jours(premier: date, dernier: date) -> tuple[datetime, datetime]:
    """Two days, from the first instant of one to the last of the other (UTC)."""
    return (
        datetime.combine(premier, time.min, UTC),
        datetime.combine(dernier, time(23, 59, 59), UTC),
    )


def _sans_double(textes: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(texte for texte in textes if texte))
