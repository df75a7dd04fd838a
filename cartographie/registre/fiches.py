"""Reading a record, adding one, changing one. Each write adds its Revision, moves the Version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cartographie.acteurs import Fiche, Saisie, Statut
from cartographie.communes import Communes
from cartographie.errors import ConflitError, Faute, SaisieError
from cartographie.lecture import read_saisies
from cartographie.models import Acteur
from cartographie.publication import publier
from cartographie.registre import journal
from cartographie.registre.lignes import (
    add_revision,
    find,
    insert_acteur,
    lock,
    move_version,
    read,
    replace_acteur,
)


def create_acteur(session: Session, saisie: Saisie, *, par: str, moyen: str) -> None:
    """Add a valid record; its first revision is 1. Raises SaisieError when the slug is taken."""
    n = lock(session)
    if find(session, saisie.slug) is not None:
        raise SaisieError((Faute("slug", "Cet identifiant est déjà pris.", saisie.slug),))
    acteur_id = insert_acteur(session, saisie, n + 1)
    add_revision(session, acteur_id, 1, None, saisie, par=par, moyen=moyen)
    journal.note(session, None, saisie)
    move_version(session, n + 1)


def update_acteur(
    session: Session, slug: str, saisie: Saisie, *, revision_lue: int, par: str, moyen: str
) -> bool:
    """Replace a record by a valid one; False when nothing differs, and then nothing is written.

    Raises IntrouvableError, ConflitError when somebody wrote since `revision_lue`, SaisieError
    when the slug or the diffusion would change: to change who may know is another act.
    """
    n = lock(session)
    acteur_id, avant, actuelle = read(session, slug)
    if actuelle != revision_lue:
        raise ConflitError(slug, revision_lue, actuelle)
    if saisie == avant:
        return False
    _refuse_changes(avant, saisie)
    replace_acteur(session, acteur_id, saisie, actuelle + 1, n + 1)
    add_revision(session, acteur_id, actuelle + 1, avant, saisie, par=par, moyen=moyen)
    journal.note(session, avant, saisie)
    move_version(session, n + 1)
    return True


def get_saisie(session: Session, slug: str) -> tuple[Saisie, int]:
    """A whole record and the number of its revision. Raises IntrouvableError."""
    _, saisie, revision = read(session, slug)
    return saisie, revision


def saisies(session: Session) -> list[Saisie]:
    """Every record, hidden ones included, in the order of slugs."""
    return list(read_saisies(session, select(Acteur.id)).values())


def revisions(session: Session) -> dict[str, int]:
    """Slug → number of the current revision, of every record."""
    lignes = session.execute(select(Acteur.slug, Acteur.revision))
    return {ligne.slug: ligne.revision for ligne in lignes}


def porteurs(session: Session) -> dict[str, str]:
    """Slug → slug of its porteur or nothing, of every record: what `valider` asks for."""
    slugs = {ligne.id: ligne.slug for ligne in session.execute(select(Acteur.id, Acteur.slug))}
    lignes = session.execute(select(Acteur.slug, Acteur.porteur_id))
    return {ligne.slug: slugs.get(ligne.porteur_id, "") for ligne in lignes}


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


def _refuse_changes(avant: Saisie, apres: Saisie) -> None:
    fautes = []
    if apres.slug != avant.slug:
        fautes.append(Faute("slug", "L’identifiant d’une fiche ne change jamais.", apres.slug))
    if apres.diffusion != avant.diffusion:
        message = "La diffusion ne se change pas ici : elle a sa page."
        fautes.append(Faute("diffusion", message, apres.diffusion))
    if fautes:
        raise SaisieError(tuple(fautes))
