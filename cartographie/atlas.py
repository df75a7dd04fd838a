"""Every published point at once, for what is too large to be told record by record.

A page that shows thousands of acteurs reads the atlas once: whole numbers in columns, no name. Each
answer then says which ones it holds, one bit each. What a marker is called and what it opens is
asked for when it is seen. The atlas is a function of Fiches alone, and so is its digest: an answer
names the atlas that it counts in, so that no page draws with an older one.

Positions are longitude, latitude (EPSG:4326) in whole steps of a hundred thousandth of a degree
(1 m); `portes` and lists of ranks say how far each value is from the one before.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

import numpy as np

from cartographie.acteurs import Fiche
from cartographie.calques import (
    TERRITOIRE_INCONNU,
    codes_insee,
    est_reseau,
    ligne_acteur,
    lire_lieux,
    point_de_depart,
)
from cartographie.communes import Communes
from cartographie.recherche import Reponse
from cartographie.vocabulaire import Vocabulaire

# From here on a map tells its records by their ranks. Below it names each of them.
SEUIL = 500
PAS = 100_000


@dataclass(frozen=True, slots=True)
class Atlas:
    """The points of a directory as JSON, and the digest that answers name it by.

    `territoires` gives a territoire its rank, as the columns of the JSON do.
    """

    corps: bytes
    empreinte: str
    nombre: int
    territoires: dict[tuple[str, ...], int]


def build_atlas(fiches: Sequence[Fiche], communes: Communes, vocabulaire: Vocabulaire) -> Atlas:
    """Write the atlas of every published Fiche, each known by its rank in `fiches`."""
    portes, zones = lire_lieux(fiches)
    noms = _Rangs(ligne[3] for ligne in portes)
    types = list(vocabulaire.types)
    connus: dict[object, tuple[str, ...]] = {}
    territoires: dict[tuple[str, ...], int] = {}
    territoire: list[int] = []
    for fiche in fiches:
        if fiche.territoire not in connus:
            connus[fiche.territoire] = tuple(codes_insee(fiche.territoire, communes))
        codes = connus[fiche.territoire]
        rang = territoires.setdefault(codes, len(territoires)) if codes else TERRITOIRE_INCONNU
        territoire.append(rang)
    atlas = {
        "pas": PAS,
        "types": [[terme.code, terme.libelle] for terme in vocabulaire.types.values()],
        "type": [types.index(fiche.type) for fiche in fiches],
        "communes": noms.valeurs,
        "portes": {
            "acteur": ecarts([ligne[0] for ligne in portes]),
            "x": ecarts([round(ligne[1] * PAS) for ligne in portes]),
            "y": ecarts([round(ligne[2] * PAS) for ligne in portes]),
            "commune": noms.rangs,
        },
        "zones": [{**zone, "acteurs": ecarts(zone["acteurs"])} for zone in zones],
        "territoires": list(territoires),
        "territoire": territoire,
        "reseaux": ecarts([rang for rang, fiche in enumerate(fiches) if est_reseau(fiche)]),
    }
    # A digest of everything but itself; names are left out, and so do not move it.
    empreinte = sha256(_json(atlas)).hexdigest()[:16]
    corps = _json({"empreinte": empreinte, **atlas})
    return Atlas(corps, empreinte, len(fiches), territoires)


def choix(reponse: Reponse, atlas: Atlas, communes: Communes, lignes: int) -> dict[str, object]:
    """What the map draws of a large answer: which ranks of the atlas, and the ranks of its lines.

    `choix` is one bit a rank, the lowest first, in base64; `lignes` are the ranks of the acteurs
    that the list shows, at most so many in each group, by their slug: the list and the map point at
    each other.
    """
    montres = (rang for groupe in reponse.groupes for rang in groupe.resultats.premiers(lignes))
    garde = np.zeros(atlas.nombre, dtype=np.bool_)
    garde[reponse.rangs] = True
    bits = np.packbits(garde, bitorder="little").tobytes()
    return {
        "lieu": point_de_depart(reponse, communes),
        "total": reponse.total,
        "atlas": atlas.empreinte,
        "choix": base64.b64encode(bits).decode(),
        "lignes": {reponse.catalogue.fiches[rang].slug: rang for rang in montres},
    }


def details(
    fiches: Sequence[Fiche], rangs: Iterable[int], atlas: Atlas, communes: Communes
) -> list[object]:
    """What some ranks of the atlas are called and open: rows as in `calques.COLONNES`, and doors.

    Raises IndexError for a rank that the atlas does not have.
    """
    lignes: list[object] = []
    for rang in rangs:
        fiche = fiches[rang]
        codes = tuple(codes_insee(fiche.territoire, communes))
        territoire = atlas.territoires.get(codes, TERRITOIRE_INCONNU)
        portes, _ = lire_lieux((fiche,))
        lignes.append([rang, ligne_acteur(fiche, territoire), [p[3:] for p in portes]])
    return lignes


def _json(valeur: object) -> bytes:
    return json.dumps(valeur, ensure_ascii=False, separators=(",", ":")).encode()


def ecarts(valeurs: Sequence[int]) -> list[int]:
    """The first value, then how far each next one is from the one before."""
    return [*valeurs[:1], *(apres - avant for avant, apres in pairwise(valeurs))]


class _Rangs:
    """Values each written once, in the order of their first use, and their ranks."""

    def __init__(self, valeurs: Iterable[str]) -> None:
        connus: dict[str, int] = {}
        self.rangs = [connus.setdefault(valeur, len(connus)) for valeur in valeurs]
        self.valeurs = list(connus)
