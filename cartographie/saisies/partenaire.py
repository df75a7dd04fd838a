"""The form of a partner: the same fields and the same reading, but only what a partner may change.

What it does not show is filled in from the record, so that the one reader of forms reads it; what
it must not change is not even looked at, whatever was posted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cartographie.acteurs import Diffusion, Saisie, Visibilite
from cartographie.nombres import entier
from cartographie.saisies.champs import Champs, rangs, un
from cartographie.saisies.ecriture import ecrire
from cartographie.saisies.lecture import FIN, Contexte, Lecture, lire
from cartographie.serialisation import to_dict

# What leaves a field as it was when nothing is ticked has to be told from what was unticked.
CASES = ("missions", "publics", "langues")
TEXTES = (
    "description", "conditions", "frais", "rendez_vous", "accessible_pmr", "enfants_accueillis",
)  # fmt: skip
# What a record known by its zone alone does not have.
DE_LIEU = ("site_web", "implantations", "contacts")
BLOCS = ("implantations", "contacts")
# Of a door, its point and the date of its hours are the DDFE's; of a number, who may see it.
_HEURES = r"horaires|feries|permanent|semaine\.(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)\.[0-3]"
_FERMETURE = r"fermetures\.\d{1,3}\.(?:base|debut|fin|motif|retirer)"
DE_BLOC = re.compile(
    r"implantations\.\d{1,3}\.(?:base|kind|libelle|adresse|code_postal|commune|telephone|retirer"
    rf"|{_HEURES}|{_FERMETURE})"
    rf"|contacts\.\d{{1,3}}\.(?:base|kind|valeur|libelle|retirer|{_HEURES})"
)
DE_LA_PORTE = ("longitude", "latitude", "automatique", "horaires_date")


def shown(saisie: Saisie) -> Saisie:
    """The record as its partner may read it: nothing that is internal."""
    publics = tuple(c for c in saisie.contacts if c.visibilite is Visibilite.PUBLIQUE)
    return replace(
        saisie,
        contacts=publics,
        source="",
        notes_internes="",
        verifie_par="",
        capacites=(),
        participations=(),
    )


def read_partner(champs: Champs, base: Saisie, contexte: Contexte) -> Lecture:
    """Read what a partner posted about `base`, a record as `shown` gives it."""
    return lire(_complete(champs, base, contexte), base, contexte)


def changes(base: Saisie, lue: Saisie) -> dict[str, Any]:
    """The fields that differ, in the terms of `serialisation`."""
    avant, apres = to_dict(base), to_dict(lue)
    return {nom: apres[nom] for nom in permitted(base) if apres[nom] != avant[nom]}


def permitted(base: Saisie) -> tuple[str, ...]:
    """Fields of the record that its partner may change."""
    return (*TEXTES, *CASES, *(() if base.diffusion is Diffusion.ZONE else DE_LIEU))


def _complete(champs: Champs, base: Saisie, contexte: Contexte) -> Champs:
    """Every field of the whole form: those that may be posted, as posted, the others as kept."""
    gardes: dict[str, Any] = dict(ecrire(base, contexte.referentiel.communes))
    gardes[FIN] = champs.get(FIN, [])
    for nom in TEXTES:
        if nom in champs:
            gardes[nom] = champs[nom]
    for nom in CASES:
        gardes[nom] = champs.get(nom, [])
    if base.diffusion is Diffusion.ZONE:
        return gardes
    if "site_web" in champs:
        gardes["site_web"] = champs["site_web"]
    anciens = {nom: valeurs for nom, valeurs in gardes.items() if nom.startswith(BLOCS)}
    neufs = {nom: valeurs for nom, valeurs in gardes.items() if nom not in anciens}
    neufs |= {nom: valeurs for nom, valeurs in champs.items() if DE_BLOC.fullmatch(nom)}
    return neufs | dict(_gardes_des_blocs(champs, anciens))


def _gardes_des_blocs(champs: Champs, anciens: Champs) -> Iterator[tuple[str, Any]]:
    for n in rangs(champs, "implantations"):
        base = entier(un(champs, f"implantations.{n}.base"), 3)
        for nom in DE_LA_PORTE:
            yield f"implantations.{n}.{nom}", anciens.get(f"implantations.{base}.{nom}") or [""]
    for n in rangs(champs, "contacts"):
        yield f"contacts.{n}.visibilite", [Visibilite.PUBLIQUE.value]
