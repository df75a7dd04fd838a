"""One record as a contact for a telephone: vCard 3.0 (RFC 2426), which every address book reads.

UTF-8, lines folded at 75 octets. No text of a record can begin a line or end a value. `nom` is what
the telephone shows when it rings: the neutral title, not always the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cartographie.acteurs import Contact, ContactKind, Fiche, Implantation, Precision
from cartographie.horaires import semaine
from cartographie.phrases import confirmation_fr, telephone_uri

OCTETS_MAX = 75
INVISIBLES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")
DECIMALES = 6


def write(fiche: Fiche, nom: str, adresse: str) -> bytes:
    """Write one contact. `adresse` is the address of the fiche, for what changes."""
    lignes = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{texte(nom)}",
        f"N:{texte(nom)};;;;",
        f"ORG:{texte(nom)}",
        "X-ABSHOWAS:COMPANY",
        *_contacts(fiche),
        *_portes(fiche),
        f"URL:{uri(fiche.site_web or adresse)}",
        f"NOTE:{texte(chr(10).join(_note(fiche, nom, adresse)))}",
        "END:VCARD",
    ]
    return "".join(f"{plier(ligne)}\r\n" for ligne in lignes).encode()


def texte(valeur: str) -> str:
    """Escape a text value: nothing in it separates, ends or begins anything."""
    propre = INVISIBLES.sub(" ", valeur.replace("\r\n", "\n").replace("\r", "\n")).strip()
    for signe in ("\\", ";", ","):
        propre = propre.replace(signe, f"\\{signe}")
    return propre.replace("\n", "\\n")


def uri(valeur: str) -> str:
    """An address on one line: RFC 2426 escapes nothing in it."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", "", valeur)


def plier(ligne: str) -> str:
    """Fold at 75 octets, the space that begins a folded line included, never inside a character."""
    morceaux, courant, longueur = [], "", 0
    for signe in ligne:
        octets = len(signe.encode())
        if longueur + octets > OCTETS_MAX:
            morceaux.append(courant)
            courant, longueur = " ", 1
        courant, longueur = courant + signe, longueur + octets
    return "\r\n".join([*morceaux, courant])


def _contacts(fiche: Fiche) -> Iterator[str]:
    """Numbers, then addresses to write to; a group carries the label that some books show."""
    ecrits = tuple(c for c in fiche.contacts if c.kind is not ContactKind.TELEPHONE)
    for rang, contact in enumerate(fiche.telephones + ecrits, start=1):
        groupe = f"item{rang}." if contact.libelle else ""
        yield f"{groupe}{_valeur(contact)}"
        if groupe:
            yield f"{groupe}X-ABLABEL:{texte(contact.libelle)}"


def _valeur(contact: Contact) -> str:
    if contact.kind is ContactKind.COURRIEL:
        return f"EMAIL;TYPE=INTERNET:{texte(contact.valeur)}"
    sorte = "CELL,MSG" if contact.kind is ContactKind.SMS else "WORK,VOICE"
    return f"TEL;TYPE={sorte}:{telephone_uri(contact.valeur).removeprefix('tel:')}"


def _portes(fiche: Fiche) -> Iterator[str]:
    """Doors known by their address, and the point of the first; else the commune, never a point."""
    exactes = [
        i.localisation
        for i in fiche.implantations
        if i.localisation.precision is Precision.ADRESSE and not fiche.en_zone
    ]
    for ici in exactes:
        rue, ville, code = (texte(v) for v in (ici.adresse, ici.commune, ici.code_postal))
        yield f"ADR;TYPE=WORK:;;{rue};{ville};;{code};France"
    if exactes:
        premiere = exactes[0]
        latitude, longitude = round(premiere.latitude, 6), round(premiere.longitude, 6)
        yield f"GEO:{latitude:.{DECIMALES}f};{longitude:.{DECIMALES}f}"
        return
    for commune in dict.fromkeys(i.localisation.commune for i in fiche.implantations):
        if commune:
            yield f"ADR;TYPE=WORK:;;;{texte(commune)};;;France"


def _note(fiche: Fiche, nom: str, adresse: str) -> Iterator[str]:
    """What an address book has no field for."""
    if fiche.nom != nom:
        yield fiche.nom
    for implantation in fiche.implantations if not fiche.en_zone else ():
        yield from _heures(implantation.horaires, _nom_de_porte(implantation))
    for contact in fiche.contacts:
        yield from _heures(contact.horaires, contact.libelle or contact.valeur)
    if fiche.conditions:
        yield fiche.conditions
    yield f"{confirmation_fr(fiche)}. À vérifier sur {adresse}"


def _nom_de_porte(implantation: Implantation) -> str:
    return implantation.libelle or implantation.localisation.commune or "Sur place"


def _heures(horaires: str, de_quoi: str) -> Iterable[str]:
    """The week as lines; what fits no week as it was typed."""
    if not horaires:
        return ()
    jours = semaine(horaires)
    if jours is None:
        return (f"{de_quoi} : {horaires}",)
    ouverts = [f"{jour} {', '.join(plages)}" for jour, plages in jours if plages]
    return (f"{de_quoi} : {' ; '.join(ouverts)}",) if ouverts else ()
