"""The form of a record as a browser would send it: what its page holds, some fields changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from werkzeug.test import TestResponse

from cartographie import registre
from cartographie.acteurs import Saisie
from cartographie.database import reading, transaction
from cartographie.geocodage import Geocodeur
from tests.comptes import Navigateur
from tests.site import lire

Champs = dict[str, list[str]]

SLUG = "accueil-la-mure"
ADRESSE = f"/gestion/acteurs/{SLUG}"
NUMERO = "04 76 99 99 99"


def champs(html: str, marque: str = "data-fiche") -> Champs:
    """The fields of the form that has this attribute, in their order, buttons left out."""
    formulaire = next(f for f in lire(html).iter("form") if marque in f.attrib)
    envoyes: Champs = {}
    for element in formulaire.iter():
        nom, valeur = element.get("name"), _valeur(element)
        if nom and element.tag != "button" and valeur is not None:
            envoyes.setdefault(nom, []).append(valeur)
    return envoyes


def _valeur(element: Element) -> str | None:
    if element.tag == "textarea":
        return element.text or ""
    if element.tag == "select":
        options = list(element.iter("option"))
        choisie = next((o for o in options if "selected" in o.attrib), options[0])
        return choisie.get("value")
    if element.get("type") in ("checkbox", "radio") and "checked" not in element.attrib:
        return None
    return element.get("value", "")


def caches(html: str, action: str) -> Champs:
    """The fields of the form sent to an address that ends so; radios as they are chosen."""
    for formulaire in lire(html).iter("form"):
        if formulaire.get("action", "").endswith(action):
            formulaire.set("data-trouve", "")
            envoyes: Champs = {}
            for element in formulaire.iter("input"):
                valeur = _valeur(element)
                if element.get("name") and valeur is not None:
                    envoyes.setdefault(element.get("name", ""), []).append(valeur)
            return envoyes
    raise AssertionError(f"no form goes to {action}")


def ouvrir(navigateur: Navigateur, slug: str) -> Champs:
    """Read the form of a record."""
    reponse = navigateur.get(f"/gestion/acteurs/{slug}")
    assert reponse.status_code == 200, reponse.text
    return champs(reponse.text)


def envoyer(
    navigateur: Navigateur,
    slug: str,
    tapes: Champs,
    geste: str = "enregistrer",
    /,
    **changes: str | list[str] | None,
) -> TestResponse:
    """Press a button of a form with some fields changed; None takes one away."""
    corps: dict[str, Any] = {**tapes, "geste": geste, **changes}
    corps = {nom: valeur for nom, valeur in corps.items() if valeur is not None}
    return navigateur.poster(f"/gestion/acteurs/{slug}", corps)


def ajouter(app: Flask, *saisies: Saisie) -> None:
    """Put records into the directory."""
    with transaction(app.extensions["cartographie"].engine) as session:
        for saisie in saisies:
            registre.create_acteur(session, saisie, par="essai", moyen="essai")


def gardee(app: Flask, slug: str) -> tuple[Saisie, int]:
    """What is kept of a record, and its revision."""
    with reading(app.extensions["cartographie"].engine) as session:
        return registre.get_saisie(session, slug)


def poser_geocodeur(app: Flask, geocodeur: Geocodeur) -> None:
    """Answer addresses by this one."""
    site = app.extensions["cartographie"]
    app.extensions["cartographie"] = replace(site, geocodeur_ecriture=geocodeur)


def revisions(app: Flask, slug: str = SLUG) -> list[tuple[int, str, str]]:
    """Every write of a record, latest first: number, by whom, through what."""
    with reading(app.extensions["cartographie"].engine) as session:
        return [(e.numero, e.par, e.moyen) for e in registre.history(session, slug)]
