"""Bodies of requests drawn at random: what forms and scripts send, and what nobody should."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlencode

from flask import Flask

from cartographie.web import tampon
from tests.mondes.mots import MOT_SECRET
from tests.mondes.questions import FAUSSES, SLUGS, VALEURS

FORMULAIRE = "application/x-www-form-urlencoded"
PARTIES = "multipart/form-data; boundary=limite"
COURRIELS = ("eve@exemple.fr", "cache@exemple.fr", "absent@exemple.fr", "pas une adresse", "")
MOTS_DE_PASSE = ("faux", "", "a" * 300, MOT_SECRET)
NUMEROS = ("04 00 00 00 99", "04 76 30 00 02", "04 76", "115", "")
TEXTES = ("", MOT_SECRET, "Le numéro a changé.", "a" * 501, "12 rue des Alpes")
Champs = Mapping[str, str]


class Corps:
    """Draws bodies that fit an endpoint, more or less."""

    def __init__(self, app: Flask, tirage: random.Random) -> None:
        self._app = app
        self._tirage = tirage
        self._propres: Mapping[str, Callable[[str], Champs]] = {
            "signalement.signaler_post": self._signalement,
            "mesures.mesurer": lambda _: self._mesure(),
            "partenaires.repondre": lambda _: self._reponse(),
            "gestion.connexion_post": lambda _: self._connexion(),
            "gestion.connexion_code": lambda _: {"etape": "x.y", "code": "123456"},
            "gestion.invitation_post": lambda _: {"jeton": "x" * 43, "mot_de_passe": "a" * 20},
        }

    def tirer(self, endpoint: str, noms: tuple[str, ...], chemin: str) -> tuple[bytes, str]:
        """Draw a body and its type."""
        if self._tirage.randrange(12) == 0:
            return self._tirage.choice(
                (
                    (b"{", "application/json"),
                    (b"[[[[[", "application/json"),
                    (b"\xff\xfe\x00", FORMULAIRE),
                    (b"a=" + b"x" * 20_000, FORMULAIRE),
                    (b"--limite\r\n\r\n", PARTIES),
                    (b"<a/>", "text/xml"),
                )
            )
        propre = self._propres.get(endpoint)
        champs = propre(chemin) if propre else self._recherche(noms)
        if not propre and self._tirage.randrange(2):
            return json.dumps(champs).encode(), "application/json"
        return urlencode(dict(champs)).encode(), FORMULAIRE

    def _recherche(self, noms: tuple[str, ...]) -> Champs:
        combien = min(len(noms), self._tirage.randrange(5))
        return {
            nom: self._tirage.choice(VALEURS.get(nom, FAUSSES))
            for nom in self._tirage.sample(noms, combien)
        }

    def _signalement(self, chemin: str) -> Champs:
        """A stamp of this record, good or bad, and what a visitor can say of it."""
        slug = unquote(chemin.removeprefix("/acteurs/").partition("/")[0])
        age = self._tirage.choice((60, 60, 60, 1, 90_000))
        with self._app.app_context():
            quand = tampon._maintenant() - age
            cachet = str(tampon._signer().dumps([slug, quand]))
        choix = self._tirage.choice
        champs = {
            "tampon": souvent(self._tirage, cachet, "faux"),
            "motif": choix(("ferme", "numero-faux", "demenage", "autre", "danger", "zzz")),
            "texte": choix(TEXTES),
            "numero": choix(NUMEROS),
            "numero_juste": choix(NUMEROS),
            "depuis": choix(("hier", "")),
            "lieu": choix(("0", "1", "7", "x")),
            "adresse": choix(("", "12 rue des Alpes", "1 rue du Zirconium")),
            "commune": choix(("", "38269", "La Mure", "zzz")),
        }
        return champs | ({"sujet": "x"} if self._tirage.randrange(10) == 0 else {})

    def _mesure(self) -> Champs:
        choix = self._tirage.choice
        return {
            "evenement": choix(("numero", "carte", "impression", "zzz")),
            "canal": choix(("site", "integration", "api", "")),
            "acteur": choix(SLUGS),
            "hote": choix(("exemple.fr", "10.0.0.1", "")),
        }

    def _reponse(self) -> Champs:
        geste = self._tirage.choice(("exact", "proposer", "ajouter.contacts", ""))
        return {"geste": geste, "revision": "1", "conditions": MOT_SECRET}

    def _connexion(self) -> Champs:
        choix = self._tirage.choice
        return {
            "courriel": choix(COURRIELS),
            "mot_de_passe": choix(MOTS_DE_PASSE),
            "suite": choix(("", "/gestion/fiches", "//ailleurs.exemple")),
        }


def souvent(tirage: random.Random, bon: str, mauvais: str) -> str:
    """Mostly the first, sometimes the second."""
    return mauvais if tirage.randrange(8) == 0 else bon
