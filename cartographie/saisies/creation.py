"""A new record: what is asked first, and an identifier that says nothing."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from cartographie.acteurs import Acces, Diffusion, Saisie, Statut
from cartographie.errors import Faute
from cartographie.saisies.champs import Champs, un
from cartographie.texte import fold
from cartographie.validation.champs import LONGUEUR_SLUG, MOTS_DU_SLUG
from cartographie.vocabulaire import Vocabulaire

ACCES_PAR_TYPE = {
    "HEBERGEMENT": Acces.ORIENTATION,
    "ERPE": Acces.DECISION_JUDICIAIRE,
    "CISPD": Acces.PROFESSIONNELS,
    "INSTITUTION": Acces.PROFESSIONNELS,
}


@dataclass(frozen=True, slots=True)
class Creation:
    """What is asked first, as read; `saisie` is None when something is to be mended."""

    saisie: Saisie | None
    fautes: tuple[Faute, ...]


def lire_creation(champs: Champs, pris: Collection[str], vocabulaire: Vocabulaire) -> Creation:
    """Make a draft of a name, a type and a diffusion; `pris` are the slugs already taken."""
    nom, genre, choix = (un(champs, champ) for champ in ("nom", "type", "diffusion"))
    fautes = []
    if not nom:
        fautes.append(Faute("nom", "Écrivez le nom, comme on le lit à l’entrée."))
    if genre not in vocabulaire.types:
        fautes.append(Faute("type", "Choisissez la sorte de service.", genre[:40]))
    if choix not in tuple(Diffusion):
        fautes.append(Faute("diffusion", "Dites si l’adresse peut être connue.", choix[:40]))
    elif genre == "HEBERGEMENT" and choix == Diffusion.PUBLIQUE:
        message = (
            "Un hébergement commence toujours par sa zone. Publier son adresse se fait ensuite,"
            " avec l’accord de la personne responsable."
        )
        fautes.append(Faute("diffusion", message))
    if fautes:
        return Creation(None, tuple(fautes))
    diffusion = Diffusion(choix)
    acces = ACCES_PAR_TYPE.get(genre, Acces.DIRECT)
    if diffusion is Diffusion.ZONE and acces is Acces.DIRECT:
        acces = Acces.ORIENTATION
    slug = slug_neutre("" if diffusion is Diffusion.ZONE else nom, genre, pris)
    return Creation(Saisie(slug, nom, genre, acces, Statut.BROUILLON, diffusion), ())


def slug_neutre(nom: str, genre: str, pris: Collection[str]) -> str:
    """An identifier from the name, without the words that must not stand in an address bar.

    Without a name, for a place that must not be found, only its kind and a number by chance.
    """
    if not nom:
        return f"{genre.lower().replace('_', '-')}-{secrets.token_hex(4)}"
    mots = [
        mot
        for mot in fold(nom).split()
        if mot.isascii() and mot.isalnum() and not any(interdit in mot for interdit in MOTS_DU_SLUG)
    ]
    racine = "-".join(mots)[: LONGUEUR_SLUG - 8].strip("-") or genre.lower().replace("_", "-")
    if any(interdit in racine for interdit in MOTS_DU_SLUG):
        racine = genre.lower().replace("_", "-")
    slug, numero = racine, 2
    while slug in pris:
        slug, numero = f"{racine}-{numero}", numero + 1
    return slug
