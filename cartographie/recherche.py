"""The main job: what was asked (`Recherche`) → four ranked groups, each line with its reason.

The order inside a group is in `classement.py`. Nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from cartographie.acteurs import Acces, Fiche
from cartographie.catalogue import Catalogue, Filtre
from cartographie.classement import Lignes, voir
from cartographie.communes import Lieu
from cartographie.horaires import Etat, a_la_minute
from cartographie.lexique import Entiers
from cartographie.referentiel import Referentiel
from cartographie.resultats import Contexte, Resultat, resultat_national
from cartographie.vocabulaire import Vocabulaire

BESOIN_PAR_DEFAUT = "parler"
BESOIN_SANS_RECHERCHE = "danger"
GROUPES = {
    "appeler": "Appeler maintenant",
    "recevoir": "Être reçue",
    "sur-orientation": "Sur orientation",
    "professionnels": "Pour les professionnels",
}
ACCES_PAR_GROUPE = {
    "appeler": (Acces.TELEPHONE,),
    "recevoir": (Acces.DIRECT,),
    "sur-orientation": (Acces.ORIENTATION, Acces.DECISION_JUDICIAIRE),
    "professionnels": (Acces.PROFESSIONNELS,),
}
LISTE_PARTIELLE = "Liste partielle : un autre service peut exister plus près."


@dataclass(frozen=True, slots=True)
class Recherche:
    """What was asked, every value already understood. `rayon_km` in kilometres.

    `acteurs` are slugs: these lines of the answer and no others, when there are any.
    """

    lieu: Lieu | None = None
    besoin: str = ""
    types: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    langues: tuple[str, ...] = ()
    objectif: tuple[str, int] | None = None
    q: str = ""
    ouvert: bool = False
    rayon_km: float | None = None
    tri: Literal["pertinence", "distance"] = "pertinence"
    page: int = 1
    acteurs: tuple[str, ...] = ()
    besoin_par_defaut: bool = False

    @property
    def est_filtree(self) -> bool:
        """Whether records are asked for by more than a besoin."""
        filtres = (self.types, self.missions, self.publics, self.langues, self.objectif)
        return any((*filtres, self.q, self.acteurs))


@dataclass(frozen=True, slots=True)
class Groupe:
    """One of the four groups; `replie` when it is folded at first. Lines are told when read."""

    code: str
    libelle: str
    resultats: Lignes
    replie: bool = False


@dataclass(frozen=True, slots=True)
class Reponse:
    """The answer. `total` counts acteurs, never national numbers; `notes` are to be said.

    `catalogue` is what it was made from. `plus_proche_m`: whole metres to the nearest door of all,
    None when no distance is known.
    """

    recherche: Recherche
    catalogue: Catalogue
    groupes: tuple[Groupe, ...]
    total: int
    ouverts: int
    inconnus: int
    plus_proche_m: int | None
    notes: tuple[str, ...]
    partielle: str

    @property
    def lieu(self) -> Lieu | None:
        """Where the answer was measured from."""
        return self.recherche.lieu

    @property
    def acteurs(self) -> tuple[Resultat, ...]:
        """Every line that is an acteur, group after group."""
        return tuple(r for groupe in self.groupes for r in groupe.resultats if r.fiche)

    @property
    def fiches(self) -> tuple[Fiche, ...]:
        """The same acteurs in the same order, without a word about each: what the map shows."""
        return tuple(fiche for groupe in self.groupes for fiche in groupe.resultats.fiches)

    @property
    def rangs(self) -> Entiers:
        """Their ranks in `catalogue`, in no order."""
        return np.concatenate([groupe.resultats.rangs for groupe in self.groupes])


def repondre(
    recherche: Recherche, catalogue: Catalogue, referentiel: Referentiel, maintenant: datetime
) -> Reponse:
    """Answer a Recherche from published Fiches alone. `maintenant` carries its time zone."""
    demandes, reserves = _demandes(recherche, catalogue, referentiel)
    minute = a_la_minute(maintenant)
    contexte = Contexte(recherche.lieu, _missions(recherche, referentiel), minute, referentiel)
    vues = voir(demandes, catalogue, contexte)
    if recherche.rayon_km is not None:
        vues = vues.dans_le_rayon(recherche.rayon_km)
    if recherche.ouvert:
        vues = vues.sans_les_fermes()
    numeros = _numeros(recherche, referentiel, maintenant)
    cles = vues.cles(tri=recherche.tri, ouvert=recherche.ouvert)
    groupes = tuple(
        Groupe(
            code,
            libelle,
            vues.lignes(ACCES_PAR_GROUPE[code], cles, numeros if code == "appeler" else ()),
            replie=code == "professionnels",
        )
        for code, libelle in GROUPES.items()
    )
    return Reponse(
        recherche=recherche,
        catalogue=catalogue,
        groupes=groupes,
        total=len(vues.rangs),
        ouverts=vues.combien(Etat.OUVERT),
        inconnus=vues.combien(Etat.INCONNU),
        plus_proche_m=vues.plus_proche_m,
        notes=_notes(recherche, bool(reserves.size)),
        partielle=_partielle(recherche, vues.types, referentiel),
    )


def fiches_demandees(
    recherche: Recherche, catalogue: Catalogue, referentiel: Referentiel
) -> tuple[Fiche, ...]:
    """Every Fiche that a Recherche asks for, wherever it is, in the order of slugs."""
    demandes, _ = _demandes(recherche, catalogue, referentiel)
    return tuple(catalogue.fiches[rang] for rang in demandes)


def liste_partielle(types: Collection[str], vocabulaire: Vocabulaire) -> str:
    """Warn unless every one of these types is known to be complete; nothing is not complete."""
    complets = bool(types) and all(vocabulaire.types[code].exhaustif for code in types)
    return "" if complets else LISTE_PARTIELLE


def _demandes(
    recherche: Recherche, catalogue: Catalogue, referentiel: Referentiel
) -> tuple[Entiers, Entiers]:
    """Ranks of those who may be shown, and of those held back until somebody asks for them."""
    trop_loin = recherche.lieu is not None and recherche.lieu.longitude is None
    if recherche.besoin == BESOIN_SANS_RECHERCHE or trop_loin:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)

    def chercher() -> tuple[Entiers, Entiers]:
        return _partager(_candidats(recherche, catalogue, referentiel), recherche, catalogue)

    # Most questions are a besoin from somewhere: who answers it is the same from everywhere.
    if recherche.est_filtree:
        return chercher()
    return catalogue.une_fois(("demandes", recherche.besoin), chercher)


def _candidats(recherche: Recherche, catalogue: Catalogue, referentiel: Referentiel) -> Entiers:
    rangs = catalogue.rangs(
        Filtre(
            types=recherche.types,
            missions=recherche.missions,
            publics=recherche.publics,
            langues=recherche.langues,
            objectif=recherche.objectif,
            q=recherche.q,
            slugs=recherche.acteurs,
        )
    )
    if not recherche.besoin:
        return rangs
    missions = referentiel.vocabulaire.besoins[recherche.besoin].missions
    return rangs[catalogue.un_de("mission", missions, rangs)]


def _missions(recherche: Recherche, referentiel: Referentiel) -> frozenset[str]:
    """The missions that were asked for: by themselves, or as parts of a besoin."""
    if not recherche.besoin:
        return frozenset(recherche.missions)
    besoin = referentiel.vocabulaire.besoins[recherche.besoin]
    return frozenset((*recherche.missions, *besoin.missions))


def _partager(
    rangs: Entiers, recherche: Recherche, catalogue: Catalogue
) -> tuple[Entiers, Entiers]:
    """Split what may be shown from services for perpetrators that nobody asked for."""
    if _auteurs_demandes(recherche):
        return rangs, rangs[:0]
    reserve = catalogue.un_de("reserve", (True,), rangs)
    return rangs[~reserve], rangs[reserve]


def _auteurs_demandes(recherche: Recherche) -> bool:
    return (
        recherche.besoin == "auteurs"
        # Who asks for an objective asks for everybody who works towards it.
        or recherche.objectif is not None
        or "AUTEURS" in recherche.types
        or "auteurs" in recherche.publics
        or any(mission.endswith("-auteurs") for mission in recherche.missions)
    )


def _numeros(
    recherche: Recherche, referentiel: Referentiel, maintenant: datetime
) -> list[Resultat]:
    """National numbers of the besoin asked for, or of the besoins that the missions belong to."""
    missions = frozenset(recherche.missions)
    besoins = {recherche.besoin} | {
        besoin.code
        for besoin in referentiel.vocabulaire.besoins.values()
        if missions and not missions.isdisjoint(besoin.missions)
    }
    return [
        resultat_national(numero, maintenant)
        for numero in referentiel.numeros
        if besoins.intersection(numero.besoins)
    ]


def _notes(recherche: Recherche, reserves: bool) -> tuple[str, ...]:
    notes = [recherche.lieu.note] if recherche.lieu and recherche.lieu.note else []
    if reserves and recherche.q:
        notes.append(
            "Les services pour les auteurs ne sont montrés que si on les demande : "
            "besoin « Auteurs de violences »."
        )
    return tuple(notes)


def _partielle(recherche: Recherche, types: Collection[str], referentiel: Referentiel) -> str:
    """Warn when a type that was answered, or asked for, is not known to be complete."""
    if recherche.besoin == BESOIN_SANS_RECHERCHE:
        return ""
    return liste_partielle({*types, *recherche.types}, referentiel.vocabulaire)
