"""Saisie ↔ dict of plain JSON values: the one form of a record in files and in revisions.

`to_dict` writes every key; `from_dict` takes those it finds, and lists every fault of the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

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
from cartographie.errors import Faute, SaisieError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
# Reads the value found at a dotted path, adds its faults to the list, or gives the value.
Lire = Callable[[Any, str, list[Faute]], Any]
Champs = dict[str, Lire]
# PostgreSQL stores no NUL, UTF-8 has no surrogates.
IMPOSSIBLES = re.compile("[\x00\ud800-\udfff]")
NOMBRE_MAXIMUM = 1e9
# What says who comes first, then how to reach, then what is internal, then what is repeated.
ORDRE = tuple(
    """slug nom sigle type statut diffusion porteur description missions publics langues acces
    destinataires conditions frais rendez_vous accessible_pmr enfants_accueillis territoire relais
    site_web source source_date verifie_le verifie_par notes_internes implantations contacts
    capacites participations""".split()
)
OBLIGATOIRES = ("slug", "nom", "type", "acces")


def to_dict(saisie: Saisie) -> dict[str, Any]:
    """Write a record as JSON values, with every key, in the order of the published files."""
    return {nom: to_json(getattr(saisie, nom)) for nom in ORDRE}


def to_json(valeur: Any) -> Any:  # noqa: ANN401
    """Write any value of the domain: dates in ISO, tuples as lists, dataclasses as objects.

    The Localisation of a door is laid flat beside its other fields.
    """
    if valeur is None or isinstance(valeur, bool | int | float):
        return valeur
    if isinstance(valeur, str):
        return str(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, tuple):
        return [to_json(element) for element in valeur]
    objet = {champ.name: to_json(getattr(valeur, champ.name)) for champ in fields(valeur)}
    if isinstance(valeur, Implantation):
        lieu = objet.pop("localisation")
        return {"kind": objet["kind"], "libelle": objet["libelle"]} | lieu | objet
    return objet


def from_dict(objet: Mapping[str, Any]) -> Saisie:
    """Read a record; absent keys take their default. Raises SaisieError with every fault."""
    return completer(read_champs(objet))


def read_champs(objet: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields that are there. Raises SaisieError with every fault."""
    fautes: list[Faute] = []
    valeurs = _lire_champs(objet, SAISIE, "", fautes)
    if fautes:
        raise SaisieError(tuple(fautes))
    return valeurs


def completer(valeurs: Mapping[str, Any]) -> Saisie:
    """Make a record of the fields read. Raises SaisieError when one without default is absent."""
    manquants = [champ for champ in OBLIGATOIRES if champ not in valeurs]
    if manquants:
        raise SaisieError(tuple(Faute(champ, "Cette valeur manque.") for champ in manquants))
    return Saisie(**valeurs)


def _lire_champs(
    objet: Any,  # noqa: ANN401
    champs: Champs,
    prefixe: str,
    fautes: list[Faute],
) -> dict[str, Any]:
    if not isinstance(objet, Mapping):
        fautes.append(Faute(prefixe.rstrip("."), "Il faut un objet.", str(objet)[:80]))
        return {}
    valeurs = {}
    for nom, valeur in objet.items():
        if nom not in champs:
            fautes.append(Faute(f"{prefixe}{nom}", "Ce champ n’existe pas."))
            continue
        avant = len(fautes)
        lue = champs[nom](valeur, f"{prefixe}{nom}", fautes)
        if len(fautes) == avant:
            valeurs[nom] = lue
    return valeurs


def _refuse(valeur: Any, champ: str, fautes: list[Faute], attendu: str) -> None:  # noqa: ANN401
    fautes.append(Faute(champ, f"Il faut {attendu}.", str(valeur)[:80]))


def _texte(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
    if valeur is None:
        return ""
    if not isinstance(valeur, str) or IMPOSSIBLES.search(valeur):
        return _refuse(ascii(valeur), champ, fautes, "un texte")
    return valeur


def _nombre(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
    if isinstance(valeur, bool) or not isinstance(valeur, int | float):
        return _refuse(valeur, champ, fautes, "un nombre")
    if not abs(valeur) < NOMBRE_MAXIMUM:
        return _refuse("…", champ, fautes, "un nombre plus petit")
    return float(valeur)


def _entier(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
    if isinstance(valeur, bool) or not isinstance(valeur, int):
        return _refuse(valeur, champ, fautes, "un nombre entier")
    if not abs(valeur) < NOMBRE_MAXIMUM:
        return _refuse("…", champ, fautes, "un nombre plus petit")
    return valeur


def _booleen(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
    return valeur if isinstance(valeur, bool) else _refuse(valeur, champ, fautes, "vrai ou faux")


def _jour(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
    try:
        return date.fromisoformat(valeur)
    except (TypeError, ValueError):
        return _refuse(valeur, champ, fautes, "une date, comme 2026-05-03")


def _ou_rien(lire: Lire) -> Lire:
    def lire_ou_rien(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
        return None if valeur is None or valeur == "" else lire(valeur, champ, fautes)

    return lire_ou_rien


def _un_de(enum: type[E]) -> Lire:
    def lire_un(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
        try:
            return enum(valeur)
        except ValueError:
            return _refuse(valeur, champ, fautes, f"l’un de : {', '.join(enum)}")

    return lire_un


def _plusieurs(lire: Lire) -> Lire:
    def lire_plusieurs(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
        if valeur is None:
            return ()
        if not isinstance(valeur, list | tuple):
            return _refuse(valeur, champ, fautes, "une liste")
        return tuple(lire(v, f"{champ}.{rang}", fautes) for rang, v in enumerate(valeur))

    return lire_plusieurs


def _objet(classe: type[T], champs: Champs, obligatoires: tuple[str, ...]) -> Lire:
    def lire_objet(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
        avant = len(fautes)
        valeurs = _lire_champs(valeur, champs, f"{champ}.", fautes)
        if len(fautes) == avant:
            manquants = [nom for nom in obligatoires if nom not in valeurs]
            fautes.extend(Faute(f"{champ}.{nom}", "Cette valeur manque.") for nom in manquants)
        return classe(**valeurs) if len(fautes) == avant else None

    return lire_objet


LOCALISATION: Champs = {
    "longitude": _nombre,
    "latitude": _nombre,
    "precision": _un_de(Precision),
} | dict.fromkeys(
    ("adresse", "code_postal", "commune", "code_insee", "code_epci", "source"), _texte
)


def _implantation(valeur: Any, champ: str, fautes: list[Faute]) -> Any:  # noqa: ANN401
    """Read a door, whose Localisation is laid flat."""
    avant = len(fautes)
    plats = _lire_champs(valeur, IMPLANTATION | LOCALISATION, f"{champ}.", fautes)
    if len(fautes) == avant:
        manquants = [n for n in ("longitude", "latitude", "precision") if n not in plats]
        fautes.extend(Faute(f"{champ}.{nom}", "Cette valeur manque.") for nom in manquants)
    if len(fautes) > avant:
        return None
    localisation = Localisation(**{n: v for n, v in plats.items() if n in LOCALISATION})
    return Implantation(localisation, **{n: v for n, v in plats.items() if n in IMPLANTATION})


FERMETURE: Champs = {"debut": _jour, "fin": _jour, "motif": _texte}
IMPLANTATION: Champs = {
    "kind": _un_de(ImplantationKind),
    "libelle": _texte,
    "horaires": _texte,
    "horaires_date": _texte,
    "fermetures": _plusieurs(_objet(Fermeture, FERMETURE, ("debut", "fin"))),
    "telephone": _texte,
}
CONTACT: Champs = {
    "kind": _un_de(ContactKind),
    "valeur": _texte,
    "libelle": _texte,
    "horaires": _texte,
    "visibilite": _un_de(Visibilite),
}
CAPACITE: Champs = {
    "date": _jour,
    "places_total": _ou_rien(_entier),
    "places_dediees": _ou_rien(_entier),
    "familles_nombreuses": _ou_rien(_entier),
    "source": _texte,
}
PARTICIPATION: Champs = {
    "periode": _texte,
    "objectif": _entier,
    "role": _un_de(Role),
    "origine": _un_de(Origine),
    "action": _texte,
    "source": _texte,
}
TERRITOIRE: Champs = {
    "communes": _plusieurs(_texte),
    "epci": _plusieurs(_texte),
    "departement": _booleen,
}
RELAIS: Champs = dict.fromkeys(("libelle", "telephone", "horaires"), _texte)
SAISIE: Champs = {
    **dict.fromkeys(
        (
            "slug nom sigle type porteur description conditions frais site_web source "
            "source_date verifie_par notes_internes"
        ).split(),
        _texte,
    ),
    **dict.fromkeys(("missions", "publics", "langues"), _plusieurs(_texte)),
    **dict.fromkeys(("rendez_vous", "accessible_pmr", "enfants_accueillis"), _un_de(Trivalent)),
    "acces": _un_de(Acces),
    "statut": _un_de(Statut),
    "diffusion": _un_de(Diffusion),
    "destinataires": _plusieurs(_un_de(Destinataire)),
    "territoire": _ou_rien(_objet(Territoire, TERRITOIRE, ())),
    "relais": _ou_rien(_objet(Relais, RELAIS, ("libelle", "telephone"))),
    "verifie_le": _ou_rien(_jour),
    "implantations": _plusieurs(_implantation),
    "contacts": _plusieurs(_objet(Contact, CONTACT, ("kind", "valeur"))),
    "capacites": _plusieurs(_objet(Capacite, CAPACITE, ("date",))),
    "participations": _plusieurs(
        _objet(Participation, PARTICIPATION, ("periode", "objectif", "role", "origine"))
    ),
}
