"""What the lists of the form offer, in the order of the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from cartographie.acteurs import (
    ContactKind,
    Destinataire,
    Diffusion,
    ImplantationKind,
    Role,
    Saisie,
    Trivalent,
    Visibilite,
)
from cartographie.libelles import LANGUES, TERMES, VISIBILITES
from cartographie.referentiel import Referentiel
from cartographie.saisies.semaine import FERIES, JOURS

Options = tuple[tuple[str, str], ...]
JOURS_FR = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
JOURS_DU_TABLEAU = tuple(zip(JOURS, JOURS_FR, strict=True))


@dataclass(frozen=True)
class Choix:
    """The lists of the form, in the order of the vocabulary."""

    referentiel: Referentiel
    base: Saisie
    jours: Options = JOURS_DU_TABLEAU
    feries: str = FERIES
    trivalents: Options = tuple((str(t), TERMES[t]) for t in Trivalent)
    destinataires: Options = tuple((str(d), TERMES[d]) for d in Destinataire)
    portes: Options = tuple((str(k), TERMES[k]) for k in ImplantationKind)
    lignes: Options = tuple((str(k), TERMES[k]) for k in ContactKind)
    visibilites: Options = tuple((str(v), VISIBILITES[v]) for v in Visibilite)
    roles: Options = tuple((str(r), TERMES[r]) for r in (Role.ACTEUR, Role.PILOTE))

    @property
    def types(self) -> Options:
        """Sorts of services."""
        return tuple((t.code, t.libelle) for t in self.referentiel.vocabulaire.types.values())

    @property
    def missions(self) -> Options:
        """What a service does."""
        return self._termes("missions")

    @property
    def publics(self) -> Options:
        """Whom it receives."""
        return self._termes("publics")

    @property
    def acces(self) -> Options:
        """How one gets there; a place that must not be found is never reached directly."""
        termes = self.referentiel.vocabulaire.acces.values()
        en_zone = self.base.diffusion is Diffusion.ZONE
        return tuple((t.code, t.libelle) for t in termes if not (en_zone and t.code == "direct"))

    @property
    def langues(self) -> Options:
        """Languages we have words for, and those that the record already has."""
        autres = ((code, code) for code in self.base.langues if code not in LANGUES)
        return (*LANGUES.items(), *autres)

    @property
    def communes(self) -> tuple[str, ...]:
        """Suggestions for a commune."""
        return tuple(commune.libelle for commune in self.referentiel.communes.toutes)

    @property
    def epci(self) -> Options:
        """The intercommunalités of Isère."""
        codes = {commune.epci for commune in self.referentiel.communes.toutes if commune.epci}
        trouvees = (self.referentiel.communes.epci(code) for code in codes)
        return tuple(sorted(((e.code, e.nom) for e in trouvees if e), key=lambda paire: paire[1]))

    @property
    def zones(self) -> tuple[tuple[str, Options], ...]:
        """Zones wide enough to hide a place: large communes, intercommunalités, Isère."""
        toutes = self.referentiel.communes.toutes
        grandes = tuple(
            (f"commune:{c.code_insee}", c.nom)
            for c in toutes
            if self.referentiel.communes.zone(c.code_insee).precision == "commune"
        )
        epci = tuple((f"epci:{code}", nom) for code, nom in self.epci)
        return (
            ("Communes de 5 000 habitants et plus", grandes),
            ("Intercommunalités", epci),
            ("Département", (("departement", "Isère, sans plus de précision"),)),
        )

    @property
    def cibles(self) -> tuple[tuple[str, Options], ...]:
        """Objectives and actions of every period, latest first."""
        protocoles = sorted(self.referentiel.protocoles, key=lambda p: -p.periode.debut)
        return tuple(
            (
                f"Objectif {o.numero} – {o.titre} ({p.periode.code})",
                (
                    (f"{p.periode.code}/{o.numero}", f"Objectif {o.numero}, en entier"),
                    *(
                        (f"{p.periode.code}/{o.numero}/{a.id}", f"Action {a.id} – {a.libelle}")
                        for a in o.actions
                    ),
                ),
            )
            for p in protocoles
            for o in p.objectifs
        )

    def _termes(self, nom: str) -> Options:
        termes = getattr(self.referentiel.vocabulaire, nom)
        autres = ((code, code) for code in getattr(self.base, nom) if code not in termes)
        return (*((t.code, t.libelle) for t in termes.values()), *autres)
