"""From every commune to its nearest place: one spatial join in metres, kept with its catalogue."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from cartographie.acteurs import Acces, Fiche, Territoire
from cartographie.catalogue import Catalogue
from cartographie.communes import Commune, Communes
from cartographie.couverture.question import demander_couverture
from cartographie.couverture.valeurs import (
    Bilan,
    CommuneCouverte,
    Couverture,
    Critere,
    Destination,
    EpciCouvert,
    Question,
)
from cartographie.recherche import fiches_demandees, liste_partielle
from cartographie.referentiel import Referentiel
from cartographie.texte import fold

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

# By catalogue and not by version: a hidden edit leaves the catalogue, hence the answer, as it was.
GARDEES = 64
_GARDEES: WeakKeyDictionary[Catalogue, OrderedDict[Question, Couverture]] = WeakKeyDictionary()
_VERROU = Lock()

DEGRES, METRES = "EPSG:4326", "EPSG:2154"


def couvrir(question: Question, catalogue: Catalogue, referentiel: Referentiel) -> Couverture:
    """Answer from a catalogue; the last answers stay with it, while it lives."""
    with _VERROU:
        gardees = _GARDEES.setdefault(catalogue, OrderedDict())
        connue = gardees.get(question)
    if connue is not None:
        return connue
    fiches = fiches_demandees(demander_couverture(question), catalogue, referentiel)
    couverture = mesurer(question, fiches, referentiel)
    with _VERROU:
        gardees[question] = couverture
        while len(gardees) > GARDEES:
            gardees.popitem(last=False)
    return couverture


def mesurer(question: Question, fiches: Sequence[Fiche], referentiel: Referentiel) -> Couverture:
    """Measure from every commune of Isère to these Fiches, as far as their way in has a place.

    Between places at the same distance the first in the order of `fiches` stands.
    """
    communes = referentiel.communes
    ainsi = [fiche for fiche in fiches if fiche.acces is question.acces]
    destinations = tuple(
        Destination(fiche.slug, fiche.nom, implantation.localisation)
        for fiche in ainsi
        for implantation in fiche.implantations
    )
    competences = _competences(fiches, question.acces, communes)
    proches = _plus_proches(communes.toutes, destinations)
    lignes = tuple(
        _ligne(commune, communes, proches.get(commune.code_insee), competences)
        for commune in communes.toutes
    )
    types = {fiche.type for fiche in ainsi}
    types |= {question.code} if question.critere is Critere.TYPE else set()
    nombres = Counter(fiche.acces for fiche in fiches)
    return Couverture(
        question=question,
        communes=lignes,
        epci=_par_epci(lignes),
        bilan=Bilan.build(lignes),
        destinations=destinations,
        services=len(ainsi),
        autres=tuple((a, nombres[a]) for a in Acces if a is not question.acces and nombres[a]),
        partielle=liste_partielle(types, referentiel.vocabulaire),
    )


def _ligne(
    commune: Commune,
    communes: Communes,
    proche: tuple[int, Destination] | None,
    competences: Mapping[str, bool | None],
) -> CommuneCouverte:
    distance_m, destination = proche or (None, None)
    epci = communes.epci(commune.epci)
    return CommuneCouverte(
        commune=commune,
        epci=epci.nom if epci else "",
        distance_m=distance_m,
        destination=destination,
        competent=competences[commune.code_insee],
    )


def _plus_proches(
    communes: Sequence[Commune], destinations: Sequence[Destination]
) -> dict[str, tuple[int, Destination]]:
    """INSEE code → whole metres and place; empty when there is no place."""
    if not destinations:
        return {}
    reperes = _points((c.longitude, c.latitude) for c in communes)
    reperes["code_insee"] = [commune.code_insee for commune in communes]
    lieux = _points((d.localisation.longitude, d.localisation.latitude) for d in destinations)
    lieux["rang"] = range(len(destinations))
    # Places that stand on one point come all: a hundred records stand on Grenoble's town hall.
    paires = reperes.sjoin_nearest(lieux, distance_col="distance_m")
    paires = paires.sort_values(["code_insee", "rang"]).drop_duplicates("code_insee")
    return {
        code: (int(distance), destinations[rang])
        for code, distance, rang in zip(
            paires["code_insee"], paires["distance_m"].round(), paires["rang"], strict=True
        )
    }


def _points(positions: Iterable[tuple[float, float]]) -> GeoDataFrame:
    """Points given in degrees (EPSG:4326: longitude, latitude), in metres (EPSG:2154)."""
    # geopandas brings pandas: a second at import, which only those who measure pay.
    from geopandas import GeoDataFrame, points_from_xy

    longitudes, latitudes = zip(*positions, strict=True)
    points: Any = points_from_xy(longitudes, latitudes, crs=DEGRES).to_crs(METRES)
    return GeoDataFrame(geometry=points)


def _competences(
    fiches: Iterable[Fiche], acces: Acces, communes: Communes
) -> dict[str, bool | None]:
    """INSEE code → whether somebody is competent: yes, no, or not known (invariant 5).

    Who can be reached this way counts, and who answers by telephone.
    """
    servent = [fiche for fiche in fiches if fiche.acces in (acces, Acces.TELEPHONE)]
    inconnu = any(fiche.territoire is None for fiche in servent)
    connus = {fiche.territoire for fiche in servent if fiche.territoire is not None}
    couvertes: set[str] = set().union(*(_codes(territoire, communes) for territoire in connus))
    return {
        commune.code_insee: True if commune.code_insee in couvertes else None if inconnu else False
        for commune in communes.toutes
    }


def _codes(territoire: Territoire, communes: Communes) -> set[str]:
    codes = (commune.code_insee for commune in communes.toutes)
    return {code for code in codes if communes.territoire_contient(territoire, code)}


def _par_epci(lignes: Sequence[CommuneCouverte]) -> tuple[EpciCouvert, ...]:
    groupes: dict[str, list[CommuneCouverte]] = {}
    for ligne in lignes:
        groupes.setdefault(ligne.commune.epci, []).append(ligne)
    epci = (
        EpciCouvert(code, groupe[0].epci or code, Bilan.build(groupe))
        for code, groupe in groupes.items()
    )
    return tuple(sorted(epci, key=lambda un: fold(un.nom)))
