"""What is repeated in the form: doors, numbers, closures, objectives.

A block says which element of the record it was made of (`.base`); one without is new, and is
left out when nothing was typed in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cartographie.acteurs import (
    Contact,
    ContactKind,
    Fermeture,
    Implantation,
    ImplantationKind,
    Origine,
    Participation,
    Role,
    Visibilite,
)
from cartographie.errors import Faute
from cartographie.nombres import entier
from cartographie.saisies.champs import (
    Champs,
    base_de,
    date_coupee,
    jour,
    rangs,
    texte,
    un,
    un_de,
)
from cartographie.saisies.lieux import PARTIES, Avis, Lieux, lire_localisation
from cartographie.saisies.semaine import JOURS, lire_horaires

CHOIX_INCONNU = "Choisissez dans la liste."


@dataclass(slots=True)
class Suivi:
    """What reading gathers: faults, notices, and which block each element came from."""

    fautes: list[Faute]
    avis: list[Avis]
    blocs: dict[str, list[int]]


def lire_portes(
    champs: Champs,
    base: tuple[Implantation, ...],
    lieux: Lieux,
    aujourdhui: date,
    suivi: Suivi,
) -> tuple[Implantation, ...]:
    """Every door that is kept, in the order of the form."""
    portes = []
    for n in rangs(champs, "implantations"):
        bloc = f"implantations.{n}"
        rang = base_de(champs, bloc, len(base))
        ancienne = base[rang] if rang is not None else None
        if un(champs, f"{bloc}.retirer") or (ancienne is None and _est_vide(champs, bloc, PORTE)):
            continue
        porte = _lire_porte(champs, bloc, ancienne, lieux, aujourdhui, suivi)
        if porte is not None:
            portes.append(porte)
            suivi.blocs.setdefault("implantations", []).append(n)
    return tuple(portes)


PORTE = (*PARTIES, "longitude", "latitude", "libelle", "telephone", "horaires", "horaires_date")
CONTACT = ("valeur", "libelle", "horaires")


def _lire_porte(
    champs: Champs,
    bloc: str,
    base: Implantation | None,
    lieux: Lieux,
    aujourdhui: date,
    suivi: Suivi,
) -> Implantation | None:
    fautes = suivi.fautes
    ancien_lieu = base.localisation if base else None
    lieu = lire_localisation(champs, bloc, ancien_lieu, lieux, fautes, suivi.avis)
    kind = un_de(champs, f"{bloc}.kind", base.kind if base else ImplantationKind.SIEGE, fautes)
    anciens = base.horaires if base else ""
    horaires = lire_horaires(champs, bloc, anciens, fautes)
    ancienne_date = base.horaires_date if base else ""
    horaires_date = texte(champs, f"{bloc}.horaires_date", ancienne_date)
    if horaires_date != ancienne_date:
        horaires_date = date_coupee(horaires_date)
    elif horaires != anciens:
        # Hours that were just written are of today, unless another date is said.
        horaires_date = aujourdhui.isoformat() if horaires else ""
    fermetures = lire_fermetures(champs, bloc, base.fermetures if base else (), suivi)
    if lieu is None:
        return None
    return Implantation(
        lieu,
        kind=kind,
        libelle=texte(champs, f"{bloc}.libelle", base.libelle if base else ""),
        horaires=horaires,
        horaires_date=horaires_date,
        fermetures=fermetures,
        telephone=texte(champs, f"{bloc}.telephone", base.telephone if base else ""),
    )


def lire_fermetures(
    champs: Champs, porte: str, base: tuple[Fermeture, ...], suivi: Suivi
) -> tuple[Fermeture, ...]:
    """Dated closures of a door; a single day when the end is left empty."""
    fermetures = []
    for n in rangs(champs, f"{porte}.fermetures"):
        bloc = f"{porte}.fermetures.{n}"
        rang = base_de(champs, bloc, len(base))
        ancienne = base[rang] if rang is not None else None
        debut, fin = un(champs, f"{bloc}.debut"), un(champs, f"{bloc}.fin")
        motif = texte(champs, f"{bloc}.motif", ancienne.motif if ancienne else "")
        if un(champs, f"{bloc}.retirer") or not (debut or fin or motif):
            continue
        jours = jour(debut), jour(fin or debut)
        for nom, lu, tape in zip(("debut", "fin"), jours, (debut, fin or debut), strict=True):
            if lu is None:
                message = "Écrivez une date, comme 03/08/2026."
                suivi.fautes.append(Faute(f"{bloc}.{nom}", message, tape[:20]))
        if jours[0] and jours[1]:
            suivi.blocs.setdefault(f"{porte}.fermetures", []).append(n)
            fermetures.append(Fermeture(jours[0], jours[1], motif))
    return tuple(fermetures)


def lire_contacts(champs: Champs, base: tuple[Contact, ...], suivi: Suivi) -> tuple[Contact, ...]:
    """Every number and address to write to; a block whose content was emptied goes away."""
    contacts = []
    for n in rangs(champs, "contacts"):
        bloc = f"contacts.{n}"
        rang = base_de(champs, bloc, len(base))
        ancien = base[rang] if rang is not None else None
        if un(champs, f"{bloc}.retirer") or _est_vide(champs, bloc, CONTACT):
            continue
        suivi.blocs.setdefault("contacts", []).append(n)
        modele = ancien or Contact(ContactKind.TELEPHONE, "")
        contacts.append(
            Contact(
                un_de(champs, f"{bloc}.kind", modele.kind, suivi.fautes, CHOIX_INCONNU),
                texte(champs, f"{bloc}.valeur", modele.valeur),
                texte(champs, f"{bloc}.libelle", modele.libelle),
                lire_horaires(champs, bloc, modele.horaires, suivi.fautes),
                un_de(champs, f"{bloc}.visibilite", Visibilite(modele.visibilite), suivi.fautes),
            )
        )
    return tuple(contacts)


def cible_de(participation: Participation) -> str:
    """The choice of a list: `2022-2024/2` or `2022-2024/2/2.2`."""
    cible = f"{participation.periode}/{participation.objectif}"
    return f"{cible}/{participation.action}" if participation.action else cible


def lire_participations(
    champs: Champs, base: tuple[Participation, ...], suivi: Suivi
) -> tuple[Participation, ...]:
    """Parts in objectives; one that was touched becomes declared, the others stay as known."""
    parts = []
    for n in rangs(champs, "participations"):
        bloc = f"participations.{n}"
        cible = un(champs, f"{bloc}.cible")
        if un(champs, f"{bloc}.retirer") or not cible:
            continue
        suivi.blocs.setdefault("participations", []).append(n)
        rang = base_de(champs, bloc, len(base))
        ancienne = base[rang] if rang is not None else None
        role = un_de(
            champs, f"{bloc}.role", ancienne.role if ancienne else Role.ACTEUR, suivi.fautes
        )
        if ancienne is not None and cible == cible_de(ancienne):
            touchee = replace(ancienne, role=role, origine=Origine.DECLAREE, source="")
            parts.append(ancienne if role == ancienne.role else touchee)
            continue
        periode, _, suite = cible.partition("/")
        numero, _, action = suite.partition("/")
        objectif = entier(numero, 4)
        if objectif is None:
            suivi.fautes.append(Faute(f"{bloc}.cible", CHOIX_INCONNU, cible[:40]))
            continue
        parts.append(Participation(periode, objectif, role, Origine.DECLAREE, action))
    return tuple(parts)


def _est_vide(champs: Champs, bloc: str, noms: tuple[str, ...]) -> bool:
    cases = [f"{bloc}.semaine.{jour}.{i}" for jour in (*JOURS, "PH") for i in range(4)]
    autres = [n for n in champs if n.startswith(f"{bloc}.fermetures.") and not n.endswith(".base")]
    champs_du_bloc = [f"{bloc}.{nom}" for nom in (*noms, "permanent", "feries")]
    return not any(un(champs, nom) for nom in (*champs_du_bloc, *cases, *autres))
