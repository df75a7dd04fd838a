"""Periods: a file is one, opened once and never written over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from cartographie import models
from cartographie.protocole import Axe, Protocole, write_document
from cartographie.registre.lignes import lock, move_version
from cartographie.serialisation import to_json


def add_protocole(session: Session, protocole: Protocole) -> bool:
    """Write a period that is not there yet; False when it is: only what it lacks is completed."""
    n = lock(session)
    code = protocole.periode.code
    choix = select(models.Periode.document).where(models.Periode.code == code)
    ecrite = session.execute(choix).one_or_none()
    if ecrite is not None:
        if ecrite.document is None:
            _complete(session, protocole)
            move_version(session, n + 1)
        return False
    _insert_periode(session, protocole)
    move_version(session, n + 1)
    return True


def has_periode(session: Session, code: str) -> bool:
    """Whether a period is open."""
    choix = select(models.Periode.code).where(models.Periode.code == code)
    return session.execute(choix).one_or_none() is not None


def _insert_periode(session: Session, protocole: Protocole) -> None:
    _insert(session, models.Periode, [_periode(protocole)])
    _insert(session, models.Organisation, list(_organisations(protocole)))
    _insert(session, models.Axe, list(_axes(protocole)))
    _insert(session, models.Objectif, list(_objectifs(protocole)))
    indicateurs = _add_indicateurs(session, protocole)
    _insert(session, models.Action, list(_actions(protocole, indicateurs)))
    _insert(session, models.Releve, list(_releves(protocole, indicateurs)))


def _complete(session: Session, protocole: Protocole) -> None:
    """Write what a database made by an earlier version of the software could not hold."""
    code = protocole.periode.code
    lui = models.Periode.code == code
    session.execute(update(models.Periode).where(lui).values(document=write_document(protocole)))
    deduites = [releve.id for releve in protocole.releves if releve.annee_deduite]
    siens = (models.Releve.periode == code) & models.Releve.code.in_(deduites)
    session.execute(update(models.Releve).where(siens).values(annee_deduite=True))


def _insert(session: Session, modele: type[Any], lignes: list[dict[str, Any]]) -> None:
    if lignes:
        session.execute(insert(modele), lignes)


def _periode(protocole: Protocole) -> dict[str, Any]:
    periode = protocole.periode
    return {
        "code": periode.code,
        "nom": periode.nom,
        "debut": periode.debut,
        "fin": periode.fin,
        "signature": periode.signature,
        "departement": periode.departement,
        "source": periode.source,
        "document": write_document(protocole),
    }


def _organisations(protocole: Protocole) -> Iterator[dict[str, Any]]:
    for organisation in protocole.organisations:
        yield {
            "periode": protocole.periode.code,
            "code": organisation.code,
            "nom": organisation.nom,
            "categorie": organisation.categorie,
            "generique": organisation.generique,
            "signataire": organisation.signataire,
        }


def _axes(protocole: Protocole) -> Iterator[dict[str, Any]]:
    for axe in protocole.axes:
        yield {"periode": protocole.periode.code, "numero": axe.numero, "titre": axe.titre}


def _objectifs(protocole: Protocole) -> Iterator[dict[str, Any]]:
    themes = {numero: titre for axe in protocole.axes for numero, titre in _themes(axe)}
    for objectif in protocole.objectifs:
        yield {
            "periode": protocole.periode.code,
            "numero": objectif.numero,
            "axe": objectif.axe,
            "theme": themes.get(objectif.numero, ""),
            "titre": objectif.titre,
        }


def _themes(axe: Axe) -> Iterator[tuple[int, str]]:
    for theme in axe.themes:
        for numero in theme.objectifs:
            yield numero, theme.titre


def _add_indicateurs(session: Session, protocole: Protocole) -> dict[str, int]:
    """Write each indicator once; its label → its id."""
    libelles = dict.fromkeys(
        [a.indicateur for o in protocole.objectifs for a in o.actions if a.indicateur]
        + [releve.indicateur for releve in protocole.releves]
    )
    code = protocole.periode.code
    _insert(session, models.Indicateur, [{"periode": code, "libelle": nom} for nom in libelles])
    ecrits = select(models.Indicateur).where(models.Indicateur.periode == code)
    return {indicateur.libelle: indicateur.id for indicateur in session.scalars(ecrits)}


def _actions(protocole: Protocole, indicateurs: dict[str, int]) -> Iterator[dict[str, Any]]:
    for objectif in protocole.objectifs:
        for rang, action in enumerate(objectif.actions):
            yield {
                "periode": protocole.periode.code,
                "code": action.id,
                "objectif": objectif.numero,
                "rang": rang,
                "libelle": action.libelle,
                "cible_valeur": action.cible.valeur if action.cible else None,
                "cible_unite": action.cible.unite if action.cible else "",
                "cible_periodicite": action.cible.periodicite if action.cible else "",
                "pilotes": list(action.pilotes),
                "autres_acteurs": list(action.autres_acteurs),
                "financeurs": list(action.financeurs),
                "cibles_complementaires": to_json(action.cibles_complementaires),
                "echeance_debut": action.echeance[0],
                "echeance_fin": action.echeance[1],
                "indicateur_id": indicateurs.get(action.indicateur),
                "note": action.note,
            }


def _releves(protocole: Protocole, indicateurs: dict[str, int]) -> Iterator[dict[str, Any]]:
    for releve in protocole.releves:
        yield {
            "periode": protocole.periode.code,
            "code": releve.id,
            "objectif": releve.objectif,
            "objectifs_lies": list(releve.objectifs_lies),
            "action": releve.action or None,
            "indicateur_id": indicateurs[releve.indicateur],
            "annee": releve.annee,
            "annee_debut": releve.periode[0] if releve.periode else None,
            "annee_fin": releve.periode[1] if releve.periode else None,
            "valeur": releve.valeur,
            "unite": releve.unite,
            "nature": releve.nature,
            "precision": releve.precision,
            "territoire": releve.territoire,
            "acteur_id": None,
            "source": releve.source,
            "note": releve.note,
            "annee_deduite": releve.annee_deduite,
        }
