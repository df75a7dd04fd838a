"""Rows → Saisies: whole records, read in a handful of queries whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import RowMapping, Select, Table, inspect, select
from sqlalchemy.orm import Session, aliased

from cartographie import models
from cartographie.acteurs import (
    Capacite,
    Contact,
    Destinataire,
    Fermeture,
    Implantation,
    Localisation,
    Participation,
    Relais,
    Saisie,
    Territoire,
)
from cartographie.database import Base

T = TypeVar("T")
# Fields of Saisie that are columns of the same name and value.
SCALAIRES = tuple(
    """slug nom sigle type statut diffusion description acces conditions frais rendez_vous
    accessible_pmr enfants_accueillis site_web source source_date verifie_le verifie_par
    notes_internes""".split()
)
LISTES = ("missions", "publics", "langues")


def read_saisies(session: Session, choix: Select[Any]) -> dict[int, Saisie]:
    """Read the records whose ids `choix` selects: id → Saisie, in the order of slugs."""
    porteur = aliased(models.Acteur)
    lignes = session.execute(
        select(table(models.Acteur), porteur.slug.label("porteur"))
        .outerjoin(porteur, porteur.id == models.Acteur.porteur_id)
        .where(models.Acteur.id.in_(choix))
        .order_by(models.Acteur.slug)
    ).mappings()
    enfants: dict[str, dict[int, list[Any]]] = {
        "implantations": _enfants(session, models.Implantation, choix, _implantation),
        "contacts": _enfants(session, models.Contact, choix, _contact),
        "capacites": _enfants(session, models.Capacite, choix, _capacite),
        "participations": _enfants(session, models.Participation, choix, _participation),
    }
    return {
        ligne["id"]: _saisie(
            ligne, {nom: tuple(par_id.get(ligne["id"], ())) for nom, par_id in enfants.items()}
        )
        for ligne in lignes
    }


def table(modele: type[Base]) -> Table:
    """The table of a model: rows read from it are values, never objects of a session."""
    locale = inspect(modele).local_table
    assert isinstance(locale, Table)  # noqa: S101 -- what a mapped class always has
    return locale


def _enfants(
    session: Session,
    modele: Any,  # noqa: ANN401 -- one of the four children, all with acteur_id and rang
    choix: Select[Any],
    lire: Callable[[RowMapping], T],
) -> dict[int, list[T]]:
    par_acteur: defaultdict[int, list[T]] = defaultdict(list)
    requete = select(table(modele)).where(modele.acteur_id.in_(choix)).order_by(modele.rang)
    for ligne in session.execute(requete).mappings():
        par_acteur[ligne["acteur_id"]].append(lire(ligne))
    return par_acteur


def _saisie(ligne: RowMapping, enfants: dict[str, Any]) -> Saisie:
    valeurs: dict[str, Any] = {nom: ligne[nom] for nom in SCALAIRES}
    valeurs |= {nom: tuple(ligne[nom]) for nom in LISTES}
    return Saisie(
        **valeurs,
        porteur=ligne["porteur"] or "",
        destinataires=tuple(Destinataire(valeur) for valeur in ligne["destinataires"]),
        territoire=_territoire(ligne["territoire"]),
        relais=_relais(ligne),
        **enfants,
    )


def _territoire(objet: dict[str, Any] | None) -> Territoire | None:
    if objet is None:
        return None
    return Territoire(tuple(objet["communes"]), tuple(objet["epci"]), objet["departement"])


def _relais(ligne: RowMapping) -> Relais | None:
    if not ligne["relais_telephone"]:
        return None
    return Relais(ligne["relais_libelle"], ligne["relais_telephone"], ligne["relais_horaires"])


def _implantation(ligne: RowMapping) -> Implantation:
    return Implantation(
        Localisation(
            longitude=ligne["point"].x,
            latitude=ligne["point"].y,
            precision=ligne["precision"],
            adresse=ligne["adresse"],
            code_postal=ligne["code_postal"],
            commune=ligne["commune"],
            code_insee=ligne["code_insee"],
            code_epci=ligne["code_epci"],
            source=ligne["source"],
        ),
        kind=ligne["kind"],
        libelle=ligne["libelle"],
        horaires=ligne["horaires"],
        horaires_date=ligne["horaires_date"],
        fermetures=tuple(_fermeture(objet) for objet in ligne["fermetures"]),
        telephone=ligne["telephone"],
    )


def _fermeture(objet: dict[str, str]) -> Fermeture:
    return Fermeture(
        date.fromisoformat(objet["debut"]), date.fromisoformat(objet["fin"]), objet["motif"]
    )


def _contact(ligne: RowMapping) -> Contact:
    return Contact(
        ligne["kind"], ligne["valeur"], ligne["libelle"], ligne["horaires"], ligne["visibilite"]
    )


def _capacite(ligne: RowMapping) -> Capacite:
    return Capacite(
        ligne["date"],
        ligne["places_total"],
        ligne["places_dediees"],
        ligne["familles_nombreuses"],
        ligne["source"],
    )


def _participation(ligne: RowMapping) -> Participation:
    return Participation(
        ligne["periode"],
        ligne["objectif"],
        ligne["role"],
        ligne["origine"],
        ligne["action"],
        ligne["source"],
    )
