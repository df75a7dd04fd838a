"""The only writer of acteurs. Each write is one transaction with its Revision and the Version.

The caller opens `database.transaction`; nothing is kept unless its block ends well. Writers are
ordered by the lock on the Version row, so a version that can be read never announces a write
that cannot be read yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from shapely import Point
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cartographie import acteurs
from cartographie.acteurs import Diffusion, Fiche, Saisie, Statut
from cartographie.communes import Communes
from cartographie.database import Base
from cartographie.errors import ConflitError, Faute, IntrouvableError, SaisieError
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
from cartographie.publication import publier
from cartographie.serialisation import to_dict, to_json

ENFANTS = (Implantation, Contact, Capacite, Participation)
OUVERTURE = (Diffusion.INTERNE, Diffusion.ZONE, Diffusion.PUBLIQUE)


def create_acteur(session: Session, saisie: Saisie, *, par: str, moyen: str) -> None:
    """Add a valid record; its first revision is 1. Raises SaisieError when the slug is taken."""
    n = lock(session)
    if _find(session, saisie.slug) is not None:
        raise SaisieError((Faute("slug", "Cet identifiant est déjà pris.", saisie.slug),))
    valeurs = _colonnes(session, saisie) | _marques(1, n + 1)
    with _refus_de_la_base():
        creation = insert(Acteur).values(valeurs).returning(Acteur.id)
        acteur_id = session.execute(creation).scalar_one()
        _add_enfants(session, acteur_id, saisie)
    _add_revision(session, acteur_id, 1, None, saisie, par, moyen)
    _move_version(session, n + 1)


def update_acteur(
    session: Session, slug: str, saisie: Saisie, *, revision_lue: int, par: str, moyen: str
) -> bool:
    """Replace a record by a valid one; False when nothing differs, and then nothing is written.

    Raises IntrouvableError, ConflitError when somebody wrote since `revision_lue`, SaisieError
    when the slug would change or the diffusion be lowered: lowering erases, it is another act.
    """
    n = lock(session)
    acteur_id, avant, actuelle = _read(session, slug)
    if actuelle != revision_lue:
        raise ConflitError(slug, revision_lue, actuelle)
    if saisie == avant:
        return False
    _refuse_changes(avant, saisie)
    valeurs = _colonnes(session, saisie) | _marques(actuelle + 1, n + 1)
    with _refus_de_la_base():
        for enfant in ENFANTS:
            session.execute(delete(enfant).where(enfant.acteur_id == acteur_id))
        session.execute(update(Acteur).where(Acteur.id == acteur_id).values(valeurs))
        _add_enfants(session, acteur_id, saisie)
    _add_revision(session, acteur_id, actuelle + 1, avant, saisie, par, moyen)
    _move_version(session, n + 1)
    return True


def get_saisie(session: Session, slug: str) -> tuple[Saisie, int]:
    """A whole record and the number of its revision. Raises IntrouvableError."""
    _, saisie, revision = _read(session, slug)
    return saisie, revision


def saisies(session: Session) -> list[Saisie]:
    """Every record, hidden ones included, in the order of slugs."""
    return list(read_saisies(session, select(Acteur.id)).values())


def revisions(session: Session) -> dict[str, int]:
    """Slug → number of the current revision, of every record."""
    lignes = session.execute(select(Acteur.slug, Acteur.revision))
    return {ligne.slug: ligne.revision for ligne in lignes}


def is_empty(session: Session) -> bool:
    """Whether there is no record at all; under `lock`, it stays true until the commit."""
    return session.execute(select(Acteur.id).limit(1)).first() is None


def porteurs_first(saisies: Iterable[Saisie]) -> list[Saisie]:
    """Order records so that a porteur comes before its services; else by slug."""
    restantes = {saisie.slug: saisie for saisie in sorted(saisies, key=lambda s: s.slug)}
    ordre: list[Saisie] = []
    while restantes:
        prets = [s for s in restantes.values() if s.porteur not in restantes]
        if not prets:
            raise ValueError("records are each other's porteur: they are not valid")
        for saisie in prets:
            ordre.append(restantes.pop(saisie.slug))
    return ordre


def preview(session: Session, saisie: Saisie, communes: Communes) -> Fiche | None:
    """What the public would see once `saisie` is saved and published; None when nothing."""
    porteur = get_saisie(session, saisie.porteur)[0] if saisie.porteur else None
    return publier(replace(saisie, statut=Statut.PUBLIE), porteur, communes)


def lock(session: Session) -> int:
    """Wait for the other writers, and give the version they left.

    The first statement of every write. SQLite has no FOR UPDATE: its BEGIN IMMEDIATE did it.
    """
    return session.execute(select(Version.n).with_for_update()).scalar_one()


def _move_version(session: Session, n: int) -> None:
    session.execute(update(Version).values(n=n))


def _find(session: Session, slug: str) -> int | None:
    return session.execute(select(Acteur.id).where(Acteur.slug == slug)).scalar_one_or_none()


def _read(session: Session, slug: str) -> tuple[int, Saisie, int]:
    choix = select(Acteur.id).where(Acteur.slug == slug)
    for acteur_id, saisie in read_saisies(session, choix).items():
        revision = select(Acteur.revision).where(Acteur.id == acteur_id)
        return acteur_id, saisie, session.execute(revision).scalar_one()
    raise IntrouvableError("Cette fiche n’existe pas.")


def _refuse_changes(avant: Saisie, apres: Saisie) -> None:
    fautes = []
    if apres.slug != avant.slug:
        fautes.append(Faute("slug", "L’identifiant d’une fiche ne change jamais.", apres.slug))
    if OUVERTURE.index(apres.diffusion) < OUVERTURE.index(avant.diffusion):
        message = "Réduire la diffusion efface des données : cela ne se fait pas ici."
        fautes.append(Faute("diffusion", message, apres.diffusion))
    if fautes:
        raise SaisieError(tuple(fautes))


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
    porteur_id = _find(session, saisie.porteur) if saisie.porteur else None
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


def _add_revision(
    session: Session,
    acteur_id: int,
    numero: int,
    avant: Saisie | None,
    apres: Saisie,
    par: str,
    moyen: str,
) -> None:
    session.execute(
        insert(Revision).values(
            acteur_id=acteur_id,
            numero=numero,
            quand=datetime.now(UTC),
            par=par,
            moyen=moyen,
            avant=to_dict(avant) if avant else None,
            apres=to_dict(apres),
        )
    )
