"""The main job: what was asked (`Recherche`) → four ranked groups, each line with its reason.

The order inside a group is the promise of the software: competent here, then not known, then
elsewhere; distance; reachable; verified; name; slug. Nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cartographie.acteurs import Acces, Fiche
from cartographie.catalogue import Catalogue, Filtre, Porte, pour_auteurs
from cartographie.communes import Lieu
from cartographie.horaires import Etat
from cartographie.referentiel import Referentiel
from cartographie.resultats import Contexte, Resultat, resultat, resultat_national
from cartographie.texte import fold
from cartographie.vocabulaire import Vocabulaire

BESOIN_PAR_DEFAUT = "parler"
BESOIN_SANS_RECHERCHE = "danger"
GROUPES = {
    "appeler": "Appeler maintenant",
    "recevoir": "Être reçue",
    "sur-orientation": "Sur orientation",
    "professionnels": "Pour les professionnels",
}
GROUPE_PAR_ACCES = {
    Acces.TELEPHONE: "appeler",
    Acces.DIRECT: "recevoir",
    Acces.ORIENTATION: "sur-orientation",
    Acces.DECISION_JUDICIAIRE: "sur-orientation",
    Acces.PROFESSIONNELS: "professionnels",
}
RANG_COMPETENCE = {True: 0, None: 1, False: 2}
SANS_DISTANCE = float("inf")
LISTE_PARTIELLE = "Liste partielle : un autre service peut exister plus près."


@dataclass(frozen=True, slots=True)
class Recherche:
    """What was asked, every value already understood. `rayon_km` in kilometres."""

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
    besoin_par_defaut: bool = False


@dataclass(frozen=True, slots=True)
class Groupe:
    """One of the four groups; `replie` when it is folded at first."""

    code: str
    libelle: str
    resultats: tuple[Resultat, ...]
    replie: bool = False


@dataclass(frozen=True, slots=True)
class Reponse:
    """The answer. `total` counts acteurs, never national numbers; `notes` are to be said."""

    recherche: Recherche
    groupes: tuple[Groupe, ...]
    total: int
    ouverts: int
    inconnus: int
    notes: tuple[str, ...]
    partielle: str

    @property
    def lieu(self) -> Lieu | None:
        """Where the answer was measured from."""
        return self.recherche.lieu

    @property
    def acteurs(self) -> tuple[Resultat, ...]:
        """Every line that is an acteur, group after group: what the map shows."""
        return tuple(r for groupe in self.groupes for r in groupe.resultats if r.fiche)


def repondre(
    recherche: Recherche, catalogue: Catalogue, referentiel: Referentiel, maintenant: datetime
) -> Reponse:
    """Answer a Recherche from published Fiches alone. `maintenant` carries its time zone."""
    demandes, reserves = _partager(_candidats(recherche, catalogue, referentiel), recherche)
    portes = _portes(recherche.lieu, catalogue)
    voulues = _missions(recherche, referentiel)
    contexte = Contexte(recherche.lieu, voulues, maintenant, referentiel)
    lignes = [resultat(fiche, portes.get(fiche.slug, ()), contexte) for fiche in demandes]
    lignes = [ligne for ligne in lignes if _dans_le_rayon(ligne, recherche.rayon_km)]
    if recherche.ouvert:
        lignes = [ligne for ligne in lignes if ligne.ouverture.etat is not Etat.FERME]
    lignes.sort(key=_cle(recherche))
    numeros = _numeros(recherche, referentiel, maintenant)
    groupes = tuple(
        Groupe(code, libelle, _du_groupe(code, numeros, lignes), replie=code == "professionnels")
        for code, libelle in GROUPES.items()
    )
    return Reponse(
        recherche=recherche,
        groupes=groupes,
        total=len(lignes),
        ouverts=sum(ligne.ouverture.etat is Etat.OUVERT for ligne in lignes),
        inconnus=sum(ligne.ouverture.etat is Etat.INCONNU for ligne in lignes),
        notes=_notes(recherche, reserves),
        partielle=_partielle(recherche, lignes, referentiel),
    )


def fiches_demandees(
    recherche: Recherche, catalogue: Catalogue, referentiel: Referentiel
) -> tuple[Fiche, ...]:
    """Every Fiche that a Recherche asks for, wherever it is, in the order of slugs."""
    return _partager(_candidats(recherche, catalogue, referentiel), recherche)[0]


def liste_partielle(types: Collection[str], vocabulaire: Vocabulaire) -> str:
    """Warn unless every one of these types is known to be complete; nothing is not complete."""
    complets = bool(types) and all(vocabulaire.types[code].exhaustif for code in types)
    return "" if complets else LISTE_PARTIELLE


def _candidats(
    recherche: Recherche, catalogue: Catalogue, referentiel: Referentiel
) -> tuple[Fiche, ...]:
    trop_loin = recherche.lieu is not None and recherche.lieu.longitude is None
    if recherche.besoin == BESOIN_SANS_RECHERCHE or trop_loin:
        return ()
    fiches = catalogue.select(
        Filtre(
            types=recherche.types,
            missions=recherche.missions,
            publics=recherche.publics,
            langues=recherche.langues,
            objectif=recherche.objectif,
            q=recherche.q,
        )
    )
    if not recherche.besoin:
        return fiches
    missions = set(referentiel.vocabulaire.besoins[recherche.besoin].missions)
    return tuple(fiche for fiche in fiches if missions.intersection(fiche.missions))


def _missions(recherche: Recherche, referentiel: Referentiel) -> frozenset[str]:
    """The missions that were asked for: by themselves, or as parts of a besoin."""
    if not recherche.besoin:
        return frozenset(recherche.missions)
    besoin = referentiel.vocabulaire.besoins[recherche.besoin]
    return frozenset((*recherche.missions, *besoin.missions))


def _partager(
    fiches: Iterable[Fiche], recherche: Recherche
) -> tuple[tuple[Fiche, ...], tuple[Fiche, ...]]:
    """Split what may be shown from services for perpetrators that nobody asked for."""
    if _auteurs_demandes(recherche):
        return tuple(fiches), ()
    fiches = tuple(fiches)
    return (
        tuple(fiche for fiche in fiches if not pour_auteurs(fiche)),
        tuple(fiche for fiche in fiches if pour_auteurs(fiche)),
    )


def _auteurs_demandes(recherche: Recherche) -> bool:
    return (
        recherche.besoin == "auteurs"
        # Who asks for an objective asks for everybody who works towards it.
        or recherche.objectif is not None
        or "AUTEURS" in recherche.types
        or "auteurs" in recherche.publics
        or any(mission.endswith("-auteurs") for mission in recherche.missions)
    )


def _portes(lieu: Lieu | None, catalogue: Catalogue) -> dict[str, tuple[Porte, ...]]:
    if lieu is None or lieu.longitude is None or lieu.latitude is None:
        return {}
    return catalogue.portes_depuis(lieu.longitude, lieu.latitude)


def _dans_le_rayon(ligne: Resultat, rayon_km: float | None) -> bool:
    """A radius removes doors too far, and who has no door unless it may be competent here."""
    if rayon_km is None:
        return True
    if ligne.distance_m is None:
        return ligne.competent is not False
    return ligne.distance_m <= rayon_km * 1000


def _cle(recherche: Recherche) -> Callable[[Resultat], tuple[object, ...]]:
    """The order inside a group. Unknown distances come after known ones.

    A hundred records stand on the town hall of Grenoble: before the alphabet decides there, who
    answers more of what was asked stands first, else a police station precedes a listening place.
    """

    def cle(ligne: Resultat) -> tuple[object, ...]:
        distance = SANS_DISTANCE if ligne.distance_m is None else ligne.distance_m
        ouvert_d_abord = recherche.ouvert and ligne.ouverture.etat is not Etat.OUVERT
        if recherche.tri == "distance":
            return ouvert_d_abord, distance, *alphabetique(ligne)
        return (
            ouvert_d_abord,
            RANG_COMPETENCE[ligne.competent],
            distance,
            not ligne.joignable,
            not ligne.verifie,
            -len(ligne.missions),
            *alphabetique(ligne),
        )

    return cle


def alphabetique(ligne: Resultat) -> tuple[str, str]:
    """French order: É stands with E. The slug ends every tie."""
    return fold(ligne.nom), ligne.slug or ""


def _du_groupe(code: str, numeros: list[Resultat], lignes: list[Resultat]) -> tuple[Resultat, ...]:
    """National numbers stand first in `appeler`: they answer for everywhere, at once."""
    acteurs = [r for r in lignes if r.fiche and GROUPE_PAR_ACCES[r.fiche.acces] == code]
    return tuple((numeros if code == "appeler" else []) + acteurs)


def _numeros(
    recherche: Recherche, referentiel: Referentiel, maintenant: datetime
) -> list[Resultat]:
    """National numbers of the besoin asked for, or of the besoins that the missions belong to."""
    besoins = {recherche.besoin} | {
        besoin.code
        for besoin in referentiel.vocabulaire.besoins.values()
        if set(besoin.missions).intersection(recherche.missions)
    }
    return [
        resultat_national(numero, maintenant)
        for numero in referentiel.numeros
        if besoins.intersection(numero.besoins)
    ]


def _notes(recherche: Recherche, reserves: tuple[Fiche, ...]) -> tuple[str, ...]:
    notes = [recherche.lieu.note] if recherche.lieu and recherche.lieu.note else []
    if reserves and recherche.q:
        notes.append(
            "Les services pour les auteurs ne sont montrés que si on les demande : "
            "besoin « Auteurs de violences »."
        )
    return tuple(notes)


def _partielle(recherche: Recherche, lignes: list[Resultat], referentiel: Referentiel) -> str:
    """Warn when a type that was answered, or asked for, is not known to be complete."""
    if recherche.besoin == BESOIN_SANS_RECHERCHE:
        return ""
    types = {ligne.type for ligne in lignes} | set(recherche.types)
    return liste_partielle(types, referentiel.vocabulaire)
