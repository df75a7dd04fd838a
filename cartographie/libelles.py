"""What the parts of a record are called and how their values read, in French.

For whoever edits: the form, the page of a conflict, the history. The public has `phrases`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

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
    Statut,
    Territoire,
    Trivalent,
    Visibilite,
)
from cartographie.horaires import horaires_fr, semaine
from cartographie.phrases import date_fr
from cartographie.referentiel import Referentiel
from cartographie.vocabulaire import libelles

# Through what a record was written, by the first word of what the write says of it, where that
# word does not read by itself.
MOYENS: Mapping[str, str] = {
    "annulation": "annulation d’écritures",
    "diffusion": "changement de diffusion",
    "init-db": "chargement initial",
    "lien": "lien de rappel",
    "reprise": "reprise des participations",
    "restauration": "retour à un état ancien",
    "retour": "retour au brouillon",
    "vérification": "vérification groupée",
}
CHAMPS: Mapping[str, str] = {
    "slug": "Identifiant",
    "nom": "Nom",
    "sigle": "Sigle",
    "type": "Sorte de service",
    "statut": "État de la fiche",
    "diffusion": "Diffusion",
    "porteur": "Porté par",
    "description": "Description",
    "missions": "Missions",
    "publics": "Publics reçus",
    "langues": "Langues",
    "acces": "Comment on y accède",
    "destinataires": "À qui s’adresse le service",
    "conditions": "Conditions",
    "frais": "Frais",
    "rendez_vous": "Rendez-vous nécessaire",
    "accessible_pmr": "Accessible en fauteuil",
    "enfants_accueillis": "Enfants accueillis",
    "territoire": "Territoire",
    "relais": "Ligne publique à appeler",
    "site_web": "Site internet",
    "source": "Source",
    "source_date": "Date de la source",
    "verifie_le": "Vérifié le",
    "verifie_par": "Vérifié par",
    "notes_internes": "Notes internes",
    "implantations": "Lieux",
    "contacts": "Numéros et courriels",
    "capacites": "Places",
    "participations": "Objectifs",
    "propositions": "Messages reçus",
    "localisation": "adresse et point",
    "kind": "sorte",
    "libelle": "nom",
    "horaires": "horaires",
    "horaires_date": "date des horaires",
    "fermetures": "fermetures",
    "telephone": "téléphone sur place",
    "valeur": "numéro ou adresse",
    "visibilite": "visibilité",
}
ELEMENTS: Mapping[str, str] = {"implantations": "Lieu", "contacts": "Contact"}

TERMES: Mapping[StrEnum, str] = {
    Statut.BROUILLON: "Brouillon",
    Statut.PUBLIE: "Publiée",
    Statut.ARCHIVE: "Archivée",
    Diffusion.PUBLIQUE: "Publique",
    Diffusion.ZONE: "Par sa zone seulement",
    Diffusion.INTERNE: "Interne",
    Trivalent.OUI: "Oui",
    Trivalent.NON: "Non",
    Trivalent.INCONNU: "Non renseigné",
    ImplantationKind.SIEGE: "Siège",
    ImplantationKind.ANTENNE: "Antenne",
    ImplantationKind.PERMANENCE: "Permanence",
    ContactKind.TELEPHONE: "Téléphone",
    ContactKind.SMS: "SMS",
    ContactKind.COURRIEL: "Courriel",
    Role.PILOTE: "Pilote",
    Role.ACTEUR: "Acteur",
    Origine.NOMMEE: "nommé par le protocole",
    Origine.DEDUITE: "déduit de sa catégorie",
    Origine.DECLAREE: "déclaré",
    Destinataire.PERSONNES: "Les personnes concernées",
    Destinataire.ENFANTS: "Leurs enfants",
    Destinataire.AUTEURS: "Les auteurs",
    Destinataire.PROFESSIONNELS: "Les professionnels",
}
LANGUES: Mapping[str, str] = {
    "ar": "Arabe",
    "de": "Allemand",
    "en": "Anglais",
    "es": "Espagnol",
    "fr": "Français",
    "it": "Italien",
    "lsf": "Langue des signes",
    "pl": "Polonais",
    "pt": "Portugais",
    "ro": "Roumain",
    "ru": "Russe",
    "sq": "Albanais",
    "tr": "Turc",
    "uk": "Ukrainien",
}
# Apart: as texts its values are those of Diffusion, and a key of one would be a key of the other.
VISIBILITES: Mapping[Visibilite, str] = {
    Visibilite.PUBLIQUE: "Tout le monde",
    Visibilite.INTERNE: "Seulement ici, en gestion",
}
PRECISIONS: Mapping[Precision, str] = {
    Precision.ADRESSE: "à l’adresse",
    Precision.COMMUNE: "à la commune",
    Precision.EPCI: "à l’intercommunalité",
    Precision.DEPARTEMENT: "au département",
}


def nommer(chemin: str) -> str:
    """Name a part by its dotted path: `implantations.0.telephone` → `Lieu 1 : téléphone…`."""
    racine, *reste = chemin.split(".")
    if not reste:
        return CHAMPS.get(racine, racine)
    element = f"{ELEMENTS.get(racine, CHAMPS.get(racine, racine))} {int(reste[0]) + 1}"
    return f"{element} : {CHAMPS.get(reste[1], reste[1])}" if len(reste) > 1 else element


def dire(chemin: str, valeur: Any, referentiel: Referentiel) -> tuple[str, ...]:  # noqa: ANN401
    """Read a value in lines; none when it says nothing."""
    if valeur is None or valeur == "" or valeur == ():
        return ()
    champ = chemin.rpartition(".")[2]
    vocabulaire = referentiel.vocabulaire
    termes = {"missions": vocabulaire.missions, "publics": vocabulaire.publics}.get(champ)
    if termes is not None:
        return libelles(termes, valeur)
    if champ == "type":
        return libelles(vocabulaire.types, (valeur,))
    if champ == "horaires":
        return dire_horaires(valeur)
    if champ == "source_date" or champ == "horaires_date":
        return (_date(valeur),)
    if isinstance(valeur, tuple):
        return tuple(ligne for v in valeur for ligne in dire("", v, referentiel))
    if isinstance(valeur, Territoire):
        return dire_territoire(valeur, referentiel)
    return tuple(ligne for ligne in _dire_un(valeur, referentiel) if ligne)


def _dire_un(valeur: Any, referentiel: Referentiel) -> tuple[str, ...]:  # noqa: ANN401
    match valeur:
        case StrEnum():
            return (_terme(valeur, referentiel),)
        case date():
            return (date_fr(valeur),)
        case Relais():
            return (f"{valeur.libelle} : {valeur.telephone}", *dire_horaires(valeur.horaires))
        case Localisation():
            return dire_lieu(valeur, referentiel)
        case Implantation():
            return dire_porte(valeur, referentiel)
        case Contact():
            return (dire_contact(valeur),)
        case Fermeture():
            motif = f" ({valeur.motif})" if valeur.motif else ""
            return (f"Du {date_fr(valeur.debut)} au {date_fr(valeur.fin)}{motif}",)
        case Participation():
            return (dire_participation(valeur),)
        case Capacite():
            places = "?" if valeur.places_total is None else valeur.places_total
            return (f"{places} places le {date_fr(valeur.date)}",)
    return tuple(str(valeur).splitlines())


def dire_horaires(horaires: str) -> tuple[str, ...]:
    """Read hours in words, days with the same hours together; as typed when they cannot be read."""
    if not horaires:
        return ()
    jours = semaine(horaires)
    if jours is None:
        dits = horaires_fr(horaires)
        return (horaires if dits == horaires else dits[:1].upper() + dits[1:],)
    lignes: list[tuple[str, str, str]] = []
    for jour, plages in jours:
        heures = ", ".join(plages) or "fermé"
        if lignes and lignes[-1][2] == heures:
            lignes[-1] = (lignes[-1][0], jour, heures)
        else:
            lignes.append((jour, jour, heures))
    return tuple(
        f"{debut if debut == fin else f'{debut} à {fin}'} : {heures}".capitalize()
        for debut, fin, heures in lignes
    )


def dire_lieu(lieu: Localisation, referentiel: Referentiel) -> tuple[str, ...]:
    """Read where a door is and how exactly that is known."""
    epci = referentiel.communes.epci(lieu.code_epci)
    commune = f"{lieu.code_postal} {lieu.commune}".strip()
    ou = ", ".join(morceau for morceau in (lieu.adresse, commune) if morceau)
    if not ou:
        ou = epci.nom if epci and lieu.precision is Precision.EPCI else "Isère"
    point = f"{lieu.latitude:.5f} ; {lieu.longitude:.5f}".replace(".", ",")
    return (ou, f"Point connu {PRECISIONS[lieu.precision]} ({point})")


def dire_porte(porte: Implantation, referentiel: Referentiel) -> tuple[str, ...]:
    """Read a whole door in a few lines."""
    nom = porte.libelle or TERMES[porte.kind]
    fermetures = (f for fermeture in porte.fermetures for f in _dire_un(fermeture, referentiel))
    return (
        nom,
        *dire_lieu(porte.localisation, referentiel),
        *dire_horaires(porte.horaires),
        *fermetures,
        porte.telephone,
    )


def dire_contact(contact: Contact) -> str:
    """Read a number or an address to write to."""
    morceaux = [f"{TERMES[contact.kind]} : {contact.valeur}", contact.libelle]
    morceaux += [" ; ".join(dire_horaires(contact.horaires))]
    if contact.visibilite is Visibilite.INTERNE:
        morceaux.append("interne")
    return " – ".join(morceau for morceau in morceaux if morceau)


def dire_participation(participation: Participation) -> str:
    """Read a part taken in an objective or an action."""
    cible = f"Objectif {participation.objectif}"
    if participation.action:
        cible += f", action {participation.action}"
    role, origine = TERMES[participation.role].lower(), TERMES[participation.origine]
    return f"{cible} ({participation.periode}) : {role}, {origine}"


def dire_territoire(territoire: Territoire, referentiel: Referentiel) -> tuple[str, ...]:
    """Read a zone of competence: names of EPCI and communes, or the whole département."""
    communes = referentiel.communes
    toute = ("Toute l’Isère",) if territoire.departement else ()
    epci = (e.nom if (e := communes.epci(code)) else code for code in territoire.epci)
    membres = (c.nom if (c := communes.insee(code)) else code for code in territoire.communes)
    return (*toute, *epci, *membres)


def _terme(valeur: StrEnum, referentiel: Referentiel) -> str:
    if isinstance(valeur, Acces):
        return referentiel.vocabulaire.acces[valeur].libelle
    if isinstance(valeur, Visibilite):
        return VISIBILITES[valeur]
    return TERMES.get(valeur, str(valeur))


def _date(iso: str) -> str:
    try:
        return date_fr(iso)
    except (ValueError, IndexError):
        return iso
