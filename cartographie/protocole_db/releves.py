"""Figures: added, corrected, set aside; each write keeps the whole figure before and after."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from cartographie import models
from cartographie.errors import ConflitError, IntrouvableError
from cartographie.nombres import entier
from cartographie.periodes import ReleveTenu, releves_tenus
from cartographie.protocole import Releve
from cartographie.registre.lignes import find, lock, move_version
from cartographie.serialisation import to_json

PREFIXE = "R"


def add_releve(session: Session, periode: str, releve: Releve, *, par: str, moyen: str) -> str:
    """Add a valid figure under the next free code, which is given back."""
    n = lock(session)
    choix = select(models.Releve.code).where(models.Releve.periode == periode)
    code = _next(set(session.execute(choix).scalars()))
    colonnes = _colonnes(session, periode, releve)
    session.execute(insert(models.Releve).values(periode=periode, code=code, **colonnes))
    _add_revision(session, (periode, code, 1), None, _json(releve, code, False), par, moyen)
    move_version(session, n + 1)
    return code


def update_releve(
    session: Session,
    periode: str,
    code: str,
    releve: Releve,
    *,
    retire: bool,
    revision_lue: int,
    par: str,
    moyen: str,
) -> bool:
    """Correct a figure or set it aside; False when nothing differs, and nothing is written.

    Raises IntrouvableError, ConflitError when somebody wrote since `revision_lue`.
    """
    n = lock(session)
    actuel = _get(session, periode, code)
    if actuel.revision != revision_lue:
        raise ConflitError(code, revision_lue, actuel.revision)
    avant = _json(actuel.releve, code, actuel.retire)
    apres = _json(releve, code, retire)
    if avant == apres:
        return False
    numero = actuel.revision + 1
    session.execute(
        update(models.Releve)
        .where(models.Releve.periode == periode, models.Releve.code == code)
        .values(**_colonnes(session, periode, releve), retire=retire, revision=numero)
    )
    _add_revision(session, (periode, code, numero), avant, apres, par, moyen)
    move_version(session, n + 1)
    return True


def _get(session: Session, periode: str, code: str) -> ReleveTenu:
    for tenu in releves_tenus(session, periode):
        if tenu.releve.id == code:
            return tenu
    raise IntrouvableError("Ce chiffre n’existe pas.")


def _next(codes: set[str]) -> str:
    """The first number after all of those given: a code is never given twice."""
    nombres = (entier(c[1:]) or 0 for c in codes if c[:1] == PREFIXE)
    return f"{PREFIXE}{max(nombres, default=0) + 1:03d}"


def _colonnes(session: Session, periode: str, releve: Releve) -> dict[str, Any]:
    return {
        "objectif": releve.objectif,
        "objectifs_lies": list(releve.objectifs_lies),
        "action": releve.action or None,
        "indicateur_id": _indicateur(session, periode, releve.indicateur),
        "annee": releve.annee,
        "annee_debut": releve.periode[0] if releve.periode else None,
        "annee_fin": releve.periode[1] if releve.periode else None,
        "valeur": releve.valeur,
        "unite": releve.unite,
        "nature": releve.nature.value,
        "precision": releve.precision,
        "territoire": releve.territoire,
        "acteur_id": find(session, releve.acteur) if releve.acteur else None,
        "source": releve.source,
        "note": releve.note,
        "annee_deduite": releve.annee_deduite,
    }


def _indicateur(session: Session, periode: str, libelle: str) -> int:
    """The id of an indicator, written when nobody counted it yet."""
    cle = {"periode": periode, "libelle": libelle}
    choix = select(models.Indicateur.id).filter_by(**cle)
    connu = session.execute(choix).scalar_one_or_none()
    if connu is not None:
        return connu
    creation = insert(models.Indicateur).values(cle).returning(models.Indicateur.id)
    return session.execute(creation).scalar_one()


def _json(releve: Releve, code: str, retire: bool) -> dict[str, Any]:
    objet: dict[str, Any] = to_json(releve)
    return objet | {"id": code, "valeur": float(releve.valeur), "retire": retire}


def _add_revision(
    session: Session,
    cle: tuple[str, str, int],
    avant: dict[str, Any] | None,
    apres: dict[str, Any],
    par: str,
    moyen: str,
) -> None:
    periode, code, numero = cle
    session.execute(
        insert(models.RevisionReleve).values(
            periode=periode,
            code=code,
            numero=numero,
            quand=datetime.now(UTC),
            par=par,
            moyen=moyen,
            avant=avant,
            apres=apres,
        )
    )
