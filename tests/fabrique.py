"""Records made by hand, of real places: Grenoble, La Mure, Mens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Engine

from cartographie import registre
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
    Saisie,
    Statut,
    Territoire,
    Trivalent,
    Visibilite,
)
from cartographie.database import transaction

GRENOBLE = "38185"
LA_MURE = "38269"
MENS = "38226"
CC_MATHEYSINE = "200040657"
LE_115 = Relais("115 – Samu social", "115", "24/7")


PORTE = Implantation(
    Localisation(
        longitude=5.787,
        latitude=44.903,
        precision=Precision.ADRESSE,
        adresse="12 rue des Alpes",
        code_postal="38350",
        commune="La Mure",
        code_insee=LA_MURE,
        code_epci=CC_MATHEYSINE,
        source="BAN 0,92",
    ),
    kind=ImplantationKind.PERMANENCE,
    libelle="Maison du territoire",
    horaires="Mo-Fr 09:00-17:00",
    horaires_date="2026-03",
    fermetures=(Fermeture(date(2026, 8, 3), date(2026, 8, 14), "congés"),),
    telephone="04 76 30 00 01",
)


def accueil(slug: str = "accueil-la-mure", **valeurs: Any) -> Saisie:  # noqa: ANN401
    """A place that receives people in La Mure: every field holds something."""
    saisie = Saisie(
        slug=slug,
        nom="Accueil de La Mure",
        type="LEAO",
        acces=Acces.DIRECT,
        statut=Statut.PUBLIE,
        diffusion=Diffusion.PUBLIQUE,
        sigle="ALM",
        description="Écoute et orientation.\nSans rendez-vous le lundi.",
        missions=("accueil-ecoute", "orientation"),
        publics=("adultes",),
        langues=("fr", "ar"),
        destinataires=(Destinataire.PERSONNES, Destinataire.ENFANTS),
        conditions="Ouvert à tous.",
        frais="Gratuit",
        rendez_vous=Trivalent.NON,
        accessible_pmr=Trivalent.OUI,
        territoire=Territoire(epci=(CC_MATHEYSINE,)),
        site_web="https://accueil.exemple.fr",
        source="https://accueil.exemple.fr/contact",
        source_date="2026-03",
        verifie_le=date(2026, 5, 3),
        verifie_par="DDFE",
        notes_internes="NOTE-SECRETE",
        implantations=(PORTE,),
        contacts=(
            Contact(ContactKind.TELEPHONE, "04 76 30 00 02", "Accueil", "Mo-Fr 09:00-12:00"),
            Contact(ContactKind.COURRIEL, "interne@exemple.fr", visibilite=Visibilite.INTERNE),
        ),
        capacites=(Capacite(date(2026, 1, 1), 12, 8, None, "DDETS"),),
        participations=(
            Participation("2022-2024", 2, Role.PILOTE, Origine.NOMMEE, "2.2", "nommément"),
            Participation("2022-2024", 5, Role.ACTEUR, Origine.DEDUITE, source="Associations"),
        ),
    )
    return replace(saisie, **valeurs)


def sans_point(saisie: Saisie, **valeurs: Any) -> Saisie:  # noqa: ANN401
    """Its first door alone, whose street is known and its point not; `valeurs` of that door."""
    (porte, *_) = saisie.implantations
    lieu = replace(porte.localisation, precision=Precision.COMMUNE)
    return replace(saisie, implantations=(replace(porte, localisation=lieu, **valeurs),))


def refuge(slug: str = "hebergement-grenoble", **valeurs: Any) -> Saisie:  # noqa: ANN401
    """A shelter known by its zone: Grenoble, reached through 115."""
    porte = Implantation(
        Localisation(
            5.73631,
            45.18663,
            Precision.COMMUNE,
            commune="Grenoble",
            code_insee=GRENOBLE,
            code_epci="200040715",
        )
    )
    saisie = Saisie(
        slug=slug,
        nom="Hébergement de Grenoble",
        type="HEBERGEMENT",
        acces=Acces.ORIENTATION,
        statut=Statut.PUBLIE,
        diffusion=Diffusion.ZONE,
        missions=("hebergement-urgence",),
        relais=LE_115,
        source="grenoble.fr",
        implantations=(porte,),
    )
    return replace(saisie, **valeurs)


def porte_de_zone(epci: str, longitude: float, latitude: float) -> Implantation:
    """The only door of a record whose zone was widened to an EPCI."""
    return Implantation(Localisation(longitude, latitude, Precision.EPCI, code_epci=epci))


def porte(saisie: Saisie, lieu: dict[str, Any], **valeurs: Any) -> tuple[Implantation]:  # noqa: ANN401
    """The one door of a record, elsewhere (`lieu`) or otherwise."""
    (une,) = saisie.implantations
    return (replace(une, localisation=replace(une.localisation, **lieu), **valeurs),)


def change(engine: Engine, slug: str, **valeurs: object) -> None:
    """Write some fields of a record, as somebody who has just read it."""
    with transaction(engine) as session:
        avant, revision = registre.get_saisie(session, slug)
        registre.update_acteur(
            session,
            slug,
            replace(avant, **valeurs),  # type: ignore[arg-type]
            revision_lue=revision,
            par="essai",
            moyen="essai",
        )
