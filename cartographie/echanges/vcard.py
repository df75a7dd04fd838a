"""One record as a contact for a telephone: vCard 3.0 (RFC 2426), which every address book reads.

UTF-8, lines folded at 75 octets. No text of a record can begin a line or end a value. `nom` is what
the telephone shows when it rings: the neutral title, not always the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from cartographie.acteurs import Contact, ContactKind, Fiche, Implantation, Localisation, Precision
from cartographie.horaires import anciennete_fr, semaine
from cartographie.phrases import confirmation_fr, telephone_uri

OCTETS_MAX = 75
INVISIBLES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")
DECIMALES = 6


def write(fiche: Fiche, nom: str, adresse: str, jour: date) -> bytes:
    """Write one contact. `adresse` is the address of the fiche, for what changes.

    `jour` is today: hours say how old they are, since a contact stays for years.
    """
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
        f"NOTE:{texte(chr(10).join(_note(fiche, nom, adresse, jour)))}",
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
    """Doors whose address is known, and the point of the first when it has one; else the commune.

    A street may be known without its point. A zone has neither.
    """
    lieux = [i.localisation for i in fiche.implantations]
    ouverts = [] if fiche.en_zone else [ici for ici in lieux if ici.adresse or _exact(ici)]
    for ici in ouverts:
        rue, ville, code = (texte(v) for v in (ici.adresse, ici.commune, ici.code_postal))
        yield f"ADR;TYPE=WORK:;;{rue};{ville};;{code};France"
    for ici in filter(_exact, ouverts[:1]):
        yield f"GEO:{ici.latitude:.{DECIMALES}f};{ici.longitude:.{DECIMALES}f}"
    for commune in dict.fromkeys(ici.commune for ici in lieux if not ouverts and ici.commune):
        yield f"ADR;TYPE=WORK:;;;{texte(commune)};;;France"


def _exact(lieu: Localisation) -> bool:
    return lieu.precision is Precision.ADRESSE


def _note(fiche: Fiche, nom: str, adresse: str, jour: date) -> Iterator[str]:
    """What an address book has no field for."""
    if fiche.nom != nom:
        yield fiche.nom
    for implantation in fiche.implantations if not fiche.en_zone else ():
        datees = implantation.horaires_date or fiche.source_date
        age = anciennete_fr(datees, fiche.verifie_le, jour)
        yield from _heures(implantation.horaires, _nom_de_porte(implantation), age)
    age = anciennete_fr(fiche.source_date, fiche.verifie_le, jour)
    for contact in fiche.contacts:
        yield from _heures(contact.horaires, contact.libelle or contact.valeur, age)
    if fiche.conditions:
        yield fiche.conditions
    yield f"{confirmation_fr(fiche)}. À vérifier sur {adresse}"


def _nom_de_porte(implantation: Implantation) -> str:
    return implantation.libelle or implantation.localisation.commune or "Sur place"


def _heures(horaires: str, de_quoi: str, age: str) -> Iterable[str]:
    """The week on a line, with its age; what fits no week as it was typed."""
    if not horaires:
        return ()
    jours = semaine(horaires)
    ouverts = [f"{jour} {', '.join(plages)}" for jour, plages in jours or () if plages]
    mots = " ; ".join(ouverts) if jours is not None else horaires
    return (f"{de_quoi} : {mots}{f' ({age})' if age else ''}",) if mots else ()
