"""Records that may be one and the same: like names, or the same telephone, at the same place.

Facts for a person to decide on: nothing is merged, and what is hidden is compared as well, for
those who keep the directory only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from rapidfuzz import fuzz, process

from cartographie.acteurs import ContactKind, Saisie
from cartographie.texte import fold

PROCHE_M = 300
# Of 100: one or two letters in a name of usual length, or its words in another order.
NOM_PROCHE = 88
# A name that is a part of another one, when it has this many words.
MOTS_MIN = 3
# Short numbers (115, 3919) are shared by all those that they reach.
CHIFFRES_MIN = 9


@dataclass(frozen=True, slots=True)
class Ressemblance:
    """Another record that is perhaps the same, and why."""

    slug: str
    nom: str
    raison: str


def ressemblances(
    nouvelles: Sequence[Saisie], existantes: Sequence[Saisie]
) -> dict[str, tuple[Ressemblance, ...]]:
    """Slug of each new record that resembles a known one, or an earlier new one → those."""
    toutes = [*existantes, *nouvelles]
    if not nouvelles:
        return {}
    noms = [fold(saisie.nom) for saisie in toutes]
    numeros = [_numeros(saisie) for saisie in toutes]
    proches = process.cdist(
        noms[len(existantes) :], noms, scorer=fuzz.token_sort_ratio, score_cutoff=NOM_PROCHE
    )
    contenus = process.cdist(
        noms[len(existantes) :], noms, scorer=fuzz.token_set_ratio, score_cutoff=100
    )
    longs = [len(nom.split()) >= MOTS_MIN for nom in noms]
    trouvees: dict[str, tuple[Ressemblance, ...]] = {}
    for rang, nouvelle in enumerate(nouvelles):
        avant = len(existantes) + rang
        semble = [
            bool(proches[rang][i] or (contenus[rang][i] and longs[i] and longs[avant]))
            for i in range(avant)
        ]
        memes = tuple(
            Ressemblance(autre.slug, autre.nom, raison)
            for i, autre in enumerate(toutes[:avant])
            if (semble[i] or numeros[avant] & numeros[i])
            and (
                raison := _raison(
                    nouvelle,
                    autre,
                    meme_nom=noms[avant] == noms[i],
                    nom_proche=semble[i],
                    meme_numero=bool(numeros[avant] & numeros[i]),
                )
            )
        )
        if memes:
            trouvees[nouvelle.slug] = memes
    return trouvees


def _raison(
    nouvelle: Saisie, autre: Saisie, *, meme_nom: bool, nom_proche: bool, meme_numero: bool
) -> str:
    """Why two records resemble each other; nothing when they are too far apart to."""
    ecart_m = distance_m(nouvelle, autre)
    if ecart_m is not None and ecart_m > PROCHE_M:
        return "même nom, à un autre endroit" if meme_nom else ""
    ou = "" if ecart_m is None else ", au même endroit" if ecart_m < 1 else f", à {ecart_m:.0f} m"
    quoi = "même nom" if meme_nom else "nom proche" if nom_proche else ""
    if meme_numero:
        quoi = f"{quoi} et même numéro" if quoi else "même numéro"
    return f"{quoi}{ou}"


def distance_m(une: Saisie, autre: Saisie) -> float | None:
    """Metres between their nearest doors; None when one of them has none."""
    ecarts = [
        hypot((a.longitude - b.longitude) * cos(radians(a.latitude)), a.latitude - b.latitude)
        for a in (porte.localisation for porte in une.implantations)
        for b in (porte.localisation for porte in autre.implantations)
    ]
    return min(ecarts) * 111_200 if ecarts else None


def _numeros(saisie: Saisie) -> frozenset[str]:
    dits: Iterable[str] = (
        *(c.valeur for c in saisie.contacts if c.kind is not ContactKind.COURRIEL),
        *(porte.telephone for porte in saisie.implantations),
    )
    nus = (re.sub(r"\D", "", re.sub(r"^\s*\+33", "0", dit)) for dit in dits)
    return frozenset(nu for nu in nus if len(nu) >= CHIFFRES_MIN)
