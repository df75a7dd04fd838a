"""What a record says of a place without being asked: to be read before and after hiding it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cartographie.acteurs import Diffusion, Precision, Saisie, Statut, Visibilite
from cartographie.communes import Communes
from cartographie.libelles import nommer
from cartographie.reduction import porte_de_zone
from cartographie.texte import fold
from cartographie.validation import zone
from cartographie.validation.champs import textes

# On folded words: what helps somebody to find a door without being an address.
REPERES = re.compile(
    r"\b(?:lieu dit|hameau|quartier|gare|mairie|eglise|ecole|college|lycee|hopital|parking|arret"
    r"|tram|bus|etage|digicode|interphone|portail|cour|batiment|immeuble|residence|villa|en face"
    r"|derriere|a cote|pres d[eu]|a proximite|rez de chaussee)\b"
)
# A national number (115, 3919) is everybody's: sharing it tells nothing.
CHIFFRES_MINIMUM = 8


@dataclass(frozen=True, slots=True)
class Partage:
    """Something that this record has in common with one whose address is published."""

    quoi: str
    slug: str
    nom: str
    adresse: str


@dataclass(frozen=True, slots=True)
class Mot:
    """Words of a text that help to find the place."""

    champ: str
    libelle: str
    raison: str


@dataclass(frozen=True, slots=True)
class Revelation:
    """`habitants` live in the zone that is, or would be, published; None without a door."""

    zone: str
    habitants: int | None
    partages: tuple[Partage, ...]
    mots: tuple[Mot, ...]


def reveler(saisie: Saisie, autres: Iterable[Saisie], communes: Communes) -> Revelation:
    """Read a record as somebody would who looks for the place."""
    nom, habitants = _zone(saisie, communes)
    publiees = [a for a in autres if a.slug != saisie.slug and _publie_son_adresse(a)]
    return Revelation(
        nom,
        habitants,
        tuple(partage for autre in publiees for partage in _partages(saisie, autre)),
        tuple(dict.fromkeys(_mots(saisie, communes, nom))),
    )


def _zone(saisie: Saisie, communes: Communes) -> tuple[str, int | None]:
    if not saisie.implantations:
        return "", None
    lieu = porte_de_zone(saisie.implantations[0], communes).localisation
    commune, epci = communes.insee(lieu.code_insee), communes.epci(lieu.code_epci)
    if lieu.precision is Precision.COMMUNE and commune:
        return commune.nom, commune.population
    if lieu.precision is Precision.EPCI and epci:
        return epci.nom, epci.population
    return "Isère", sum(commune.population for commune in communes.toutes)


def _publie_son_adresse(saisie: Saisie) -> bool:
    return (
        saisie.statut is Statut.PUBLIE
        and saisie.diffusion is Diffusion.PUBLIQUE
        and bool(_adresse(saisie))
    )


def _adresse(saisie: Saisie) -> str:
    for porte in saisie.implantations:
        lieu = porte.localisation
        if lieu.adresse:
            return f"{lieu.adresse}, {f'{lieu.code_postal} {lieu.commune}'.strip()}".rstrip(", ")
    return ""


def _partages(saisie: Saisie, autre: Saisie) -> Iterator[Partage]:
    adresse = _adresse(autre)
    if saisie.porteur == autre.slug:
        yield Partage("son porteur", autre.slug, autre.nom, adresse)
    communs = _joindre(saisie) & _joindre(autre)
    yield from (Partage(quoi, autre.slug, autre.nom, adresse) for quoi in sorted(communs))


def _joindre(saisie: Saisie) -> set[str]:
    """Numbers (digits alone), mail addresses and hosts by which the public reaches a record."""
    numeros = [p.telephone for p in saisie.implantations]
    numeros += [saisie.relais.telephone] if saisie.relais else []
    trouves = set()
    for contact in saisie.contacts:
        if contact.visibilite is Visibilite.PUBLIQUE:
            numeros.append(contact.valeur)
    for numero in numeros:
        chiffres = re.sub(r"[^\d]", "", numero)
        if "@" in numero:
            trouves.add(f"le courriel {numero.lower()}")
        elif len(chiffres) >= CHIFFRES_MINIMUM:
            trouves.add(f"le numéro {_lisible(chiffres)}")
    if saisie.site_web:
        hote = (urlsplit(saisie.site_web).hostname or "").removeprefix("www.")
        trouves.add(f"le site {hote}")
    return trouves


def _lisible(chiffres: str) -> str:
    national = re.sub(r"^33(?=\d{9}$)", "0", chiffres)
    return " ".join(re.findall(r"\d{1,2}", national))


def _mots(saisie: Saisie, communes: Communes, zone_nom: str) -> Iterator[Mot]:
    """What a zone may not say, then what it may and that a person should read again."""
    portes = tuple(porte_de_zone(porte, communes) for porte in saisie.implantations[:1])
    nue = replace(
        saisie, implantations=portes, contacts=(), capacites=(), site_web="", source="",
        relais=None, notes_internes="", territoire=None,
    )  # fmt: skip
    for faute in zone.fautes(nue, communes):
        if faute.champ != "acces":
            raison = faute.message.partition(" : ")[2]
            yield Mot(faute.champ, nommer(faute.champ), raison.removesuffix("."))
    for champ, texte in textes(nue):
        for repere in dict.fromkeys(REPERES.findall(fold(texte))):
            yield Mot(champ, nommer(champ), f"« {repere} » aide à situer le lieu")
        for commune in communes.toutes:
            if commune.nom != zone_nom and re.search(rf"\b{re.escape(commune.nom)}\b", texte):
                yield Mot(champ, nommer(champ), f"nomme la commune de {commune.nom}")
