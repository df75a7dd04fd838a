"""What a record becomes when less of it may be known: pure functions, nothing is written here.

`reduire` makes the record, `reduire_passe` each of its earlier states, `avertir` says what still
stands in the way. A record that is lowered keeps its zone, its codes and the texts that a person
has read again; everything that belongs to the place goes, from its past as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from cartographie.acteurs import (
    Acces,
    Diffusion,
    Implantation,
    Localisation,
    Precision,
    Relais,
    Saisie,
    Territoire,
)
from cartographie.communes import Communes
from cartographie.errors import Faute
from cartographie.validation import zone

OUVERTURE = (Diffusion.INTERNE, Diffusion.ZONE, Diffusion.PUBLIQUE)
# Texts that the page of the diffusion lets correct, in the order of the form.
TEXTES = (
    "nom", "sigle", "description", "conditions", "frais", "source", "verifie_par",
    "notes_internes",
)  # fmt: skip
# What only a record published by its zone must have: the others are not reached this way.
DE_LA_ZONE = ("acces", "slug", "relais")


@dataclass(frozen=True, slots=True)
class Demande:
    """What a person decided: how open, by whom one passes, and the texts read again."""

    vers: Diffusion
    relais: Relais | None = None
    acces: Acces | None = None
    textes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Autorisation:
    """Who allowed a record to be better known, and on which day. Internal."""

    par: str
    le: date


def abaisse(avant: Diffusion, apres: Diffusion) -> bool:
    """Whether going from one to the other shows less."""
    return OUVERTURE.index(apres) < OUVERTURE.index(avant)


def changer(saisie: Saisie, demande: Demande, communes: Communes) -> Saisie:
    """The record as it will be: reduced unless it becomes, or comes closer to, `publique`.

    From `interne` to `zone` more is shown and less is kept: a zone keeps nothing of the place.
    """
    textes: dict[str, Any] = {n: texte for n, texte in demande.textes.items() if n in TEXTES}
    corrigee = replace(saisie, **textes)
    if demande.vers is Diffusion.PUBLIQUE:
        return replace(corrigee, diffusion=demande.vers)
    return reduire(corrigee, demande, communes)


def reduire(saisie: Saisie, demande: Demande, communes: Communes) -> Saisie:
    """Keep the zone, the codes and the texts; of the place, nothing."""
    acces = demande.acces or saisie.acces
    if demande.vers is Diffusion.ZONE and acces is Acces.DIRECT:
        acces = Acces.ORIENTATION
    portes = tuple(porte_de_zone(porte, communes) for porte in saisie.implantations[:1])
    return replace(
        saisie,
        diffusion=demande.vers,
        implantations=portes,
        contacts=(),
        capacites=(),
        site_web="",
        source=_site(saisie.source),
        acces=acces,
        relais=demande.relais if demande.vers is Diffusion.ZONE else saisie.relais,
        territoire=_territoire(saisie.territoire, portes, communes),
    )


def porte_de_zone(porte: Implantation, communes: Communes) -> Implantation:
    """The only door of a reduced record: the published zone of where it stood."""
    lieu = porte.localisation
    epci = communes.epci(lieu.code_epci)
    if not lieu.code_insee and epci is not None:
        return Implantation(
            Localisation(epci.longitude, epci.latitude, Precision.EPCI, code_epci=epci.code)
        )
    connue = communes.zone(lieu.code_insee)
    localisation = Localisation(connue.longitude, connue.latitude, connue.precision)
    if connue.precision is Precision.COMMUNE:
        localisation = replace(localisation, commune=connue.nom, code_insee=connue.code)
    elif connue.precision is Precision.EPCI:
        localisation = replace(localisation, code_epci=connue.code)
    return Implantation(localisation)


def reduire_passe(ancienne: Saisie, actuelle: Saisie) -> Saisie:
    """An earlier state, with nothing of the place that it was.

    Nobody reads old texts again: one stays only when it is the very text of today, which was.
    """
    sources = {p.source for p in actuelle.participations}
    textes: dict[str, Any] = {
        nom: getattr(ancienne, nom) if getattr(ancienne, nom) == getattr(actuelle, nom) else ""
        for nom in TEXTES
    }
    return replace(
        ancienne,
        **textes | {"nom": actuelle.nom},
        implantations=actuelle.implantations if ancienne.implantations else (),
        contacts=(),
        capacites=(),
        site_web="",
        relais=ancienne.relais if ancienne.relais == actuelle.relais else None,
        territoire=ancienne.territoire if ancienne.territoire == actuelle.territoire else None,
        participations=tuple(
            p if p.source in sources else replace(p, source="") for p in ancienne.participations
        ),
    )


def champs_differents(une: Saisie, autre: Saisie) -> tuple[str, ...]:
    """Names of the fields that differ, in the order of Saisie."""
    return tuple(
        champ.name
        for champ in fields(Saisie)
        if getattr(une, champ.name) != getattr(autre, champ.name)
    )


def avertir(saisie: Saisie, communes: Communes) -> tuple[Faute, ...]:
    """What a reduced record may not say: faults to mend before anything is erased.

    An internal record is judged on its texts alone: nobody goes there, nobody reads its slug.
    """
    fautes = tuple(zone.fautes(saisie, communes))
    if saisie.diffusion is Diffusion.INTERNE:
        return tuple(faute for faute in fautes if faute.champ not in DE_LA_ZONE)
    if saisie.relais is None:
        message = "Dites par quelle ligne on joint ce service : le 115, ou celle du porteur."
        return (*fautes, Faute("relais", message))
    return fautes


def _site(source: str) -> str:
    """The name of a site without the page: `https://www.exemple.fr/contact` → `exemple.fr`."""
    if "/" not in source:
        return source
    try:
        return (urlsplit(source).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _territoire(
    territoire: Territoire | None, portes: tuple[Implantation, ...], communes: Communes
) -> Territoire | None:
    """The same, or not known when it names a commune that the widened zone hides."""
    if territoire is None:
        return None
    for porte in portes:
        lieu = porte.localisation
        epci = communes.epci(lieu.code_epci)
        membres = epci.membres if lieu.precision is Precision.EPCI and epci else ()
        departement = lieu.precision is Precision.DEPARTEMENT
        if any(departement or code in membres for code in territoire.communes):
            return None
    return territoire
