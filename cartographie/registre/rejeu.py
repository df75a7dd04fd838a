"""Lowering again, in a database that was brought back, what had been lowered since.

The ledger says which fields went and holds no value: what a person had read again is taken from
the database that was replaced when it is still there. When it is not, what is missing is left
empty and the record waits as a draft: better absent than said too much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from cartographie.acteurs import Diffusion, Relais, Saisie, Statut
from cartographie.errors import SaisieError
from cartographie.models import Acteur, Effacement, Version
from cartographie.reduction import OUVERTURE, TEXTES, Demande
from cartographie.referentiel import Referentiel
from cartographie.registre.diffusion import change
from cartographie.registre.lignes import find, lock, move_version, read

PAR = "restauration"
NOM_EFFACE = "Nom effacé, à redonner"


@dataclass(frozen=True, slots=True)
class Trace:
    """A line of the ledger, as it is known outside of its database."""

    slug: str
    diffusion: Diffusion
    quand: datetime
    champs: tuple[str, ...]


def traces(session: Session) -> tuple[Trace, ...]:
    """The whole ledger."""
    choix = select(Effacement.slug, Effacement.diffusion, Effacement.quand, Effacement.champs)
    return tuple(
        Trace(une.slug, une.diffusion, une.quand, tuple(une.champs))
        for une in session.execute(choix.order_by(Effacement.id))
    )


def version_of(connection: Connection) -> int:
    """The number of the last write."""
    return connection.execute(select(Version.n)).scalar_one()


def replay(
    session: Session,
    slug: str,
    lignes: Iterable[Trace],
    referentiel: Referentiel,
    presente: Saisie | None,
) -> bool:
    """Lower a record as these lines of the ledger did; False when it is not in this database.

    `presente` is the record as the replaced database had it. It ends as closed as the most closed
    of these lines, whatever was authorised since: that is for a person to say again. Raises
    SaisieError when even hiding it leaves a rule broken.
    """
    if find(session, slug) is None:
        return False
    n = lock(session)
    acteur_id, avant, revision = read(session, slug)
    lues = tuple(lignes)
    vers = min((avant.diffusion, *(ligne.diffusion for ligne in lues)), key=OUVERTURE.index)
    perdus = {champ for ligne in lues for champ in ligne.champs}
    if presente is not None and presente.diffusion is Diffusion.PUBLIQUE:
        presente = None
    videe, demande = _emptied(avant, vers, perdus, presente)
    try:
        change(session, n, acteur_id, videe, revision, demande, referentiel, PAR, None)
    except SaisieError as erreur:
        # A text still says where the place is, or no line is known to reach it.
        fautifs = {faute.champ for faute in erreur.fautes} & set(TEXTES)
        textes = {**demande.textes, **_vides(fautifs)}
        demande = replace(demande, vers=Diffusion.INTERNE, textes=textes)
        videe = replace(videe, statut=_draft(videe.statut))
        change(session, n, acteur_id, videe, revision, demande, referentiel, PAR, None)
    return True


def renumber(session: Session, n: int) -> None:
    """Move the version to `n`, and every record with it: each process reads them all again."""
    lock(session)
    session.execute(update(Acteur).values(version_modification=n))
    move_version(session, n)


def _emptied(
    avant: Saisie, vers: Diffusion, perdus: set[str], presente: Saisie | None
) -> tuple[Saisie, Demande]:
    """The record without what is lost, and what its lowering says."""
    textes_perdus = perdus & set(TEXTES)
    relais: Relais | None = avant.relais
    statut = avant.statut
    if presente is not None:
        textes: dict[str, Any] = {nom: getattr(presente, nom) for nom in textes_perdus}
        relais = presente.relais or relais
        territoire = presente.territoire if "territoire" in perdus else avant.territoire
    else:
        textes = _vides(textes_perdus)
        territoire = None if "territoire" in perdus else avant.territoire
        if "nom" in textes_perdus:
            statut = _draft(statut)
    videe = replace(avant, statut=statut, territoire=territoire)
    return videe, Demande(vers, relais=relais, textes=textes)


def _vides(noms: Iterable[str]) -> dict[str, str]:
    return {nom: NOM_EFFACE if nom == "nom" else "" for nom in noms}


def _draft(statut: Statut) -> Statut:
    return Statut.BROUILLON if statut is Statut.PUBLIE else statut
