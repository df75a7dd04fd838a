"""What the page of one record adds to its Fiche: doors, hours, whom to call instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cartographie import sms
from cartographie.acteurs import Acces, Contact, ContactKind, Fiche, Implantation
from cartographie.catalogue import Catalogue
from cartographie.communes import Communes
from cartographie.horaires import Ouverture, ouverture, semaine
from cartographie.phrases import participation_fr, telephone_lisible
from cartographie.referentiel import Referentiel

Semaine = tuple[tuple[str, tuple[str, ...]], ...]

# Whom to call when a record has no number: by type, else the number that listens and directs.
NUMERO_PAR_TYPE = {
    "HEBERGEMENT": "115",
    "FORCE_ORDRE": "17",
    "ISCG": "17",
    "AIDE": "116 006",
    "JUSTICE": "116 006",
}
NUMERO_PAR_DEFAUT = "3919"


@dataclass(frozen=True, slots=True)
class Secours:
    """A number to dial in place of the one that is missing, and whose it is."""

    contact: Contact
    libelle: str


@dataclass(frozen=True, slots=True)
class Porte:
    """A door with its state now; `semaine` is None when its hours fit no table."""

    implantation: Implantation
    ouverture: Ouverture
    semaine: Semaine | None


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line with its own hours, which are not those of the doors."""

    contact: Contact
    ouverture: Ouverture | None
    semaine: Semaine | None


@dataclass(frozen=True, slots=True)
class Message:
    """A text message: its places in the GSM alphabet, how many it is sent as, the link for it."""

    texte: str
    longueur: int
    messages: int
    href: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part taken in an objective, with its words; `par` when it is the porteur's."""

    periode: str
    objectif: int
    action: str
    titre: str
    phrase: str
    par: str


def secours(fiche: Fiche, catalogue: Catalogue, referentiel: Referentiel) -> tuple[Secours, ...]:
    """Whom to call for a record without a number: its porteur when it has one, else a national.

    A network of professionals has none but its porteur's: national lines listen to persons.
    """
    porteur = catalogue.get(fiche.porteur.slug) if fiche.porteur else None
    if porteur and porteur.telephones:
        return (Secours(porteur.telephones[0], porteur.nom),)
    if fiche.acces is Acces.PROFESSIONNELS:
        return ()
    voulu = NUMERO_PAR_TYPE.get(fiche.type, NUMERO_PAR_DEFAUT)
    return tuple(
        Secours(Contact(numero.kind, numero.numero), numero.libelle)
        for numero in referentiel.numeros
        if numero.numero == voulu
    )


def message(
    fiche: Fiche, nom: str, catalogue: Catalogue, referentiel: Referentiel, maintenant: datetime
) -> Message:
    """The text message of a record under this name, which says no more than it should.

    A place is told when one may go there unannounced; the state of its hours carries its day.
    """
    numero = telephone_lisible(fiche.telephones[0].valeur) if fiche.telephones else ""
    if not numero:
        autres = secours(fiche, catalogue, referentiel)
        a_la_place = telephone_lisible(autres[0].contact.valeur) if autres else ""
        numero = f"(numéro non connu : appelez le {a_la_place})" if a_la_place else ""
    implantation = fiche.implantations[0] if fiche.implantations else None
    direct = fiche.acces is Acces.DIRECT and not fiche.en_zone
    lieux = _lieux_du_message(implantation) if implantation and direct else ()
    etats = [porte.ouverture for porte in portes(fiche, maintenant)] if direct else []
    etats = etats or [ligne.ouverture for ligne in lignes(fiche, maintenant) if ligne.ouverture]
    heures = f"Le {maintenant:%d/%m}, {etats[0].phrase}" if etats else ""
    texte = sms.composer(nom, numero, lieux, heures)
    places = sms.longueur(texte)
    return Message(texte, places, 1 if places <= sms.UN_MESSAGE else 2, sms.adresse_sms(texte))


def _lieux_du_message(implantation: Implantation) -> tuple[str, ...]:
    """The same place, the fullest wording first."""
    lieu = implantation.localisation
    commune = f"{lieu.code_postal} {lieu.commune}".strip()
    pleine = f"{lieu.adresse}, {commune}" if lieu.adresse else commune
    return tuple(dict.fromkeys((pleine, lieu.commune)))


def portes(fiche: Fiche, maintenant: datetime) -> tuple[Porte, ...]:
    """Every door, open or not at this hour."""
    return tuple(
        Porte(
            implantation=implantation,
            ouverture=ouverture(
                implantation.horaires,
                maintenant,
                fermetures=implantation.fermetures,
                horaires_date=implantation.horaires_date or fiche.source_date,
                verifie_le=fiche.verifie_le,
            ),
            semaine=semaine(implantation.horaires) if implantation.horaires else None,
        )
        for implantation in fiche.implantations
    )


def lignes(fiche: Fiche, maintenant: datetime) -> tuple[Ligne, ...]:
    """Every way to reach it that is not a door, numbers first."""
    ecrits = tuple(c for c in fiche.contacts if c.kind is not ContactKind.TELEPHONE)
    return tuple(_ligne(contact, fiche, maintenant) for contact in fiche.telephones + ecrits)


def _ligne(contact: Contact, fiche: Fiche, maintenant: datetime) -> Ligne:
    if not contact.horaires:
        return Ligne(contact, None, None)
    etat = ouverture(
        contact.horaires, maintenant, horaires_date=fiche.source_date, verifie_le=fiche.verifie_le
    )
    return Ligne(contact, etat, semaine(contact.horaires))


def parts(fiche: Fiche, referentiel: Referentiel) -> tuple[Part, ...]:
    """Objectives it takes part in, its own then its porteur's, each with its title."""
    porteur = fiche.porteur.nom if fiche.porteur else ""
    sources = [(p, "") for p in fiche.participations]
    sources += [(p, porteur) for p in fiche.participations_du_porteur]
    vues = []
    for participation, par in sources:
        protocole = referentiel.protocole(participation.periode)
        objectif = protocole.objectif(participation.objectif) if protocole else None
        vues.append(
            Part(
                periode=participation.periode,
                objectif=participation.objectif,
                action=participation.action,
                titre=objectif.titre if objectif else "",
                phrase=participation_fr(participation),
                par=par,
            )
        )
    return tuple(sorted(vues, key=lambda part: (part.periode, part.objectif, part.par)))


def territoire_fr(fiche: Fiche, communes: Communes) -> tuple[str, ...]:
    """Name the zone of competence: the département, its EPCI, its communes; empty when unknown."""
    territoire = fiche.territoire
    if territoire is None:
        return ()
    if territoire.departement:
        return ("Toute l’Isère",)
    epci = (communes.epci(code) for code in territoire.epci)
    membres = (communes.insee(code) for code in territoire.communes)
    return tuple(e.nom for e in epci if e) + tuple(sorted(c.nom for c in membres if c))
