"""What each field may hold, whatever the diffusion: lengths, codes, numbers, dates."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from urllib.parse import urlsplit

from cartographie.acteurs import ContactKind, Saisie
from cartographie.errors import Faute
from cartographie.texte import CONTROLES
from cartographie.vocabulaire import Vocabulaire

LONGUEURS = {
    "nom": 200,
    "sigle": 40,
    "description": 1000,
    "conditions": 500,
    "frais": 200,
    "site_web": 500,
    "source": 500,
    "verifie_par": 100,
    "notes_internes": 5000,
}
LONGUEUR_COURTE = 200
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGUEUR_SLUG = 80
# Words that must not stand in an address bar (invariant 2).
MOTS_DU_SLUG = ("violence", "victime", "femme", "conjugal")
LANGUE = re.compile(r"[a-z]{2,3}")
NUMERO_FRANCAIS = re.compile(r"(0|\+33)[1-9]\d{8}")
NUMERO_ETRANGER = re.compile(r"\+(?!33)\d{8,15}")
# 17, 115, 3919, 116 006, five digits for SMS: a number cut short (39, 391) is none of them.
NUMERO_COURT = re.compile(r"1[578]|1\d\d|[13]\d{3}|3\d{4}|11[68]\d{3}")
COURRIEL = re.compile(r"[^@\s<>\"',;:]+@[^@\s<>\"',;:.]+(\.[^@\s<>\"',;:.]+)+")
DATE_COUPEE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# Line breaks are welcome in long texts; other controls and reversals of direction are not.
EN_LIGNES = ("description", "conditions", "frais", "notes_internes")


def fautes(saisie: Saisie, vocabulaire: Vocabulaire) -> Iterator[Faute]:
    """Judge the fields of the record itself, then its lines and places."""
    yield from _identite(saisie)
    yield from _textes(saisie)
    yield from _codes(saisie, vocabulaire)
    yield from _dates(saisie)
    yield from _adresses_de_reseau(saisie)
    yield from _capacites(saisie)


def numero_lisible(valeur: str) -> bool:
    """Whether a telephone number can be dialled from France; spaces and dots are free."""
    chiffres = re.sub(r"[\s.\-]", "", valeur)
    return any(
        forme.fullmatch(chiffres) for forme in (NUMERO_FRANCAIS, NUMERO_ETRANGER, NUMERO_COURT)
    )


def textes(saisie: Saisie) -> Iterator[tuple[str, str]]:
    """Every text that somebody typed, with its dotted path."""
    for champ in LONGUEURS:
        yield champ, getattr(saisie, champ)
    for rang, porte in enumerate(saisie.implantations):
        for champ in ("libelle", "horaires", "horaires_date"):
            yield f"implantations.{rang}.{champ}", getattr(porte, champ)
        for champ in ("adresse", "source"):
            yield f"implantations.{rang}.{champ}", getattr(porte.localisation, champ)
        for n, fermeture in enumerate(porte.fermetures):
            yield f"implantations.{rang}.fermetures.{n}.motif", fermeture.motif
    for rang, contact in enumerate(saisie.contacts):
        yield f"contacts.{rang}.libelle", contact.libelle
        yield f"contacts.{rang}.horaires", contact.horaires
    for rang, capacite in enumerate(saisie.capacites):
        yield f"capacites.{rang}.source", capacite.source
    for rang, participation in enumerate(saisie.participations):
        yield f"participations.{rang}.source", participation.source
    if saisie.relais:
        yield "relais.libelle", saisie.relais.libelle
        yield "relais.horaires", saisie.relais.horaires


def _noms_de_lieux(saisie: Saisie) -> Iterator[tuple[str, str]]:
    """What has a meaning of its own, is typed all the same, and says where: judged as texts."""
    for rang, porte in enumerate(saisie.implantations):
        yield f"implantations.{rang}.commune", porte.localisation.commune
    for rang, contact in enumerate(saisie.contacts):
        yield f"contacts.{rang}.valeur", contact.valeur


def _identite(saisie: Saisie) -> Iterator[Faute]:
    if not SLUG.fullmatch(saisie.slug) or len(saisie.slug) > LONGUEUR_SLUG:
        message = f"Il faut des minuscules, chiffres et tirets, {LONGUEUR_SLUG} au plus."
        yield Faute("slug", message, saisie.slug)
    for mot in MOTS_DU_SLUG:
        if mot in saisie.slug:
            message = f"« {mot} » se verrait dans la barre d’adresse : choisissez un mot neutre."
            yield Faute("slug", message, saisie.slug)
    if not saisie.nom.strip():
        yield Faute("nom", "Il faut un nom.")
    if not saisie.destinataires:
        yield Faute("destinataires", "Il faut dire à qui ce service s’adresse.")


def _textes(saisie: Saisie) -> Iterator[Faute]:
    for champ, texte in (*textes(saisie), *_noms_de_lieux(saisie)):
        maximum = LONGUEURS.get(champ, LONGUEUR_COURTE)
        if len(texte) > maximum:
            message = f"Ce texte a {len(texte)} caractères : {maximum} au plus."
            yield Faute(champ, message, texte[:40] + "…")
        sauts = champ in EN_LIGNES
        if CONTROLES.search(texte if not sauts else texte.replace("\r\n", "\n")) or (
            not sauts and ("\n" in texte or "\t" in texte)
        ):
            yield Faute(champ, "Ce texte contient un caractère invisible.", ascii(texte)[:80])


def _codes(saisie: Saisie, vocabulaire: Vocabulaire) -> Iterator[Faute]:
    if saisie.type not in vocabulaire.types:
        yield Faute("type", "Ce type n’existe pas.", saisie.type)
    yield from _connus("missions", saisie.missions, vocabulaire.missions, "Cette mission")
    yield from _connus("publics", saisie.publics, vocabulaire.publics, "Ce public")
    for rang, langue in enumerate(saisie.langues):
        if not LANGUE.fullmatch(langue):
            message = "Il faut un code de langue, comme fr ou ar."
            yield Faute(f"langues.{rang}", message, langue)
    for champ in ("missions", "publics", "langues", "destinataires"):
        valeurs = getattr(saisie, champ)
        if len(set(valeurs)) < len(valeurs):
            yield Faute(champ, "Une même valeur s’y trouve deux fois.")


def _connus(
    champ: str, valeurs: tuple[str, ...], connues: Collection[str], sujet: str
) -> Iterator[Faute]:
    for rang, valeur in enumerate(valeurs):
        if valeur not in connues:
            yield Faute(f"{champ}.{rang}", f"{sujet} n’existe pas.", valeur)


def _dates(saisie: Saisie) -> Iterator[Faute]:
    dates = [("source_date", saisie.source_date)] + [
        (f"implantations.{rang}.horaires_date", porte.horaires_date)
        for rang, porte in enumerate(saisie.implantations)
    ]
    for champ, texte in dates:
        if texte and not _est_date(texte):
            yield Faute(champ, "Il faut une date, comme 05/10/2021, 10/2021 ou 2021.", texte[:40])
    for rang, porte in enumerate(saisie.implantations):
        for n, fermeture in enumerate(porte.fermetures):
            if fermeture.debut > fermeture.fin:
                champ = f"implantations.{rang}.fermetures.{n}"
                yield Faute(champ, "La fermeture finit avant de commencer.")


def _est_date(texte: str) -> bool:
    if not DATE_COUPEE.fullmatch(texte):
        return False
    try:
        date.fromisoformat(texte + "-01-01"[len(texte) - 4 :])
    except ValueError:
        return False
    return True


def _adresses_de_reseau(saisie: Saisie) -> Iterator[Faute]:
    numeros = [
        (f"contacts.{rang}.valeur", contact.valeur)
        for rang, contact in enumerate(saisie.contacts)
        if contact.kind is not ContactKind.COURRIEL
    ]
    numeros += [
        (f"implantations.{rang}.telephone", porte.telephone)
        for rang, porte in enumerate(saisie.implantations)
        if porte.telephone
    ]
    if saisie.relais:
        numeros.append(("relais.telephone", saisie.relais.telephone))
        if not saisie.relais.libelle.strip():
            yield Faute("relais.libelle", "Il faut dire qui répond à ce numéro.")
    for champ, numero in numeros:
        if not numero_lisible(numero):
            message = "Il faut un numéro, comme 04 76 40 50 10 ou 115."
            yield Faute(champ, message, numero[:40])
    for rang, contact in enumerate(saisie.contacts):
        if contact.kind is ContactKind.COURRIEL and not COURRIEL.fullmatch(contact.valeur):
            message = "Il faut une adresse électronique, comme accueil@exemple.fr."
            yield Faute(f"contacts.{rang}.valeur", message, contact.valeur[:80])
    if saisie.site_web and not _est_site(saisie.site_web):
        yield Faute("site_web", "Il faut une adresse complète, https://…", saisie.site_web[:80])


def _est_site(adresse: str) -> bool:
    try:
        parties = urlsplit(adresse)
    except ValueError:
        return False
    return parties.scheme in ("http", "https") and "." in (parties.hostname or "")


def _capacites(saisie: Saisie) -> Iterator[Faute]:
    for rang, capacite in enumerate(saisie.capacites):
        for champ in ("places_total", "places_dediees", "familles_nombreuses"):
            valeur = getattr(capacite, champ)
            if valeur is not None and not 0 <= valeur <= 10_000:
                message = "Il faut un nombre de places."
                yield Faute(f"capacites.{rang}.{champ}", message, str(valeur))
