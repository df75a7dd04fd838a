"""Who may know a record: lowering erases, raising is authorised. One record, one transaction.

What is erased leaves the record, the before and after of each of its revisions, and is written
nowhere again: the ledger names fields, it holds no value (invariant 1). Whatever else comes to
keep values of a record has to be emptied by `_erase_past`, in this same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from cartographie import database
from cartographie.acteurs import Diffusion, Saisie
from cartographie.depots import MotifDepot
from cartographie.errors import ConflitError, Faute, SaisieError
from cartographie.models import (
    Courrier,
    Effacement,
    LotAdresse,
    LotImporte,
    Proposition,
    Rappel,
    Releve,
    Revision,
    RevisionReleve,
    SuiviPartenaire,
)
from cartographie.reduction import (
    Autorisation,
    Demande,
    abaisse,
    avertir,
    champs_differents,
    changer,
    reduire_passe,
)
from cartographie.referentiel import Referentiel
from cartographie.registre import journal
from cartographie.registre.fiches import porteurs
from cartographie.registre.lignes import (
    add_revision,
    lock,
    move_version,
    read,
    replace_acteur,
)
from cartographie.serialisation import from_dict, to_dict
from cartographie.validation import valider

MOYEN = "diffusion"
# Where values of a record stand, in the database.
TABLES = (
    "acteur", "implantation", "contact", "capacite", "participation", "revision",
    "releve", "revision_releve", "courrier", "rappel", "suivi_partenaire", "proposition",
    "lot_importe", "lot_adresse", "journal",
)  # fmt: skip
# In the ledger: the figures of the protocol that were attributed to the record.
CHIFFRES = "releves"
# … and what people had proposed about it.
PROPOSITIONS = "propositions"


@dataclass(frozen=True, slots=True)
class Efface:
    """A line of the ledger: which fields went, when, with which revision."""

    champs: tuple[str, ...]
    diffusion: Diffusion
    revision: int
    quand: datetime


def lower(
    session: Session,
    slug: str,
    demande: Demande,
    referentiel: Referentiel,
    *,
    revision_lue: int,
    par: str,
) -> tuple[str, ...]:
    """Let a record be less known, erase what goes, and give the names of the fields erased.

    Raises IntrouvableError, ConflitError, SaisieError when it is no lowering, when no relais was
    chosen for a zone, or while a text still says where the place is.
    """
    n = lock(session)
    acteur_id, avant, actuelle = _read(session, slug, revision_lue)
    if not abaisse(avant.diffusion, demande.vers):
        raise SaisieError((Faute("diffusion", "Cela ne réduit pas la diffusion.", demande.vers),))
    return change(session, n, acteur_id, avant, actuelle, demande, referentiel, par, None)


def raise_diffusion(
    session: Session,
    slug: str,
    demande: Demande,
    autorisation: Autorisation,
    referentiel: Referentiel,
    *,
    revision_lue: int,
    par: str,
) -> tuple[str, ...]:
    """Let a record be better known; who allowed it stays in its revision.

    From `interne` to `zone` this erases as well, since a zone keeps nothing of the place; what
    was erased never comes back. Raises as `lower` does.
    """
    n = lock(session)
    acteur_id, avant, actuelle = _read(session, slug, revision_lue)
    if not abaisse(demande.vers, avant.diffusion):
        raise SaisieError((Faute("diffusion", "Cela n’élargit pas la diffusion.", demande.vers),))
    if not autorisation.par.strip():
        raise SaisieError((Faute("autorise_par", "Dites qui l’a autorisé."),))
    return change(session, n, acteur_id, avant, actuelle, demande, referentiel, par, autorisation)


def erasures(session: Session, acteur_id: int) -> tuple[Efface, ...]:
    """What the ledger says of a record, oldest first."""
    lignes = session.execute(
        select(Effacement.champs, Effacement.diffusion, Effacement.revision, Effacement.quand)
        .where(Effacement.acteur_id == acteur_id)
        .order_by(Effacement.revision)
    )
    return tuple(
        Efface(tuple(une.champs), une.diffusion, une.revision, une.quand) for une in lignes
    )


def compact(engine: Engine) -> bool:
    """Once a lowering is committed: leave no bytes of it either; False when it has to wait."""
    return database.compact(engine, TABLES)


def _read(session: Session, slug: str, revision_lue: int) -> tuple[int, Saisie, int]:
    acteur_id, avant, actuelle = read(session, slug)
    if actuelle != revision_lue:
        raise ConflitError(slug, revision_lue, actuelle)
    return acteur_id, avant, actuelle


def change(
    session: Session,
    n: int,
    acteur_id: int,
    avant: Saisie,
    actuelle: int,
    demande: Demande,
    referentiel: Referentiel,
    par: str,
    autorisation: Autorisation | None,
) -> tuple[str, ...]:
    """Write what was decided, erase what goes. Raises SaisieError before anything is written."""
    apres = changer(avant, demande, referentiel.communes)
    efface = demande.vers is not Diffusion.PUBLIQUE
    fautes = valider(apres, referentiel, porteurs(session))
    if efface:
        fautes += avertir(apres, referentiel.communes)
    if fautes:
        raise SaisieError(tuple(dict.fromkeys(fautes)))
    passe = reduire_passe(avant, apres) if efface else avant
    champs = set(champs_differents(avant, passe))
    if efface:
        champs |= _erase_past(session, acteur_id, apres) | _erase_figures(session, acteur_id)
        champs |= _erase_proposals(session, apres.slug)
        _erase_mails(session, apres.slug)
        _erase_imports(session)
    replace_acteur(session, acteur_id, apres, actuelle + 1, n + 1)
    add_revision(
        session, acteur_id, actuelle + 1, passe, apres, par=par, moyen=MOYEN,
        autorisation=autorisation,
    )  # fmt: skip
    ordre = tuple(champ for champ in (*to_dict(apres), CHIFFRES, PROPOSITIONS) if champ in champs)
    if efface:
        journal.reduce(session, apres)
        _note(session, acteur_id, apres, actuelle + 1, ordre)
    if not abaisse(avant.diffusion, apres.diffusion):
        journal.note(session, avant, apres)
    move_version(session, n + 1)
    return ordre


def _erase_past(session: Session, acteur_id: int, apres: Saisie) -> set[str]:
    """Write each revision again without what goes, and name what went."""
    champs: set[str] = set()
    lignes = session.execute(
        select(Revision.id, Revision.avant, Revision.apres).where(Revision.acteur_id == acteur_id)
    ).all()
    for ligne in lignes:
        etats = {"avant": ligne.avant, "apres": ligne.apres}
        nouveaux = {}
        for nom, objet in etats.items():
            if objet is not None:
                ancienne = from_dict(objet)
                reduite = reduire_passe(ancienne, apres)
                champs |= set(champs_differents(ancienne, reduite))
                nouveaux[nom] = to_dict(reduite)
        session.execute(update(Revision).where(Revision.id == ligne.id).values(**nouveaux))
    return champs


def _erase_figures(session: Session, acteur_id: int) -> set[str]:
    """Delete the figures of the record and their past: a year's count and its note tell a place."""
    siens = session.execute(
        select(Releve.periode, Releve.code).where(Releve.acteur_id == acteur_id)
    ).all()
    if not siens:
        return set()
    cles = [tuple(ligne) for ligne in siens]
    for table in (RevisionReleve, Releve):
        session.execute(delete(table).where(tuple_(table.periode, table.code).in_(cles)))
    return {CHIFFRES}


def _erase_mails(session: Session, slug: str) -> None:
    """Delete what was written to the partner: mails tell what the record said, links are dead."""
    session.execute(delete(Rappel).where(Rappel.acteur == slug))
    session.execute(delete(Courrier).where(Courrier.acteur == slug))
    session.execute(delete(SuiviPartenaire).where(SuiviPartenaire.acteur == slug))


def _erase_imports(session: Session) -> None:
    """Delete every file that waits: what it says of the record was allowed when it was read."""
    session.execute(delete(LotAdresse))
    session.execute(delete(LotImporte))


def _erase_proposals(session: Session, slug: str) -> set[str]:
    """Delete what was proposed: it may say where the place is, in a field or in words.

    Somebody in danger still waits for a person: of that one only the words go.
    """
    siennes = Proposition.acteur == slug
    attend = siennes & (Proposition.motif == MotifDepot.DANGER) & Proposition.decision.is_(None)
    vides: dict[str, Any] = {"texte": "", "precisions": {}, "changements": {}, "envoi": None}
    gardees = session.execute(
        update(Proposition).where(attend).values(**vides).returning(Proposition.id)
    ).all()
    parties = session.execute(
        delete(Proposition).where(siennes, ~attend).returning(Proposition.id)
    ).all()
    return {PROPOSITIONS} if gardees or parties else set()


def _note(
    session: Session, acteur_id: int, apres: Saisie, revision: int, champs: tuple[str, ...]
) -> None:
    session.execute(
        insert(Effacement).values(
            acteur_id=acteur_id,
            slug=apres.slug,
            diffusion=apres.diffusion,
            revision=revision,
            champs=list(champs),
            quand=datetime.now(UTC),
        )
    )
