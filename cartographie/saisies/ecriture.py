"""Saisie → the fields of its form. `lire(ecrire(saisie), saisie)` is `saisie`, to the letter."""

from __future__ import annotations

from cartographie.acteurs import Diffusion, Fermeture, Implantation, Saisie
from cartographie.communes import Communes
from cartographie.saisies.blocs import cible_de
from cartographie.saisies.lecture import FIN, TEXTES, TRIVALENTS
from cartographie.saisies.lieux import PARTIES, ecrire_point, ecrire_zone
from cartographie.saisies.semaine import champs_de
from cartographie.saisies.territoire import ecrire_territoire

Ecrits = dict[str, list[str]]


def ecrire(saisie: Saisie, communes: Communes) -> Ecrits:
    """Every field of the form, as a browser would send it back."""
    champs: Ecrits = {nom: [getattr(saisie, nom)] for nom in (*TEXTES, "source_date")}
    champs |= {nom: [str(getattr(saisie, nom))] for nom in (*TRIVALENTS, "acces")}
    champs |= {
        nom: [str(valeur) for valeur in getattr(saisie, nom)]
        for nom in ("missions", "publics", "langues", "destinataires")
    }
    champs |= ecrire_territoire(saisie.territoire, communes)
    champs |= _participations(saisie)
    champs |= _zone(saisie) if saisie.diffusion is Diffusion.ZONE else _lieux(saisie)
    return champs | {FIN: ["1"]}


def _lieux(saisie: Saisie) -> Ecrits:
    champs: Ecrits = {"site_web": [saisie.site_web]}
    for rang, porte in enumerate(saisie.implantations):
        champs |= ecrire_porte(porte, rang)
    for rang, contact in enumerate(saisie.contacts):
        bloc = f"contacts.{rang}"
        champs |= {
            f"{bloc}.base": [str(rang)],
            f"{bloc}.kind": [str(contact.kind)],
            f"{bloc}.valeur": [contact.valeur],
            f"{bloc}.libelle": [contact.libelle],
            f"{bloc}.visibilite": [str(contact.visibilite)],
            **champs_de(contact.horaires, bloc),
        }
    return champs


def ecrire_porte(porte: Implantation, rang: int) -> Ecrits:
    """The block of a door; `automatique` is the point that nobody gave by hand."""
    bloc = f"implantations.{rang}"
    longitude, latitude = ecrire_point(porte.localisation)
    champs: Ecrits = {
        f"{bloc}.base": [str(rang)],
        f"{bloc}.kind": [str(porte.kind)],
        f"{bloc}.libelle": [porte.libelle],
        **{f"{bloc}.{nom}": [getattr(porte.localisation, nom)] for nom in PARTIES},
        f"{bloc}.longitude": [longitude],
        f"{bloc}.latitude": [latitude],
        f"{bloc}.automatique": [f"{longitude} {latitude}"],
        f"{bloc}.telephone": [porte.telephone],
        f"{bloc}.horaires_date": [porte.horaires_date],
        **champs_de(porte.horaires, bloc),
    }
    for n, fermeture in enumerate(porte.fermetures):
        champs |= _fermeture(fermeture, f"{bloc}.fermetures.{n}", n)
    return champs


def _fermeture(fermeture: Fermeture, bloc: str, rang: int) -> Ecrits:
    return {
        f"{bloc}.base": [str(rang)],
        f"{bloc}.debut": [fermeture.debut.isoformat()],
        f"{bloc}.fin": [fermeture.fin.isoformat()],
        f"{bloc}.motif": [fermeture.motif],
    }


def _zone(saisie: Saisie) -> Ecrits:
    lieu = saisie.implantations[0].localisation if saisie.implantations else None
    relais = saisie.relais
    return {
        "implantations.0.zone": [ecrire_zone(lieu) if lieu else ""],
        "relais.libelle": [relais.libelle if relais else ""],
        "relais.telephone": [relais.telephone if relais else ""],
        **champs_de(relais.horaires if relais else "", "relais"),
    }


def _participations(saisie: Saisie) -> Ecrits:
    champs: Ecrits = {}
    for rang, part in enumerate(saisie.participations):
        bloc = f"participations.{rang}"
        champs |= {
            f"{bloc}.base": [str(rang)],
            f"{bloc}.cible": [cible_de(part)],
            f"{bloc}.role": [str(part.role)],
        }
    return champs
