"""A proposal as a moderator reads it: field by field, and what becomes of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cartographie.acteurs import Diffusion, Localisation, Precision, Saisie
from cartographie.comparaison import Difference, Ecart, Touche, comparer, differences, fusionner
from cartographie.depots import Decision, MotifDepot, Proposition, appliquer
from cartographie.errors import Faute, GeocodageError, SaisieError
from cartographie.geocodage import Geocodeur
from cartographie.referentiel import Referentiel

MOTIFS: Mapping[MotifDepot, str] = {
    MotifDepot.NUMERO_FAUX: "Numéro faux",
    MotifDepot.FERME: "Service fermé",
    MotifDepot.DEMENAGE: "Service déménagé",
    MotifDepot.AUTRE: "Autre chose",
    MotifDepot.MISE_A_JOUR: "Mise à jour",
    MotifDepot.DANGER: "Cette fiche met quelqu’un en danger",
}
DECISIONS: Mapping[Decision, str] = {
    Decision.ACCEPTEE: "acceptée en entier",
    Decision.PARTIELLE: "acceptée en partie",
    Decision.TRAITEE: "traitée à la main",
    Decision.REFUSEE: "sans suite",
}
PRECISIONS: Mapping[str, str] = {
    "numero": "Numéro dit faux",
    "numero_juste": "Numéro proposé",
    "depuis": "Depuis",
    "adresse": "Adresse proposée",
    "commune": "Commune proposée",
}
RIEN_DE_COCHE = "Cochez au moins une ligne, ou choisissez « Ne rien accepter »."


class Geste(StrEnum):
    """The button that was pressed."""

    TOUT = "tout"
    CHOIX = "choix"
    RIEN = "rien"
    TRAITEE = "traitee"


@dataclass(frozen=True, slots=True)
class Examen:
    """A proposal beside the record of today, at `revision`.

    `ecarts`: what it would change now; `depuis`: what changed meanwhile, by others. `adresse`:
    whom a word back goes to, or nobody. `demandes`: what it proposed when it was made.
    """

    proposition: Proposition
    base: Saisie
    actuelle: Saisie
    revision: int
    proposee: Saisie
    ecarts: tuple[Ecart, ...]
    depuis: tuple[Difference, ...]
    demandes: tuple[Difference, ...]
    adresse: str

    @property
    def perimee(self) -> bool:
        """Whether the record moved on since the proposal was made."""
        return bool(self.depuis)

    @property
    def precisions(self) -> tuple[tuple[str, str], ...]:
        """What was told beside the message, in words."""
        dites = self.proposition.precisions
        return tuple((mot, dites[nom]) for nom, mot in PRECISIONS.items() if dites.get(nom))


def build_examen(
    proposition: Proposition,
    base: Saisie,
    actuelle: Saisie,
    revision: int,
    adresse: str,
    referentiel: Referentiel,
) -> Examen:
    """Lay a proposal beside the record; what cannot be read any more proposes nothing."""
    try:
        proposee = appliquer(base, proposition.changements)
    except SaisieError:
        proposee = base
    ecarts = tuple(
        e for e in comparer(base, actuelle, proposee, referentiel) if e.touche is not Touche.LEURS
    )
    depuis = differences(base, actuelle, referentiel) if base != actuelle else ()
    demandes = differences(base, proposee, referentiel)
    return Examen(
        proposition, base, actuelle, revision, proposee, ecarts, depuis, demandes, adresse
    )


def choisir(
    examen: Examen, geste: Geste, choisis: Sequence[str], referentiel: Referentiel
) -> tuple[Decision, Saisie | None]:
    """The decision, and the record as it becomes: None when it stays. Raises SaisieError."""
    chemins = [e.chemin for e in examen.ecarts]
    if geste in (Geste.RIEN, Geste.TRAITEE):
        return Decision.TRAITEE if geste is Geste.TRAITEE else Decision.REFUSEE, None
    pris = chemins if geste is Geste.TOUT else [c for c in chemins if c in set(choisis)]
    if not pris:
        raise SaisieError((Faute("champ", RIEN_DE_COCHE),))
    toutes = comparer(examen.base, examen.actuelle, examen.proposee, referentiel)
    choix = {e.chemin: "miens" if e.chemin in pris else "leurs" for e in toutes}
    gardee = fusionner(examen.base, examen.actuelle, examen.proposee, choix)
    decision = Decision.ACCEPTEE if len(pris) == len(chemins) else Decision.PARTIELLE
    return decision, gardee


def placer(saisie: Saisie, actuelle: Saisie, geocodeur: Geocodeur | None) -> Saisie:
    """Look for the points of new addresses; what is not found stays at its commune."""
    if geocodeur is None or saisie.diffusion is not Diffusion.PUBLIQUE:
        return saisie
    connues = {porte.localisation for porte in actuelle.implantations}
    return replace(
        saisie,
        implantations=tuple(
            p
            if p.localisation in connues
            else replace(p, localisation=_point(p.localisation, geocodeur))
            for p in saisie.implantations
        ),
    )


def _point(lieu: Localisation, geocodeur: Geocodeur) -> Localisation:
    if lieu.precision is Precision.ADRESSE or not lieu.adresse:
        return lieu
    try:
        trouve = geocodeur.geocoder(lieu.adresse, lieu.code_postal, lieu.commune, lieu.code_insee)
    except GeocodageError:
        return lieu
    return trouve if trouve.precision is Precision.ADRESSE else lieu
