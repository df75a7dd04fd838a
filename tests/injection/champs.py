"""Every field of a record that holds text, found by its type; those where anything may be typed.

A value says which field it stands in: `<hostile text> §07`, so that a surface that forgets one is
seen. A field that is added to the record has to be put into one of the two tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from cartographie.acteurs import (
    Capacite,
    Contact,
    ContactKind,
    Fermeture,
    Implantation,
    Localisation,
    Origine,
    Participation,
    Precision,
    Relais,
    Role,
    Saisie,
    Territoire,
    Visibilite,
)
from cartographie.validation.champs import EN_LIGNES, LONGUEUR_COURTE, LONGUEURS
from tests.fabrique import LA_MURE, LE_115, accueil, refuge

# Where anything may be typed: path → what it holds in a hostile record, marked.
LIBRES = tuple(
    """nom sigle description conditions frais source verifie_par notes_internes
    implantations.libelle implantations.localisation.adresse implantations.localisation.commune
    implantations.localisation.source implantations.horaires implantations.fermetures.motif
    contacts.libelle contacts.horaires relais.libelle relais.horaires capacites.source
    participations.source""".split()
)
# What follows where several lines are welcome: a header, then the end of a mail.
SUITE = "\nBcc: tous@ailleurs.exemple\n.\n\tQUIT"
# What has a shape of its own, and what a hostile text meets there.
FORMES: Mapping[str, str] = {
    "slug": "minuscules",
    "type": "n’existe pas",
    "porteur": "n’existe pas",
    "missions": "n’existe pas",
    "publics": "n’existe pas",
    "langues": "code de langue",
    "site_web": "adresse complète",
    "source_date": "date",
    "territoire.communes": "n’existe pas",
    "territoire.epci": "n’existe pas",
    "implantations.localisation.code_postal": "cinq chiffres",
    "implantations.localisation.code_insee": "commune",
    "implantations.localisation.code_epci": "n’existe pas",
    "implantations.horaires_date": "date",
    "implantations.telephone": "numéro",
    "contacts.valeur": "numéro",
    "relais.telephone": "numéro",
    "participations.periode": "n’existe pas",
    "participations.action": "action",
}


def text_fields(classe: type, prefixe: str = "") -> Iterator[str]:
    """Dotted path of every field of a dataclass, and of those it holds, that is text."""
    for nom, dit in get_type_hints(classe).items():
        for une in _unions(dit):
            if une is str:
                yield f"{prefixe}{nom}"
            elif isinstance(une, type) and is_dataclass(une):
                yield from text_fields(une, f"{prefixe}{nom}.")


def _unions(dit: Any) -> Iterator[Any]:  # noqa: ANN401
    if get_origin(dit) in (tuple, Union, UnionType):
        for partie in get_args(dit):
            yield from _unions(partie)
    elif not (isinstance(dit, type) and issubclass(dit, Enum)):
        yield dit


def marque(champ: str) -> str:
    """What tells one free field from the others."""
    return f" §{LIBRES.index(champ) + 1:02}"


def valeur(champ: str, texte: str) -> str:
    """A hostile text as it is typed in a field: cut at its length, with its mark."""
    fin = (SUITE if champ in EN_LIGNES else "") + marque(champ)
    return texte[: LONGUEURS.get(champ, LONGUEUR_COURTE) - len(fin)] + fin


def remplir(objet: Any, texte: str, prefixe: str = "") -> Any:  # noqa: ANN401
    """The same record with this text in every free field of it and of what it holds."""
    if isinstance(objet, tuple):
        return tuple(remplir(un, texte, prefixe) for un in objet)
    if not is_dataclass(objet) or isinstance(objet, type):
        return objet
    neuf = {}
    for champ in fields(objet):
        chemin, dit = f"{prefixe}{champ.name}", getattr(objet, champ.name)
        neuf[champ.name] = (
            valeur(chemin, texte) if chemin in LIBRES else remplir(dit, texte, f"{chemin}.")
        )
    return replace(objet, **neuf)


def poser(objet: Any, chemin: str, dit: str) -> Any:  # noqa: ANN401
    """The same record with this in one field, of every part that has it."""
    nom, _, suite = chemin.partition(".")
    avant = getattr(objet, nom)
    if suite:
        parts = avant if isinstance(avant, tuple) else (avant,)
        neuves = tuple(poser(une, suite, dit) for une in parts)
        return replace(objet, **{nom: neuves if isinstance(avant, tuple) else neuves[0]})
    return replace(objet, **{nom: (dit,) if isinstance(avant, tuple) else dit})


def piege(slug: str, texte: str, rang: int = 0) -> Saisie:
    """A public record with two doors and two lines, at a place of its own."""
    porte = Implantation(
        Localisation(
            longitude=5.70 + 0.01 * rang,
            latitude=44.95 + 0.004 * (rang % 5),
            precision=Precision.ADRESSE,
            code_postal="38350",
            code_insee=LA_MURE,
        ),
        horaires_date="2026-03",
        fermetures=(Fermeture(date(2026, 8, 3), date(2026, 8, 14)),),
        telephone=f"04 76 31 {rang:02} 01",
    )
    contacts = (
        Contact(ContactKind.TELEPHONE, f"04 76 30 {rang:02} 02"),
        Contact(ContactKind.COURRIEL, f"accueil-{rang}@exemple.fr"),
        Contact(ContactKind.COURRIEL, f"partenaire-{rang}@exemple.fr", "", "", Visibilite.INTERNE),
    )
    participations = (
        Participation("2022-2024", 2, Role.PILOTE, Origine.NOMMEE, "2.2"),
        Participation("2022-2024", 5, Role.ACTEUR, Origine.DEDUITE),
    )
    modele = accueil(
        slug,
        relais=Relais("", LE_115.telephone, "24/7"),
        territoire=Territoire((LA_MURE,), ("200040657",)),
        porteur="",
        implantations=(porte,),
        contacts=contacts,
        capacites=(Capacite(date(2026, 1, 1), 12, 8, None),),
        participations=participations,
    )
    saisie: Saisie = remplir(modele, texte)
    return saisie


def piege_en_zone(slug: str, texte: str, porteur: str = "") -> Saisie:
    """The same of a record published by its zone: fewer fields, a line that somebody chose."""
    nus = {"nom": texte[:180], "description": texte, "conditions": texte, "porteur": porteur}
    return refuge(slug, **nus, relais=Relais(texte[:180], "115", "24/7"))
