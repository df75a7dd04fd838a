"""A proposal as it comes in, from anybody or from a partner: what it may say, what it would change.

`changements` are fields of the record in the terms of `serialisation`; whoever proposes never
sees what is internal, so what is internal is neither read from a proposal nor lost by it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from cartographie.acteurs import Contact, Diffusion, Saisie, Visibilite
from cartographie.errors import Faute, SaisieError
from cartographie.referentiel import Referentiel
from cartographie.serialisation import IMPOSSIBLES, read_champs
from cartographie.texte import CONTROLES
from cartographie.validation import valider, zone

TEXTE_MAX = 500
# All the fields together, as JSON: a whole record of ten doors has a third of it.
CHANGEMENTS_MAX = 24_000
PROPOSABLES = frozenset(
    """nom sigle description missions publics langues acces destinataires conditions frais
    rendez_vous accessible_pmr enfants_accueillis territoire relais site_web implantations
    contacts""".split()
)
# What belongs to a place whose address is not told: not even kept until somebody refuses it.
PAS_EN_ZONE = frozenset({"site_web", "implantations", "contacts"})
# What a visitor may tell that is no field of a record, with its length.
PRECISIONS = {"numero": 40, "numero_juste": 40, "depuis": 20, "adresse": 200, "commune": 100}
INTERDIT = "Ce champ ne se propose pas : la délégation seule en décide."
EN_ZONE = "L’adresse de ce service ne se dit pas : n’envoyez rien qui montre où il est."


class OrigineDepot(StrEnum):
    """Who proposes: anybody, of whom nothing is known, or a partner through its link."""

    PUBLIC = "public"
    PARTENAIRE = "partenaire"


class MotifDepot(StrEnum):
    """Why."""

    NUMERO_FAUX = "numero-faux"
    FERME = "ferme"
    DEMENAGE = "demenage"
    AUTRE = "autre"
    MISE_A_JOUR = "mise-a-jour"
    DANGER = "danger"


class Decision(StrEnum):
    """What became of it. `traitee`: somebody changed the record by hand."""

    ACCEPTEE = "acceptee"
    PARTIELLE = "partielle"
    TRAITEE = "traitee"
    REFUSEE = "refusee"


@dataclass(frozen=True, slots=True)
class Depot:
    """What is sent. `revision`: number of the revision that was read, the present one when None.

    `envoi` names one sending: the same one arriving twice is kept once. Empty: every one is kept.
    """

    slug: str
    origine: str
    motif: str
    texte: str = ""
    changements: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    revision: int | None = None
    precisions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    envoi: str = ""


@dataclass(frozen=True, slots=True)
class Proposition:
    """What moderators read of it; without `decision` it waits."""

    id: int
    slug: str
    origine: OrigineDepot
    motif: MotifDepot
    deposee_le: datetime
    revision: int
    texte: str
    precisions: Mapping[str, str]
    changements: Mapping[str, Any]
    decision: Decision | None = None
    decidee_le: datetime | None = None
    decidee_par: str = ""
    mot: str = ""

    @property
    def danger(self) -> bool:
        """Whether somebody says that the record puts a person in danger."""
        return self.motif is MotifDepot.DANGER


def normaliser(texte: str) -> str:
    """A text as it is kept: plain lines, without the characters that nobody sees."""
    lignes = texte.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLES.sub("", IMPOSSIBLES.sub("", lignes)).strip()


def examiner(
    depot: Depot, base: Saisie, referentiel: Referentiel, porteurs: Mapping[str, str]
) -> None:
    """Judge what is sent about `base`. Raises SaisieError with every fault."""
    fautes = [*_enveloppe(depot), *_champs(depot, base), *_lieu(depot, base, referentiel)]
    if not fautes and depot.changements:
        try:
            propose = appliquer(base, depot.changements)
        except SaisieError as erreur:
            raise SaisieError(erreur.fautes) from None
        # A fault that was there before is not that of whoever proposes.
        anciennes = {(f.champ, f.message) for f in valider(base, referentiel, porteurs)}
        nouvelles = valider(propose, referentiel, porteurs)
        fautes += [f for f in nouvelles if (f.champ, f.message) not in anciennes]
    if fautes:
        raise SaisieError(tuple(fautes))


def appliquer(base: Saisie, changements: Mapping[str, Any]) -> Saisie:
    """The record as it would be. Raises SaisieError when a value cannot be read."""
    valeurs = read_champs(changements)
    if "contacts" in valeurs:
        valeurs["contacts"] = _avec_internes(base.contacts, valeurs["contacts"])
    return replace(base, **valeurs)


def _avec_internes(
    actuels: tuple[Contact, ...], proposes: tuple[Contact, ...]
) -> tuple[Contact, ...]:
    """The contacts proposed, with the inner ones where they stood."""
    contacts = list(proposes)
    for rang, contact in enumerate(actuels):
        if contact.visibilite is Visibilite.INTERNE:
            contacts.insert(rang, contact)
    return tuple(contacts)


def _enveloppe(depot: Depot) -> Iterator[Faute]:
    if depot.origine not in tuple(OrigineDepot):
        yield Faute("origine", "Cette origine n’existe pas.", depot.origine[:40])
    if depot.motif not in tuple(MotifDepot):
        yield Faute("motif", "Choisissez ce qui ne va pas.", depot.motif[:40])
    longueur = len(normaliser(depot.texte))
    if longueur > TEXTE_MAX:
        yield Faute("texte", f"Ce message a {longueur} caractères : {TEXTE_MAX} au plus.")
    for nom, valeur in depot.precisions.items():
        if nom not in PRECISIONS:
            yield Faute(nom[:40], "Ce champ n’existe pas.")
        elif len(valeur) > PRECISIONS[nom]:
            yield Faute(nom, f"Cette réponse est trop longue : {PRECISIONS[nom]} caractères.")


def _champs(depot: Depot, base: Saisie) -> Iterator[Faute]:
    for nom in depot.changements:
        if nom not in PROPOSABLES:
            yield Faute(nom[:40], INTERDIT)
        elif base.diffusion is Diffusion.ZONE and nom in PAS_EN_ZONE:
            yield Faute(nom, EN_ZONE)
    contacts = depot.changements.get("contacts")
    for rang, contact in enumerate(contacts if isinstance(contacts, list | tuple) else ()):
        visibilite = contact.get("visibilite") if isinstance(contact, Mapping) else None
        if visibilite == Visibilite.INTERNE:
            yield Faute(f"contacts.{rang}.visibilite", INTERDIT)
    if len(json.dumps(depot.changements, default=str)) > CHANGEMENTS_MAX:
        yield Faute("", "Cette proposition est trop longue.")


def _lieu(depot: Depot, base: Saisie, referentiel: Referentiel) -> Iterator[Faute]:
    """Of a place that is not told, nothing is kept that tells it, whatever the field is called."""
    if base.diffusion is not Diffusion.ZONE:
        return
    for nom, valeur in depot.precisions.items():
        if nom != "depuis" and valeur.strip():
            yield Faute(nom, EN_ZONE)
    textes = {"texte": depot.texte, "depuis": depot.precisions.get("depuis", "")}
    for champ, texte in textes.items():
        lue = replace(base, notes_internes=normaliser(texte))
        for faute in zone.fautes(lue, referentiel.communes):
            if faute.champ == "notes_internes":
                dit = faute.message.rpartition(" : ")[2]
                yield Faute(champ, f"{EN_ZONE} Ici, {dit.removesuffix('.')} : reformulez.")


def chiffres(numero: str) -> str:
    """A number as it is compared: its digits alone."""
    return re.sub(r"\D", "", numero)
