"""Rows → Saisies: whole records, read in a handful of queries whatever their number.

Rows are read by their place, as the driver gives them; what repeats from record to record (lists
of codes, parts in the protocol, hours) is understood once and is then one object for all of them.
"""

from __future__ import annotations

import json
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from sys import intern
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Enum,
    LargeBinary,
    Select,
    Table,
    Text,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from cartographie import models
from cartographie.acteurs import (
    Acces,
    Capacite,
    Contact,
    ContactKind,
    Destinataire,
    Diffusion,
    Fermeture,
    Implantation,
    ImplantationKind,
    Localisation,
    Origine,
    Participation,
    Precision,
    Relais,
    Role,
    Saisie,
    Statut,
    Territoire,
    Trivalent,
    Visibilite,
)
from cartographie.database import Base, Geometrie, Json

T = TypeVar("T")
M = TypeVar("M", bound=StrEnum)
Ligne = tuple[Any, ...]
# A point as WKB, little-endian: byte order, kind, longitude, latitude (EPSG:4326, degrees).
WKB_POINT = struct.Struct("<BIdd")
# Fields of Saisie that are columns of the same name and value.
SCALAIRES = tuple(
    """slug nom sigle type statut diffusion description acces conditions frais rendez_vous
    accessible_pmr enfants_accueillis site_web source source_date verifie_le verifie_par
    notes_internes""".split()
)
LISTES = ("missions", "publics", "langues")
# In the order in which `_saisie` takes them, then the slug of the porteur.
ACTEUR = (
    "id",
    *SCALAIRES,
    *LISTES,
    *"destinataires territoire relais_libelle relais_telephone relais_horaires".split(),
)
# In the order in which the functions below take them.
IMPLANTATION = tuple(
    """point precision adresse code_postal commune code_insee code_epci source
    kind libelle horaires horaires_date fermetures telephone""".split()
)
CONTACT = ("kind", "valeur", "libelle", "horaires", "visibilite")
CAPACITE = ("date", "places_total", "places_dediees", "familles_nombreuses", "source")
PARTICIPATION = ("periode", "objectif", "role", "origine", "action", "source")


def _membres(enum: type[M]) -> dict[str, M]:
    """What is stored → the member: looked up faster than `enum(valeur)` does it."""
    return {membre.value: membre for membre in enum}


STATUTS, DIFFUSIONS, ACCES = _membres(Statut), _membres(Diffusion), _membres(Acces)
TRIVALENTS = _membres(Trivalent)
PRECISIONS, KINDS = _membres(Precision), _membres(ImplantationKind)
CONTACT_KINDS, VISIBILITES = _membres(ContactKind), _membres(Visibilite)
ROLES, ORIGINES = _membres(Role), _membres(Origine)


class Partages:
    """What was met while reading: equal values become the same object."""

    def __init__(self) -> None:
        self._connus: dict[Any, Any] = {}

    def lu(self, lire: Callable[[Any], T], brut: Any) -> T:  # noqa: ANN401
        """What `lire` makes of a text, or of a row, read once."""
        cle = (lire, brut)
        if cle not in self._connus:
            self._connus[cle] = lire(brut)
        lu: T = self._connus[cle]
        return lu


def read_saisies(
    session: Session, choix: Select[Any], partages: Partages | None = None
) -> dict[int, Saisie]:
    """Read the records whose ids `choix` selects: id → Saisie, in the order of slugs.

    `partages` keeps what readings one after the other have in common.
    """
    communs = partages or Partages()
    acteur = table(models.Acteur)
    porteur = acteur.alias()
    lignes = (
        session.connection()
        .execute(
            select(*_colonnes(acteur, ACTEUR), porteur.c.slug)
            .select_from(acteur.outerjoin(porteur, porteur.c.id == acteur.c.porteur_id))
            .where(acteur.c.id.in_(choix))
            .order_by(acteur.c.slug)
        )
        .all()
    )
    enfants = [_enfants(session, champ, choix, communs) for champ in ENFANTS]
    return {
        ligne[0]: _saisie(ligne, communs, [tuple(un.get(ligne[0], ())) for un in enfants])
        for ligne in lignes
    }


def table(modele: type[Base]) -> Table:
    """The table of a model: rows read from it are values, never objects of a session."""
    locale = inspect(modele).local_table
    assert isinstance(locale, Table)  # noqa: S101 -- what a mapped class always has
    return locale


def _colonnes(source: Table, noms: Iterable[str]) -> list[ColumnElement[Any]]:
    """Columns by name; what is not a plain value as it is stored, to be understood here."""
    colonnes: list[ColumnElement[Any]] = []
    for nom in noms:
        colonne = source.c[nom]
        if isinstance(colonne.type, Json | Enum):
            colonnes.append(type_coerce(colonne, Text))
        elif isinstance(colonne.type, Geometrie):
            colonnes.append(type_coerce(colonne, LargeBinary))
        else:
            colonnes.append(colonne)
    return colonnes


def _enfants(
    session: Session, champ: str, choix: Select[Any], communs: Partages
) -> dict[int, list[Any]]:
    modele, noms, lire = ENFANTS[champ]
    source = table(modele)
    requete = (
        select(source.c.acteur_id, *_colonnes(source, noms))
        .where(source.c.acteur_id.in_(choix))
        .order_by(source.c.rang)
    )
    par_acteur: defaultdict[int, list[Any]] = defaultdict(list)
    for ligne in session.connection().execute(requete).all():
        par_acteur[ligne[0]].append(lire(ligne[1:], communs))
    return par_acteur


def _saisie(ligne: Ligne, communs: Partages, enfants: Iterable[tuple[Any, ...]]) -> Saisie:
    # All by place, and texts that many records have in common once: a hundred thousand are read.
    _, slug, nom, sigle, type_, statut, diffusion, description, acces, *reste = ligne
    conditions, frais, rendez_vous, pmr, accueillis, site_web, *reste = reste
    source, source_date, verifie_le, verifie_par, notes_internes, *reste = reste
    missions, publics, langues, destinataires, territoire, *relais, porteur = reste
    implantations, contacts, capacites, participations = enfants
    return Saisie(
        slug,
        nom,
        intern(type_),
        ACCES[acces],
        STATUTS[statut],
        DIFFUSIONS[diffusion],
        sigle,
        porteur or "",
        description,
        communs.lu(_liste, missions),
        communs.lu(_liste, publics),
        communs.lu(_liste, langues),
        communs.lu(_destinataires, destinataires),
        intern(conditions),
        intern(frais),
        TRIVALENTS[rendez_vous],
        TRIVALENTS[pmr],
        TRIVALENTS[accueillis],
        communs.lu(_territoire, territoire),
        _relais(*relais),
        site_web,
        intern(source),
        intern(source_date),
        verifie_le,
        intern(verifie_par),
        notes_internes,
        implantations,
        contacts,
        capacites,
        # Parts are often those of the neighbour as well.
        communs.lu(tuple, participations),
    )


def _relais(libelle: str, telephone: str, horaires: str) -> Relais | None:
    return Relais(libelle, telephone, horaires) if telephone else None


def _liste(texte: str) -> tuple[str, ...]:
    return tuple(json.loads(texte))


def _destinataires(texte: str) -> tuple[Destinataire, ...]:
    return tuple(Destinataire(valeur) for valeur in json.loads(texte))


def _territoire(texte: str | None) -> Territoire | None:
    if texte is None:
        return None
    objet = json.loads(texte)
    return Territoire(tuple(objet["communes"]), tuple(objet["epci"]), objet["departement"])


def _fermetures(texte: str) -> tuple[Fermeture, ...]:
    return tuple(
        Fermeture(
            date.fromisoformat(objet["debut"]), date.fromisoformat(objet["fin"]), objet["motif"]
        )
        for objet in json.loads(texte)
    )


def _implantation(ligne: Ligne, communs: Partages) -> Implantation:
    point, precision, adresse, postal, commune, insee, epci, source, *reste = ligne
    kind, libelle, horaires, horaires_date, fermetures, telephone = reste
    _, _, longitude, latitude = WKB_POINT.unpack(point)
    return Implantation(
        Localisation(
            longitude,
            latitude,
            PRECISIONS[precision],
            adresse,
            intern(postal),
            intern(commune),
            intern(insee),
            intern(epci),
            intern(source),
        ),
        KINDS[kind],
        intern(libelle),
        intern(horaires),
        intern(horaires_date),
        communs.lu(_fermetures, fermetures),
        telephone,
    )


def _contact(ligne: Ligne, _communs: Partages) -> Contact:
    kind, valeur, libelle, horaires, visibilite = ligne
    return Contact(
        CONTACT_KINDS[kind], valeur, intern(libelle), intern(horaires), VISIBILITES[visibilite]
    )


def _capacite(ligne: Ligne, _communs: Partages) -> Capacite:
    return Capacite(*ligne)


def _participation(ligne: Ligne, communs: Partages) -> Participation:
    return communs.lu(_une_participation, ligne)


def _une_participation(ligne: Ligne) -> Participation:
    periode, objectif, role, origine, action, source = ligne
    return Participation(periode, objectif, ROLES[role], ORIGINES[origine], action, source)


# Field of Saisie → its table, the columns that are read, and how.
ENFANTS: dict[str, tuple[type[Base], tuple[str, ...], Callable[[Ligne, Partages], Any]]] = {
    "implantations": (models.Implantation, IMPLANTATION, _implantation),
    "contacts": (models.Contact, CONTACT, _contact),
    "capacites": (models.Capacite, CAPACITE, _capacite),
    "participations": (models.Participation, PARTICIPATION, _participation),
}
