"""Rows of the directory: how a Saisie is written, and the lock that orders those who write.

Known by `registre` alone: nothing here says who may write what.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from shapely import Point
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cartographie import acteurs
from cartographie.acteurs import Saisie
from cartographie.database import Base
from cartographie.errors import Faute, IntrouvableError, SaisieError
from cartographie.lecture import LISTES, SCALAIRES, read_saisies
from cartographie.models import (
    Acteur,
    Capacite,
    Contact,
    Implantation,
    Participation,
    Revision,
    Version,
)
from cartographie.reduction import Autorisation
from cartographie.serialisation import to_dict, to_json

ENFANTS = (Implantation, Contact, Capacite, Participation)


def lock(session: Session) -> int:
    """Wait for the other writers, and give the version they left.

    The first statement of every write. SQLite has no FOR UPDATE: its BEGIN IMMEDIATE did it.
    """
    return session.execute(select(Version.n).with_for_update()).scalar_one()


def move_version(session: Session, n: int) -> None:
    """Say that something was written, once it is."""
    session.execute(update(Version).values(n=n))


def find(session: Session, slug: str) -> int | None:
    """The id of a record, None when there is none."""
    return session.execute(select(Acteur.id).where(Acteur.slug == slug)).scalar_one_or_none()


def read(session: Session, slug: str) -> tuple[int, Saisie, int]:
    """Id, record and number of its revision. Raises IntrouvableError."""
    choix = select(Acteur.id).where(Acteur.slug == slug)
    for acteur_id, saisie in read_saisies(session, choix).items():
        revision = select(Acteur.revision).where(Acteur.id == acteur_id)
        return acteur_id, saisie, session.execute(revision).scalar_one()
    raise IntrouvableError("Cette fiche n’existe pas.")


def insert_acteur(session: Session, saisie: Saisie, version: int) -> int:
    """Write a new record with what hangs on it, and give its id."""
    valeurs = _colonnes(session, saisie) | _marques(1, version)
    with _refus_de_la_base():
        creation = insert(Acteur).values(valeurs).returning(Acteur.id)
        acteur_id = session.execute(creation).scalar_one()
        _add_enfants(session, acteur_id, saisie)
    return acteur_id


def replace_acteur(
    session: Session, acteur_id: int, saisie: Saisie, revision: int, version: int
) -> None:
    """Put a record in the place of what it was."""
    valeurs = _colonnes(session, saisie) | _marques(revision, version)
    with _refus_de_la_base():
        for enfant in ENFANTS:
            session.execute(delete(enfant).where(enfant.acteur_id == acteur_id))
        session.execute(update(Acteur).where(Acteur.id == acteur_id).values(valeurs))
        _add_enfants(session, acteur_id, saisie)


def add_revision(
    session: Session,
    acteur_id: int,
    numero: int,
    avant: Saisie | None,
    apres: Saisie,
    *,
    par: str,
    moyen: str,
    autorisation: Autorisation | None = None,
) -> None:
    """Keep what a write changed: the whole record before and after it."""
    session.execute(
        insert(Revision).values(
            acteur_id=acteur_id,
            numero=numero,
            quand=datetime.now(UTC),
            par=par,
            moyen=moyen,
            avant=to_dict(avant) if avant else None,
            apres=to_dict(apres),
            autorise_par=autorisation.par if autorisation else None,
            autorise_le=autorisation.le if autorisation else None,
        )
    )


@contextmanager
def _refus_de_la_base() -> Iterator[None]:
    """The last guard: what should have been refused before is refused by a constraint."""
    try:
        yield
    except IntegrityError:
        message = "La base refuse ce que la diffusion de cette fiche interdit de garder."
        # Not chained: PostgreSQL's detail holds the whole row, which no log may have.
        raise SaisieError((Faute("", message),)) from None


def _colonnes(session: Session, saisie: Saisie) -> dict[str, Any]:
    porteur_id = find(session, saisie.porteur) if saisie.porteur else None
    if saisie.porteur and porteur_id is None:
        raise SaisieError((Faute("porteur", "Cette fiche n’existe pas.", saisie.porteur),))
    return {
        **{nom: getattr(saisie, nom) for nom in SCALAIRES},
        **{nom: to_json(getattr(saisie, nom)) for nom in (*LISTES, "destinataires", "territoire")},
        "relais_libelle": saisie.relais.libelle if saisie.relais else "",
        "relais_telephone": saisie.relais.telephone if saisie.relais else "",
        "relais_horaires": saisie.relais.horaires if saisie.relais else "",
        "porteur_id": porteur_id,
    }


def _marques(revision: int, version: int) -> dict[str, Any]:
    return {
        "revision": revision,
        "version_modification": version,
        "modifie_le": datetime.now(UTC),
    }


def _add_enfants(session: Session, acteur_id: int, saisie: Saisie) -> None:
    cle = {"acteur_id": acteur_id}
    avec_diffusion = cle | {"diffusion": saisie.diffusion}
    lots: tuple[tuple[type[Base], list[dict[str, Any]]], ...] = (
        (Implantation, [_implantation(i) | avec_diffusion for i in saisie.implantations]),
        (Contact, [_plat(contact) | avec_diffusion for contact in saisie.contacts]),
        (Capacite, [_plat(capacite) | avec_diffusion for capacite in saisie.capacites]),
        (Participation, [_plat(participation) | cle for participation in saisie.participations]),
    )
    for modele, lignes in lots:
        if lignes:
            rangees = [ligne | {"rang": rang} for rang, ligne in enumerate(lignes)]
            session.execute(insert(modele), rangees)


def _plat(valeur: acteurs.Contact | acteurs.Capacite | acteurs.Participation) -> dict[str, Any]:
    return {champ.name: getattr(valeur, champ.name) for champ in fields(valeur)}


def _implantation(implantation: acteurs.Implantation) -> dict[str, Any]:
    lieu = implantation.localisation
    return {
        **{
            champ.name: getattr(implantation, champ.name)
            for champ in fields(implantation)
            if champ.name not in ("localisation", "fermetures")
        },
        **{
            champ.name: getattr(lieu, champ.name)
            for champ in fields(lieu)
            if champ.name not in ("longitude", "latitude")
        },
        "point": Point(lieu.longitude, lieu.latitude),
        "fermetures": to_json(implantation.fermetures),
    }
