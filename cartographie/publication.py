"""The single gate: what the public may know of a record (invariant 1).

Everything that leaves — pages, distances, counts, exports, feeds — is made of what is given here,
so a field that this function does not copy cannot leak anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from cartographie.acteurs import (
    Contact,
    ContactKind,
    Diffusion,
    Fiche,
    Implantation,
    Lien,
    Localisation,
    Precision,
    Saisie,
    Statut,
    Visibilite,
)
from cartographie.communes import Epci, Zone


class Zones(Protocol):
    """What the gate asks of the gazetteer."""

    def zone(self, code_insee: str) -> Zone: ...

    def epci(self, code: str) -> Epci | None: ...


def publier(saisie: Saisie, porteur: Saisie | None, communes: Zones) -> Fiche | None:
    """Make the public Fiche of a record, or None when nothing of it may be known."""
    if not _est_visible(saisie):
        return None
    en_zone = saisie.diffusion is Diffusion.ZONE
    visible = porteur if porteur is not None and _est_visible(porteur) else None
    return Fiche(
        slug=saisie.slug,
        nom=saisie.nom,
        type=saisie.type,
        acces=saisie.acces,
        sigle=saisie.sigle,
        porteur=Lien(visible.slug, visible.nom) if visible else None,
        description=saisie.description,
        missions=saisie.missions,
        publics=saisie.publics,
        langues=saisie.langues,
        destinataires=saisie.destinataires,
        conditions=saisie.conditions,
        frais=saisie.frais,
        rendez_vous=saisie.rendez_vous,
        accessible_pmr=saisie.accessible_pmr,
        enfants_accueillis=saisie.enfants_accueillis,
        territoire=saisie.territoire,
        site_web="" if en_zone else saisie.site_web,
        source_date=saisie.source_date,
        verifie_le=saisie.verifie_le,
        implantations=_zone(saisie, communes) if en_zone else _portes(saisie),
        contacts=_relais(saisie) if en_zone else _lignes(saisie),
        participations=saisie.participations,
        participations_du_porteur=visible.participations if visible else (),
        en_zone=en_zone,
    )


def _est_visible(saisie: Saisie) -> bool:
    return saisie.statut is Statut.PUBLIE and saisie.diffusion is not Diffusion.INTERNE


def _portes(saisie: Saisie) -> tuple[Implantation, ...]:
    # Written out: `replace` costs more than all the rest of a hundred thousand records.
    return tuple(
        Implantation(
            Localisation(
                porte.localisation.longitude,
                porte.localisation.latitude,
                porte.localisation.precision,
                porte.localisation.adresse,
                porte.localisation.code_postal,
                porte.localisation.commune,
                porte.localisation.code_insee,
                porte.localisation.code_epci,
            ),
            porte.kind,
            porte.libelle,
            porte.horaires,
            porte.horaires_date,
            porte.fermetures,
            porte.telephone,
        )
        for porte in saisie.implantations
    )


def _zone(saisie: Saisie, communes: Zones) -> tuple[Implantation, ...]:
    """The published point of the zone, worked out again: what is stored is not trusted."""
    if not saisie.implantations:
        return ()
    lieu = saisie.implantations[0].localisation
    epci = communes.epci(lieu.code_epci)
    if lieu.precision is Precision.EPCI and epci is not None:
        localisation = Localisation(
            epci.longitude, epci.latitude, Precision.EPCI, code_epci=epci.code
        )
    else:
        zone = communes.zone(lieu.code_insee)
        localisation = Localisation(zone.longitude, zone.latitude, zone.precision)
        if zone.precision is Precision.COMMUNE:
            localisation = replace(localisation, commune=zone.nom, code_insee=zone.code)
        elif zone.precision is Precision.EPCI:
            localisation = replace(localisation, code_epci=zone.code)
    return (Implantation(localisation),)


def _lignes(saisie: Saisie) -> tuple[Contact, ...]:
    return tuple(c for c in saisie.contacts if c.visibilite is Visibilite.PUBLIQUE)


def _relais(saisie: Saisie) -> tuple[Contact, ...]:
    """The only way to a record published by its zone."""
    if saisie.relais is None:
        return ()
    relais = saisie.relais
    return (Contact(ContactKind.TELEPHONE, relais.telephone, relais.libelle, relais.horaires),)
