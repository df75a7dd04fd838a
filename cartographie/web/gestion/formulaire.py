"""The form of a record as it is shown: what was typed, its faults, what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cartographie.acteurs import (
    Contact,
    Diffusion,
    Implantation,
    Precision,
    Saisie,
    Statut,
    Territoire,
)
from cartographie.communes import Communes
from cartographie.croquis import Croquis, dessiner
from cartographie.errors import Faute, ParametreError
from cartographie.libelles import TERMES, dire_horaires, dire_lieu, dire_participation, nommer
from cartographie.phrases import date_fr
from cartographie.referentiel import Referentiel
from cartographie.saisies import Avis, Champs, rangs, un
from cartographie.saisies.champs import base_de
from cartographie.saisies.semaine import tableau_de
from cartographie.web.gestion.choix import Choix, Options

SECTIONS = (
    ("qui", "Qui"),
    ("ou", "Où et quand"),
    ("contacts", "Contacts"),
    ("pour", "Pour qui et pour quoi"),
    ("territoire", "Territoire"),
    ("objectifs", "Objectifs"),
    ("diffusion", "Diffusion"),
    ("verification", "Vérification"),
)
# What travels with the fields and is none of them.
HORS_SAISIE = ("csrf_token", "geste", "revision", "revision_vue")


@dataclass(frozen=True, slots=True)
class Erreur:
    """A line of the summary: which field, where it is on the page, what is wrong."""

    champ: str
    ancre: str
    libelle: str
    message: str


@dataclass(frozen=True)
class Formulaire:
    """Everything that the template of the form asks for."""

    base: Saisie
    champs: Champs
    revision: str
    referentiel: Referentiel
    porteurs: Options
    fautes: tuple[Faute, ...] = ()
    avis: tuple[Avis, ...] = ()
    ouverts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def v(self, nom: str) -> str:
        """The text of a field, as it was typed."""
        return next(iter(self.champs.get(nom, ())), "")

    def coche(self, nom: str, valeur: str) -> bool:
        """Whether a box is ticked, or a choice made."""
        return valeur in self.champs.get(nom, ())

    def blocs(self, prefixe: str) -> tuple[int, ...]:
        """Numbers of the blocks shown; one empty block when there is none and it is expected."""
        trouves = set(rangs(self.champs, prefixe)) | set(self.ouverts.get(prefixe, ()))
        if not trouves and prefixe in ("implantations", "contacts"):
            trouves = {0}
        return tuple(sorted(trouves))

    def suivant(self, prefixe: str) -> int:
        """The number that a further block would have."""
        return max(self.blocs(prefixe), default=-1) + 1

    def messages(self, nom: str) -> tuple[str, ...]:
        """What is wrong with a field."""
        return tuple(dict.fromkeys(f.message for f in self.fautes if f.champ == nom))

    def avis_de(self, nom: str) -> tuple[Avis, ...]:
        """What became of an address."""
        return tuple(a for a in self.avis if a.champ == nom)

    @property
    def erreurs(self) -> tuple[Erreur, ...]:
        """The summary, in the order of the page; what a browser did not send comes last."""
        vues = dict.fromkeys((f.champ, f.message) for f in self.fautes)
        return tuple(
            Erreur(champ, ancre(champ) if champ else "", libelle_de(champ), message)
            for champ, message in sorted(vues, key=lambda vue: self._place(vue[0]))
        )

    def _place(self, champ: str) -> int:
        """Where a field, or the first of a group, stands in the page: sent in its order."""
        for place, nom in enumerate(self.champs):
            if nom == champ or nom.startswith(f"{champ}.") or champ.startswith(f"{nom}."):
                return place
        return len(self.champs)

    @property
    def en_zone(self) -> bool:
        """Whether the record is known by its zone alone."""
        return self.base.diffusion is Diffusion.ZONE

    @property
    def etat(self) -> str:
        """Draft, published or archived, in words."""
        return TERMES[Statut(self.base.statut)]

    @property
    def diffusion(self) -> str:
        """Who may know of it, in words."""
        return TERMES[Diffusion(self.base.diffusion)]

    @property
    def verification(self) -> str:
        """When and by whom it was last confirmed."""
        if self.base.verifie_le is None:
            return "Cette fiche n’a jamais été vérifiée."
        par = f" par {self.base.verifie_par}" if self.base.verifie_par else ""
        return f"Dernière vérification : le {date_fr(self.base.verifie_le)}{par}."

    def porte(self, n: int | str) -> Implantation | None:
        """The door that a block was made of."""
        portes = self.base.implantations
        rang = base_de(self.champs, f"implantations.{n}", len(portes))
        return None if rang is None else portes[rang]

    def point(self, n: int | str) -> tuple[str, ...]:
        """Where the door of a block stands today, and how that is known."""
        porte = self.porte(n)
        if porte is None:
            return ()
        lieu = porte.localisation
        source = (lieu.source,) if lieu.source else ()
        return (*dire_lieu(lieu, self.referentiel)[1:], *source)

    def horaires_lus(self, prefixe: str) -> tuple[str, ...]:
        """The hours that are kept today, in words."""
        porteur: Implantation | Contact | None = None
        racine, _, n = prefixe.partition(".")
        if racine == "implantations":
            porteur = self.porte(n)
        elif racine == "contacts":
            contacts = self.base.contacts
            rang = base_de(self.champs, prefixe, len(contacts))
            porteur = None if rang is None else contacts[rang]
        elif self.base.relais:
            return dire_horaires(self.base.relais.horaires)
        return dire_horaires(porteur.horaires) if porteur else ()

    def a_des_horaires(self, prefixe: str) -> bool:
        """Whether something is typed in a table of hours, or wrong with it."""
        debuts = (f"{prefixe}.semaine.", f"{prefixe}.permanent", f"{prefixe}.feries")
        tapes = any(self.v(nom) for nom in self.champs if nom.startswith(debuts))
        parties = (*debuts, f"{prefixe}.horaires")
        return (
            tapes
            or self.hors_tableau(prefixe)
            or any(faute.champ.startswith(parties) for faute in self.fautes)
        )

    def hors_tableau(self, prefixe: str) -> bool:
        """Whether the hours are in OSM syntax because no table can hold them."""
        return tableau_de(self.v(f"{prefixe}.horaires")) is None

    def est_iso(self, nom: str) -> bool:
        """Whether a field of dates can show what it holds: a browser would drop the rest."""
        return not self.v(nom) or (len(self.v(nom)) == 10 and self.v(nom)[4:5] == "-")

    @property
    def a_placer(self) -> tuple[int, ...]:
        """Doors that have an address, and whose point is only that of the commune."""
        portes = () if self.en_zone else enumerate(self.base.implantations)
        return tuple(
            rang
            for rang, porte in portes
            if porte.localisation.adresse and porte.localisation.precision is not Precision.ADRESSE
        )

    def participation(self, n: int) -> str:
        """The part that a block was made of, in words; nothing for a new one."""
        parts = self.base.participations
        rang = base_de(self.champs, f"participations.{n}", len(parts))
        if rang is None:
            return ""
        part = parts[rang]
        protocole = self.referentiel.protocole(part.periode)
        objectif = protocole.objectif(part.objectif) if protocole else None
        return f"{dire_participation(part)}{f' – {objectif.titre}' if objectif else ''}"

    @cached_property
    def choix(self) -> Choix:
        """What the lists offer."""
        return Choix(self.referentiel, self.base)

    @cached_property
    def croquis(self) -> Croquis | None:
        """The drawing of the territoire that is typed, inside Isère; None when it has none."""
        territoire = self._territoire_tape()
        return dessiner(territoire, self.referentiel.communes) if territoire else None

    def _territoire_tape(self) -> Territoire | None:
        choix = un(self.champs, "territoire")
        if choix not in ("departement", "liste"):
            return None
        communes = self.referentiel.communes
        noms = un(self.champs, "territoire.communes").replace(";", "\n").replace(",", "\n")
        codes = tuple(filter(None, (_code(communes, nom) for nom in noms.splitlines())))
        epci = tuple(self.champs.get("territoire.epci", ()))
        return Territoire(codes, epci, choix == "departement")

    def caches(self) -> tuple[tuple[str, str], ...]:
        """Every field, to be carried by a page that shows something else."""
        return tuple(
            (nom, valeur)
            for nom, valeurs in self.champs.items()
            if nom not in HORS_SAISIE and not nom.startswith("choix.")
            for valeur in valeurs
        )


def _code(communes: Communes, nom: str) -> str:
    try:
        return communes.lieu(nom.strip()[:120]).code_insee if nom.strip() else ""
    except ParametreError:
        return ""


def ancre(champ: str) -> str:
    """The id of a field: its name with dashes."""
    return champ.replace(".", "-")


def libelle_de(champ: str) -> str:
    """What the summary calls a field."""
    morceaux = champ.split(".")
    if not champ:
        return ""
    if len(morceaux) > 2 and morceaux[1].isdigit():
        return nommer(".".join(morceaux[:3]))
    return nommer(morceaux[0])
