"""The form → Saisie, read against the record that it was made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cartographie.acteurs import Acces, Destinataire, Diffusion, Implantation, Relais, Saisie
from cartographie.errors import Faute
from cartographie.geocodage import Geocodeur, GeocodeurCommunes
from cartographie.referentiel import Referentiel
from cartographie.saisies.blocs import (
    Suivi,
    lire_contacts,
    lire_participations,
    lire_portes,
)
from cartographie.saisies.champs import Champs, date_coupee, plusieurs, texte, un, un_de
from cartographie.saisies.lieux import Avis, Lieux, lire_zone
from cartographie.saisies.semaine import lire_horaires
from cartographie.saisies.territoire import lire_territoire

TEXTES = (
    "nom", "sigle", "type", "porteur", "description", "conditions", "frais", "source",
    "notes_internes",
)  # fmt: skip
TRIVALENTS = ("rendez_vous", "accessible_pmr", "enfants_accueillis")
# What the validator names, and the field that shows it.
MONTRES_PAR = {"code_insee": "commune", "code_epci": "commune", "precision": "commune"}
FIN = "fin"


@dataclass(frozen=True, slots=True)
class Contexte:
    """With what a form is read: the data, a geocoder, the day and who edits."""

    referentiel: Referentiel
    geocodeur: Geocodeur
    aujourdhui: date
    par: str


@dataclass(frozen=True, slots=True)
class Lecture:
    """What a form says; with faults the Saisie holds what could be read, and is not for saving."""

    saisie: Saisie
    fautes: tuple[Faute, ...]
    avis: tuple[Avis, ...] = ()
    blocs: dict[str, list[int]] = field(default_factory=dict)

    def a_l_ecran(self, fautes: tuple[Faute, ...]) -> tuple[Faute, ...]:
        """Faults of the validator, which counts elements, by the names of the form's fields."""
        return tuple(replace(faute, champ=self._champ(faute.champ)) for faute in fautes)

    def _champ(self, chemin: str) -> str:
        racine, *reste = chemin.split(".")
        if racine in ("missions", "publics", "langues", "destinataires"):
            return racine
        if racine == "territoire":
            return ".".join([racine, *reste[:1]])
        if not reste or not reste[0].isdigit():
            return chemin
        reste[0] = self._bloc(racine, reste[0])
        if len(reste) >= 3 and reste[1] == "fermetures":
            reste[2] = self._bloc(f"{racine}.{reste[0]}.fermetures", reste[2])
            return ".".join([racine, *reste, "debut"][:6])
        if racine == "participations":
            return f"{racine}.{reste[0]}.cible"
        if racine == "implantations" and self.saisie.diffusion is Diffusion.ZONE:
            return f"{racine}.{reste[0]}.zone"
        return ".".join([racine, reste[0], *(MONTRES_PAR.get(nom, nom) for nom in reste[1:])])

    def _bloc(self, prefixe: str, rang: str) -> str:
        numeros = self.blocs.get(prefixe, [])
        return str(numeros[int(rang)]) if int(rang) < len(numeros) else rang


def lire(champs: Champs, base: Saisie, contexte: Contexte) -> Lecture:
    """Read a whole form; its slug, statut, diffusion and capacities are those of `base`."""
    suivi = Suivi([], [], {})
    fautes = suivi.fautes
    if not un(champs, FIN):
        fautes.append(Faute("", "Ce formulaire est arrivé incomplet : envoyez-le de nouveau."))
        return Lecture(base, tuple(fautes))
    valeurs: dict[str, Any] = {nom: texte(champs, nom, getattr(base, nom)) for nom in TEXTES}
    for nom in TRIVALENTS:
        valeurs[nom] = un_de(champs, nom, getattr(base, nom), fautes)
    valeurs["acces"] = un_de(champs, "acces", Acces(base.acces), fautes)
    for nom in ("missions", "publics", "langues"):
        valeurs[nom] = plusieurs(champs, nom, getattr(base, nom))
    valeurs["destinataires"] = _destinataires(champs, base, fautes)
    date_source = texte(champs, "source_date", base.source_date)
    valeurs["source_date"] = (
        date_source if date_source == base.source_date else date_coupee(date_source)
    )
    valeurs["participations"] = lire_participations(champs, base.participations, suivi)
    valeurs["territoire"] = lire_territoire(
        champs, base.territoire, contexte.referentiel.communes, fautes
    )
    if un(champs, "verifie_aujourdhui"):
        valeurs |= {"verifie_le": contexte.aujourdhui, "verifie_par": contexte.par}
    if base.diffusion is Diffusion.ZONE:
        valeurs |= _de_zone(champs, base, contexte, suivi)
    else:
        valeurs |= _de_lieu(champs, base, contexte, suivi)
    return Lecture(replace(base, **valeurs), tuple(fautes), tuple(suivi.avis), suivi.blocs)


def _destinataires(champs: Champs, base: Saisie, fautes: list[Faute]) -> tuple[Destinataire, ...]:
    lus = []
    for code in plusieurs(champs, "destinataires", tuple(str(d) for d in base.destinataires)):
        if code in tuple(Destinataire):
            lus.append(Destinataire(code))
        else:
            fautes.append(Faute("destinataires", "Cette réponse n’existe pas.", code[:40]))
    return tuple(lus)


def _de_lieu(champs: Champs, base: Saisie, contexte: Contexte, suivi: Suivi) -> dict[str, Any]:
    """What a record with doors and numbers adds. Only a public one may meet a geocoder."""
    communes = contexte.referentiel.communes
    publique = base.diffusion is Diffusion.PUBLIQUE
    geocodeur = contexte.geocodeur if publique else GeocodeurCommunes(communes)
    site_web = texte(champs, "site_web", base.site_web)
    if site_web != base.site_web and re.match(r"[\w-]+(\.[\w-]+)+(/|$)", site_web):
        site_web = f"https://{site_web}"
    return {
        "site_web": site_web,
        "implantations": lire_portes(
            champs, base.implantations, Lieux(communes, geocodeur), contexte.aujourdhui, suivi
        ),
        "contacts": lire_contacts(champs, base.contacts, suivi),
    }


def _de_zone(champs: Champs, base: Saisie, contexte: Contexte, suivi: Suivi) -> dict[str, Any]:
    """What a record known by its zone adds: the zone, and the public line that reaches it."""
    ancienne = base.implantations[0] if base.implantations else None
    choix = un(champs, "implantations.0.zone")
    portes: tuple[Implantation, ...] = ()
    if choix:
        lieu = ancienne.localisation if ancienne else None
        zone = lire_zone(choix, lieu, contexte.referentiel.communes)
        if zone is None:
            message = "Choisissez une zone dans la liste."
            suivi.fautes.append(Faute("implantations.0.zone", message, choix[:40]))
        else:
            suivi.blocs["implantations"] = [0]
            portes = (replace(ancienne, localisation=zone) if ancienne else Implantation(zone),)
    relais = base.relais or Relais("", "")
    lu = Relais(
        texte(champs, "relais.libelle", relais.libelle),
        texte(champs, "relais.telephone", relais.telephone),
        lire_horaires(champs, "relais", relais.horaires, suivi.fautes),
    )
    return {
        "implantations": portes + base.implantations[1:],
        "relais": lu if any((lu.libelle, lu.telephone, lu.horaires)) else None,
    }
