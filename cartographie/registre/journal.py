"""The public journal, written in the transaction of each write from what the public sees of it.

A line is made of two Fiches: what is not in them cannot make one, so hidden writes leave the table
as it was. Lines of one day are one; no line says how many writes there were.

    nothing → Fiche    `creee`, and what was there goes (a record that opens again is a new one)
    Fiche → Fiche      `modifiee`, with the names of the public fields that differ
    Fiche → archived   `fermee` takes the place of the others
    Fiche → hidden     all of its lines go
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from cartographie.acteurs import Diffusion, Fiche, Precision, Saisie, Statut
from cartographie.changements import SorteChangement
from cartographie.communes import Epci, Zone
from cartographie.horaires import PARIS
from cartographie.models import Acteur, Journal
from cartographie.publication import publier

# Fields that follow from the diffusion or from another record: their change is not of this one.
SUIVEURS = frozenset({"porteur", "participations_du_porteur", "en_zone"})
PORTEUR = "porteur"
# What goes from the lines of a record that becomes known by its zone alone.
DU_LIEU = frozenset({"implantations", "contacts", "site_web"})
DEPARTEMENT = "departement"


class _Codes:
    """Zones by their code alone: two Fiches are compared here, none is shown."""

    def zone(self, code_insee: str) -> Zone:
        precision = Precision.COMMUNE if code_insee else Precision.DEPARTEMENT
        return Zone(precision, code_insee, "", 0.0, 0.0)

    def epci(self, code: str) -> Epci | None:
        return Epci(code, "", (), 0, 0.0, 0.0) if code else None


CODES = _Codes()


def note(session: Session, avant: Saisie | None, apres: Saisie) -> None:
    """Tell what this write changes for the public, to the day; nothing when it changes nothing."""
    ancienne = publier(avant, None, CODES) if avant else None
    nouvelle = publier(apres, None, CODES)
    if ancienne is None and nouvelle is None:
        return
    if ancienne is None:
        forget(session, apres.slug)
        _add(session, apres.slug, SorteChangement.CREEE)
    elif nouvelle is not None:
        champs = [*_differents(ancienne, nouvelle), *_porteur_change(session, avant, apres)]
        if champs:
            _merge(session, apres.slug, champs)
    else:
        forget(session, apres.slug)
        if apres.statut is Statut.ARCHIVE and apres.diffusion is not Diffusion.INTERNE:
            _add(session, apres.slug, SorteChangement.FERMEE, ancienne)


def forget(session: Session, slug: str) -> None:
    """Leave no line of a record."""
    session.execute(delete(Journal).where(Journal.acteur == slug))


def reduce(session: Session, apres: Saisie) -> None:
    """Once a record is less known: leave the lines that it would have, had it never been more."""
    if apres.diffusion is Diffusion.INTERNE:
        forget(session, apres.slug)
        return
    vue = publier(replace(apres, statut=Statut.PUBLIE), None, CODES)
    for ligne in session.execute(
        select(Journal.id, Journal.sorte, Journal.champs).where(Journal.acteur == apres.slug)
    ).all():
        une = Journal.id == ligne.id
        champs = [nom for nom in ligne.champs if nom not in DU_LIEU]
        if ligne.sorte is SorteChangement.FERMEE and vue is not None:
            session.execute(update(Journal).where(une).values(**_ferme(vue)))
        elif ligne.sorte is SorteChangement.MODIFIEE and not champs:
            session.execute(delete(Journal).where(une))
        elif champs != ligne.champs:
            session.execute(update(Journal).where(une).values(champs=champs))


def _merge(session: Session, slug: str, champs: list[str]) -> None:
    """Add fields to the line of the day: created today, a record is new and no more is said."""
    ligne = session.execute(
        select(Journal.id, Journal.sorte, Journal.champs).where(
            Journal.acteur == slug, Journal.jour == _aujourdhui()
        )
    ).one_or_none()
    if ligne is None:
        _add(session, slug, SorteChangement.MODIFIEE, champs=sorted(champs))
    elif ligne.sorte is SorteChangement.MODIFIEE:
        tous = sorted({*ligne.champs, *champs})
        session.execute(update(Journal).where(Journal.id == ligne.id).values(champs=tous))


def _add(
    session: Session,
    slug: str,
    sorte: SorteChangement,
    fermee: Fiche | None = None,
    champs: list[str] | None = None,
) -> None:
    valeurs = {"acteur": slug, "jour": _aujourdhui(), "sorte": sorte, "champs": champs or []}
    reste = _ferme(fermee) if fermee else {"nom": "", "codes": [], "objectifs": []}
    session.execute(insert(Journal).values(**valeurs, **reste))


def _ferme(fiche: Fiche) -> dict[str, str | list[str]]:
    """What stays of a record that is closed: its name, where it was, what it took part in."""
    codes = {
        code
        for i in fiche.implantations
        for code in (i.localisation.code_insee, i.localisation.code_epci)
    }
    if fiche.territoire is not None:
        codes |= {*fiche.territoire.communes, *fiche.territoire.epci}
        codes |= {DEPARTEMENT} if fiche.territoire.departement else set()
    objectifs = {f"{p.periode}/{p.objectif}" for p in fiche.participations}
    return {"nom": fiche.nom, "codes": sorted(codes - {""}), "objectifs": sorted(objectifs)}


def _differents(une: Fiche, autre: Fiche) -> list[str]:
    return [
        champ.name
        for champ in fields(Fiche)
        if champ.name not in SUIVEURS and getattr(une, champ.name) != getattr(autre, champ.name)
    ]


def _porteur_change(session: Session, avant: Saisie | None, apres: Saisie) -> list[str]:
    """Whether another porteur is seen: one that is hidden is none."""
    if avant is None or avant.porteur == apres.porteur:
        return []
    vus = {
        slug
        for slug in (avant.porteur, apres.porteur)
        if slug
        and session.execute(
            select(Acteur.id).where(
                Acteur.slug == slug,
                Acteur.statut == Statut.PUBLIE,
                Acteur.diffusion != Diffusion.INTERNE,
            )
        ).first()
    }
    return [PORTEUR] if vus else []


def _aujourdhui() -> date:
    """The day in France."""
    return datetime.now(PARIS).date()
