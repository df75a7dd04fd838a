"""The values of the directory: what enters (`Saisie`) and what the public sees (`Fiche`).

Frozen values without behaviour beyond small derived facts. Coordinates are degrees, EPSG:4326,
always named `longitude` and `latitude`. Nothing here knows the database, the web or the files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Statut(StrEnum):
    """Life of a record. Nothing is deleted: what is over is archived."""

    BROUILLON = "brouillon"
    PUBLIE = "publie"
    ARCHIVE = "archive"


class Diffusion(StrEnum):
    """How much of a record may be known outside, decided record by record (invariant 1)."""

    PUBLIQUE = "publique"
    ZONE = "zone"
    INTERNE = "interne"


class Acces(StrEnum):
    """How one gets there; decides the group of the answer in which a record stands."""

    DIRECT = "direct"
    TELEPHONE = "telephone"
    ORIENTATION = "orientation"
    DECISION_JUDICIAIRE = "decision-judiciaire"
    PROFESSIONNELS = "professionnels"


class Destinataire(StrEnum):
    """Whom a service is for; `auteurs` alone keeps it out of answers that did not ask for it."""

    PERSONNES = "personnes"
    ENFANTS = "enfants"
    AUTEURS = "auteurs"
    PROFESSIONNELS = "professionnels"


class Precision(StrEnum):
    """How exactly a point is known. Below `adresse` nothing is drawn as a door."""

    ADRESSE = "adresse"
    COMMUNE = "commune"
    EPCI = "epci"
    DEPARTEMENT = "departement"


class Trivalent(StrEnum):
    """Yes, no, or nobody said: unknown stays unknown (invariant 5)."""

    OUI = "oui"
    NON = "non"
    INCONNU = "inconnu"


class ImplantationKind(StrEnum):
    """What a door is."""

    SIEGE = "siege"
    ANTENNE = "antenne"
    PERMANENCE = "permanence"


class ContactKind(StrEnum):
    """A way to reach a service that is not a door."""

    TELEPHONE = "telephone"
    SMS = "sms"
    COURRIEL = "courriel"


class Visibilite(StrEnum):
    """Whether a contact leaves the house."""

    PUBLIQUE = "publique"
    INTERNE = "interne"


class Role(StrEnum):
    """Part taken in an objective."""

    PILOTE = "pilote"
    ACTEUR = "acteur"


class Origine(StrEnum):
    """How a participation is known: named in the protocol, deduced from a category, declared."""

    NOMMEE = "nommee"
    DEDUITE = "deduite"
    DECLAREE = "declaree"


@dataclass(frozen=True, slots=True)
class Localisation:
    """Where a door is, and how exactly that is known.

    `longitude`, `latitude` in degrees (EPSG:4326). With `precision=adresse` they are the door's;
    below it they are the reference point of `code_insee`, `code_epci` or the département.
    """

    longitude: float
    latitude: float
    precision: Precision
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""
    code_insee: str = ""
    code_epci: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fermeture:
    """A dated closure, both days included."""

    debut: date
    fin: date
    motif: str = ""


@dataclass(frozen=True, slots=True)
class Implantation:
    """A door where one can go. `horaires` in OSM opening_hours syntax, empty when unknown."""

    localisation: Localisation
    kind: ImplantationKind = ImplantationKind.SIEGE
    libelle: str = ""
    horaires: str = ""
    horaires_date: str = ""
    fermetures: tuple[Fermeture, ...] = ()
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A number or an address to write to; `horaires` (OSM syntax) are those of the line."""

    kind: ContactKind
    valeur: str
    libelle: str = ""
    horaires: str = ""
    visibilite: Visibilite = Visibilite.PUBLIQUE


@dataclass(frozen=True, slots=True)
class Relais:
    """The public line that reaches a `zone` record: chosen by a person, never derived."""

    libelle: str
    telephone: str
    horaires: str = ""


@dataclass(frozen=True, slots=True)
class Capacite:
    """Places on a date. Internal: never shown as availability."""

    date: date
    places_total: int | None = None
    places_dediees: int | None = None
    familles_nombreuses: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Territoire:
    """Zone of competence: INSEE codes, EPCI SIREN codes, or the whole département.

    A record whose territoire is not known has `None` in its place, never an empty Territoire.
    """

    communes: tuple[str, ...] = ()
    epci: tuple[str, ...] = ()
    departement: bool = False


@dataclass(frozen=True, slots=True)
class Participation:
    """A part in an objective of a period (`2022-2024`); `action` like `2.2` when known."""

    periode: str
    objectif: int
    role: Role
    origine: Origine
    action: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Saisie:
    """A whole record as it enters and as it is kept: form, CSV line, feature and proposal alike.

    The slug is neutral and never changes. `porteur` is the slug of another acteur, or empty.
    `source_date` is an ISO date cut where knowledge ends (`2021-10`); `source` is internal.
    """

    slug: str
    nom: str
    type: str
    acces: Acces
    statut: Statut = Statut.BROUILLON
    diffusion: Diffusion = Diffusion.ZONE
    sigle: str = ""
    porteur: str = ""
    description: str = ""
    missions: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    langues: tuple[str, ...] = ()
    destinataires: tuple[Destinataire, ...] = (Destinataire.PERSONNES,)
    conditions: str = ""
    frais: str = ""
    rendez_vous: Trivalent = Trivalent.INCONNU
    accessible_pmr: Trivalent = Trivalent.INCONNU
    enfants_accueillis: Trivalent = Trivalent.INCONNU
    territoire: Territoire | None = None
    relais: Relais | None = None
    site_web: str = ""
    source: str = ""
    source_date: str = ""
    verifie_le: date | None = None
    verifie_par: str = ""
    notes_internes: str = ""
    implantations: tuple[Implantation, ...] = ()
    contacts: tuple[Contact, ...] = ()
    capacites: tuple[Capacite, ...] = ()
    participations: tuple[Participation, ...] = ()


@dataclass(frozen=True, slots=True)
class Lien:
    """A public link to another fiche."""

    slug: str
    nom: str


@dataclass(frozen=True, slots=True)
class Fiche:
    """What the public sees of a record. Made by `publication.publier()` alone.

    Has no source, author, note, internal contact, capacity, statut or diffusion; for a record
    published by its zone, `implantations` holds that zone's reference point and nothing else.
    """

    slug: str
    nom: str
    type: str
    acces: Acces
    sigle: str = ""
    porteur: Lien | None = None
    description: str = ""
    missions: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    langues: tuple[str, ...] = ()
    destinataires: tuple[Destinataire, ...] = (Destinataire.PERSONNES,)
    conditions: str = ""
    frais: str = ""
    rendez_vous: Trivalent = Trivalent.INCONNU
    accessible_pmr: Trivalent = Trivalent.INCONNU
    enfants_accueillis: Trivalent = Trivalent.INCONNU
    territoire: Territoire | None = None
    site_web: str = ""
    source_date: str = ""
    verifie_le: date | None = None
    implantations: tuple[Implantation, ...] = ()
    contacts: tuple[Contact, ...] = ()
    participations: tuple[Participation, ...] = ()
    participations_du_porteur: tuple[Participation, ...] = field(default=())
    en_zone: bool = False

    @property
    def telephones(self) -> tuple[Contact, ...]:
        """Every number to dial: lines first, then doors. The hours of a door are not its line's."""
        lignes = [c for c in self.contacts if c.kind is ContactKind.TELEPHONE]
        dits = [ligne.valeur for ligne in lignes]
        portes = [
            Contact(ContactKind.TELEPHONE, i.telephone, i.libelle)
            for i in self.implantations
            if i.telephone and i.telephone not in dits
        ]
        return (*lignes, *portes)
