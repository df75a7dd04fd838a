"""What a visitor says of a record → what it would change: choices, a number, an address.

Only what the visitor saw is read: numbers and doors of the Fiche. What cannot be made a change is
kept beside the message, in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cartographie.acteurs import (
    Contact,
    ContactKind,
    Diffusion,
    Fiche,
    Implantation,
    Saisie,
    Visibilite,
)
from cartographie.communes import Communes
from cartographie.depots import PRECISIONS, MotifDepot, chiffres
from cartographie.errors import Faute, SaisieError
from cartographie.geocodage import GeocodeurCommunes
from cartographie.nombres import entier
from cartographie.saisies.lieux import Avis, Lieux, lire_localisation
from cartographie.serialisation import to_json

# What is asked, in the order of the page. A partner has other means, and another motif.
CHOIX = (
    (MotifDepot.NUMERO_FAUX, "Le numéro de téléphone est faux"),
    (MotifDepot.FERME, "Ce service est fermé"),
    (MotifDepot.DEMENAGE, "Ce service a déménagé"),
    (MotifDepot.AUTRE, "Autre chose est faux, ou manque"),
    (MotifDepot.DANGER, "Cette fiche met quelqu’un en danger"),
)
CHAMPS = ("motif", "texte", "numero", "numero_juste", "depuis", "lieu", "adresse", "commune")
VIDE = "Écrivez ce qui est faux, en quelques mots."
PORTE = "implantations.0"
DEUX_NUMEROS = ("numero", "numero_juste")


@dataclass(frozen=True, slots=True)
class Signale:
    """What was understood: fields to change, and words to keep beside the message."""

    changements: Mapping[str, Any] = field(default_factory=dict)
    precisions: Mapping[str, str] = field(default_factory=dict)


def numeros(fiche: Fiche) -> tuple[str, ...]:
    """The numbers that a visitor sees on a record, each once. None where a place is not told."""
    if fiche.en_zone:
        return ()
    lignes = [c.valeur for c in fiche.contacts if c.kind is not ContactKind.COURRIEL]
    portes = [porte.telephone for porte in fiche.implantations if porte.telephone]
    return tuple(dict.fromkeys([*lignes, *portes]))


def portes(fiche: Fiche) -> tuple[str, ...]:
    """The doors that a visitor sees, as they are told apart. None where a place is not told."""
    if fiche.en_zone:
        return ()
    return tuple(
        ", ".join(t for t in (p.libelle, p.localisation.adresse, p.localisation.commune) if t)
        or f"Lieu {rang + 1}"
        for rang, p in enumerate(fiche.implantations)
    )


def comprendre(tape: Mapping[str, str], base: Saisie, communes: Communes) -> Signale:
    """Read what was typed for the choice that was made. Raises SaisieError, by fields of the page.

    Of a place that is not told, only since when it is closed is read.
    """
    motif = tape.get("motif", "")
    if motif == MotifDepot.AUTRE and not tape.get("texte", "").strip():
        raise SaisieError((Faute("texte", VIDE),))
    if motif == MotifDepot.FERME:
        return Signale(precisions=_dits(tape, "depuis"))
    if base.diffusion is Diffusion.ZONE:
        return Signale()
    if motif == MotifDepot.NUMERO_FAUX:
        return _numero(tape, base)
    return _adresse(tape, base, communes) if motif == MotifDepot.DEMENAGE else Signale()


def _numero(tape: Mapping[str, str], base: Saisie) -> Signale:
    faux, juste = tape.get("numero", "").strip(), tape.get("numero_juste", "").strip()
    if not juste:
        return Signale(precisions=_dits(tape, "numero"))
    if not faux:
        contact = Contact(ContactKind.TELEPHONE, juste)
        return Signale({"contacts": to_json((*_publics(base), contact))})
    contacts = tuple(
        replace(c, valeur=juste) if _meme(c.valeur, faux) else c for c in _publics(base)
    )
    lieux = tuple(
        replace(p, telephone=juste) if _meme(p.telephone, faux) else p for p in base.implantations
    )
    changes = {"contacts": (contacts, _publics(base)), "implantations": (lieux, base.implantations)}
    changements = {nom: to_json(apres) for nom, (apres, avant) in changes.items() if apres != avant}
    # Somebody corrected it meanwhile: both numbers are words, for whoever reads.
    return Signale(changements, _dits(tape, *(("numero",) if changements else DEUX_NUMEROS)))


def _adresse(tape: Mapping[str, str], base: Saisie, communes: Communes) -> Signale:
    adresse, commune = tape.get("adresse", "").strip(), tape.get("commune", "").strip()
    if not adresse and not commune:
        return Signale()
    rang = entier(tape.get("lieu", ""), 3) or 0
    ancienne = base.implantations[rang] if rang < len(base.implantations) else None
    if not commune and ancienne is not None:
        commune = ancienne.localisation.commune
    champs = {f"{PORTE}.adresse": [adresse], f"{PORTE}.commune": [commune]}
    fautes: list[Faute] = []
    avis: list[Avis] = []
    lieu = lire_localisation(
        champs, PORTE, None, Lieux(communes, GeocodeurCommunes(communes)), fautes, avis
    )
    if lieu is None:
        raise SaisieError(tuple(replace(f, champ=f.champ.rpartition(".")[2]) for f in fautes))
    nouvelle = replace(ancienne, localisation=lieu) if ancienne else Implantation(lieu)
    lieux = [*base.implantations[:rang], nouvelle, *base.implantations[rang + 1 :]]
    return Signale({"implantations": to_json(tuple(lieux))})


def _publics(base: Saisie) -> tuple[Contact, ...]:
    return tuple(c for c in base.contacts if c.visibilite is Visibilite.PUBLIQUE)


def _meme(un: str, autre: str) -> bool:
    return bool(un) and chiffres(un) == chiffres(autre)


def _dits(tape: Mapping[str, str], *noms: str) -> dict[str, str]:
    return {nom: tape[nom].strip()[: PRECISIONS[nom]] for nom in noms if tape.get(nom, "").strip()}
