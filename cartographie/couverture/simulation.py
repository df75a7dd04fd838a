"""What would change if somebody were there: a fictitious acteur, of which nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cartographie.acteurs import Fiche, Implantation, Localisation, Territoire
from cartographie.catalogue import Catalogue
from cartographie.couverture.calcul import couvrir, mesurer
from cartographie.couverture.question import demander_couverture
from cartographie.couverture.valeurs import RAYONS_KM, CommuneCouverte, Couverture, Question
from cartographie.recherche import fiches_demandees
from cartographie.referentiel import Referentiel

NOM = "Acteur fictif"
# What the type of a fiche that answers a question by its mission or besoin may be: none is known.
SANS_TYPE = "ASSOCIATION"


@dataclass(frozen=True, slots=True)
class Essai:
    """Somebody who is not there: a place, and a territoire or None when it is not known."""

    localisation: Localisation
    territoire: Territoire | None


@dataclass(frozen=True, slots=True)
class Changement:
    """A commune whose class or competence changes."""

    avant: CommuneCouverte
    apres: CommuneCouverte

    @property
    def gain_m(self) -> int | None:
        """Metres less to go; None where there was no place at all."""
        if self.avant.distance_m is None or self.apres.distance_m is None:
            return None
        return self.avant.distance_m - self.apres.distance_m


@dataclass(frozen=True, slots=True)
class Simulation:
    """Coverage as it is, and as it would be."""

    avant: Couverture
    apres: Couverture

    @property
    def gagnes(self) -> tuple[int, ...]:
        """Inhabitants gained within each of RAYONS_KM."""
        paires = zip(self.avant.bilan.dans, self.apres.bilan.dans, strict=True)
        return tuple(apres - avant for avant, apres in paires)

    @property
    def changements(self) -> tuple[Changement, ...]:
        """Communes that change class or competence, the most inhabited first."""
        paires = zip(self.avant.communes, self.apres.communes, strict=True)
        changent = [
            Changement(avant, apres)
            for avant, apres in paires
            if (avant.classe, avant.competent) != (apres.classe, apres.competent)
        ]
        return tuple(sorted(changent, key=lambda c: -c.avant.commune.population))

    def gagnes_dans(self, rayon_km: int) -> int:
        """Inhabitants gained within one of RAYONS_KM."""
        return self.gagnes[RAYONS_KM.index(rayon_km)]


def simuler(
    question: Question, essai: Essai, catalogue: Catalogue, referentiel: Referentiel
) -> Simulation:
    """Measure again with one acteur more, who answers the question; nothing is written."""
    avant = couvrir(question, catalogue, referentiel)
    fiches = fiches_demandees(demander_couverture(question), catalogue, referentiel)
    fictive = Fiche(
        slug="",
        nom=NOM,
        type=SANS_TYPE,
        acces=question.acces,
        territoire=essai.territoire,
        implantations=(Implantation(essai.localisation),),
    )
    toutes: Sequence[Fiche] = (*fiches, fictive)
    return Simulation(avant, mesurer(question, toutes, referentiel))
