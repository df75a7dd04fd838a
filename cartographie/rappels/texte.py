"""The mail of a reminder: plain text, French, and nothing that the public page does not say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from textwrap import fill, indent

from cartographie.acteurs import Contact, Fiche, Implantation, Precision
from cartographie.horaires import PARIS
from cartographie.libelles import LANGUES, TERMES, dire, dire_horaires
from cartographie.phrases import confirmation_fr, date_fr, telephone_lisible
from cartographie.referentiel import Referentiel

# In a list of mails on a screen that somebody else may see: neither what it is about, nor whom.
SUJET = "Vos informations sur la carte des services : sont-elles toujours exactes ?"
LARGEUR = 76
INCONNU = "non renseigné"
INTRODUCTION = (
    "Votre service figure sur la carte des services de l’Isère, que consultent des"
    " professionnels et le public. Voici tout ce qu’elle en dit aujourd’hui :"
)
QUESTION = (
    "Tout est exact ? Quelque chose a changé ? Dites-le en une minute par ce lien, sans compte"
    " ni mot de passe :"
)
SIMPLES = (
    ("Conditions", "conditions"),
    ("Frais", "frais"),
    ("Rendez-vous nécessaire", "rendez_vous"),
    ("Accessible en fauteuil", "accessible_pmr"),
    ("Enfants accueillis", "enfants_accueillis"),
    ("Territoire", "territoire"),
)


def write(fiche: Fiche, lien: str, expire_le: datetime, referentiel: Referentiel) -> str:
    """The body of the mail; the subject is `SUJET` for everybody."""
    jour = date_fr(expire_le.astimezone(PARIS).date())
    conditions = (
        f"Ce lien sert une fois, jusqu’au {jour}. L’ouvrir ne change rien : tant que vous n’avez"
        " pas appuyé sur un bouton, rien n’est enregistré. Il est réservé à votre service : ne"
        " le transférez qu’à la personne qui doit répondre."
    )
    fin = (
        "Vous n’êtes pas la bonne personne, ou votre service ne doit plus figurer sur la carte ?"
        " Répondez simplement à ce courriel."
    )
    faits = indent("\n".join(facts(fiche, referentiel)), "    ", lambda ligne: bool(ligne.strip()))
    paragraphes = (
        "Bonjour,",
        fill(INTRODUCTION, LARGEUR),
        faits,
        fill(QUESTION, LARGEUR),
        lien,
        fill(conditions, LARGEUR),
        fill(fin, LARGEUR),
        "Merci,\nl’équipe de la carte des services – préfecture de l’Isère",
    )
    return "\n\n".join(paragraphes) + "\n"


def facts(fiche: Fiche, referentiel: Referentiel) -> Iterator[str]:
    """The public record, a fact a line; what nobody knows is said to be unknown."""
    vocabulaire = referentiel.vocabulaire
    sigle = f" ({fiche.sigle})" if fiche.sigle and fiche.sigle not in fiche.nom else ""
    yield f"{fiche.nom}{sigle}"
    yield vocabulaire.types[fiche.type].libelle
    yield f"Accès : {vocabulaire.acces[fiche.acces].libelle}"
    if fiche.porteur:
        yield f"Porté par : {fiche.porteur.nom}"
    yield ""
    yield from _coupe(f"Description : {fiche.description or INCONNU}")
    yield from _liste("Ce qui est proposé", dire("missions", fiche.missions, referentiel))
    yield from _liste("Publics reçus", dire("publics", fiche.publics, referentiel))
    yield from _liste("Langues", tuple(LANGUES.get(code, code) for code in fiche.langues))
    yield ""
    for contact in fiche.contacts:
        yield from _contact(contact)
    if not fiche.contacts:
        yield f"Numéro ou courriel : {INCONNU}"
    if fiche.site_web:
        yield f"Site internet : {fiche.site_web}"
    for porte in fiche.implantations:
        yield ""
        yield from _porte(porte, fiche.en_zone, referentiel)
    yield ""
    for libelle, nom in SIMPLES:
        yield from _liste(libelle, dire(nom, getattr(fiche, nom), referentiel))
    yield ""
    yield f"{confirmation_fr(fiche)}."


def _contact(contact: Contact) -> Iterator[str]:
    qui = f" ({contact.libelle})" if contact.libelle else ""
    yield f"{TERMES[contact.kind]} : {telephone_lisible(contact.valeur)}{qui}"
    for ligne in dire_horaires(contact.horaires):
        yield f"  {ligne}"


def _porte(porte: Implantation, en_zone: bool, referentiel: Referentiel) -> Iterator[str]:
    lieu = porte.localisation
    if en_zone or not (lieu.adresse or lieu.commune):
        yield f"Secteur montré : {_secteur(porte, referentiel)} (aucune adresse)"
        return
    commune = f"{lieu.code_postal} {lieu.commune}".strip()
    adresse = ", ".join(m for m in (porte.libelle, lieu.adresse, commune) if m)
    manque = "" if lieu.adresse else " – rue non renseignée"
    yield from _coupe(f"{TERMES[porte.kind]} : {adresse}{manque}")
    if porte.telephone:
        yield f"  Sur place : {telephone_lisible(porte.telephone)}"
    heures = dire_horaires(porte.horaires) or (f"Horaires : {INCONNU}s",)
    yield from (f"  {ligne}" for ligne in heures)
    for fermeture in porte.fermetures:
        yield f"  Fermé du {date_fr(fermeture.debut)} au {date_fr(fermeture.fin)}"


def _secteur(porte: Implantation, referentiel: Referentiel) -> str:
    lieu = porte.localisation
    if lieu.precision is Precision.COMMUNE and lieu.commune:
        return lieu.commune
    epci = referentiel.communes.epci(lieu.code_epci)
    return epci.nom if epci else "Isère"


def _liste(libelle: str, valeurs: tuple[str, ...]) -> Iterator[str]:
    yield from _coupe(f"{libelle} : {' ; '.join(valeurs) or INCONNU}")


def _coupe(texte: str) -> Iterator[str]:
    """Lines that stay readable once they are quoted in an answer."""
    for ligne in texte.splitlines():
        yield from fill(ligne, LARGEUR - 4, subsequent_indent="  ").splitlines()
